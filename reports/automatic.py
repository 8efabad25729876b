"""Steps that time itself takes with a report."""

from datetime import datetime

from notifications.automatic import each_tick
from notifications.clock import local_date
from reports.models import Report
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
    return perform_all(Report, "open", list(due.values_list("pk", flat=True)), now=now)
