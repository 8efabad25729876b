"""Who calls and keeps the meetings (KAU 2018, domain.md 4.1)."""

from organisations.models import Role
from sbs_workflow.permissions import HoldsByKind, holds

SUPPORTERS = (Role.PROCESS_SUPPORTER, Role.AGENCY_MANAGER)
LEADERS = (Role.TEAM_LEADER, Role.UNIVERSITY_LEAD)

can_run_meeting = HoldsByKind(
    {
        "introduction": SUPPORTERS,
        "quality": SUPPORTERS,
        "expectation": LEADERS,
        "bilateral": LEADERS,
    }
)
# Those who were not the ones to write the minutes say whether they are right.
can_approve_minutes = HoldsByKind(
    {
        "introduction": (Role.HEAD_OF_AUTHORITY, Role.COORDINATOR, *LEADERS),
        "quality": (Role.HEAD_OF_AUTHORITY, Role.COORDINATOR, *LEADERS),
        "expectation": SUPPORTERS,
        "bilateral": SUPPORTERS,
    }
)
can_call_meeting = holds(*SUPPORTERS, *LEADERS)
