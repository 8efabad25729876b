"""The visits, what each was about, what was promised there, and the tasks until the next one."""

from datetime import date, timedelta
from typing import Any

from cases.bulk.agreed import Insats
from cases.bulk.course import Course
from cases.bulk.thread import Thread
from interventions.effects import months_between, planned_by
from interventions.models import LOG_WITHIN, InterimTask, Touch, Visit
from notifications.working_days import add_working_days, next_working_day
from organisations.models import Party, Role, Unit
from sbs_workflow.models import Promise

TASKS = 2  # of a visit: domain.md 5.2
UNTIL_NEXT = timedelta(days=28)
PARTICIPANTS = [["lärare", 12], ["processledare", 1]]
TASK_TEXTS = (
    "Pröva att börja tre lektioner på det sätt vi enades om, och skriv ned vad som hände.",
    "Låt en kollega observera ett arbetspass, och tala om det samma vecka.",
    "Fråga fem barn eller elever vad de lär sig just nu, och varför.",
)
PROMISE_TEXTS = (
    "Avsätta tid för lärgrupperna i nästa kalendarium.",
    "Skicka underlaget från observationerna.",
    "Ta upp frågan med ledningsgruppen.",
)


def write_visits(course: Course, thread: Thread, insatser: list[Insats]) -> None:
    """Shared logs behind us, now and then one not written yet; ahead nothing is planned."""
    start, end = course.period()
    for month in months_between(start, end):
        day = next_working_day(month.replace(day=course.random.randint(4, 26)))
        recent = course.today - timedelta(days=35) < day
        if day >= course.today or (recent and course.random.random() < 0.2):
            _ahead(course, month, start)
        elif recent and course.random.random() < 0.3:
            _to_log(course, month, day)
        else:
            _logged(course, thread, insatser, month, day)


def _ahead(course: Course, month: date, start: date) -> None:
    course.rows.add(
        Visit,
        collaboration=course.collaboration,
        month=month,
        due_on=None if course.is_over else planned_by(month, start),
    )


def _to_log(course: Course, month: date, day: date) -> None:
    visit, _units = _visited(
        course, month, day, state="planned", due_on=add_working_days(day, LOG_WITHIN)
    )
    course.record(visit, "plan", "needed", day - timedelta(days=20), Role.TEAM_LEADER)


def _logged(course: Course, thread: Thread, insatser: list[Insats], month: date, day: date) -> None:
    visit, units = _visited(
        course,
        month,
        day,
        state="shared",
        log=course.sentence(),
        participants=PARTICIPANTS,
        logged_by=course.case.team.team_leader,
    )
    course.record(visit, "share", "logged", day + timedelta(days=1), Role.TEAM_LEADER)
    _touch(course, thread, insatser, visit, units)
    _promise(course, visit, day)
    for _number in range(TASKS):
        _give_task(course, visit, course.random.choice(units), day)


def _visited(course: Course, month: date, day: date, **fields: Any) -> tuple[Visit, list[Unit]]:
    visit = course.rows.add(
        Visit,
        collaboration=course.collaboration,
        month=month,
        takes_place_on=day,
        duration_minutes=300,
        kind=course.random.choice(Visit.Kind.values),
        **fields,
    )
    units = course.some_units()
    course.rows.link(Visit.units, visit, [unit.pk for unit in units])
    return visit, units


def _touch(
    course: Course, thread: Thread, insatser: list[Insats], visit: Visit, units: list[Unit]
) -> None:
    """An insats and two goals of the units that were visited."""
    for insats in [each for each in insatser if each.is_for(units)][:1]:
        course.rows.add(Touch, visit=visit, intervention=insats.intervention)
    for goal in course.random.sample(thread.goals_of(units), 2):
        course.rows.add(Touch, visit=visit, goal=goal)


def _promise(course: Course, visit: Visit, day: date) -> None:
    due_on = day + UNTIL_NEXT
    kept = due_on < course.today
    course.rows.add(
        Promise,
        collaboration=course.collaboration,
        made_in=visit.pk,
        made_on=day,
        party=course.random.choice(Party.values),
        what=course.random.choice(PROMISE_TEXTS),
        due_on=due_on,
        written_by=Party.UNIVERSITY,
        settled_on=due_on if kept else None,
        outcome=Promise.Outcome.KEPT if kept else "",
    )


def _give_task(course: Course, visit: Visit, unit: Unit, day: date) -> None:
    """Discussed at the visit after it; until then given, or told of."""
    until = next_working_day(day + UNTIL_NEXT)
    is_over = until < course.today
    is_told = is_over or course.random.random() < 0.5
    task = course.rows.add(
        InterimTask,
        collaboration=course.collaboration,
        visit=visit,
        unit=unit,
        state="discussed" if is_over else "reported" if is_told else "given",
        text=course.random.choice(TASK_TEXTS),
        due_on=None if is_told else until,
        course=course.random.choice(InterimTask.Course.values) if is_told else "",
        report=course.sentence() if is_told else "",
        reported_on=min(until, course.today) if is_told else None,
    )
    if is_over:
        course.record(task, "discuss", "reported", until, Role.TEAM_LEADER)
    elif is_told:
        by, role = course.writer(unit)
        course.record(task, "report_back", "given", course.today, role, by=by)
