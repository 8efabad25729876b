"""The reports exist from the day the interventions begin; a change agreed on becomes a draft.

What is submitted is frozen, and what is accepted in a final report is agreed.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256

from django.conf import settings
from django.utils.translation import override

from interventions.actions import amend_agreement
from interventions.models import IN_FORCE, PENDING, Agreement, ReportingDate
from interventions.permissions import can_amend
from meetings.models import ChangeProposal, Meeting
from notifications.working_days import next_working_day
from organisations.models import Role
from plans.actions import agree_on_colour
from plans.models import Goal
from reports.layout import document_of
from reports.models import Report, ReportKind, UniversityReport, WrittenReport
from reports.queries import Content, content_at_hand, deviations_in, findings, latest_copy
from reports.richtext import plain
from reports.word import write_document
from sbs_workflow.effects import Change, after, before
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import UNDER_WAY, Collaboration

MONTHS_BETWEEN_INTERIM_REPORTS = 6  # after terms 1, 2 and 3: inferred, domain.md 2.1
INTERIM_REPORTS = 3
FINAL_REPORT_AFTER = timedelta(days=30)  # months 36 to 38 of the default case
OPENS_BEFORE = {  # inferred: domain.md 2.9 and 2.10
    Report.Kind.INTERIM: timedelta(days=45),
    Report.Kind.FINAL: timedelta(days=60),
}
DECIDED_WITHIN = timedelta(days=30)  # domain.md 2.9
JULY = 7


def deadlines(
    start: date, end: date, agreed: Sequence[date] = ()
) -> Iterator[tuple[ReportKind, int, date]]:
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
    open_day = next_working_day(day)
    if JULY in (day.month, open_day.month):
        return next_working_day(open_day.replace(month=8, day=15))
    return open_day


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


def agreed_deadlines(collaboration: Collaboration) -> list[tuple[ReportKind, int, date]]:
    """The ``deadlines`` of a case whose interventions have a period."""
    start, end = collaboration.interventions_start_on, collaboration.interventions_end_on
    assert start is not None
    assert end is not None
    agreed = ReportingDate.objects.filter(
        agreement__collaboration=collaboration, agreement__state__in=IN_FORCE
    ).values_list("report_on", flat=True)
    return list(deadlines(start, end, list(agreed)))


def _schedule(collaboration: Collaboration) -> None:
    units = collaboration.participations.filter(left_on=None).values_list("unit_id", flat=True)
    planned = agreed_deadlines(collaboration)
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


@after((Agreement, "sign_for_agency"), (Agreement, "decide"), (Agreement, "reject"))
def settle_the_change(change: Change) -> None:
    """What a meeting proposed is settled when the version that was begun from it is."""
    with override(settings.LANGUAGE_CODE):
        said = f"{change.instance}: {change.instance.state_label}."
    ChangeProposal.objects.filter(amendment=change.instance.pk, settled_on=None).update(
        settled_on=change.today, settled_because=said, due_on=None
    )


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


# --- what is submitted ---------------------------------------------------------------------


@before((Report, "mark_ready"), (Report, "submit"), (UniversityReport, "submit"))
def refuse_what_the_form_does_not_do_without(change: Change) -> None:
    """Practice bends, but a form that is not filled in comes back (domain.md 2.10)."""
    content = content_at_hand(change.instance)
    stops = [each.text for each in findings(content) if each.weight == "stop"]
    if stops:
        raise TransitionRefused(*stops)


@after((Report, "submit"), (UniversityReport, "submit"))
def freeze(change: Change) -> None:
    """What has been received: never changed again, and proved by its hash."""
    report: WrittenReport = change.instance
    assert change.by is not None
    content = content_at_hand(report)  # as it was found to be in order
    file = write_document(document_of(content))
    report.copies.create(
        round=report.rounds + 1,
        content=content.plain(),
        file=file,
        sha256=sha256(file).hexdigest(),
        frozen_at=change.now,
        frozen_by=change.by,
    )
    if report.form_version is None:
        report.form_version = content.form_version
        report.save(update_fields=["form_version"])


@after((Report, "accept"))
def let_avsteg_be_decided_on(change: Change) -> None:
    """An avsteg is taken up as an amendment or in a meeting, within 30 days (domain.md 2.9)."""
    if deviations_in(change.instance):
        due_on = next_working_day(change.today + DECIDED_WITHIN)
        Report.objects.filter(pk=change.instance.pk).update(due_on=due_on)


@after((Report, "accept"))
def agree_on_the_colours(change: Change) -> None:
    """With an accepted report all know how far its goals have come."""
    report: Report = change.instance
    copy = latest_copy(report)
    if copy is None or change.by is None:
        return
    goals = {
        goal.number: goal
        for goal in Goal.objects.filter(collaboration=report.collaboration, unit=report.unit_id)
    }
    seen = set()
    for cell in Content.read(copy.content).cells:
        number = int(cell.row.partition("/")[2]) if cell.is_goal else 0
        # A goal of two insatser is agreed on once, as its first insats has it.
        if not cell.level or number not in goals or number in seen or cell.is_empty:
            continue
        seen.add(number)
        agree_on_colour(
            goal=goals[number],
            role=Role(change.record.role),
            occasion=str(report),
            agreed_in=report.pk,
            by=change.by,
            now=change.now,
            level=cell.level,
            justification=plain(cell.text)[:JUSTIFIED_IN],
        )


JUSTIFIED_IN = 10_000  # characters, as a rating holds
