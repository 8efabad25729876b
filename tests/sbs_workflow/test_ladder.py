"""R1 to R17 of domain.md 4.2, each walked day by day: who is told, and when.

A line of the table says who is told on which days, counted from what the rule counts from in
calendar days ("-30") or in working days ("5w").
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from interventions.actions import plan_visit
from meetings.actions import book_meeting, hold_meeting
from meetings.models import Meeting
from notifications import duties
from notifications.clock import STOCKHOLM
from notifications.models import OutboxMessage
from notifications.planning import address, plan
from organisations.models import Role
from sbs_workflow.engine import perform
from tests import factories
from tests.cast import Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

# A Wednesday; for months on either side only Saturdays and Sundays are days off.
DAY = date(2026, 10, 14)
A_DAY = timedelta(days=1)
LETTERS = {
    "process_supporter": "PS",
    "second_process_supporter": "PS",
    "head_of_authority": "HA",
    "coordinator": "CO",
    "principal": "PR",
    "process_leader": "PL",
    "university_lead": "UL",
    "team_leader": "TL",
    "education_leader": "EL",
}


def on(count: str, day: date = DAY) -> date:
    """So many days or working days from ``day``, as one counts them on one's fingers."""
    if not count.endswith("w"):
        return day + timedelta(days=int(count))
    left = int(count.removesuffix("w"))
    one = A_DAY if left > 0 else -A_DAY
    while left:
        day += one
        if day.weekday() < 5:
            left -= one.days
    return day


def at_ten(day: date) -> datetime:
    return datetime.combine(day, time(10), STOCKHOLM)


# --- what each rule is about ----------------------------------------------------------------


def booked(cast: Cast, kind: str) -> Meeting:
    """For the day, and long before."""
    guests = (cast.ours.process_supporter, cast.ours.head_of_authority, cast.ours.team_leader)
    return book_meeting(
        meeting=factories.meeting(cast.ours.collaboration, kind=kind),
        participants=guests,
        by=cast.agency_manager if kind in ("quality", "introduction") else cast.ours.team_leader,
        now=at_ten(on("-60")),
        starts_at=at_ten(DAY),
        ends_at=at_ten(DAY) + timedelta(hours=2),
        form="digital",
        place="En länk",
    )


def held(cast: Cast, kind: str) -> Meeting:
    meeting = booked(cast, kind)
    came = [participant.user for participant in meeting.participants.all()]
    by = cast.agency_manager if kind == "quality" else cast.ours.team_leader
    return hold_meeting(meeting=meeting, present=came, by=by, now=at_ten(DAY))


def change_proposed(cast: Cast) -> None:
    meeting = held(cast, "quality")
    factories.change_proposal(meeting, due_on=None)
    perform(
        meeting.write_minutes, by=cast.agency_manager, now=at_ten(DAY), minutes="Vi är överens."
    )


def deviation_reported(cast: Cast) -> None:
    running = factories.intervention(cast.ours.collaboration, state="running")
    perform(running.report_deviation, by=cast.ours.team_leader, now=at_ten(DAY), reason="Sjukdom.")


def visit_made(cast: Cast) -> None:
    needed = factories.visit(cast.ours.collaboration)
    plan_visit(
        visit=needed,
        takes_place_on=DAY,
        units=[cast.ours.school],
        form="on_site",
        by=cast.ours.team_leader,
        now=at_ten(on("-20")),
    )


def report(kind: str, state: str, due_on: date = DAY) -> Callable[[Cast], Any]:
    return lambda cast: factories.report(
        cast.ours.collaboration, cast.ours.school, kind=kind, state=state, due_on=due_on
    )


def agreement_signed(cast: Cast) -> None:
    waiting = factories.agreement(cast.ours.collaboration, state="countersigned", ends_on=DAY)
    perform(waiting.sign_for_agency, by=cast.agency_manager, now=at_ten(on("-200")))


def team_leader_left(cast: Cast) -> None:
    factories.vacancy(cast.ours.collaboration, Role.TEAM_LEADER, since=DAY, due_on=on("5w"))


