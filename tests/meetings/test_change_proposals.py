"""A change that a meeting proposed is owed until somebody says what came of it (R5)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from meetings.actions.minutes import settle_change
from meetings.models import ChangeProposal, Meeting
from notifications.duties import open_duties
from notifications.working_days import add_working_days
from sbs_workflow.engine import perform
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def minuted(cast: Cast) -> ChangeProposal:
    meeting = factories.meeting(cast.ours.collaboration, state="held")
    factories.change_proposal(meeting, due_on=None)
    perform(meeting.write_minutes, by=cast.agency_manager, now=NOW, minutes="Vi är överens.")
    return ChangeProposal.objects.get()


def is_owed(cast: Cast) -> bool:
    found = open_duties(TODAY, scopes=[cast.ours.collaboration.pk])
    return "meetings.take-up-change" in [each.duty.name for each in found]


def test_it_is_owed_from_the_minutes_on(cast: Cast):
    change = minuted(cast)
    assert change.due_on == add_working_days(TODAY, 20)
    assert is_owed(cast)
    perform(
        Meeting.objects.get().ask_for_correction,
        by=cast.ours.head_of_authority,
        now=NOW,
        reason="Datumet är fel.",
    )
    assert is_owed(cast), "the minutes are corrected, the change is still wanted"


@pytest.mark.parametrize("who", ["process_supporter", "head_of_authority"])
def test_those_who_sign_say_what_came_of_it(cast: Cast, who: str):
    change = minuted(cast)
    for _press in range(2):
        settled = settle_change(
            change=change, because="Ryms i insatsen.", by=getattr(cast.ours, who), now=NOW
        )
    assert (settled.settled_on, settled.settled_because) == (TODAY, "Ryms i insatsen.")
    assert not is_owed(cast)


@pytest.mark.parametrize("who", ["team_leader", "principal", "coordinator"])
def test_others_do_not(cast: Cast, who: str):
    change = minuted(cast)
    with pytest.raises(PermissionDenied):
        settle_change(change=change, because="Nej.", by=getattr(cast.ours, who), now=NOW)


def test_what_is_written_anew_after_it_was_settled_stays_settled(cast: Cast):
    change = minuted(cast)
    settle_change(change=change, because="Klart.", by=cast.agency_manager, now=NOW)
    held = perform(
        Meeting.objects.get().ask_for_correction,
        by=cast.ours.head_of_authority,
        now=NOW,
        reason="Datumet är fel.",
    )
    perform(held.write_minutes, by=cast.agency_manager, now=NOW, minutes="Rätt datum.")
    assert not is_owed(cast)


def test_the_amendment_that_came_of_it_settles_it(cast: Cast):
    case = cast.ours.collaboration
    factories.agreement(case, state="signed")
    change = minuted(cast)
    assert change.amendment is not None, "the minutes have begun the amendment"
    amendment = factories.put(case.agreements.get(version=2), "countersigned")
    perform(amendment.sign_for_agency, by=cast.agency_manager, now=NOW + timedelta(hours=1))
    settled = ChangeProposal.objects.get()
    assert (settled.settled_on, settled.due_on) == (TODAY, None)
    assert "version 2" in settled.settled_because


def test_a_rejected_amendment_settles_it_too(cast: Cast):
    case = cast.ours.collaboration
    factories.agreement(case, state="signed")
    minuted(cast)
    perform(
        case.agreements.get(version=2).reject,
        by=cast.ours.head_of_authority,
        now=NOW,
        reason="Nämnden säger nej.",
    )
    assert ChangeProposal.objects.get().settled_on == TODAY


def test_the_page_of_the_meeting_leads_to_it_and_then_says_what_came(cast: Cast, client: Client):
    change = minuted(cast)
    client.force_login(cast.ours.head_of_authority)
    assert change.get_absolute_url() in client.get(f"/mote/{change.meeting_id}/").content.decode()
    client.post(change.get_absolute_url(), {"because": "Ryms i insatsen."})
    page = client.get(f"/mote/{change.meeting_id}/").content.decode()
    assert "Ryms i insatsen." in page
    assert change.get_absolute_url() not in page
    assert client.get(change.get_absolute_url()).status_code == 302
