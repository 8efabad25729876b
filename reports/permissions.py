"""Who writes a report."""

from organisations.models import Role
from sbs_workflow.permissions import holds

can_write_report = holds(
    Role.PRINCIPAL, Role.PROCESS_LEADER, Role.HEAD_OF_AUTHORITY, Role.COORDINATOR
)