def government(year: int, checks_done: int, due_on: date) -> Callable[[Cast], Any]:
    return lambda cast: factories.government_report(
        cast.agency, year=year, checks_done=checks_done, due_on=due_on
    )


class Ladder(NamedTuple):
    rule: str
    about: Callable[[Cast], Any]
    told: str
    counted_from: date = DAY


LADDERS = {
    # The day is that of the first joint meeting.
    "expectation talk": Ladder(
        "R1",
        lambda cast: booked(cast, "introduction"),
        "-15w TL, -8w TL, -3w TL, -2w UL PS",
    ),
    # 100 days after the last three-party meeting, and eight weeks after the last talk.
    "three-party meeting to book": Ladder(
        "R2",
        lambda cast: factories.meeting(cast.ours.collaboration, due_on=DAY),
        "0 PS, 7 PS, 14 PS AM TL, 21 PS, 28 PS, 35 PS, 42 PS, 49 PS",
    ),
    "two-party talk to book": Ladder(
        "R6",
        lambda cast: factories.meeting(cast.ours.collaboration, kind="bilateral", due_on=DAY),
        "0 TL, 7 TL, 14 TL, 21 TL, 28 TL UL, 35 TL, 42 TL, 49 TL",
    ),
    # The day is that of the meeting, which the agency has called.
    "three-party meeting to prepare": Ladder(
        "R3",
        lambda cast: booked(cast, "quality"),
        "-10w PS HA CO TL, -5w HA UL, -3w PS HA CO TL, -1w PS HA CO TL",
    ),
    "minutes of all three": Ladder(
        "R4", lambda cast: held(cast, "quality"), "5w PS, 8w PS, 10w AM"
    ),
    "note of two": Ladder("R4", lambda cast: held(cast, "bilateral"), "5w TL, 8w TL, 10w UL"),
    "deviation": Ladder("R5", deviation_reported, "10w PS HA, 20w PS HA, 30 AM HA"),
    "change": Ladder("R5", change_proposed, "10w PS HA, 20w PS HA, 30 AM HA"),
    # The 25th of the month before.
    "visit to plan": Ladder(
        "R7",
        lambda cast: factories.visit(cast.ours.collaboration, due_on=date(2026, 9, 25)),
        "-10 TL, 0 UL",
        date(2026, 9, 25),
    ),
    "interim report to write": Ladder(
        "R8",
        report("interim", "open"),
        "-30 PR PL, -14 PR PL, -7 PR PL, -1 PR PL, 1 PR PL HA, 5 PR PL, 7 PS, 14 AM HA",
    ),
    "interim report to submit": Ladder(
        "R8",
        report("interim", "unit_ready"),
        "-7 HA CO, -1 HA CO, 1 HA CO, 5 HA CO, 7 PS, 14 AM HA",
    ),
    # The day it was returned.
    "report to complete": Ladder(
        "R9", report("interim", "returned", on("10w")), "0 PR, 5w PR, 9w PR, 11w HA"
    ),
    # Sixty days before is a Saturday.
    "final report to write": Ladder(
        "R10",
        report("final", "open"),
        "-58 PR PL, -30 PR PL, -14 PR PL, -7 PR PL HA, -1 PR PL, 1 PR PL, 5 PR PL, 7 PS, 14 AM HA",
    ),
    # The day it was received.
    "report to read": Ladder(
        "R11", report("interim", "submitted", on("20w")), "10w PS, 15w PS, 20w AM"
    ),
    "visit to log": Ladder("R12", visit_made, "3w EL TL, 7w EL TL, 10w TL"),
    # The day of the next visit; nobody else is ever told.
    "task": Ladder(
        "R13",
        lambda cast: factories.task(
            factories.visit(cast.ours.collaboration, state="shared"), cast.ours.school, due_on=DAY
        ),
        "-14 PR PL, -3w PR PL",
    ),
    # Four weeks after the start, or ten weeks before the end.
    "mapping to begin": Ladder(
        "R14",
        lambda cast: factories.mapping(cast.ours.collaboration, state="not_begun", due_on=DAY),
        "0 TL, 14 TL, 28 TL UL, 42 TL, 56 TL",
    ),
    # The last day of the agreement; sixty days before is a Saturday.
    "agreement that ends": Ladder(
        "R15", agreement_signed, "-90 PS HA TL, -58 PS HA TL, -30 PS HA TL AM"
    ),
    # The day since when nobody holds the role.
    "vacant role": Ladder("R16", team_leader_left, "5w UL, 10w UL, 15w AM HA"),
    "data to check": Ladder(
        "R17", government(2027, 0, date(2026, 12, 15)), "0 AM, 7 AM, 14 AM", date(2026, 12, 15)
    ),
    # A day before is a Sunday, and five days after a Saturday.
    "report to the government": Ladder(
        "R17",
        government(2027, 3, date(2027, 3, 15)),
        "-28 AM, -14 AM, -7 AM, 0 AM, 1 AM, 7 AM",
        date(2027, 3, 15),
    ),
}


