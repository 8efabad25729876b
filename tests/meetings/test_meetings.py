"""Meetings: booking, holding, minutes, what is owed next and what the database refuses."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from meetings.actions import book_meeting, call_meeting, hold_meeting, reschedule_meeting
from meetings.automatic import let_minutes_stand
from meetings.models import Meeting, MeetingParticipant
from notifications.automatic import registry as each_tick
from notifications.duties import open_duties
from notifications.models import OutboxMessage
from notifications.working_days import add_working_days, next_working_day
from organisations.models import Party, User
from sbs_workflow.engine import SomebodyWasFirst, TransitionRefused, perform
from sbs_workflow.gates import open_gates
from sbs_workflow.models import Phase, TransitionRecord
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

NEXT_WEEK = NOW + timedelta(days=7)
AT: dict[str, Any] = {
    "starts_at": NEXT_WEEK,
    "ends_at": NEXT_WEEK + timedelta(hours=2),
    "form": Meeting.Form.DIGITAL,
    "place": "En länk",
}


def three_parties(cast: Cast) -> list[User]:
    return [cast.ours.process_supporter, cast.ours.head_of_authority, cast.ours.team_leader]


def booked(cast: Cast, kind: str = "quality") -> Meeting:
    parties = [Party.AGENCY, Party.ORGANISER, Party.UNIVERSITY]
    return factories.meeting(
        cast.ours.collaboration,
        kind=kind,
        state="booked",
        participants=list(zip(three_parties(cast), parties, strict=True)),
    )


def messages(template: str) -> set[str]:
    found = OutboxMessage.objects.filter(template=f"meetings/{template}")
    return set(found.values_list("recipient__name", flat=True))


# --- booking -------------------------------------------------------------------------------


def test_booking_invites_the_parties_and_tells_them(cast: Cast):
    needed = factories.meeting(cast.ours.collaboration)
    meeting = book_meeting(
        meeting=needed,
        participants=three_parties(cast),
        by=cast.ours.process_supporter,
        now=NOW,
        **AT,
    )
    assert (meeting.state, meeting.starts_at, meeting.place) == ("booked", NEXT_WEEK, "En länk")
    assert meeting.due_on == add_working_days(NEXT_WEEK.date(), 1)
    invited = dict(meeting.participants.values_list("user__name", "party"))
    assert invited == {
        "Pia Processtödjare": "agency",
        "Sara Skolchef": "organiser",
        "Ture Teamledare": "university",
    }
    assert messages("booked") == set(invited)


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_three_party_meeting_needs_all_three(cast: Cast, missing: int):
    needed = factories.meeting(cast.ours.collaboration)
    people = three_parties(cast)
    del people[missing]
    with pytest.raises(TransitionRefused):
        book_meeting(
            meeting=needed, participants=people, by=cast.ours.process_supporter, now=NOW, **AT
        )
    assert not OutboxMessage.objects.exists()
    assert not MeetingParticipant.objects.exists()


def test_a_two_party_talk_needs_two(cast: Cast):
    talk = factories.meeting(cast.ours.collaboration, kind="bilateral")
    people = [cast.ours.process_supporter, cast.ours.education_leader]
    meeting = book_meeting(
        meeting=talk, participants=people, by=cast.ours.team_leader, now=NOW, **AT
    )
    assert meeting.state == "booked"


@pytest.mark.parametrize("who", ["outsider", "deactivated"])
def test_only_people_of_the_collaboration_are_invited(cast: Cast, who: str):
    needed = factories.meeting(cast.ours.collaboration)
    for stranger in (getattr(cast, who), cast.theirs.head_of_authority):
        with pytest.raises(TransitionRefused):
            book_meeting(
                meeting=needed,
                participants=[*three_parties(cast), stranger],
                by=cast.ours.process_supporter,
                now=NOW,
                **AT,
            )


@pytest.mark.parametrize("who", ["team_leader", "head_of_authority", "principal"])
def test_others_do_not_book_the_quality_meeting(cast: Cast, who: str):
    needed = factories.meeting(cast.ours.collaboration)
    for by in (getattr(cast.ours, who), cast.theirs.process_supporter, cast.outsider):
        with pytest.raises(PermissionDenied):
            book_meeting(meeting=needed, participants=three_parties(cast), by=by, now=NOW, **AT)


def test_two_who_book_at_once_get_one_meeting(cast: Cast):
    needed = factories.meeting(cast.ours.collaboration)
    people = three_parties(cast)
    book_meeting(meeting=needed, participants=people, by=people[0], now=NOW, **AT)
    with pytest.raises(SomebodyWasFirst):
        book_meeting(
            meeting=needed, participants=people, by=cast.ours.second_process_supporter, now=NOW,
            seen_state="needed", **AT,
        )  # fmt: skip
    assert MeetingParticipant.objects.count() == OutboxMessage.objects.count() == 3


def test_a_meeting_that_is_moved_back_and_forth_is_told_of_each_time(cast: Cast):
    meeting = booked(cast)
    for number, days in enumerate((7, 14, 7)):
        meeting = reschedule_meeting(
            meeting=meeting,
            starts_at=NOW + timedelta(days=days),
            ends_at=NOW + timedelta(days=days, hours=1),
            reason="Krock i kalendern.",
            by=cast.ours.process_supporter,
            now=NOW + timedelta(hours=number),
        )
    told = OutboxMessage.objects.filter(template="meetings/moved")
    assert told.count() == 3 * len(three_parties(cast))


def test_moving_tells_everybody_again_once_for_each_time(cast: Cast):
    meeting = booked(cast)
    times: Any = {"starts_at": NEXT_WEEK, "ends_at": NEXT_WEEK + timedelta(hours=1)}
    for _again in range(2):
        moved = reschedule_meeting(
            meeting=meeting, by=cast.ours.process_supporter, now=NOW, reason="Sjukdom", **times
        )
    assert (moved.state, moved.starts_at) == ("booked", NEXT_WEEK)
    assert messages("moved") == {"Pia Processtödjare", "Sara Skolchef", "Ture Teamledare"}
    assert OutboxMessage.objects.count() == 3


def test_cancelling_tells_the_invited_and_the_meeting_is_owed_again(cast: Cast):
    meeting = booked(cast)
    perform(meeting.cancel, by=cast.ours.process_supporter, now=NOW, reason="Halka")
    assert len(messages("cancelled")) == 3
    again = Meeting.objects.get(state="needed")
    assert (again.kind, again.due_on) == ("quality", add_working_days(TODAY, 10))


def test_cancelling_what_was_only_proposed_tells_nobody(cast: Cast):
    proposed = factories.meeting(cast.ours.collaboration, state="proposed")
    factories.meeting(cast.ours.collaboration, state="booked")
    perform(proposed.cancel, by=cast.agency_manager, now=NOW, reason="Dubblett")
    assert not OutboxMessage.objects.exists()
    assert not Meeting.objects.filter(state="needed").exists(), "another one is on its way"


def test_calling_a_meeting_makes_one_to_be_booked(cast: Cast):
    case = cast.ours.collaboration
    called = call_meeting(
        collaboration=case, kind="quality", by=cast.ours.process_supporter, now=NOW
    )
    again = call_meeting(collaboration=case, kind="quality", by=cast.agency_manager, now=NOW)
    assert called == again
    assert called.state == "needed"
    for by in (cast.ours.team_leader, cast.theirs.process_supporter):
        with pytest.raises(PermissionDenied):
            call_meeting(collaboration=case, kind="quality", by=by, now=NOW)


# --- holding -------------------------------------------------------------------------------


def test_it_counts_when_every_party_came(cast: Cast):
    meeting = booked(cast)
    held = hold_meeting(
        meeting=meeting, present=three_parties(cast), by=cast.ours.process_supporter, now=NOW
    )
    assert held.state == "held"
    assert held.due_on == add_working_days(TODAY - timedelta(days=1), 5)
    assert set(held.participants.values_list("came", flat=True)) == {True}


def test_it_does_not_count_when_a_party_was_missing_and_is_still_owed(cast: Cast):
    meeting = booked(cast)
    people = three_parties(cast)[:2]
    held = hold_meeting(meeting=meeting, present=people, by=people[0], now=NOW)
    assert (held.state, held.due_on) == ("not_quorate", None)
    assert held.participants.get(came=False).user == cast.ours.team_leader
    assert Meeting.objects.get(state="needed").due_on == add_working_days(TODAY, 10)


def test_others_do_not_record_who_came(cast: Cast):
    meeting = booked(cast)
    for by in (cast.ours.team_leader, cast.theirs.process_supporter):
        with pytest.raises(PermissionDenied):
            hold_meeting(meeting=meeting, present=three_parties(cast), by=by, now=NOW)
    assert not meeting.participants.exclude(came=None).exists()


@pytest.mark.parametrize(("kind", "days"), [("quality", 100), ("bilateral", 56)])
def test_the_next_one_is_owed_a_cadence_after_this_one(cast: Cast, kind: str, days: int):
    meeting = booked(cast, kind)
    by = cast.ours.process_supporter if kind == "quality" else cast.ours.team_leader
    hold_meeting(meeting=meeting, present=three_parties(cast), by=by, now=NOW)
    due_on = Meeting.objects.get(state="needed").due_on
    assert due_on is not None
    assert 0 <= (due_on - (TODAY - timedelta(days=1))).days - days < 5


def test_no_next_one_after_the_end_or_for_talks_that_are_held_once(cast: Cast):
    meeting = booked(cast, "expectation")
    hold_meeting(meeting=meeting, present=three_parties(cast), by=cast.ours.team_leader, now=NOW)
    factories.put(
        cast.ours.collaboration, "active", interventions_end_on=TODAY + timedelta(days=90)
    )
    for _number in range(3):
        factories.meeting(cast.ours.collaboration, state="approved")
    meeting = booked(cast)
    hold_meeting(
        meeting=meeting, present=three_parties(cast), by=cast.ours.process_supporter, now=NOW
    )
    assert not Meeting.objects.filter(state="needed").exists()


def test_four_in_the_period_even_when_it_ends_before_the_cadence(cast: Cast):
    """At least four trepartsavstämningar in two years (R2, inferred)."""
    ends_on = TODAY + timedelta(days=90)
    factories.put(cast.ours.collaboration, "active", interventions_end_on=ends_on)
    hold_meeting(
        meeting=booked(cast),
        present=three_parties(cast),
        by=cast.ours.process_supporter,
        now=NOW,
    )
    owed = Meeting.objects.get(state="needed", kind="quality")
    assert owed.due_on == next_working_day(ends_on - timedelta(days=30))


def test_minutes_and_their_correction(cast: Cast):
    held = factories.meeting(cast.ours.collaboration, state="held")
    minuted = perform(
        held.write_minutes, by=cast.ours.process_supporter, now=NOW, minutes="Överens."
    )
    assert (minuted.minuted_on, minuted.due_on) == (TODAY, add_working_days(TODAY, 10))
    back = perform(
        minuted.ask_for_correction, by=cast.ours.team_leader, now=NOW, reason="Fel datum"
    )
    assert (back.state, back.due_on) == ("held", add_working_days(TODAY - timedelta(days=1), 5))


def test_silence_confirms_the_minutes_after_ten_working_days(cast: Cast):
    assert let_minutes_stand in each_tick
    meeting = factories.meeting(cast.ours.collaboration, state="minuted", due_on=TODAY)
    assert let_minutes_stand(NOW) == 0
    assert let_minutes_stand(NOW + timedelta(days=1)) == 1
    assert let_minutes_stand(NOW + timedelta(days=2)) == 0
    meeting.refresh_from_db()
    assert (meeting.state, meeting.due_on) == ("approved", None)
    assert TransitionRecord.objects.get().by is None


# --- the phases ----------------------------------------------------------------------------


def test_planning_brings_the_expectation_talk(cast: Cast):
    case = factories.put(cast.ours.collaboration, "analysing")
    perform(case.start_planning, by=cast.agency_manager, now=NOW)
    talk = Meeting.objects.get(kind="expectation")
    assert talk.state == "needed"
    assert talk.due_on is not None
    assert talk.due_on >= TODAY + timedelta(days=30)


def test_interventions_bring_the_regular_meetings_and_their_end_takes_them_away(cast: Cast):
    case = factories.put(cast.ours.collaboration, "agreed")
    active = perform(
        case.start_interventions,
        by=cast.ours.team_leader,
        now=NOW,
        past_gates=True,
        reason="Prov",
        interventions_start_on=TODAY,
        interventions_end_on=TODAY + timedelta(days=700),
    )
    owed = Meeting.objects.filter(state="needed", due_on__isnull=False)
    assert set(owed.values_list("kind", flat=True)) == {"quality", "bilateral"}
    perform(active.start_reporting, by=cast.agency_manager, now=NOW)
    assert not owed.exists()


def test_the_expectation_talk_moves_before_the_first_joint_meeting(cast: Cast):
    case = cast.ours.collaboration
    factories.meeting(case, kind="expectation", due_on=TODAY + timedelta(days=60))
    introduction = factories.meeting(case, kind="introduction")
    book_meeting(
        meeting=introduction,
        participants=three_parties(cast),
        by=cast.ours.process_supporter,
        now=NOW,
        **AT,
    )
    talk = Meeting.objects.get(kind="expectation")
    assert talk.due_on == add_working_days(NEXT_WEEK.date(), -3)


@pytest.mark.parametrize("state", list(Meeting.State))
def test_the_agreement_phase_ends_when_the_expectation_talk_was_held(cast: Cast, state: str):
    case = cast.ours.collaboration
    talk = factories.meeting(case, kind="expectation", state=state)
    reasons = open_gates(case, Phase.AGREEMENT, TODAY)
    if state in ("held", "minuted", "approved"):
        assert reasons == []
    else:
        url = "" if state == "cancelled" else talk.get_absolute_url()
        assert [reason.url for reason in reasons] == [url]


# --- duties --------------------------------------------------------------------------------

DUTIES = {
    ("quality", "needed"): ("meetings.book-quality-meeting", 45),
    ("bilateral", "needed"): ("meetings.hold-bilateral-talk", 21),
    ("expectation", "needed"): ("meetings.hold-expectation-talk", 30),
    ("introduction", "needed"): ("meetings.book-introduction", 30),
    ("quality", "proposed"): ("meetings.book-quality-meeting", 45),
    ("bilateral", "proposed"): ("meetings.hold-bilateral-talk", 21),
    ("expectation", "proposed"): ("meetings.hold-expectation-talk", 30),
    ("introduction", "proposed"): ("meetings.book-introduction", 30),
    ("quality", "booked"): ("meetings.record-three-party-meeting", 1),
    ("introduction", "booked"): ("meetings.record-three-party-meeting", 1),
    ("bilateral", "booked"): ("meetings.record-two-party-talk", 1),
    ("expectation", "booked"): ("meetings.record-two-party-talk", 1),
    ("quality", "held"): ("meetings.write-three-party-minutes", 7),
    ("introduction", "held"): ("meetings.write-three-party-minutes", 7),
    ("bilateral", "held"): ("meetings.write-two-party-note", 7),
    ("expectation", "held"): ("meetings.write-two-party-note", 7),
}


@pytest.mark.parametrize("kind", list(Meeting.Kind))
@pytest.mark.parametrize("state", list(Meeting.State))
def test_each_duty_opens_and_falls_away(cast: Cast, kind: str, state: str):
    """Five working days are seven days here, and one is one: the tenth of March is a Tuesday."""
    case = cast.ours.collaboration

    def names(today: date) -> list[str]:
        return [duty.duty.name for duty in open_duties(today, scopes=[case.pk])]

    name, opens = DUTIES.get((kind, state), ("", 0))
    factories.meeting(case, kind=kind, state=state, due_on=TODAY + timedelta(days=opens))
    assert names(TODAY) == ([name] if name else [])
    assert names(TODAY - timedelta(days=1)) == []
    factories.put(case, "paused")
    assert names(TODAY) == []


# --- what the database refuses -------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_at": datetime(2026, 1, 1, tzinfo=NOW.tzinfo)},
        {"starts_at": None, "ends_at": None},
        {"kind": "party"},
    ],
    ids=["ends before it starts", "booked without a time", "of no known kind"],
)
def test_constraints_of_a_booked_meeting(cast: Cast, fields: dict[str, Any]):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.meeting(cast.ours.collaboration, state="booked", **fields)


def test_a_meeting_is_owed_once_and_a_person_invited_once(cast: Cast):
    factories.meeting(cast.ours.collaboration)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.meeting(cast.ours.collaboration)
    meeting = booked(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingParticipant.objects.create(
            meeting=meeting, user=cast.ours.team_leader, party=Party.UNIVERSITY
        )


def test_a_meeting_is_named_by_its_kind_and_its_swedish_day(cast: Cast):
    late = datetime(2026, 3, 10, 23, 30, tzinfo=NOW.tzinfo)
    meeting = factories.meeting(
        cast.ours.collaboration, state="booked", starts_at=late, ends_at=late + timedelta(hours=1)
    )
    assert str(meeting) == "Trepartsavstämning 10 mars 2026"
    assert meeting.held_on == TODAY
