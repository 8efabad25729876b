"""Steps that time itself takes with a report."""

from datetime import datetime

from notifications.automatic import each_tick
from notifications.clock import local_date
from reports.models import Report, ReportKind
from reports.queries import form_in_use
from sbs_workflow.engine import perform_all
from sbs_workflow.models import LIVE


@each_tick
def open_reports(now: datetime) -> int:
    """A report opens by itself, so that nobody has to create one; not while the case is paused."""
    due = Report.objects.filter(
        state=Report.State.SCHEDULED,
        due_on__lte=local_date(now),
        collaboration__state__in=[state.value for state in LIVE],
    )
    ids = list(due.values_list("pk", flat=True))
    for kind in ReportKind:
        # A running report keeps the form that was in use when it opened.
        opening = Report.objects.filter(pk__in=ids, kind=kind)
        if ids:
            opening.update(form_version=form_in_use(kind).version)
    return perform_all(Report, "open", ids, now=now)
