"""Who is meant by "the process supporters of this collaboration".

Notifications asks ``people_for`` when it addresses reminders (settings.AUDIENCE);
start pages ask ``owed_by`` for the duties of one person. Both read the same roles.
A unit without a principal, such as the administration, is answered for by the
head of the school authority.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from notifications.audience import Row
from notifications.duties import Duty, Mine
from organisations.models import (
    COLLABORATION_ROLES,
    ORGANISATION_ROLES,
    UNIT_ROLES,
    Membership,
    Party,
    Role,
    User,
)
from sbs_workflow.models import Assignment, Collaboration
from sbs_workflow.permissions import roles_held

PARTY_COLUMN = {
    Party.AGENCY: "agency_id",
    Party.ORGANISER: "organiser_id",
    Party.UNIVERSITY: "university_id",
}


def owed_by(user: User, today: date) -> Mine:
    """The ``mine`` of ``open_duties``: which of a duty's rows this person owes."""
    held = roles_held(user)

    def mine(duty: Duty) -> Q | None:
        if duty.person:
            theirs_to_see = Collaboration.objects.visible_to(user).values("pk")
            return Q(**{duty.person: user.pk, f"{duty.scope}__in": theirs_to_see})
        collaboration = "" if duty.scope == "id" else "collaboration__"
        roles = [Role(role) for role in duty.owed_by]
        condition: Any = Q()
        for role in roles:
            collaborations, organisations, units = held.scopes_of([role])
            if collaborations:
                condition |= Q(**{f"{duty.scope}__in": collaborations})
            if organisations:
                column = PARTY_COLUMN[role.party]
                condition |= Q(**{f"{collaboration}{column}__in": organisations})
            if units and duty.unit:
                condition |= Q(**{f"{duty.unit}__in": units})
        if duty.unit and Role.PRINCIPAL in roles:
            _, authorities, _ = held.scopes_of([Role.HEAD_OF_AUTHORITY])
            if authorities:
                condition |= Q(**{f"{collaboration}organiser_id__in": authorities}) & ~Exists(
                    _principals(today).filter(unit=OuterRef(duty.unit))
                )
        return condition or None

    return mine


def _principals(today: date) -> QuerySet[Membership]:
    return Membership.objects.current(today).filter(role=Role.PRINCIPAL)


def people_for(roles: tuple[str, ...], rows: Sequence[Row], today: date) -> dict[UUID, list[UUID]]:
    """Who holds one of ``roles`` for each row today: user ids by object id (three queries)."""
    wanted = [Role(role) for role in roles]
    scopes = {row.scope_id for row in rows}
    in_scope = _assigned(wanted, scopes, today)
    parties = {
        pk: (agency, organiser, university)
        for pk, agency, organiser, university in Collaboration.objects.filter(
            pk__in=scopes
        ).values_list("pk", *PARTY_COLUMN.values())
    }
    members, unit_members, with_principal = _members(
        wanted,
        {key for three in parties.values() for key in three if key},
        {row.unit_id for row in rows if row.unit_id},
        today,
    )
    found: dict[UUID, list[UUID]] = {}
    for row in rows:
        three = parties.get(row.scope_id, ())
        people = in_scope[row.scope_id] | set().union(*(members[key] for key in three))
        if row.unit_id is not None:
            people |= unit_members[row.unit_id]
            if Role.PRINCIPAL in wanted and row.unit_id not in with_principal:
                people |= set().union(*(members["head", key] for key in three))
        found[row.object_id] = sorted(people)
    return found


def _assigned(
    roles: Iterable[Role], collaborations: set[UUID], today: date
) -> dict[UUID, set[UUID]]:
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for key, user in (
        Assignment.objects.current(today)
        .filter(collaboration__in=collaborations, role__in=set(roles) & set(COLLABORATION_ROLES))
        .values_list("collaboration_id", "user_id")
    ):
        people[key].add(user)
    return people


def _members(
    roles: Iterable[Role], organisations: set[UUID], units: set[UUID], today: date
) -> tuple[dict[Any, set[UUID]], dict[UUID, set[UUID]], set[UUID]]:
    """Who holds the roles by organisation (heads also under "head") and by unit, and which
    units have a principal.
    """
    wanted = set(roles)
    by_organisation: dict[Any, set[UUID]] = defaultdict(set)
    by_unit: dict[UUID, set[UUID]] = defaultdict(set)
    with_principal: set[UUID] = set()
    in_organisations = Q(organisation__in=organisations, role__in=ORGANISATION_ROLES)
    in_units = Q(unit__in=units, role__in=UNIT_ROLES)
    for organisation, unit, role, user in (
        Membership.objects.current(today)
        .filter(in_organisations | in_units)
        .values_list("organisation_id", "unit_id", "role", "user_id")
    ):
        if role in wanted:
            (by_organisation[organisation] if unit is None else by_unit[unit]).add(user)
        if role == Role.PRINCIPAL:
            with_principal.add(unit)
        if role == Role.HEAD_OF_AUTHORITY:
            by_organisation["head", organisation].add(user)
    return by_organisation, by_unit, with_principal
