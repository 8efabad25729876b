"""What is agreed on: the agreement, its insatser, and the assignment of the lärosäte."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cases.bulk.course import Course, State, at
from cases.bulk.thread import AREAS, Thread
from interventions.effects import (
    AGREEMENT_TAKES,
    SETTLED_WITHIN,
    SIGNED_WITHIN,
    months_between,
)
from interventions.models import (
    Agreement,
    AssignmentPlan,
    Deviation,
    Instalment,
    Intervention,
    Outline,
    PlannedMonth,
    ReportingDate,
    Terms,
)
from notifications.working_days import add_working_days, next_working_day
from organisations.models import Role, Unit
from reports.effects import deadlines
from reports.models import Report

AMOUNT = 900_000
INSTALMENTS = 4
PARTICIPANTS = [["lärare", 24], ["rektor", 1], ["specialpedagog", 2]]
NAMES = (
    "Kollegiala observationer",
    "Språk hela dagen",
    "Leda lärgrupper",
    "Analysera undervisning",
    "Tidiga insatser i matematik",
    "Dokumentation som visar lärande",
    "Resultatdialoger",
    "Ramverk för lektioner",
    "Närvaro och delaktighet",
    "Pedagogiskt ledarskap",
)
OUTLINE = "Inspel vid tre tillfällen, prövande i arbetslagen däremellan, och en gemensam analys."


@dataclass(frozen=True)
class Insats:
    """An insats as it runs, with its units at hand."""

    intervention: Intervention
    units: list[Unit]

    def is_for(self, units: list[Unit]) -> bool:
        return any(unit in self.units for unit in units)


def write_agreement(course: Course, thread: Thread) -> list[Insats]:
    """The agreement with ten insatser, which begin to exist when it is signed."""
    signed_on = course.entered.get(State.AGREED)
    agreement = _agreement(course, signed_on)
    found = [
        insats
        for number, name in enumerate(NAMES, 1)
        if (insats := _insats(course, thread, agreement, number, name))
    ]
    if signed_on:
        _assign(course, agreement, signed_on)
    return found


def _agreement(course: Course, signed_on: date | None) -> Agreement:
    begun_on = course.entered[State.PLANNING]
    agreement = course.rows.add(
        Agreement,
        collaboration=course.collaboration,
        state="signed" if signed_on else "draft",
        reference=f"Load {course.case.number + 1}-1",
        starts_on=course.starts_on,
        ends_on=course.ends_on,
        amount=AMOUNT,
        due_on=course.ends_on if signed_on else next_working_day(begun_on + AGREEMENT_TAKES),
        proposed_on=signed_on,
        organiser_signed_on=signed_on,
        agency_signed_on=signed_on,
    )
    if signed_on:
        course.record(
            agreement, "sign_for_agency", "countersigned", signed_on, Role.PROCESS_SUPPORTER
        )
    if course.starts_on:
        _promise_money_and_reports(course, agreement)
    return agreement


def _promise_money_and_reports(course: Course, agreement: Agreement) -> None:
    start, end = course.period()
    for number in range(INSTALMENTS):
        pays_on = start + number * (end - start) // INSTALMENTS
        course.rows.add(
            Instalment, agreement=agreement, pays_on=pays_on, amount=AMOUNT // INSTALMENTS
        )
    for kind, _number, deadline in deadlines(start, end):
        if kind == Report.Kind.INTERIM:
            course.rows.add(ReportingDate, agreement=agreement, report_on=deadline)


def _insats(
    course: Course, thread: Thread, agreement: Agreement, number: int, name: str
) -> Insats | None:
    units = course.some_units()
    said = {
        "number": number,
        "name": name,
        "development_area": course.random.choice(AREAS),
        "participants": PARTICIPANTS,
        "starts_on": course.starts_on,
        "ends_on": course.ends_on,
    }
    goals, causes = thread.goals_of(units), thread.causes_of(units)
    links = {
        "units": [unit.pk for unit in units],
        "goals": [goal.pk for goal in course.random.sample(goals, min(3, len(goals)))],
        "causes": course.random.sample(causes, 2),
    }
    terms = course.rows.add(Terms, agreement=agreement, amount=AMOUNT // len(NAMES), **said)
    for link, keys in links.items():
        course.rows.link(getattr(Terms, link), terms, keys)
    if not course.has_reached(State.AGREED):
        return None
    intervention = course.rows.add(
        Intervention, collaboration=course.collaboration, state=_state(course), **said
    )
    for link, keys in links.items():
        course.rows.link(getattr(Intervention, link), intervention, keys)
    _carry_out(course, intervention)
    return Insats(intervention, units)


def _state(course: Course) -> str:
    if course.starts_on is None:
        return "planned"
    if course.is_over:
        return "completed"
    return "deviation_open" if course.random.random() < 0.01 else "running"


def _carry_out(course: Course, intervention: Intervention) -> None:
    if course.starts_on is None:
        return
    course.rows.add(
        Outline,
        intervention=intervention,
        text=OUTLINE,
        written_at=at(course.starts_on, 9),
        written_by=course.case.team.team_leader,
    )
    match intervention.state:
        case "running":
            course.record(intervention, "start", "ready", course.starts_on, Role.TEAM_LEADER)
        case "completed":
            _start, end = course.period()
            course.record(intervention, "complete", "running", end, Role.TEAM_LEADER)
        case "deviation_open":
            _deviate(course, intervention)


def _deviate(course: Course, intervention: Intervention) -> None:
    day = course.today - timedelta(days=3)
    intervention.due_on = add_working_days(day, SETTLED_WITHIN)
    what = "Två av tillfällena måste flyttas till nästa termin."
    course.rows.add(
        Deviation,
        intervention=intervention,
        what=what,
        reported_on=day,
        reported_by=course.case.head,
        reported_as=Role.HEAD_OF_AUTHORITY,
    )
    course.record(
        intervention, "report_deviation", "running", day, Role.HEAD_OF_AUTHORITY, reason=what
    )


def _assign(course: Course, agreement: Agreement, sent_on: date) -> None:
    """Confirmed by the day on which the insatser begin."""
    confirmed_on = course.starts_on
    plan = course.rows.add(
        AssignmentPlan,
        collaboration=course.collaboration,
        agreement=agreement,
        state="confirmed" if confirmed_on else "sent",
        text="Handleda lärgrupperna och rektorerna, och följa upp målen med dem.",
        team=f"{course.case.team.team_leader}, {course.case.team.education_leader}",
        sent_on=sent_on,
        confirmed_on=confirmed_on,
        due_on=None if confirmed_on else add_working_days(sent_on, SIGNED_WITHIN),
    )
    if confirmed_on is None:
        course.record(plan, "send", "draft", sent_on, Role.PROCESS_SUPPORTER)
        return
    course.record(plan, "confirm", "sent", confirmed_on, Role.TEAM_LEADER)
    start, end = course.period()
    for month in months_between(start, end):
        days = Decimal("1.5") if month < start + (end - start) / 2 else Decimal("0.5")
        course.rows.add(PlannedMonth, assignment=plan, month=month, days=days)
