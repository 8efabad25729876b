"""Who writes, decides and rates."""

from organisations.models import Party, Role, User
from plans.models import AUTHORS, DECIDERS, Goal, Whose
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, holds

can_write = holds(*AUTHORS)
can_revise = holds(*DECIDERS)

# Each party sets its own colour first (KAU 2018).
RATES_FOR = {
    Whose.ORGANISER: holds(*AUTHORS),
    Whose.UNIVERSITY: holds(Role.TEAM_LEADER, Role.EDUCATION_LEADER, Role.UNIVERSITY_LEAD),
    Whose.AGENCY: holds(*EVERY_AGENCY_ROLE),
}
can_rate = holds(*(role for permission in RATES_FOR.values() for role in permission.roles))


def own_side_of(goal: Goal, user: User) -> Whose | None:
    """The party for which this person may set a colour."""
    role = can_rate.role_of(goal, user)
    return Whose(Party(role.party).value) if role else None
