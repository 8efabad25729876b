"""Who is meant by "the process supporters of this collaboration", and when they are away.

Notifications asks these functions when it addresses reminders (settings.AUDIENCE); start pages ask
``owed_by`` for the duties of one person. Both go by the same rules:

- a deputy is meant where nobody holds the role ordinarily, and once the duty is overdue;
- what nobody in a party holds goes to that party's lead, and never to another party;
- a unit without a principal, such as the administration, is answered for by the head of the
  school authority.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONArray
from django.db.models.sql.compiler import SQLCompiler

from notifications.audience import Closure, Row
from notifications.duties import Duty, Mine
from notifications.open_days import slide_back
from notifications.working_days import previous_working_day
from organisations.models import (
    COLLABORATION_ROLES,
    ORGANISATION_ROLES,
    UNIT_ROLES,
    Membership,
    Party,
    Role,
    SchoolBreak,
    Unit,
    User,
)
from sbs_workflow.models import Assignment, Collaboration
from sbs_workflow.permissions import LEAD_OF_PARTY, RolesHeld, roles_held

PARTY_COLUMN = {
    Party.AGENCY: "agency_id",
    Party.ORGANISER: "organiser_id",
    Party.UNIVERSITY: "university_id",
}


def stand_ins(roles: Iterable[Role]) -> dict[Role, list[tuple[Role, ...]]]:
    """The roles that stand in, each with the groups of ``roles`` that it answers for.

    It does so where nobody holds any role of a group.
    """
    wanted = tuple(roles)
    found: defaultdict[Role, list[tuple[Role, ...]]] = defaultdict(list)
    for party in dict.fromkeys(role.party for role in wanted):
        found[LEAD_OF_PARTY[party]].append(tuple(r for r in wanted if r.party == party))
    if Role.PRINCIPAL in wanted:
        found[Role.HEAD_OF_AUTHORITY].append((Role.PRINCIPAL,))
    return {lead: groups for lead, groups in found.items() if lead not in wanted}


# --- the duties of one person -----------------------------------------------------------------


def owed_by(user: User, today: date) -> Mine:
    """The ``mine`` of ``open_duties``: which of a duty's rows this person owes."""
    held = roles_held(user)
    ordinarily, as_deputy = held.ordinarily, held.as_deputy
    latest_overdue = _latest_overdue(as_deputy, today)

    def mine(duty: Duty) -> Q | None:
        if duty.person:
            theirs_to_see = Collaboration.objects.visible_to(user).values("pk")
            return Q(**{duty.person: user.pk, f"{duty.scope}__in": theirs_to_see})
        rows = _RowsOf(duty, today, latest_overdue)
        roles = [Role(role) for role in duty.owed_by]
        condition = Q()
        for role in roles:
            condition |= rows.meant(role, ordinarily, as_deputy)
        for lead, groups in stand_ins(roles).items():
            if meant := rows.meant(lead, ordinarily, as_deputy):
                for group in groups:
                    condition |= meant & ~rows.held_by_somebody(group)
        return condition or None

    return mine


