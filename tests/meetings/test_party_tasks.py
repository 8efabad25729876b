"""What a booked three-party meeting waits for from each party (domain.md 4.2, R3)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from meetings.actions import book_meeting, hold_meeting, prepare_meeting, reschedule_meeting
from meetings.actions.replies import answer_invitation
from meetings.automatic import ask_no_longer
from meetings.models import Meeting, PartyTask
from notifications.working_days import add_working_days
from organisations.models import User
from sbs_workflow.engine import TransitionRefused, perform
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

Waiting = set[tuple[str, str]]
ALL_THREE = {("agency", "prepare"), ("organiser", "prepare"), ("university", "prepare")}
# The agency has called the meeting: that it comes goes without saying.
ANSWERS = {
    ("organiser", "reply"), ("organiser", "say_yes"),
    ("university", "reply"), ("university", "say_yes"),
}  # fmt: skip


def guests(cast: Cast) -> list[User]:
    return [cast.ours.process_supporter, cast.ours.head_of_authority, cast.ours.team_leader]


def moment(working_days: int) -> datetime:
    """Ten o'clock so many working days ahead."""
    return NOW + (add_working_days(TODAY, working_days) - TODAY) + timedelta(hours=1)


def booked(cast: Cast, *, ahead: int = 15, kind: str = "quality") -> Meeting:
    return book_meeting(
        meeting=factories.meeting(cast.ours.collaboration, kind=kind),
        participants=guests(cast),
        by=cast.ours.process_supporter,
        now=NOW,
        starts_at=moment(ahead),
        ends_at=moment(ahead) + timedelta(hours=2),
        form="digital",
        place="En länk",
    )


def waited_for(meeting: Meeting) -> Waiting:
    tasks = PartyTask.objects.filter(meeting=meeting, due_on=meeting.held_on)
    return set(tasks.values_list("party", "kind"))


def come(meeting: Meeting, by: User, answer: str = "accepted") -> None:
    answer_invitation(meeting=meeting, answer=answer, by=by, now=NOW)


def test_booking_asks_all_three_to_prepare_and_two_to_answer(cast: Cast):
    assert waited_for(booked(cast)) == ALL_THREE | ANSWERS


def test_other_kinds_of_meetings_wait_for_nobody(cast: Cast):
    assert waited_for(booked(cast, kind="introduction")) == set()


@pytest.mark.parametrize(
    ("ahead", "chased"),
    [(6, ANSWERS), (5, {("organiser", "say_yes"), ("university", "say_yes")}), (3, set())],
)
def test_nobody_is_chased_for_an_answer_on_the_day_of_the_invitation(
    cast: Cast, ahead: int, chased: Waiting
):
    assert waited_for(booked(cast, ahead=ahead)) == ALL_THREE | chased


@pytest.mark.parametrize("text", ["Vi vill tala om tiden för handledning.", ""])
def test_a_party_has_prepared_even_when_it_has_nothing_to_bring_up(cast: Cast, text: str):
    meeting = booked(cast)
    prepare_meeting(meeting=meeting, text=text, by=cast.ours.coordinator, now=NOW)
    assert ("organiser", "prepare") not in waited_for(meeting)
    assert ("university", "prepare") in waited_for(meeting)


def test_an_answer_is_one_and_only_a_yes_is_a_yes(cast: Cast):
    meeting = booked(cast)
    come(meeting, cast.ours.team_leader, "declined")
    assert waited_for(meeting) == ALL_THREE | ANSWERS - {("university", "reply")}
    come(meeting, cast.ours.team_leader)
    assert waited_for(meeting) & {("university", "reply"), ("university", "say_yes")} == set()
    come(meeting, cast.ours.team_leader, "tentative")
    assert ("university", "say_yes") in waited_for(meeting), "a yes that is taken back is none"


def test_moving_asks_anew_for_answers_and_not_for_what_is_prepared(cast: Cast):
    meeting = booked(cast)
    prepare_meeting(meeting=meeting, text="Tiden.", by=cast.ours.team_leader, now=NOW)
    come(meeting, cast.ours.head_of_authority)
    moved = reschedule_meeting(
        meeting=meeting,
        starts_at=moment(20),
        ends_at=moment(20) + timedelta(hours=2),
        reason="Rektorn är sjuk.",
        by=cast.ours.process_supporter,
        now=NOW,
    )
    assert waited_for(moved) == ALL_THREE - {("university", "prepare")} | ANSWERS


def held(meeting: Meeting, cast: Cast) -> None:
    hold_meeting(meeting=meeting, present=guests(cast), by=cast.ours.process_supporter, now=NOW)


