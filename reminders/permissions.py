"""Who may put a duty off or waive it, and who may change when people are reminded."""

from organisations.models import Party, Role
from sbs_workflow.permissions import LEAD_OF_PARTY, Permission, holds

# The agency runs the programme, and so sets its pace (inferred).
can_change_lead_times = holds(Role.AGENCY_MANAGER)


def can_waive_for(party: Party) -> Permission:
    """The lead of the party that owes it, and nobody of another (issue 5)."""
    return holds(LEAD_OF_PARTY[party])
