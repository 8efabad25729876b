"""The lärosäte reports of its own work in the same rounds as the huvudman (KAU 2018)."""

from typing import Any

from interventions.models import Agreement
from reports.effects.reports import OPENS_BEFORE, agreed_deadlines
from reports.models import ReportKind, UniversityReport
from sbs_workflow.effects import Change, after
from sbs_workflow.models import UNDER_WAY, Collaboration


@after((Collaboration, "start_interventions"))
def schedule_university_reports(change: Change) -> None:
    """One in each round, and one at the end."""
    _schedule(change.instance)


@after((Agreement, "sign_for_agency"), (Agreement, "decide"))
def follow_the_agreed_rounds(change: Change) -> None:
    """An amendment may move the rounds that have not opened, and add others."""
    if change.instance.collaboration.state in UNDER_WAY:
        _schedule(change.instance.collaboration)


def _schedule(collaboration: Collaboration) -> None:
    if collaboration.university_id is None:
        return
    planned = agreed_deadlines(collaboration)
    UniversityReport.objects.bulk_create(
        [
            UniversityReport(
                collaboration=collaboration,
                kind=kind,
                number=number,
                deadline_on=deadline,
                due_on=deadline - OPENS_BEFORE[kind],
            )
            for kind, number, deadline in planned
        ],
        ignore_conflicts=True,
    )
    for kind, number, deadline in planned:
        _waiting(collaboration, kind).filter(number=number).update(
            deadline_on=deadline, due_on=deadline - OPENS_BEFORE[kind]
        )


@after((Collaboration, "extend"))
def move_the_final_report(change: Change) -> None:
    """One that has not opened follows the new end."""
    for kind, _number, deadline in agreed_deadlines(change.instance):
        if kind == ReportKind.FINAL:
            _waiting(change.instance, kind).update(
                deadline_on=deadline, due_on=deadline - OPENS_BEFORE[kind]
            )


def _waiting(collaboration: Collaboration, kind: ReportKind) -> Any:
    return UniversityReport.objects.filter(
        collaboration=collaboration, kind=kind, state=UniversityReport.State.SCHEDULED
    )
