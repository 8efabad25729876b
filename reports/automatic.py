"""Steps that time itself takes with a report."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from notifications.automatic import each_tick
from notifications.clock import local_date
from reports.models import FinancialReport, Report, ReportKind, UniversityReport, WrittenReport
from reports.queries import agreements_with_money, form_in_use
from sbs_workflow.engine import perform_all
from sbs_workflow.models import LIVE, CollaborationState


@each_tick
def open_reports(now: datetime) -> int:
    """A report opens by itself, so that nobody has to create one; not while the case is paused."""
    return sum(_open(model, now) for model in (Report, UniversityReport))


def _open(model: type[WrittenReport], now: datetime) -> int:
    reports: Any = model._default_manager
    due = reports.filter(
        state="scheduled",
        due_on__lte=local_date(now),
        collaboration__state__in=[state.value for state in LIVE],
    )
    ids = list(due.values_list("pk", flat=True))
    for kind in ReportKind if ids else ():
        # A running report keeps the form that was in use when it opened.
        version = form_in_use(f"{model.PREFIX}{kind}").version
        reports.filter(pk__in=ids, kind=kind).update(form_version=version)
    return perform_all(model, "open", ids, now=now)


@each_tick
def open_financial_reports(now: datetime) -> int:
    """Where money was agreed, also when the case has ended early; not while it is paused."""
    money = agreements_with_money().filter(collaboration=OuterRef("collaboration"))
    due = FinancialReport.objects.filter(
        ~Q(collaboration__state=CollaborationState.PAUSED),
        Exists(money),
        state=FinancialReport.State.SCHEDULED,
        due_on__lte=local_date(now),
    )
    return perform_all(FinancialReport, "open", list(due.values_list("pk", flat=True)), now=now)
