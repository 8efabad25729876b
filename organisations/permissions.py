"""Who may let others in: nobody hands out more than they have themselves."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from organisations.models import ORGANISATION_ROLES, Membership, Organisation, Role, Unit, User

# What each role may hand out in its own organisation, or its own unit. A principal decides for a
# unit, which a coordinator does not: so only the head of authority names principals.
HANDS_OUT: dict[Role, tuple[Role, ...]] = {
    Role.AGENCY_MANAGER: (Role.AGENCY_MANAGER,),
    Role.HEAD_OF_AUTHORITY: (
        Role.HEAD_OF_AUTHORITY,
        Role.COORDINATOR,
        Role.PRINCIPAL,
        Role.PROCESS_LEADER,
    ),
    Role.COORDINATOR: (Role.COORDINATOR, Role.PROCESS_LEADER),
    Role.PRINCIPAL: (Role.PROCESS_LEADER,),
    Role.UNIVERSITY_LEAD: (Role.UNIVERSITY_LEAD,),
}


def keeps_schools(user: User, today: date) -> bool:
    """Whether somebody takes in what the register of schools says: who leads the agency."""
    held = Membership.objects.current(today).filter(user=user, role=Role.AGENCY_MANAGER)
    return held.exists()


def is_support(user: User) -> bool:
    """Whether somebody keeps the accounts of others: staff of whoever runs Trepart."""
    return user.is_active and user.is_staff and user.has_perm("organisations.change_user")


def can_be_seen_as(person: User, user: User) -> bool:
    """Support sees what a person with a role sees, and never what other support may do."""
    is_ordinary = person.is_active and not (person.is_staff or person.is_superuser)
    return is_support(user) and is_ordinary and person != user


def roles_handed_out_by(
    user: User, organisation: Organisation, today: date
) -> dict[Role, set[Unit] | None]:
    """The roles that ``user`` may hand out in ``organisation``.

    Each with the units that it may be held in; None for a role of the organisation itself, and for
    one that may be held in any of its units (one query, and one for the units of a principal).
    """
    held: Iterable[Membership] = (
        Membership.objects.current(today)
        .filter(user=user, organisation=organisation)
        .select_related("unit")
    )
    found: dict[Role, set[Unit] | None] = {}
    for membership in held:
        for role in HANDS_OUT.get(Role(membership.role), ()):
            if membership.unit is None:
                found[role] = None
            elif role not in ORGANISATION_ROLES and found.get(role, set()) is not None:
                found[role] = {*(found.get(role) or ()), membership.unit}
    return {role: found[role] for role in Role if role in found}


def can_hand_out(
    user: User, role: Role, *, organisation: Organisation, unit: Unit | None, today: date
) -> bool:
    """Whether ``user`` may hand out ``role`` there today; in a unit of another, nobody may."""
    if unit is not None and unit.organiser_id != organisation.pk:
        return False
    return is_handed_out(role, unit, roles_handed_out_by(user, organisation, today))


def is_handed_out(
    role: Role, unit: Unit | None, handed_out: Mapping[Role, Collection[Unit] | None]
) -> bool:
    """Whether the role, held in that unit, is among those of ``roles_handed_out_by``."""
    if role not in handed_out:
        return False
    units = handed_out[role]
    return units is None or unit in units
