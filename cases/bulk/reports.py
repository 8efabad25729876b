"""The reports of every unit and of the lärosäte, as far as their deadlines have come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cases.bulk.course import Course, State, at
from notifications.working_days import add_working_days
from organisations.models import Role, Unit
from reports.effects import OPENS_BEFORE, deadlines
from reports.models import (
    READ_WITHIN,
    Report,
    ReportKind,
    UniversityAnswer,
    UniversityReport,
    WrittenReport,
)

BEFORE_THE_DEADLINE = timedelta(days=5)  # most are submitted by then
READ_BY = timedelta(days=40)  # after the deadline
# What the lärosäte writes of its own; the rest of the form is filled in from what was logged.
WRITTEN_BY_THE_UNIVERSITY = ("visits", "lessons", "onward")


@dataclass(frozen=True)
class Steps:
    """How reports of a model pass through their states: names of states and of transitions."""

    model: type[WrittenReport]
    opened: str
    submit: tuple[str, str, Role]
    read: tuple[str, str, Role]


OF_A_UNIT = Steps(
    Report,
    "open",
    ("submit", "unit_ready", Role.HEAD_OF_AUTHORITY),
    ("accept", "accepted", Role.PROCESS_SUPPORTER),
)
OF_THE_UNIVERSITY = Steps(
    UniversityReport,
    "draft",
    ("submit", "draft", Role.TEAM_LEADER),
    ("close", "closed", Role.PROCESS_SUPPORTER),
)


def write_reports(course: Course) -> None:
    for kind, number, deadline in deadlines(*course.period()):
        for unit in course.case.units:
            _report(course, OF_A_UNIT, kind, number, deadline, unit=unit)
        report = _report(course, OF_THE_UNIVERSITY, kind, number, deadline)
        if report.received_at:
            _answer(course, report)


def _report(
    course: Course,
    steps: Steps,
    kind: ReportKind,
    number: int,
    deadline: date,
    **whose: Unit,
) -> WrittenReport:
    today = course.today
    opens_on = deadline - OPENS_BEFORE[kind]
    report = {
        "collaboration": course.collaboration,
        "kind": kind,
        "number": number,
        "deadline_on": deadline,
        **whose,
    }
    settled = kind == ReportKind.FINAL and course.state in (State.CLOSED, State.FOLLOWED_UP)
    if today < opens_on:
        return course.rows.add(steps.model, **report, due_on=opens_on)
    if settled or today > deadline + READ_BY:
        return _read(course, steps, report, deadline)
    if today > deadline - BEFORE_THE_DEADLINE and course.random.random() < 0.7:
        return _submitted(course, steps, report, deadline - BEFORE_THE_DEADLINE)
    opened = course.rows.add(steps.model, **report, state=steps.opened, due_on=deadline)
    course.record(opened, "open", "scheduled", opens_on, None)
    return opened


def _submitted(course: Course, steps: Steps, report: Mapping[str, Any], day: date) -> WrittenReport:
    transition, before, role = steps.submit
    submitted = course.rows.add(
        steps.model,
        **report,
        state="submitted",
        due_on=add_working_days(day, READ_WITHIN),
        received_at=at(day, 10),
    )
    course.record(submitted, transition, before, day, role)
    return submitted


def _read(course: Course, steps: Steps, report: Mapping[str, Any], day: date) -> WrittenReport:
    transition, state, role = steps.read
    read = course.rows.add(steps.model, **report, state=state, received_at=at(day, 10))
    course.record(read, transition, "submitted", day, role)
    return read


def _answer(course: Course, report: WrittenReport) -> None:
    for field in WRITTEN_BY_THE_UNIVERSITY:
        course.rows.add(
            UniversityAnswer,
            report=report,
            field=field,
            text=course.sentence(),
            written_at=report.received_at,
            written_by=course.case.team.team_leader,
        )
