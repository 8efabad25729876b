"""What time itself does with a collaboration."""

from datetime import datetime, timedelta

import pytest

from notifications.automatic import registry
from sbs_workflow.automatic import end_interventions_in_time, lapse_unanswered_offers
from sbs_workflow.models import Collaboration, TransitionRecord
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def test_the_scheduler_knows_these_steps():
    assert {lapse_unanswered_offers, end_interventions_in_time} <= set(registry)


def test_an_offer_lapses_four_weeks_after_the_reply_was_due(cast: Cast):
    offer = factories.collaboration(cast, state="offered", due_on=TODAY - timedelta(weeks=4))
    assert lapse_unanswered_offers(NOW) == 0
    assert lapse_unanswered_offers(NOW + timedelta(days=1)) == 1
    assert lapse_unanswered_offers(NOW + timedelta(days=2)) == 0
    lapsed = Collaboration.objects.get(pk=offer.pk)
    assert (lapsed.state, lapsed.due_on) == ("lapsed", None)
    assert TransitionRecord.objects.get(object_id=offer.pk).by is None


@pytest.mark.parametrize("state", ["active", "extended"])
def test_interventions_end_the_day_after_their_last(cast: Cast, state: str):
    case = factories.put(cast.ours.collaboration, state, interventions_end_on=TODAY)
    assert end_interventions_in_time(NOW) == 0
    assert end_interventions_in_time(NOW + timedelta(days=1)) == 1
    assert Collaboration.objects.get(pk=case.pk).state == "reporting"


def test_interventions_that_are_not_settled_keep_the_phase_open(cast: Cast):
    case = factories.put(
        cast.ours.collaboration, "active", interventions_end_on=TODAY - timedelta(days=9)
    )
    intervention = factories.intervention(case, state="running")
    assert end_interventions_in_time(NOW) == 0
    factories.put(intervention, "completed")
    assert end_interventions_in_time(NOW) == 1


def test_a_paused_case_is_left_alone(cast: Cast):
    factories.put(cast.ours.collaboration, "paused", interventions_end_on=TODAY)
    later: datetime = NOW + timedelta(days=30)
    assert end_interventions_in_time(later) == 0