@dataclass(frozen=True)
class _RowsOf:
    """Conditions on the rows of one duty: for whom they are."""

    duty: Duty
    today: date
    latest_overdue: Mapping[UUID, date]

    def meant(self, role: Role, ordinarily: RolesHeld, as_deputy: RolesHeld) -> Q:
        """The rows for which whoever holds these roles is meant by ``role``; empty for none."""
        mine = self._where(role, ordinarily)
        if standing_in := self._where(role, as_deputy):
            alone = ~self.held_by_somebody((role,), ordinarily=True)
            mine |= standing_in & (alone | self._overdue())
        return mine

    def held_by_somebody(self, roles: Iterable[Role], *, ordinarily: bool = False) -> Q:
        """The rows for which somebody holds one of the roles today, deputies included unless
        ``ordinarily``.
        """
        condition = Q()
        for role in roles:
            holders = self._holders(role)
            if holders is not None:
                condition |= Q(Exists(holders.filter(is_deputy=False) if ordinarily else holders))
        return condition or Q(pk__in=[])

    def _where(self, role: Role, held: RolesHeld) -> Q:
        """The rows about a place in which ``role`` is among the roles held."""
        collaborations, organisations, units = held.scopes_of([role])
        condition = Q()
        if collaborations:
            condition |= Q(**{f"{self.duty.scope}__in": collaborations})
        if organisations:
            condition |= Q(**{f"{self._party(role.party)}__in": organisations})
        if units and self.duty.unit:
            condition |= Q(**{f"{self.duty.unit}__in": units})
        return condition

    def _holders(self, role: Role) -> QuerySet[Any] | None:
        """Who holds ``role`` for a row; None where the row names no place to hold it in."""
        if role in COLLABORATION_ROLES:
            here: Any = Assignment.objects.filter(collaboration=OuterRef(self.duty.scope))
        elif role in ORGANISATION_ROLES:
            here = Membership.objects.filter(organisation=OuterRef(self._party(role.party)))
        elif self.duty.unit:
            here = Membership.objects.filter(unit=OuterRef(self.duty.unit))
        else:
            return None
        held: QuerySet[Any] = here.current(self.today).filter(role=role)
        return held

    def _overdue(self) -> Any:
        """As ``OpenDuty.is_overdue`` says it of one row."""
        overdue: Any = Q(due_on__lte=previous_working_day(self.today - timedelta(days=1)))
        if is_owed_by_authority(self.duty):
            authority = self._party(Party.ORGANISER)
            for key, latest in self.latest_overdue.items():
                overdue &= Q(due_on__lte=latest) | ~Q(**{authority: key})
        return overdue

    def _party(self, party: Party) -> str:
        return _path(self.duty, PARTY_COLUMN[party])


def _path(duty: Duty, column: str) -> str:
    """From a row of the duty to a column of its collaboration, or its own."""
    return column if duty.scope in ("id", column) else f"collaboration__{column}"


# --- the people of many rows ------------------------------------------------------------------


def people_for(
    roles: tuple[str, ...], rows: Sequence[Row], today: date, *, with_deputies: bool = False
) -> dict[UUID, list[UUID]]:
    """Who is meant by ``roles`` for each row today: user ids by object id (three queries).

    ``with_deputies`` asks for the deputies too where others hold the role: the duty is overdue.
    """
    wanted = [Role(role) for role in roles]
    leads = stand_ins(wanted)
    scopes = {row.scope_id for row in rows}
    parties = {
        pk: dict(zip(PARTY_COLUMN, keys, strict=True))
        for pk, *keys in Collaboration.objects.filter(pk__in=scopes).values_list(
            "pk", *PARTY_COLUMN.values()
        )
    }
    # What belongs to no collaboration is owed by an organisation itself.
    parties |= {scope: dict.fromkeys(Party, scope) for scope in scopes - parties.keys()}
    holders = _holders({*wanted, *leads}, scopes, parties.values(), rows, today)
    found: dict[UUID, list[UUID]] = {}
    for row in rows:
        of_row = {role: holders[role, _place(role, row, parties)] for role in {*wanted, *leads}}
        people = {each for role in wanted for each in of_row[role].meant(with_deputies)}
        for lead, groups in leads.items():
            if any(not any(of_row[role] for role in group) for group in groups):
                people |= of_row[lead].meant(with_deputies)
        found[row.object_id] = sorted(people)
    return found


@dataclass
class _Holders:
    """Who holds one role in one place."""

    ordinarily: set[UUID] = field(default_factory=set)
    deputies: set[UUID] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.ordinarily or self.deputies)

    def meant(self, with_deputies: bool) -> set[UUID]:
        if with_deputies or not self.ordinarily:
            return self.ordinarily | self.deputies
        return self.ordinarily


Place = UUID | None
Parties = dict[Party, Place]


def _place(role: Role, row: Row, parties: dict[UUID, Parties]) -> Place:
    """What ``role`` is held in, for this row."""
    if role in COLLABORATION_ROLES:
        return row.scope_id
    if role in UNIT_ROLES:
        return row.unit_id
    return parties.get(row.scope_id, {}).get(role.party)


