"""The one duty of the case as a whole: to answer the offer."""

from datetime import timedelta

import pytest

from notifications.duties import open_duties
from sbs_workflow.models import Collaboration
from tests import factories
from tests.cast import TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


@pytest.mark.parametrize("state", list(Collaboration.State))
def test_an_offer_is_to_be_answered_within_four_weeks(cast: Cast, state: str):
    case = factories.collaboration(cast, state=state, due_on=TODAY + timedelta(days=28))
    owed = open_duties(TODAY, scopes=[case.pk])
    assert [duty.duty.name for duty in owed] == ["sbs_workflow.answer-offer"] * (state == "offered")
    assert open_duties(TODAY - timedelta(days=1), scopes=[case.pk]) == []


def test_it_is_told_with_the_name_of_the_case_and_leads_to_its_page(cast: Cast):
    case = factories.collaboration(cast, state="offered", due_on=TODAY)
    [duty] = open_duties(TODAY, scopes=[case.pk])
    assert (duty.scope_name, duty.url) == (case.name, case.get_absolute_url())
    assert not duty.is_overdue(TODAY)
    assert duty.is_overdue(TODAY + timedelta(days=1))
