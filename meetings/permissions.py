"""Who calls and keeps the meetings (KAU 2018, domain.md 4.1)."""

from collections.abc import Iterable
from typing import Any

from organisations.models import Party, Role
from sbs_workflow.permissions import HoldsByKind, Permission, holds

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


class ConfirmsMinutes(HoldsByKind):
    """Lets through those of the parties that did not write them, where a rule says which."""

    def roles_for(self, instance: Any) -> tuple[Role, ...]:
        if instance.initiator or instance.required:
            return _who_acts_for(instance.confirming_parties)
        return super().roles_for(instance)


class PreparesMeeting(Permission):
    """Lets through those who act for a party that must be there."""

    @property
    def roles(self) -> tuple[Role, ...]:
        return _who_acts_for(RUNS_FOR)

    def roles_for(self, instance: Any) -> tuple[Role, ...]:
        meeting = getattr(instance, "meeting", instance)
        return _who_acts_for(meeting.required_parties)


def _who_acts_for(parties: Iterable[Party]) -> tuple[Role, ...]:
    return tuple(role for party in parties for role in RUNS_FOR[party])


# Those who were not the ones to write the minutes say whether they are right.
can_approve_minutes = ConfirmsMinutes(
    {
        "introduction": (*AUTHORITY, *LEADERS),
        "quality": (*AUTHORITY, *LEADERS),
        "expectation": SUPPORTERS,
        "bilateral": SUPPORTERS,
    }
)
can_prepare_meeting = PreparesMeeting()
# Those who sign the agreement say what becomes of a change that was proposed (R5).
can_settle_change = holds(*SUPPORTERS, Role.HEAD_OF_AUTHORITY)
# A rule may let any party call a kind: which kinds it is for whom, says ``kinds_called_by``.
can_call_meeting = holds(*SUPPORTERS, *LEADERS, *AUTHORITY)
calls_meetings_usually = holds(*SUPPORTERS, *LEADERS)
# The agency runs the programme, and so sets how its meetings go in a case (inferred).
can_change_meeting_rules = holds(Role.AGENCY_MANAGER)
