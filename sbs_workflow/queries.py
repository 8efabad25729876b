"""Reads that span the collaboration, its people and its trail."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from organisations.models import Membership, Role, User
from sbs_workflow.models import Assignment, Collaboration, TransitionRecord
from sbs_workflow.permissions import RolesHeld


def load_roles(user: User, today: date) -> RolesHeld:
    """The roles this person holds today, read once for each request (two queries).

    They are kept on the user object and never in the session, so that a role which
    is taken away is gone at the next request.
    """
    cached: tuple[date, RolesHeld] | None = user.__dict__.get("roles_loaded")
    if cached is not None and cached[0] == today:
        return cached[1]
    collaborations: dict[UUID, set[Role]] = defaultdict(set)
    organisations: dict[UUID, set[Role]] = defaultdict(set)
    units: dict[UUID, set[Role]] = defaultdict(set)
    if user.is_active:
        for key, role in (
            Assignment.objects.current(today)
            .filter(user=user)
            .values_list("collaboration_id", "role")
        ):
            collaborations[key].add(Role(role))
        for organisation, unit, role in (
            Membership.objects.current(today)
            .filter(user=user)
            .values_list("organisation_id", "unit_id", "role")
        ):
            if unit is None:
                organisations[organisation].add(Role(role))
            else:
                units[unit].add(Role(role))
    held = RolesHeld(
        {key: frozenset(roles) for key, roles in collaborations.items()},
        {key: frozenset(roles) for key, roles in organisations.items()},
        {key: frozenset(roles) for key, roles in units.items()},
    )
    user.__dict__["roles_loaded"] = (today, held)
    user.__dict__["roles_held"] = held
    return held


@dataclass(frozen=True)
class Person:
    """Somebody with a role in a collaboration, and the unit it is held in, if any."""

    user: User
    role: Role
    unit_name: str = ""

    @property
    def party(self) -> str:
        return self.role.party


def people_of(collaboration: Collaboration, today: date) -> list[Person]:
    """Everybody who holds a role in the collaboration today (two queries), party by party."""
    assigned = (
        Assignment.objects.current(today).filter(collaboration=collaboration).select_related("user")
    )
    parties = [collaboration.agency_id, collaboration.organiser_id, collaboration.university_id]
    members = (
        Membership.objects.current(today)
        .select_related("user", "unit")
        .filter(organisation__in=[party for party in parties if party])
    )
    taking_part = set(
        collaboration.participations.filter(left_on=None).values_list("unit_id", flat=True)
    )
    people = [Person(a.user, Role(a.role)) for a in assigned] + [
        Person(m.user, Role(m.role), m.unit.name if m.unit else "")
        for m in members
        if m.unit_id is None or m.unit_id in taking_part
    ]
    order = list(Role)
    return sorted(people, key=lambda p: (order.index(p.role), p.unit_name, p.user.name))


def history_of(
    collaborations: Iterable[Collaboration] | QuerySet[Collaboration],
) -> QuerySet[TransitionRecord]:
    """The trail of these collaborations, newest first."""
    return TransitionRecord.objects.filter(collaboration__in=collaborations).select_related("by")
