"""The reports exist from the day the interventions begin, and move until they open.

The lärosäte reports of its own work in the same rounds as the huvudman (KAU 2018).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from interventions.models import IN_FORCE, Agreement, ReportingDate
from notifications.working_days import next_working_day
from reports.models import Report, ReportKind, UniversityReport, WrittenReport
from sbs_workflow.effects import Change, after
from sbs_workflow.models import UNDER_WAY, Collaboration

MONTHS_BETWEEN_INTERIM_REPORTS = 6  # after terms 1, 2 and 3: inferred, domain.md 2.1
INTERIM_REPORTS = 3
FINAL_REPORT_AFTER = timedelta(days=30)  # months 36 to 38 of the default case
OPENS_BEFORE = {  # inferred: domain.md 2.9 and 2.10
    ReportKind.INTERIM: timedelta(days=45),
    ReportKind.FINAL: timedelta(days=60),
}
JULY = 7


class Deadline(NamedTuple):
    kind: ReportKind
    number: int
    day: date

    @property
    def days(self) -> dict[str, date]:
        """The days of a report that has not opened: what it owes first is to open."""
        return {"deadline_on": self.day, "due_on": self.day - OPENS_BEFORE[self.kind]}


def deadlines(start: date, end: date, agreed: Sequence[date] = ()) -> Iterator[Deadline]:
    """Those of every report of a period; nothing is due in July.

    Interim reports are due on the days ``agreed``, or else after every half year.
    """
    usual = (
        add_months(start, number * MONTHS_BETWEEN_INTERIM_REPORTS)
        for number in range(1, INTERIM_REPORTS + 1)
    )
    for number, deadline in enumerate(agreed or (day for day in usual if day < end), 1):
        yield Deadline(ReportKind.INTERIM, number, out_of_july(deadline))
    yield Deadline(ReportKind.FINAL, 1, out_of_july(end + FINAL_REPORT_AFTER))


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def out_of_july(day: date) -> date:
    """The day itself, or the first working day after the summer."""
    open_day = next_working_day(day)
    if JULY in (day.month, open_day.month):
        return next_working_day(open_day.replace(month=8, day=15))
    return open_day


@after((Collaboration, "start_interventions"))
def schedule_reports(change: Change) -> None:
    """In each round one for every unit, the administration included, and one of the lärosäte."""
    _schedule(change.instance)


@after((Agreement, "sign_for_agency"), (Agreement, "decide"))
def follow_the_agreed_dates(change: Change) -> None:
    """An amendment may move the rounds that have not opened, and add others."""
    collaboration = change.instance.collaboration
    if collaboration.state in UNDER_WAY:
        _schedule(collaboration)


@after((Collaboration, "extend"))
def move_final_reports(change: Change) -> None:
    """Those that have not opened follow the new end."""
    planned = _agreed_deadlines(change.instance)
    _move(change.instance, [each for each in planned if each.kind == ReportKind.FINAL])


def _schedule(collaboration: Collaboration) -> None:
    planned = _agreed_deadlines(collaboration)
    units = collaboration.participations.filter(left_on=None).values_list("unit_id", flat=True)
    _add_missing(Report, collaboration, planned, [{"unit_id": unit} for unit in units])
    if collaboration.university_id is not None:
        _add_missing(UniversityReport, collaboration, planned, [{}])
    _move(collaboration, planned)


def _agreed_deadlines(collaboration: Collaboration) -> list[Deadline]:
    """Those of a case whose interventions have a period."""
    start, end = collaboration.interventions_start_on, collaboration.interventions_end_on
    assert start is not None
    assert end is not None
    agreed = ReportingDate.objects.filter(
        agreement__collaboration=collaboration, agreement__state__in=IN_FORCE
    ).values_list("report_on", flat=True)
    return list(deadlines(start, end, list(agreed)))


def _add_missing(
    model: type[WrittenReport],
    collaboration: Collaboration,
    planned: Sequence[Deadline],
    whose: Sequence[dict[str, Any]],
) -> None:
    """One report for each of ``planned`` and each of ``whose``, the columns of its own."""
    model._default_manager.bulk_create(
        [
            model(
                collaboration=collaboration, kind=each.kind, number=each.number, **each.days, **own
            )
            for each in planned
            for own in whose
        ],
        ignore_conflicts=True,
    )


def _move(collaboration: Collaboration, planned: Iterable[Deadline]) -> None:
    """A report that has opened keeps the days it opened with."""
    for model in (Report, UniversityReport):
        for each in planned:
            model.objects.filter(
                collaboration=collaboration,
                kind=each.kind,
                number=each.number,
                state=model.State.SCHEDULED,
            ).update(**each.days)
