"""The meetings, and the colours of the goals that were set at them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from cases.bulk.course import Course, at
from cases.bulk.thread import Thread
from meetings.models import (
    MINUTES_WITHIN,
    SILENCE_APPROVES_AFTER,
    USUAL,
    Meeting,
    MeetingParticipant,
)
from notifications.working_days import add_working_days, next_working_day
from organisations.models import Party, Role, User
from plans.models import Goal, GoalRating, Level, Whose

Invited = Sequence[tuple[User, Party]]
LEVELS = Level.values
LAST = len(LEVELS) - 1
OWN_COLOURS = (
    (Whose.ORGANISER, Role.HEAD_OF_AUTHORITY),
    (Whose.UNIVERSITY, Role.TEAM_LEADER),
)


def hold_expectation_talk(course: Course, day: date) -> None:
    if day < course.today:
        _held(course, Meeting.Kind.EXPECTATION, next_working_day(day), _two_parties(course))
    else:
        course.rows.add(
            Meeting,
            collaboration=course.collaboration,
            kind=Meeting.Kind.EXPECTATION,
            due_on=next_working_day(day),
        )


def write_meetings(course: Course, thread: Thread) -> None:
    """Each three-party meeting agrees on the colours of a third of the goals."""
    goals = thread.goals_of(course.case.units)
    for meeting in _meet(course, Meeting.Kind.QUALITY, _three_parties(course)):
        held_on, occasion = meeting.held_on or course.today, str(meeting)
        for goal in course.random.sample(goals, len(goals) // 3):
            _rate(course, goal, held_on, agreed_in=meeting.pk, occasion=occasion)
    _meet(course, Meeting.Kind.BILATERAL, _two_parties(course))


def _two_parties(course: Course) -> Invited:
    team = course.case.team
    return [(team.supporters[0], Party.AGENCY), (team.team_leader, Party.UNIVERSITY)]


def _three_parties(course: Course) -> Invited:
    return [*_two_parties(course), (course.case.head, Party.ORGANISER)]


def _meet(course: Course, kind: str, people: Invited) -> list[Meeting]:
    """One after the other, and the next one still to be booked."""
    start, end = course.period()
    held: list[Meeting] = []
    due_on = start + _cadence(kind)
    while (day := due_on - timedelta(days=course.random.randint(0, 12))) < course.today:
        if day > end:
            return held
        held.append(_held(course, kind, next_working_day(day), people))
        due_on = day + _cadence(kind)
    if due_on <= end:
        course.rows.add(
            Meeting,
            collaboration=course.collaboration,
            kind=kind,
            due_on=None if course.is_over else next_working_day(due_on),
        )
    return held


def _held(course: Course, kind: str, day: date, people: Invited) -> Meeting:
    minuted_on = add_working_days(day, MINUTES_WITHIN)
    stands_on = add_working_days(minuted_on, SILENCE_APPROVES_AFTER)
    if stands_on < course.today:
        state, due_on, step = "approved", None, ("approve_by_silence", "minuted")
    elif minuted_on < course.today and course.random.random() < 0.8:
        state, due_on, step = "minuted", stands_on, ("write_minutes", "held")
    else:
        state, due_on, step = "held", minuted_on, ("hold", "booked")
    meeting = course.rows.add(
        Meeting,
        collaboration=course.collaboration,
        kind=kind,
        state=state,
        due_on=due_on,
        starts_at=at(day, 13),
        ends_at=at(day, 15),
        form=Meeting.Form.ON_SITE,
        place="Kommunhuset",
        minutes="" if state == "held" else course.sentence(),
        minuted_on=None if state == "held" else minuted_on,
    )
    for user, party in people:
        course.rows.add(MeetingParticipant, meeting=meeting, user=user, party=party, came=True)
    silent = state == "approved"
    three = kind == Meeting.Kind.QUALITY
    role = Role.PROCESS_SUPPORTER if three else Role.TEAM_LEADER
    course.record(meeting, *step, stands_on if silent else day, None if silent else role)
    return meeting


def _rate(course: Course, goal: Goal, held_on: date, **agreed: Any) -> None:
    """The parties set their own colours a week before the meeting agrees on one."""
    start, end = course.period()
    so_far = (held_on - start) / (end - start)
    expected = round(so_far * LAST + course.random.uniform(-0.5, 0.5))
    level = LEVELS[min(max(expected, 0), LAST)]
    before = held_on - timedelta(days=7)
    for whose, role in OWN_COLOURS:
        own = level if course.random.random() < 0.8 else course.random.choice(LEVELS)
        _set_colour(course, goal, whose, own, role, before)
    _set_colour(course, goal, Whose.AGREED, level, Role.PROCESS_SUPPORTER, held_on, **agreed)


def _set_colour(
    course: Course, goal: Goal, whose: str, level: str, role: Role, day: date, **agreed: Any
) -> None:
    course.rows.add(
        GoalRating,
        goal=goal,
        whose=whose,
        level=level,
        justification=course.sentence(),
        rated_on=day,
        rated_at=at(day, 15),
        by=course.actors[role],
        role=role,
        **agreed,
    )


def _cadence(kind: str) -> timedelta:
    return timedelta(days=USUAL[kind].cadence_days or 0)
