"""Who calls and keeps the meetings (KAU 2018, domain.md 4.1)."""

from typing import Any

from organisations.models import Party, Role
from sbs_workflow.permissions import HoldsByKind, holds

SUPPORTERS = (Role.PROCESS_SUPPORTER, Role.AGENCY_MANAGER)
LEADERS = (Role.TEAM_LEADER, Role.UNIVERSITY_LEAD)

AUTHORITY = (Role.HEAD_OF_AUTHORITY, Role.COORDINATOR)
RUNS_FOR = {
    Party.AGENCY: SUPPORTERS,
    Party.ORGANISER: AUTHORITY,
    Party.UNIVERSITY: LEADERS,
}


class RunsMeeting(HoldsByKind):
    """Lets through those of the party that calls this meeting, where that is not the usual one."""

    def roles_for(self, instance: Any) -> tuple[Role, ...]:
        if instance.initiator:
            return RUNS_FOR[Party(instance.initiator)]
        return super().roles_for(instance)


can_run_meeting = RunsMeeting(
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
