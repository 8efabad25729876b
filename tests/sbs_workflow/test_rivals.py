"""Two people press at the same moment, each on a connection of their own: exactly one is first."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django_fsm import ConcurrentTransition

from meetings.actions import book_meeting
from meetings.models import Meeting, MeetingParticipant
from notifications.models import OutboxMessage
from organisations.models import User
from reports.models import Report
from sbs_workflow.engine import SomebodyWasFirst, perform
from sbs_workflow.models import TransitionRecord
from sbs_workflow.models.collaboration import CollaborationQuerySet
from tests import factories
from tests.cast import NOW, Cast

PAIRS = 200
Presses = list[tuple[Callable[[], str], Callable[[], str]]]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.portable
def test_each_of_200_rival_pairs_has_one_winner(cast: Cast):
    reports = submitted_reports(cast, PAIRS)
    results = press_at_once(accept_or_return(cast, reports))
    assert Counter(results) == {("moved", "too late"): PAIRS}
    records = TransitionRecord.objects.filter(object_id__in=[report.pk for report in reports])
    assert Counter(records.values_list("object_id", flat=True)) == {r.pk: 1 for r in reports}
    states = dict(Report.objects.values_list("pk", "state"))
    assert {record.object_id: record.to_state for record in records} == states


@pytest.mark.portable
def test_two_who_book_the_same_meeting_book_it_once_in_200_of_200_tries(cast: Cast):
    """Each wants a time of their own; one of the two is invited to, and nobody to both."""
    meetings = [factories.meeting(cast.ours.collaboration, state="proposed") for _ in range(PAIRS)]
    rivals = (cast.ours.process_supporter, cast.agency_manager)
    results = press_at_once(
        [
            (partial(book, meeting, rivals[0], 7, cast), partial(book, meeting, rivals[1], 8, cast))
            for meeting in meetings
        ]
    )
    assert Counter(results) == {("booked", "too late"): PAIRS}
    assert MeetingParticipant.objects.count() == 3 * PAIRS
    told = OutboxMessage.objects.filter(template="meetings/booked").values_list(
        "context", flat=True
    )
    booked = Meeting.objects.filter(state="booked", sequence=1).values_list("starts_at", flat=True)
    assert len(booked) == PAIRS
    assert Counter(c["starts_at"] for c in told) == {
        at: 3 * count for at, count in Counter(booked).items()
    }


def book(meeting: Meeting, by: User, days: int, cast: Cast) -> str:
    side = cast.ours
    starts_at = NOW + timedelta(days=days)
    try:
        book_meeting(
            meeting=meeting,
            participants=[side.process_supporter, side.head_of_authority, side.team_leader],
            by=by,
            now=NOW,
            seen_state="proposed",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            form=Meeting.Form.DIGITAL,
            place="En länk",
        )
    except SomebodyWasFirst:
        return "too late"
    return "booked"


def test_without_the_lock_the_race_shows(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """What the lock is for. Even then nobody wins twice: the optimistic lock breaks the page."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite writes one transaction at a time, so that there is no race to show")
    monkeypatch.setattr(CollaborationQuerySet, "lock", lambda rows, pk: rows.get(pk=pk))
    reports = submitted_reports(cast, PAIRS)
    results = press_at_once(accept_or_return(cast, reports))
    assert ("broken", "moved") in results
    assert TransitionRecord.objects.filter(to_state="accepted").count() <= PAIRS


def submitted_reports(cast: Cast, count: int) -> list[Report]:
    return [
        factories.report(
            cast.ours.collaboration, cast.ours.school, state="submitted", number=number
        )
        for number in range(1, count + 1)
    ]


def accept_or_return(cast: Cast, reports: list[Report]) -> Presses:
    """The one always accepts, the other returns every second: the same step, and another."""
    supporter, manager = cast.ours.process_supporter, cast.agency_manager
    return [
        (
            partial(take, report.accept, supporter),
            partial(take, report.return_for_completion if number % 2 else report.accept, manager),
        )
        for number, report in enumerate(reports)
    ]


def press_at_once(presses: Presses) -> list[tuple[str, ...]]:
    """For each pair what came of the two presses, in alphabetic order."""
    start = threading.Barrier(2, timeout=30)
    outcomes: tuple[list[str], list[str]] = ([], [])

    def press(side: int) -> None:
        try:
            for pair in presses:
                start.wait()
                outcomes[side].append(pair[side]())
        finally:
            connection.close()

    rivals = [threading.Thread(target=press, args=(side,)) for side in (0, 1)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    return [tuple(sorted(pair)) for pair in zip(*outcomes, strict=True)]


def take(step: Callable[..., None], user: User) -> str:
    try:
        perform(step, by=user, now=NOW, reason="Läst.", seen_state=Report.State.SUBMITTED)
    except SomebodyWasFirst:
        return "too late"
    except ConcurrentTransition:
        return "broken"
    return "moved"
