"""The duties of the case as a whole: who takes the next step of it, and by when."""

from datetime import timedelta

import pytest

from notifications.duties import open_duties
from notifications.working_days import next_working_day
from sbs_workflow.models import Collaboration
from tests import factories
from tests.cast import TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

# State, duty, and how many days before the due date it is shown.
OWED = {
    "candidate": ("sbs_workflow.make-offer", 30),
    "offered": ("sbs_workflow.answer-offer", 28),
    "accepted": ("sbs_workflow.start-analysis", 30),
    "agreed": ("sbs_workflow.start-interventions", 30),
    "closed": ("sbs_workflow.follow-up", 180),
}


@pytest.mark.parametrize("state", list(Collaboration.State))
def test_each_state_owes_its_own_next_step(cast: Cast, state: str):
    name, shown = OWED.get(state, ("", 30))
    due_on = next_working_day(TODAY + timedelta(days=shown))
    case = factories.collaboration(cast, state=state, due_on=due_on)
    shown_on = due_on - timedelta(days=shown)
    owed = [duty.duty.name for duty in open_duties(shown_on, scopes=[case.pk])]
    assert owed == ([name] if name else [])
    assert open_duties(shown_on - timedelta(days=1), scopes=[case.pk]) == []


def test_it_is_told_with_the_name_of_the_case_and_leads_to_its_page(cast: Cast):
    case = factories.collaboration(cast, state="offered", due_on=TODAY)
    [duty] = open_duties(TODAY, scopes=[case.pk])
    assert (duty.scope_name, duty.url) == (case.name, case.get_absolute_url())
    assert not duty.is_overdue(TODAY)
    assert duty.is_overdue(TODAY + timedelta(days=1))
