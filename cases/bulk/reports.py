"""The reports of every unit, as far as their deadlines have come."""

from datetime import date, timedelta
from typing import Any

from cases.bulk.course import Course, State, at
from notifications.working_days import add_working_days
from organisations.models import Role, Unit
from reports.effects import OPENS_BEFORE, deadlines
from reports.models import READ_WITHIN, Report


def write_reports(course: Course) -> None:
    for kind, number, deadline in deadlines(*course.period()):
        for unit in course.case.units:
            _report(course, unit, kind, number, deadline)


def _report(course: Course, unit: Unit, kind: Any, number: int, deadline: date) -> None:
    today = course.today
    opens_on = deadline - OPENS_BEFORE[kind]
    report = {
        "collaboration": course.collaboration,
        "unit": unit,
        "kind": kind,
        "number": number,
        "deadline_on": deadline,
    }
    settled = kind == Report.Kind.FINAL and course.state in (State.CLOSED, State.FOLLOWED_UP)
    if today < opens_on:
        course.rows.add(Report, **report, due_on=opens_on)
    elif settled or today > deadline + timedelta(days=40):
        _received(course, report, "accepted", deadline)
    elif today > deadline - timedelta(days=5) and course.random.random() < 0.7:
        _received(course, report, "submitted", deadline - timedelta(days=5))
    else:
        opened = course.rows.add(Report, **report, state="open", due_on=deadline)
        course.record(opened, "open", "scheduled", opens_on, None)


def _received(course: Course, report: dict[str, Any], state: str, day: date) -> None:
    received = course.rows.add(
        Report,
        **report,
        state=state,
        due_on=add_working_days(day, READ_WITHIN) if state == "submitted" else None,
        received_at=at(day, 10),
    )
    if state == "accepted":
        course.record(received, "accept", "submitted", day, Role.PROCESS_SUPPORTER)
    else:
        course.record(received, "submit", "unit_ready", day, Role.HEAD_OF_AUTHORITY)
