"""The account of the money: scheduled from the beginning, written and certified at the end."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cases.bulk.agreed import AMOUNT, NAMES
from cases.bulk.course import Course, State, at
from cases.bulk.reports import BEFORE_THE_DEADLINE, READ_BY
from notifications.working_days import add_working_days
from organisations.models import Role
from reports.effects import accounts_due, accounts_due_early
from reports.models import READ_WITHIN, Cost, CostKind, FinancialInsats, FinancialReport

GRANTED = Decimal(AMOUNT // len(NAMES))  # of an insats
# What most of a grant goes to, in shares of it; the rest is travel, or is left.
SHARES = {CostKind.SUBSTITUTES: Decimal("0.7"), CostKind.MATERIALS: Decimal("0.1")}
TRAVEL = (Decimal("0.2"), Decimal("0.2"), Decimal("0.2"), Decimal("0.12"))
UNUSED = "Två resor blev möten på nätet."
CONTACT = "Ekonomienheten, fakturor@example.se"


def write_account(course: Course) -> None:
    """In the states that the dates imply; whoever withdraws accounts for it at once."""
    _start, end = course.period()
    deadline, today = accounts_due(end), course.today
    if course.state == State.WITHDRAWN:
        withdrawn_on = today - timedelta(days=1)
        _open(course, accounts_due_early(withdrawn_on), withdrawn_on)
    elif course.state in (State.CLOSED, State.FOLLOWED_UP):
        _accepted(course, deadline, course.entered[State.CLOSED])
    elif today < end or course.state == State.PAUSED:
        course.rows.add(
            FinancialReport, collaboration=course.collaboration, deadline_on=deadline, due_on=end
        )
    elif today > deadline + READ_BY:
        _accepted(course, deadline, deadline)
    elif today > deadline - BEFORE_THE_DEADLINE and course.random.random() < 0.7:
        _submitted(course, deadline)
    elif course.random.random() < 0.2:
        _prepared(course, deadline, end)
    else:
        _open(course, deadline, end)


def _open(course: Course, deadline: date, opened_on: date) -> None:
    """Filled in with what is known; the huvudman has written nothing yet."""
    report = _report(course, deadline, state="open", due_on=deadline)
    for number in range(1, len(NAMES) + 1):
        _grant(course, report, number)
    course.record(report, "open", "scheduled", opened_on, None)


def _prepared(course: Course, deadline: date, day: date) -> None:
    report = _report(
        course, deadline, state="prepared", due_on=deadline, **_preparation(course, day)
    )
    _spend(course, report, _travel(course))
    by = course.case.coordinator
    course.record(report, "prepare", "open", day, Role.COORDINATOR, by=by)


def _submitted(course: Course, deadline: date) -> None:
    day = deadline - BEFORE_THE_DEADLINE
    due_on = add_working_days(day, READ_WITHIN)
    signed = _signature(course, day)
    report = _report(course, deadline, state="submitted", due_on=due_on, **signed)
    _spend(course, report, _travel(course))
    course.record(report, "certify", "prepared", day, Role.HEAD_OF_AUTHORITY)


def _accepted(course: Course, deadline: date, day: date) -> None:
    """What was left of the grant is asked back and paid back, so that the case could be closed."""
    travel = _travel(course)
    left = sum(GRANTED - sum(_costs(share).values()) for share in travel)
    signed = _signature(course, min(deadline, day))
    if left:
        repaid = {"repayment_amount": left, "repayment_due_on": day, "settled_on": day}
        report = _report(course, deadline, state="settled", **signed, **repaid)
        course.record(report, "settle", "repayment_requested", day, Role.PROCESS_SUPPORTER)
    else:
        report = _report(course, deadline, state="accepted", **signed)
        course.record(report, "accept", "submitted", day, Role.PROCESS_SUPPORTER)
    _spend(course, report, travel)


def _report(course: Course, deadline: date, **fields: Any) -> FinancialReport:
    return course.rows.add(
        FinancialReport,
        collaboration=course.collaboration,
        deadline_on=deadline,
        agreed=AMOUNT,
        **fields,
    )


def _preparation(course: Course, day: date) -> dict[str, Any]:
    return {
        "prepared_on": day,
        "prepared_by": course.case.coordinator,
        "invoice_contact": CONTACT,
    }


def _signature(course: Course, day: date) -> dict[str, Any]:
    """Two have signed: who has prepared it, and who answers for the huvudman."""
    certified = {"received_at": at(day, 10), "certified_by": course.case.head}
    return {**_preparation(course, day), **certified}


def _travel(course: Course) -> list[Decimal]:
    """The share of each grant that went to travel."""
    return course.random.choices(TRAVEL, k=len(NAMES))


def _spend(course: Course, report: FinancialReport, travel: Sequence[Decimal]) -> None:
    """Each insats with its grant, all of it paid out, and what it was used for."""
    for number, share in enumerate(travel, 1):
        costs = _costs(share)
        insats = _grant(course, report, number, UNUSED if sum(costs.values()) < GRANTED else "")
        for kind, used in costs.items():
            course.rows.add(Cost, insats=insats, kind=kind, used=used, own_share=0)


def _grant(
    course: Course, report: FinancialReport, number: int, explanation: str = ""
) -> FinancialInsats:
    return course.rows.add(
        FinancialInsats,
        report=report,
        number=number,
        name=NAMES[number - 1],
        granted=GRANTED,
        paid=GRANTED,
        explanation=explanation,
    )


def _costs(travel: Decimal) -> dict[CostKind, Decimal]:
    shares = {**SHARES, CostKind.TRAVEL: travel}
    return {kind: GRANTED * share for kind, share in shares.items()}