# --- the walk ------------------------------------------------------------------------------


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def only(rule: str) -> None:
        """No other duties are asked about, so that a walk of months takes a moment."""
        of_rule = {name: duty for name, duty in duties.registry.items() if duty.rule == rule}
        for name in duties.registry.keys() - of_rule.keys():
            monkeypatch.delitem(duties.registry, name)

    return only


def expected(ladder: Ladder) -> dict[date, set[str]]:
    lines = (line.split() for line in ladder.told.split(", "))
    return {on(count, ladder.counted_from): set(letters) for count, *letters in lines}


def told_by_day(cast: Cast, first: date, last: date) -> Iterator[tuple[date, set[str]]]:
    """Whom each day's planning puts something new before, of the days on which it is anybody."""
    letter = {getattr(cast.ours, name).pk: each for name, each in LETTERS.items()}
    letter[cast.agency_manager.pk] = "AM"
    known: set[tuple[UUID, int]] = set()
    day = first
    while day <= last:
        if day.weekday() < 5:
            plan(at_ten(day))
            address(at_ten(day))
            lines = set(_lines())
            if told := {person for person, _reminder in lines - known}:
                _both_supporters_or_none(cast, told)
                yield day, {letter[person] for person in told}
            known = lines
        day += A_DAY


def _lines() -> Iterator[tuple[UUID, int]]:
    for person, context in OutboxMessage.objects.filter(
        template="notifications/digest"
    ).values_list("recipient", "context"):
        yield from ((person, reminder) for reminder in context["reminders"])


def _both_supporters_or_none(cast: Cast, told: set[UUID]) -> None:
    pair = {cast.ours.process_supporter.pk, cast.ours.second_process_supporter.pk}
    assert len(pair & told) != 1


@pytest.mark.parametrize("what", LADDERS)
def test_these_people_are_told_on_these_days(cast: Cast, what: str, only: Callable[[str], None]):
    ladder = LADDERS[what]
    ladder.about(cast)
    only(ladder.rule)
    days = expected(ladder)
    first, last = min(days) - 10 * A_DAY, max(days) + 10 * A_DAY
    assert dict(told_by_day(cast, first, last)) == days


def test_every_rule_has_a_walk():
    assert {ladder.rule for ladder in LADDERS.values()} == {f"R{n}" for n in range(1, 18)}


def test_nobody_hears_of_the_other_party_before_their_own_lead():
    """The ladder goes from one's own party to the others (domain.md 4.2)."""
    leads = {
        "agency": Role.AGENCY_MANAGER,
        "organiser": Role.HEAD_OF_AUTHORITY,
        "university": Role.UNIVERSITY_LEAD,
    }
    wrong = []
    for duty in duties.registry.values():
        [party] = {Role(role).party for role in duty.owed_by[:1]}
        heard = set(duty.owed_by)
        for rung in duty.ladder:
            heard |= set(rung.told)
            others = {role for role in heard if Role(role).party != party} - set(duty.owed_by)
            if others and leads[party] not in heard:
                wrong.append(duty.name)
    assert wrong == []
