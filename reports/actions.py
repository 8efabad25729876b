"""Writing a report."""

from datetime import datetime

from organisations.models import User
from reports.models import Report
from reports.permissions import can_write_report
from sbs_workflow.actions import write


def write_report(*, report: Report, text: str, by: User, now: datetime) -> Report:
    """Store the text while the report is open for writing."""
    written: Report = write(instance=report, may=can_write_report, by=by, now=now, text=text)
    return written
