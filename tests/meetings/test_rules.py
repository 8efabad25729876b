"""The kinds of meeting and what an administrator may change of them."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from meetings.actions import book_meeting, call_meeting, hold_meeting
from meetings.effects import owe_meeting
from meetings.models import USUAL, Meeting, MeetingRule
from meetings.queries import kinds_called_by, rule_for, rules_for
from notifications.duties import open_duties
from notifications.working_days import next_working_day
from organisations.models import Party
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.portable]

TIME: dict[str, Any] = {
    "starts_at": NOW + timedelta(days=3),
    "ends_at": NOW + timedelta(days=3, hours=1),
    "form": "digital",
    "place": "",
}


def test_the_usual_rules_need_no_row(cast: Cast):
    assert rules_for(cast.ours.collaboration) == USUAL
    assert len(USUAL["quality"].agenda) == 4


def test_the_programme_changes_all_and_the_case_itself_alone(cast: Cast, django_assert_num_queries):
    MeetingRule.objects.create(kind="quality", cadence_days=120, agenda="Läget\n\n Nästa steg ")
    MeetingRule.objects.create(
        kind="quality", collaboration=cast.ours.collaboration, cadence_days=60
    )
    with django_assert_num_queries(1):
        ours = rule_for(cast.ours.collaboration, "quality")
    theirs = rule_for(cast.theirs.collaboration, "quality")
    assert (ours.cadence_days, theirs.cadence_days) == (60, 120)
    assert ours.agenda == theirs.agenda == ("Läget", "Nästa steg")
    assert ours.required == USUAL["quality"].required


def test_the_next_one_follows_the_changed_cadence(cast: Cast):
    MeetingRule.objects.create(kind="quality", cadence_days=60)
    case, side = cast.ours.collaboration, cast.ours
    people = [side.process_supporter, side.head_of_authority, side.team_leader]
    meeting = owe_meeting(case, "quality", TODAY)
    booked = book_meeting(
        meeting=meeting, participants=people, by=side.process_supporter, now=NOW, **TIME
    )
    hold_meeting(meeting=booked, present=people, by=side.process_supporter, now=NOW)
    owed = Meeting.objects.get(state="needed", kind="quality")
    assert owed.due_on == next_working_day(TODAY + timedelta(days=63))


def test_another_party_calls_and_fewer_are_required(cast: Cast):
    MeetingRule.objects.create(
        kind="quality",
        collaboration=cast.ours.collaboration,
        initiator="university",
        required=["organiser", "university"],
    )
    side = cast.ours
    meeting = owe_meeting(side.collaboration, "quality", TODAY)
    assert meeting.required_parties == (Party.ORGANISER, Party.UNIVERSITY)
    people = [side.head_of_authority, side.team_leader]
    with pytest.raises(PermissionDenied):
        book_meeting(
            meeting=meeting, participants=people, by=side.process_supporter, now=NOW, **TIME
        )
    booked = book_meeting(
        meeting=meeting, participants=people, by=side.team_leader, now=NOW, **TIME
    )
    held = hold_meeting(meeting=booked, present=people, by=side.team_leader, now=NOW)
    assert held.state == "held"


def test_a_meeting_keeps_the_rule_that_it_was_called_under(cast: Cast):
    side = cast.ours
    meeting = call_meeting(
        collaboration=side.collaboration, kind="quality", by=side.process_supporter, now=NOW
    )
    MeetingRule.objects.create(kind="quality", required=["agency"])
    again = Meeting.objects.get(pk=meeting.pk)
    assert again.required_parties == USUAL["quality"].required


@pytest.mark.parametrize("party", Party.values)
def test_whoever_calls_it_owes_it(cast: Cast, party: str):
    case = cast.ours.collaboration
    factories.meeting(case, kind="quality", initiator=party, due_on=TODAY)
    [owed] = [d for d in open_duties(TODAY, scopes=[case.pk]) if d.duty.name.startswith("meetings")]
    assert owed.duty.name == f"meetings.see-to-as-{party}"
    people = {Party.AGENCY: "process_supporter", Party.ORGANISER: "head_of_authority"}
    person = getattr(cast.ours, people.get(Party(party), "team_leader"))
    assert set(owed.duty.owed_by) & load_roles(person, TODAY).for_object(case)


def test_one_rule_of_a_kind_for_all(cast: Cast):
    MeetingRule.objects.create(kind="quality")
    with pytest.raises(IntegrityError):
        MeetingRule.objects.create(kind="quality")


@pytest.mark.parametrize("required", [["everybody"], "agency", {"agency": 1}])
def test_parties_that_do_not_exist_are_refused(cast: Cast, required: object):
    with pytest.raises(ValidationError, match="agency"):
        MeetingRule(kind="quality", required=required).full_clean()


def test_no_further_one_is_owed_while_another_is_booked(cast: Cast):
    case, side = cast.ours.collaboration, cast.ours
    people = [side.process_supporter, side.head_of_authority, side.team_leader]
    first = owe_meeting(case, "quality", TODAY)
    booked = book_meeting(
        meeting=first, participants=people, by=side.process_supporter, now=NOW, **TIME
    )
    factories.meeting(case, state="booked")
    hold_meeting(meeting=booked, present=people, by=side.process_supporter, now=NOW)
    assert not Meeting.objects.filter(state="needed", kind="quality").exists()


# --- who may call ---------------------------------------------------------------------------


def test_the_authority_calls_what_a_rule_lets_it_call(cast: Cast):
    case, head = cast.ours.collaboration, cast.ours.head_of_authority
    load_roles(head, TODAY)
    assert kinds_called_by(head, case) == []
    MeetingRule.objects.create(kind="quality", collaboration=case, initiator="organiser")
    assert kinds_called_by(head, case) == ["quality"]
    load_roles(cast.ours.process_supporter, TODAY)
    assert kinds_called_by(cast.ours.process_supporter, case) == ["introduction"]


def test_it_has_a_button_for_a_new_meeting_then(cast: Cast, client: Client):
    case, head = cast.ours.collaboration, cast.ours.head_of_authority
    client.force_login(head)
    call = reverse("meetings:call", args=[case.pk])
    assert client.get(call).status_code == HTTPStatus.FORBIDDEN
    assert call not in client.get(case.get_absolute_url()).content.decode()
    MeetingRule.objects.create(kind="quality", collaboration=case, initiator="organiser")
    assert call in client.get(case.get_absolute_url()).content.decode()
    assert client.post(call, {"kind": "quality"}).status_code == HTTPStatus.FOUND
    assert client.post(call, {"kind": "bilateral"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
