"""What must be received before a collaboration is closed, and be said in a report."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists
from django.utils.translation import gettext as _

from assessments.models import CapacityMapping
from interventions.models import AssignmentPlan
from organisations.models import Party
from reports.models import FinancialReport, Report, UniversityReport
from reports.queries import (
    account_of,
    agreements_with_money,
    content_at_hand,
    findings,
    money_findings,
)
from sbs_workflow.gates import Reason, caution, gate
from sbs_workflow.models import Collaboration, Phase


@gate(Phase.REPORTING)
def unaccepted_final_reports(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    """Every final report is accepted, or waived (inferred: domain.md 2.3); a unit may leave."""
    present = collaboration.participations.filter(left_on=None)
    finals = Report.objects.filter(
        collaboration=collaboration, kind=Report.Kind.FINAL, unit__in=present.values("unit")
    )
    settled = (Report.State.ACCEPTED, Report.State.WAIVED)
    for report in (
        finals.exclude(state__in=settled).select_related("unit").order_by("unit__sort_key")
    ):
        yield Reason(
            _("The final report of %(unit)s is not accepted.") % {"unit": report.unit},
            report.get_absolute_url(),
            Party.ORGANISER if report.state in Report.UNSUBMITTED else None,
        )


@gate(Phase.REPORTING)
def unaccepted_financial_report(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    """Where money was agreed, its account is accepted; a repayment may come later (2.3, 2.11)."""
    unaccepted = FinancialReport.objects.filter(collaboration=collaboration).exclude(
        state__in=FinancialReport.ACCEPTED_STATES
    )
    money = agreements_with_money().filter(collaboration=collaboration)
    for report in unaccepted.filter(Exists(money)):
        yield Reason(
            _("The financial report is not accepted."),
            report.get_absolute_url(),
            Party.ORGANISER if report.received_at is None else None,
        )


@caution(FinancialReport, "prepare")
def contradicting_amounts(report: FinancialReport, today: date) -> Iterator[Reason]:
    """Two figures that disagree: money may have moved between insatser, with a reason."""
    for finding in money_findings(account_of(report)):
        if finding.weight == "contradiction":
            yield Reason(finding.text, finding.url, Party.ORGANISER)


@caution(Report, "mark_ready")
def contradictions(report: Report, today: date) -> Iterator[Reason]:
    """Two cells that disagree: practice bends, with a reason (domain.md 2.10, inferred)."""
    for finding in findings(content_at_hand(report)):
        if finding.weight == "contradiction":
            yield Reason(finding.text, finding.url, Party.ORGANISER)


@caution(UniversityReport, "submit")
def second_mapping_not_done(report: UniversityReport, today: date) -> Iterator[Reason]:
    """The slutrapport holds the second mapping (KAU 2018; that it waits for it is inferred)."""
    if report.kind != UniversityReport.Kind.FINAL:
        return
    settled = (CapacityMapping.State.DONE, CapacityMapping.State.WAIVED)
    mappings = CapacityMapping.objects.filter(
        collaboration=report.collaboration_id, round=CapacityMapping.Round.END
    )
    if mappings.filter(state__in=settled).exists():
        return
    mapping = mappings.first()
    yield Reason(
        _("The capacity to improve has not been mapped at the end."),
        mapping.get_absolute_url() if mapping else "",
        Party.UNIVERSITY,
    )


@caution(AssignmentPlan, "close")
def university_report_not_delivered(plan: AssignmentPlan, today: date) -> Iterator[Reason]:
    """The assignment ends when the lärosäte has delivered its report (domain.md 2.7, KAU 2018)."""
    finals = UniversityReport.objects.filter(
        collaboration=plan.collaboration_id, kind=UniversityReport.Kind.FINAL
    )
    for report in finals.exclude(state__in=[*UniversityReport.DELIVERED, "waived"]):
        yield Reason(
            _("The university's final report is not submitted."),
            report.get_absolute_url(),
            Party.UNIVERSITY if report.is_being_written else None,
        )