def cancelled(meeting: Meeting, cast: Cast) -> None:
    perform(meeting.cancel, by=cast.ours.process_supporter, now=NOW, reason="Inställt.")


@pytest.mark.parametrize("end", [held, cancelled])
def test_a_meeting_that_is_over_waits_for_nobody(cast: Cast, end: Any):
    meeting = booked(cast)
    end(meeting, cast)
    assert not PartyTask.objects.exists()


def test_when_the_day_has_passed_it_is_too_late_to_prepare(cast: Cast):
    meeting = booked(cast, ahead=10)
    assert ask_no_longer(moment(10)) == 0
    assert ask_no_longer(moment(11)) == 7
    assert waited_for(meeting) == set()
    assert ask_no_longer(moment(12)) == 0


def test_only_who_is_invited_answers_and_only_while_it_is_booked(cast: Cast):
    meeting = booked(cast)
    with pytest.raises(PermissionDenied):
        come(meeting, cast.ours.coordinator)
    cancelled(meeting, cast)
    with pytest.raises(TransitionRefused):
        come(meeting, cast.ours.team_leader)


def test_an_answer_on_the_page_stands_beside_the_name(cast: Cast, client: Client):
    meeting = booked(cast)
    client.force_login(cast.ours.team_leader)
    assert f"/mote/{meeting.pk}/kommer/" in client.get(f"/mote/{meeting.pk}/").content.decode()
    client.post(f"/mote/{meeting.pk}/kommer/", {"answer": "tentative"})
    assert meeting.participants.get(user=cast.ours.team_leader).answer == "tentative"


# --- R1: the expectation talk before the first meeting of all three -------------------------


def page(client: Client, meeting: Meeting, by: User) -> str:
    client.force_login(by)
    return client.get(meeting.get_absolute_url()).content.decode()


WARNING = "har inte haft sitt förväntanssamtal"


def test_the_talk_is_owed_three_days_before_and_follows_when_the_meeting_moves(cast: Cast):
    meeting = booked(cast, ahead=15, kind="introduction")
    talk = Meeting.objects.get(kind="expectation")
    assert talk.due_on == add_working_days(TODAY, 12)
    for ahead in (25, 20):
        meeting = reschedule_meeting(
            meeting=meeting,
            starts_at=moment(ahead),
            ends_at=moment(ahead) + timedelta(hours=2),
            reason="Ny tid.",
            by=cast.ours.process_supporter,
            now=NOW,
        )
        [talk] = Meeting.objects.filter(kind="expectation")
        assert talk.due_on == add_working_days(TODAY, ahead - 3)


@pytest.mark.parametrize("state", ["held", "minuted", "approved", "booked"])
def test_no_second_talk_is_owed(cast: Cast, state: str):
    factories.meeting(cast.ours.collaboration, kind="expectation", state=state)
    booked(cast, kind="introduction")
    assert Meeting.objects.filter(kind="expectation").count() == 1


def test_a_later_meeting_of_all_three_does_not_move_the_talk(cast: Cast):
    booked(cast, ahead=10, kind="introduction")
    booked(cast, ahead=30)
    assert Meeting.objects.get(kind="expectation").due_on == add_working_days(TODAY, 7)


@pytest.mark.parametrize(
    ("state", "is_warned"),
    [("", True), ("needed", True), ("proposed", True), ("cancelled", True), ("held", False)],
)
def test_the_page_warns_until_the_talk_was_held_and_blocks_nothing(
    cast: Cast, client: Client, state: str, is_warned: bool
):
    if state:
        factories.meeting(cast.ours.collaboration, kind="expectation", state=state)
    meeting = booked(cast, kind="introduction")
    assert meeting.state == "booked"
    assert (WARNING in page(client, meeting, cast.ours.team_leader)) == is_warned


def test_a_talk_that_is_booked_for_an_earlier_time_is_enough(cast: Cast, client: Client):
    meeting = booked(cast, ahead=15, kind="introduction")
    for ahead, is_warned in ((14, False), (16, True)):
        Meeting.objects.filter(kind="expectation").delete()
        factories.meeting(
            cast.ours.collaboration,
            kind="expectation",
            state="booked",
            starts_at=moment(ahead),
            ends_at=moment(ahead) + timedelta(hours=1),
        )
        assert (WARNING in page(client, meeting, cast.ours.team_leader)) == is_warned


def test_a_talk_of_two_parties_needs_no_talk_before_it(cast: Cast, client: Client):
    talk = factories.meeting(cast.ours.collaboration, kind="bilateral")
    assert WARNING not in page(client, talk, cast.ours.team_leader)
