"""Who may do what: predicates built from the roles a person holds today.

A predicate is asked as ``predicate(instance, user)``, the shape django-fsm
knows. It also names its roles, so that the machine diagrams, the transition
table and the record of who acted in which role come from the same source.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from organisations.models import Party, Role, User


@dataclass(frozen=True)
class RolesHeld:
    """The roles one person holds on one day, by the thing that each is held in.

    A deputy has the same rights: ``deputising`` only says which roles are held so.
    """

    in_collaborations: Mapping[UUID, frozenset[Role]] = field(default_factory=dict)
    in_organisations: Mapping[UUID, frozenset[Role]] = field(default_factory=dict)
    in_units: Mapping[UUID, frozenset[Role]] = field(default_factory=dict)
    deputising: frozenset[tuple[UUID, Role]] = frozenset()
    # Whether any rule of second factors stands, so that only then they are read.
    are_second_factors_asked_for: bool = False
    # The cases, organisations and units in which they have taken over a role of late.
    taken_over: frozenset[UUID] = frozenset()

    def for_object(self, instance: Any) -> frozenset[Role]:
        """The roles that count here: of the collaboration, its three parties and the units."""
        collaboration = instance.collaboration
        # A person's place in a case, or a unit's, is no matter of one unit's roles; and only
        # who holds a role in a unit needs to ask which units there are.
        units = getattr(instance, "unit_keys", ()) if self.in_units else ()
        return frozenset[Role]().union(
            self.in_collaborations.get(collaboration.pk, ()),
            self.in_organisations.get(collaboration.agency_id, ()),
            self.in_organisations.get(collaboration.organiser_id, ()),
            self.in_organisations.get(collaboration.university_id, ()),
            *(self.in_units.get(unit, ()) for unit in units),
        )

    def has_taken_over(self, collaboration: Any, units: Iterable[UUID]) -> bool:
        """A role in the case, of one of its parties, or of one of these ``units`` in it."""
        parties = (
            collaboration.agency_id,
            collaboration.organiser_id,
            collaboration.university_id,
        )
        return not self.taken_over.isdisjoint({collaboration.pk, *parties, *units})

    def scopes_of(self, roles: Iterable[Role]) -> tuple[set[UUID], set[UUID], set[UUID]]:
        """Where any of ``roles`` is held: (collaborations, organisations, units)."""
        wanted = frozenset(roles)

        def holding(scope: Mapping[UUID, frozenset[Role]]) -> set[UUID]:
            return {key for key, held in scope.items() if held & wanted}

        return (
            holding(self.in_collaborations),
            holding(self.in_organisations),
            holding(self.in_units),
        )

    @cached_property
    def ordinarily(self) -> "RolesHeld":
        """Without the roles in which the person only stands in for somebody."""
        return self._only(as_deputy=False) if self.deputising else self

    @cached_property
    def as_deputy(self) -> "RolesHeld":
        """The roles in which the person only stands in for somebody."""
        return self._only(as_deputy=True) if self.deputising else RolesHeld()

    def _only(self, *, as_deputy: bool) -> "RolesHeld":
        def kept(scope: Mapping[UUID, frozenset[Role]]) -> dict[UUID, frozenset[Role]]:
            return {
                key: frozenset(r for r in held if ((key, r) in self.deputising) == as_deputy)
                for key, held in scope.items()
            }

        return RolesHeld(
            kept(self.in_collaborations), kept(self.in_organisations), kept(self.in_units)
        )


def roles_held(user: User) -> RolesHeld:
    """What ``queries.load_roles`` found; forgetting to load is a programming error."""
    held: RolesHeld = user.__dict__["roles_held"]
    return held


class Permission:
    """A predicate over (instance, user) that can say which roles it lets through."""

    def roles_for(self, instance: Any) -> tuple[Role, ...]:
        raise NotImplementedError

    @property
    def roles(self) -> tuple[Role, ...]:
        """Every role that may be let through, whatever the instance."""
        raise NotImplementedError

    def role_of(self, instance: Any, user: Any) -> Role | None:
        """The role in which ``user`` may act on ``instance``, the first that fits, or None."""
        if user is None:
            return None
        held = roles_held(user).for_object(instance)
        return next((role for role in self.roles_for(instance) if role in held), None)

    def __call__(self, instance: Any, user: Any) -> bool:
        return self.role_of(instance, user) is not None


@dataclass(frozen=True)
class Holds(Permission):
    """Lets through whoever holds one of the roles."""

    allowed: tuple[Role, ...]

    @property
    def roles(self) -> tuple[Role, ...]:
        return self.allowed

    def roles_for(self, instance: Any) -> tuple[Role, ...]:
        return self.allowed


@dataclass(frozen=True)
class HoldsByKind(Permission):
    """Lets through by the object's ``kind``, such as the initiator of each kind of meeting."""

    by_kind: Mapping[str, tuple[Role, ...]]

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(dict.fromkeys(role for roles in self.by_kind.values() for role in roles))

    def roles_for(self, instance: Any) -> tuple[Role, ...]:
        return self.by_kind[instance.kind]


