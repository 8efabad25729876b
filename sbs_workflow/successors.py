"""What somebody leaves behind with a role, and who could take it over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from notifications.duties import OpenDuty, open_duties
from organisations.models import Membership, Organisation, Role, User
from organisations.permissions import can_hand_out
from sbs_workflow.models import LIVE, Assignment, Collaboration, Participation, Promise
from sbs_workflow.permissions import can_assign
from sbs_workflow.queries import colleagues_in, load_roles

Held = Assignment | Membership


@dataclass(frozen=True)
class HeldRole:
    """A role that somebody is about to leave, with what is open in it."""

    held: Held
    organisation: Organisation
    cases: list[Collaboration]
    candidates: list[User]
    duties: list[OpenDuty]
    promises: list[Promise]

    @property
    def role(self) -> Role:
        return Role(self.held.role)

    @property
    def place(self) -> str:
        return place_of(self.held)

    @property
    def label(self) -> str:
        return f"{self.role.label}, {self.place}"


def place_of(held: Held) -> str:
    """Where the role is held, as people say it."""
    if isinstance(held, Assignment):
        return str(held.collaboration)
    return str(held.unit or held.organisation)


def organisation_of(held: Held) -> Organisation:
    """The organisation on whose behalf the role is held."""
    if isinstance(held, Membership):
        return held.organisation
    party = getattr(held.collaboration, Role(held.role).party)
    assert isinstance(party, Organisation), "a role of the university is given once it is named"
    return party


def may_end(user: User, held: Held, today: date) -> bool:
    """Whoever may give a role may also see to it that it is handed over."""
    role = Role(held.role)
    if isinstance(held, Assignment):
        load_roles(user, today)
        return can_assign[role.party](held.collaboration, user)
    return can_hand_out(user, role, organisation=held.organisation, unit=held.unit, today=today)


def roles_in(organisation: Organisation, person: User, today: date) -> list[Held]:
    """What this person holds in the organisation and its cases, today or from a later day."""
    roles = [role for role in Role if role.party == organisation.party]
    return _roles(
        person,
        today,
        members=Q(organisation=organisation),
        assigned=Q(role__in=roles, **{f"collaboration__{organisation.party}": organisation}),
    )


def roles_everywhere(person: User, today: date) -> list[Held]:
    """What this person holds anywhere, today or from a later day."""
    return _roles(person, today, members=Q(), assigned=Q())


def _roles(person: User, today: date, *, members: Q, assigned: Q) -> list[Held]:
    goes_on = Q(ends_on=None) | Q(ends_on__gte=today)
    memberships = Membership.objects.filter(members, goes_on, user=person)
    assignments = Assignment.objects.filter(assigned, goes_on, user=person)
    return [
        *memberships.select_related("organisation", "unit", "user").order_by("role"),
        *assignments.select_related(
            "collaboration__agency", "collaboration__university", "user"
        ).order_by("collaboration__sort_key", "role"),
    ]


def roles_to_leave(rows: Iterable[Held], today: date) -> list[HeldRole]:
    """Each role with what goes over to a successor (four queries for each role)."""
    return [_role_to_leave(held, today) for held in rows]


def _role_to_leave(held: Held, today: date) -> HeldRole:
    organisation, cases = organisation_of(held), cases_of(held)
    unit: UUID | None = getattr(held, "unit_id", None)
    colleagues = colleagues_in(organisation, today).exclude(pk=held.user_id).order_by("name")
    return HeldRole(
        held,
        organisation,
        cases,
        candidates=list(colleagues),
        duties=[
            duty
            for duty in open_duties(today, scopes=[case.pk for case in cases])
            if held.role in duty.duty.owed_by and duty.unit_id in (None, unit)
        ],
        promises=list(promises_of(held.user_id, Role(held.role), cases)),
    )


def cases_of(held: Held) -> list[Collaboration]:
    """The cases under way in which the role counts."""
    if isinstance(held, Assignment):
        return [held.collaboration]
    going_on = Collaboration.objects.filter(state__in=LIVE)
    if held.unit is not None:
        taking_part = Participation.objects.filter(unit=held.unit, left_on=None)
        return list(going_on.filter(pk__in=taking_part.values("collaboration")))
    return list(going_on.filter(**{held.organisation.party: held.organisation}))


def promises_of(person: UUID, role: Role, cases: Iterable[Collaboration]) -> Any:
    """The open promises that this person is to see to for their party."""
    return Promise.objects.open().filter(person=person, party=role.party, collaboration__in=cases)
