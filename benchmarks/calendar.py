"""A private calendar of 500 entries: our feed, against the icalendar library alone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event, Timezone

from benchmarks import database, measure
from benchmarks.measure import Row, at_most, duration, in_turns, queries_of
from meetings.invitations import SWEDISH_TIME
from meetings.models import Meeting, MeetingParticipant
from organisations.models import User
from portfolio.feed import feed_of
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Side, build_cast

ALONE, OURS = "icalendar alone", "feed, read from the database"
ENTRIES = 500
NAME = "calendar"


def main(arguments: list[str] | None = None) -> None:
    options = measure.options(__doc__, arguments)
    entries = 20 if options.tiny else ENTRIES
    with database.fresh(NAME):
        measure.say_where(database=database.server())
        side = build_cast().ours
        fill(side, entries)
        rounds = 1 if options.tiny else measure.ROUNDS
        measure.report(compare(side.team_leader, rounds), options.json)


def fill(side: Side, entries: int) -> None:
    """Meetings, visits and due dates in equal parts, spread over the two years of a feed."""
    case, thirds = side.collaboration, entries // 3
    days = [TODAY + timedelta(days=700 * n // thirds - 350) for n in range(thirds)]
    moments = [NOW + (day - TODAY) for day in days]
    meetings = Meeting.objects.bulk_create(
        Meeting(
            collaboration=case,
            kind=Meeting.Kind.QUALITY,
            state=Meeting.State.BOOKED,
            starts_at=at,
            ends_at=at + timedelta(hours=2),
            form=Meeting.Form.DIGITAL,
            place="https://mote.example/adalen",
        )
        for at in moments
    )
    MeetingParticipant.objects.bulk_create(
        MeetingParticipant(meeting=meeting, user=side.team_leader, party="university")
        for meeting in meetings
    )
    for number, day in enumerate(days[: entries - 2 * thirds]):
        # A visit that was not logged is an entry of its own and a due date.
        factories.visit(
            case,
            state="planned",
            month=day.replace(day=1),
            takes_place_on=day,
            due_on=day + timedelta(days=3 + number % 5),
            units=[side.school],
        )


def compare(user: User, rounds: int) -> list[Row]:
    load_roles(user, TODAY)
    ours = feed_of(user, NOW)
    entries = list(plain_entries(ours))
    assert built_alone(entries).count(b"BEGIN:VEVENT") == len(entries)
    sides = {ALONE: lambda: built_alone(entries), OURS: lambda: feed_of(user, NOW)}
    seconds = in_turns(sides, rounds=rounds)
    count = len(entries)
    return [
        duration(ALONE, count, count, seconds[ALONE]),
        duration(
            OURS,
            count,
            count,
            seconds[OURS],
            against=ALONE,
            others=seconds[ALONE],
            goal=at_most(1.5),
        ),
        Row(
            "queries of the feed",
            count,
            count,
            queries_of(lambda: feed_of(user, NOW)),
            "queries",
            goal=at_most(5),
        ),
    ]


Entry = list[tuple[str, str | int | date | datetime]]


def plain_entries(feed: bytes) -> Iterator[Entry]:
    """What the entries say, as the plain values that the library is given."""
    found: Any = Calendar.from_ical(feed)
    for event in found.walk("VEVENT"):
        yield [(name, getattr(value, "dt", value)) for name, value in event.items()]


def built_alone(entries: list[Entry]) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Trepart//Trepart//SV")
    calendar.add("x-wr-calname", "Trepart")
    calendar.add_component(Timezone.from_ical(SWEDISH_TIME))
    for entry in entries:
        event = Event()
        for name, value in entry:
            event.add(name, value)
        calendar.add_component(event)
    return calendar.to_ical()


if __name__ == "__main__":
    main()
