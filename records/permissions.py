"""Who keeps the register, who reads who has read, and who answers for people's data."""

from typing import Any

from organisations.models import Role, User
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, LEAD_OF_PARTY, holds, roles_held

LEADS = tuple(LEAD_OF_PARTY.values())
# An authority's register is kept by those who answer for it and those who work with its papers.
REGISTRARS = (*EVERY_AGENCY_ROLE, Role.HEAD_OF_AUTHORITY, Role.COORDINATOR, Role.UNIVERSITY_LEAD)

can_see_readings = holds(*LEADS)
can_register = holds(*REGISTRARS)
# The archive is kept by the agency, which runs the programme (inferred).
can_place_hold = holds(*LEADS)


def keeps_a_register(user: User) -> bool:
    """Whether there is any authority whose register this person keeps."""
    collaborations, organisations, _units = roles_held(user).scopes_of(REGISTRARS)
    return bool(collaborations or organisations)


def role_at_work(instance: Any, user: User) -> Role | None:
    """The role in which somebody works with an object, where no action has said in which.

    Whoever works in a unit reads about the whole case in that role.
    """
    held = roles_held(user)
    roles = held.for_object(instance) or frozenset[Role]().union(*held.in_units.values())
    return next((role for role in Role if role in roles), None)
