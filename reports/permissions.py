"""Who writes a report, and who asks about one."""

from reports.models import WRITERS
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, holds

can_write_report = holds(*WRITERS)
can_return_report = holds(*EVERY_AGENCY_ROLE)