@dataclass(frozen=True)
class HoldsInOrganisation(Permission):
    """Lets through whoever holds one of the roles in the organisation itself, and staff."""

    allowed: tuple[Role, ...]

    @property
    def roles(self) -> tuple[Role, ...]:
        return self.allowed

    def roles_for(self, instance: Any) -> tuple[Role, ...]:
        return self.allowed

    def role_of(self, instance: Any, user: Any) -> Role | None:
        if user is None:
            return None
        held = roles_held(user).in_organisations.get(instance.pk, frozenset())
        return next((role for role in self.allowed if role in held), None)

    def __call__(self, instance: Any, user: Any) -> bool:
        return user.is_staff or super().__call__(instance, user)


class TimeItself(Permission):
    """Only the scheduler: a step that follows from a date and that no person takes."""

    @property
    def roles(self) -> tuple[Role, ...]:
        return ()

    def roles_for(self, instance: Any) -> tuple[Role, ...]:
        return ()

    def __call__(self, instance: Any, user: Any) -> bool:
        return user is None


def require(permission: Permission, instance: Any, user: User) -> None:
    """Raise PermissionDenied unless ``user`` may do this to ``instance``."""
    if not permission(instance, user):
        raise PermissionDenied


def holds(*roles: Role) -> Holds:
    """Lets through whoever holds one of ``roles`` for the object, the first named first."""
    return Holds(roles)


time_itself = TimeItself()

# Who answers for a party where nobody else does.
LEAD_OF_PARTY = {
    Party.AGENCY: Role.AGENCY_MANAGER,
    Party.ORGANISER: Role.HEAD_OF_AUTHORITY,
    Party.UNIVERSITY: Role.UNIVERSITY_LEAD,
}
EVERY_AGENCY_ROLE = (Role.PROCESS_SUPPORTER, Role.AGENCY_MANAGER)

can_open_collaboration = holds(Role.AGENCY_MANAGER)
can_manage_collaboration = holds(*EVERY_AGENCY_ROLE)
can_manage_people = holds(*EVERY_AGENCY_ROLE, Role.UNIVERSITY_LEAD)
# A promise is between the three: whoever takes part may say what became of it.
can_settle_promise = holds(*Role)
# Each party names its own people; the agency, which keeps the case, may name the other's too.
can_assign = {
    Party.AGENCY: can_manage_collaboration,
    Party.UNIVERSITY: can_manage_people,
}
# The head of a school authority alone names its principals.
can_fill_vacancy = HoldsByKind(
    {
        Role.PROCESS_SUPPORTER: (Role.AGENCY_MANAGER, Role.PROCESS_SUPPORTER),
        Role.PRINCIPAL: (Role.HEAD_OF_AUTHORITY,),
        Role.TEAM_LEADER: (Role.UNIVERSITY_LEAD, *EVERY_AGENCY_ROLE),
    }
)
can_keep_school_calendar = HoldsInOrganisation((Role.HEAD_OF_AUTHORITY, Role.COORDINATOR))
can_mend_address = HoldsByKind({party: (lead,) for party, lead in LEAD_OF_PARTY.items()})
