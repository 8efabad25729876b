"""Who maps the capacity to improve (KAU 2018; domain.md 1.2 and 2.12)."""

from organisations.models import Role
from sbs_workflow.permissions import holds

can_lead_mapping = holds(Role.TEAM_LEADER, Role.UNIVERSITY_LEAD)
# The team leader writes it together with the huvudman.
can_write_mapping = holds(
    Role.TEAM_LEADER, Role.UNIVERSITY_LEAD, Role.HEAD_OF_AUTHORITY, Role.COORDINATOR
)
