"""Meetings of the parties: booked, held, minuted and confirmed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from cases.events.ratings import read_colour
from cases.reading import Key, Reader, choice, list_of, short
from cases.story import Story
from cases.vocabulary import Stage, Told, event_in_stages
from meetings.actions import (
    agree_on_colours,
    book_meeting,
    call_meeting,
    confirm_minutes,
    hold_meeting,
)
from meetings.models import Meeting
from meetings.permissions import RUNS_FOR, can_run_meeting
from notifications.working_days import add_working_days
from organisations.models import Role, User
from sbs_workflow.queries import people_of

BOOKED_BEFORE = -15  # working days
MINUTED_AFTER = 3  # working days
LASTS = timedelta(hours=2)
TWO_PARTIES = (Role.PROCESS_SUPPORTER, Role.TEAM_LEADER)
THREE_PARTIES = (*TWO_PARTIES, Role.HEAD_OF_AUTHORITY, Role.COORDINATOR, Role.PRINCIPAL)
# Who is invited when the file does not say (KAU 2018; the exact circle is inferred).
INVITED: dict[str, tuple[Role, ...]] = {
    Meeting.Kind.INTRODUCTION: THREE_PARTIES,
    Meeting.Kind.QUALITY: THREE_PARTIES,
    Meeting.Kind.EXPECTATION: TWO_PARTIES,
    Meeting.Kind.BILATERAL: TWO_PARTIES,
}
KEYS = (
    Key("form", choice(Meeting.Form)),
    Key("place", short(300)),
    Key("with", Reader.persons),
    Key("absent", Reader.persons),
    Key("booked", Reader.moment),
    Key("held", Reader.yes_or_no),
    Key("colours", list_of(read_colour)),
    Key("minutes", Reader.text),
    Key("minuted", Reader.moment),
    Key("confirmed", Reader.moment),
)


@event_in_stages("introduction", *KEYS)
def introduction(told: Told) -> Iterator[Stage]:
    return _meeting(told, Meeting.Kind.INTRODUCTION)


@event_in_stages("expectation talk", *KEYS)
def expectation_talk(told: Told) -> Iterator[Stage]:
    return _meeting(told, Meeting.Kind.EXPECTATION)


@event_in_stages("bilateral talk", *KEYS)
def bilateral_talk(told: Told) -> Iterator[Stage]:
    return _meeting(told, Meeting.Kind.BILATERAL)


@event_in_stages("quality meeting", *KEYS)
def quality_meeting(told: Told) -> Iterator[Stage]:
    return _meeting(told, Meeting.Kind.QUALITY)


def _meeting(told: Told, kind: str) -> Iterator[Stage]:
    """Booked three weeks ahead and minuted three working days later; confirmed by silence."""
    starts_at = told.moment
    booked_at = told["booked"] or _working_days_from(starts_at, BOOKED_BEFORE)
    yield Stage(booked_at, lambda story: _book(story, told, kind))
    if told["held"] is not False:
        yield Stage(starts_at + LASTS, lambda story: _hold(story, told, kind))
    if told["minutes"]:
        minuted_at = told["minuted"] or _working_days_from(starts_at, MINUTED_AFTER)
        yield Stage(minuted_at, lambda story: _write_minutes(story, told, kind))
    if told["confirmed"]:
        yield Stage(told["confirmed"], lambda story: _confirm(story, told, kind))


def _working_days_from(moment: datetime, count: int) -> datetime:
    day = add_working_days(moment.date(), count)
    return moment.replace(year=day.year, month=day.month, day=day.day)


def _book(story: Story, told: Told, kind: str) -> None:
    by = story.somebody(can_run_meeting, Meeting(kind=kind), told)
    needed = call_meeting(collaboration=story.collaboration, kind=kind, by=by, now=story.now)
    book_meeting(
        meeting=needed,
        participants=_invited(story, told, kind),
        starts_at=told.moment,
        ends_at=told.moment + LASTS,
        form=told["form"] or Meeting.Form.ON_SITE,
        place=told["place"] or "",
        by=by,
        now=story.now,
    )


def _invited(story: Story, told: Told, kind: str) -> list[User]:
    if told["with"]:
        return [story.cast[key].user for key in told["with"]]
    return invite(story, kind)


def invite(story: Story, kind: str) -> list[User]:
    """Everybody who holds one of the roles that such a meeting gathers."""
    people = people_of(story.collaboration, story.today)
    chosen = {person.user_id for person in people if person.role in INVITED[kind]}
    return list(User.objects.filter(pk__in=chosen).order_by("email"))


def _found(story: Story, told: Told, kind: str) -> Meeting:
    return Meeting.objects.get(collaboration=story.collaboration, kind=kind, starts_at=told.moment)


def _hold(story: Story, told: Told, kind: str) -> None:
    meeting = _found(story, told, kind)
    absent = {story.cast[key].user for key in told["absent"] or ()}
    present = [p.user for p in meeting.participants.select_related("user") if p.user not in absent]
    by = story.somebody(can_run_meeting, meeting, told)
    held = hold_meeting(meeting=meeting, present=present, by=by, now=story.now)
    for row in told["colours"] or ():
        agree_on_colours(
            meeting=held,
            goal=story.goal(row["goal"]),
            level=row["level"],
            justification=row["why"],
            by=by,
            now=story.now,
        )


def _write_minutes(story: Story, told: Told, kind: str) -> None:
    story.take(_found(story, told, kind).write_minutes, told, minutes=told["minutes"])


def _confirm(story: Story, told: Told, kind: str) -> None:
    """Every party that did not write confirms, through the first who may."""
    meeting = _found(story, told, kind)
    people = people_of(story.collaboration, story.today)
    for party in meeting.confirming_parties:
        person = next(p for p in people if p.party == party and p.role in RUNS_FOR[party])
        by = User.objects.get(pk=person.user_id)
        confirm_minutes(meeting=meeting, by=by, now=story.now)