def _holders(
    roles: Collection[Role],
    scopes: Collection[UUID],
    parties: Iterable[Parties],
    rows: Sequence[Row],
    today: date,
) -> defaultdict[tuple[Role, Place], _Holders]:
    """The holders of ``roles`` by role and place (two queries)."""
    organisations = {key for three in parties for key in three.values() if key}
    units = {row.unit_id for row in rows if row.unit_id}
    assigned = Assignment.objects.current(today).filter(
        collaboration__in=scopes, role__in=set(roles) & set(COLLABORATION_ROLES)
    )
    member = Membership.objects.current(today).filter(
        Q(organisation__in=organisations, role__in=set(roles) & set(ORGANISATION_ROLES))
        | Q(unit__in=units, role__in=set(roles) & set(UNIT_ROLES))
    )
    who = ("role", "user_id", "is_deputy")
    found: defaultdict[tuple[Role, Place], _Holders] = defaultdict(_Holders)
    for role, user, is_deputy, *places in (
        *assigned.values_list(*who, "collaboration_id"),
        *member.values_list(*who, "unit_id", "organisation_id"),
    ):
        place = next(filter(None, places))
        holders = found[Role(role), place]
        (holders.deputies if is_deputy else holders.ordinarily).add(user)
    return found


# --- when they are away -----------------------------------------------------------------------

OF_BREAK = ("first_day", "last_day", "name")


def closures_of(people: Collection[UUID], first: date, last: date) -> dict[UUID, list[Closure]]:
    """The breaks of the school authorities that these users work in, by user id (one query)."""
    rows = (
        Membership.objects.current(first)
        .filter(
            user__in=people,
            organisation__school_breaks__first_day__lte=last,
            organisation__school_breaks__last_day__gte=first,
        )
        .values_list("user_id", *(f"organisation__school_breaks__{it}" for it in OF_BREAK))
        .distinct()
    )
    return _by_key(rows)


def closures_from_due_on(duty: Duty) -> Combinable | None:
    """SQL for the breaks of a row's school authority that are not over by its ``due_on``.

    None unless the school authority alone owes the duty: the others are at work.
    """
    if not is_owed_by_authority(duty):
        return None
    not_over = SchoolBreak.objects.order_by().filter(
        organisation=OuterRef(_path(duty, "organiser_id")), last_day__gte=OuterRef("due_on")
    )
    together = not_over.values("organisation").annotate(written=_AllInOne(JSONArray(*OF_BREAK)))
    return Subquery(together.values("written"), output_field=TextField())


class _AllInOne(Aggregate):
    """JSON of many rows as one text."""

    function = "JSON_GROUP_ARRAY"
    output_field = TextField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        sql, parameters = self.as_sql(compiler, connection, function="JSON_AGG", **context)
        return f"{sql}::text", parameters


def is_owed_by_authority(duty: Duty) -> bool:
    return all(Role(role).party == Party.ORGANISER for role in duty.owed_by)


def _latest_overdue(held: RolesHeld, today: date) -> dict[UUID, date]:
    """The latest due date that is overdue to a school authority of these roles, by its id.

    Those that have no break are left out (one query, and none without such a role).
    """
    if not held.in_organisations and not held.in_units:
        return {}
    theirs = SchoolBreak.objects.filter(
        Q(organisation__in=held.in_organisations)
        | Q(organisation__in=Unit.objects.filter(pk__in=held.in_units).values("organiser"))
    )
    breaks = _by_key(theirs.values_list("organisation", *OF_BREAK))
    yesterday = today - timedelta(days=1)
    return {key: slide_back(yesterday, closures) for key, closures in breaks.items()}


def _by_key(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, list[Closure]]:
    found: defaultdict[UUID, list[Closure]] = defaultdict(list)
    for key, *closure in rows:
        found[key].append(Closure(*closure))
    return {key: sorted(closures) for key, closures in found.items()}
