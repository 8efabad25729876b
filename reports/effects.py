"""The reports exist from the day the interventions begin; a change agreed on becomes a draft."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from interventions.actions import amend_agreement
from interventions.models import IN_FORCE, PENDING, Agreement, ReportingDate
from interventions.permissions import can_amend
from meetings.models import ChangeProposal, Meeting
from notifications.working_days import next_working_day
from reports.models import Report
from sbs_workflow.effects import Change, after
from sbs_workflow.models import UNDER_WAY, Collaboration

MONTHS_BETWEEN_INTERIM_REPORTS = 6  # after terms 1, 2 and 3: inferred, domain.md 2.1
INTERIM_REPORTS = 3
FINAL_REPORT_AFTER = timedelta(days=30)  # months 36 to 38 of the default case
OPENS_BEFORE = {  # inferred: domain.md 2.9 and 2.10
    Report.Kind.INTERIM: timedelta(days=45),
    Report.Kind.FINAL: timedelta(days=60),
}
JULY = 7


def deadlines(
    start: date, end: date, agreed: Sequence[date] = ()
) -> Iterator[tuple[Report.Kind, int, date]]:
    """Kind, number and deadline of every report of a period; nothing is due in July.

    Interim reports are due on the days ``agreed``, or else after every half year.
    """
    usual = (
        add_months(start, number * MONTHS_BETWEEN_INTERIM_REPORTS)
        for number in range(1, INTERIM_REPORTS + 1)
    )
    for number, deadline in enumerate(agreed or (day for day in usual if day < end), 1):
        yield Report.Kind.INTERIM, number, out_of_july(deadline)
    yield Report.Kind.FINAL, 1, out_of_july(end + FINAL_REPORT_AFTER)


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def out_of_july(day: date) -> date:
    """The day itself, or the first working day after the summer."""
    day = next_working_day(day)
    return next_working_day(day.replace(month=8, day=15)) if day.month == JULY else day


@after((Collaboration, "start_interventions"))
def schedule_reports(change: Change) -> None:
    """One of each for every unit, the administration included."""
    _schedule(change.instance)


@after((Agreement, "sign_for_agency"), (Agreement, "decide"))
def follow_the_agreed_dates(change: Change) -> None:
    """An amendment may move the interim reports that have not opened, and add others."""
    collaboration = change.instance.collaboration
    if collaboration.state in UNDER_WAY:
        _schedule(collaboration)


def _schedule(collaboration: Collaboration) -> None:
    start, end = collaboration.interventions_start_on, collaboration.interventions_end_on
    assert start is not None
    assert end is not None
    agreed = ReportingDate.objects.filter(
        agreement__collaboration=collaboration, agreement__state__in=IN_FORCE
    ).values_list("report_on", flat=True)
    units = collaboration.participations.filter(left_on=None).values_list("unit_id", flat=True)
    planned = list(deadlines(start, end, list(agreed)))
    Report.objects.bulk_create(
        [
            Report(
                collaboration=collaboration,
                unit_id=unit,
                kind=kind,
                number=number,
                deadline_on=deadline,
                due_on=deadline - OPENS_BEFORE[kind],
            )
            for kind, number, deadline in planned
            for unit in units
        ],
        ignore_conflicts=True,
    )
    for kind, number, deadline in planned:
        Report.objects.filter(
            collaboration=collaboration, kind=kind, number=number, state=Report.State.SCHEDULED
        ).update(deadline_on=deadline, due_on=deadline - OPENS_BEFORE[kind])


@after((Collaboration, "extend"))
def move_final_reports(change: Change) -> None:
    """A final report that has not opened follows the new end."""
    deadline = out_of_july(change.instance.interventions_end_on + FINAL_REPORT_AFTER)
    Report.objects.filter(
        collaboration=change.instance, kind=Report.Kind.FINAL, state=Report.State.SCHEDULED
    ).update(deadline_on=deadline, due_on=deadline - OPENS_BEFORE[Report.Kind.FINAL])


@after((Meeting, "write_minutes"))
def begin_the_amendment(change: Change) -> None:
    """What the parties want to change is drafted as a new version, unless one is under way.

    Neither house below may know the other (docs/decisions/0012).
    """
    proposal = ChangeProposal.objects.filter(meeting=change.instance, amendment=None).first()
    if proposal is None or change.by is None:
        return
    versions = Agreement.objects.filter(collaboration=change.instance.collaboration)
    in_force = versions.in_force().first()
    if in_force is None or versions.filter(state__in=PENDING).exists():
        return
    in_force.collaboration = change.instance.collaboration
    if can_amend(in_force, change.by):
        amendment = amend_agreement(
            agreement=in_force, reason=proposal.text, by=change.by, now=change.now
        )
        proposal.amendment = amendment.pk
        proposal.save(update_fields=["amendment"])
