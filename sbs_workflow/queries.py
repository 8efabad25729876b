"""Reads that span the collaboration, its people and its trail."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy

from notifications.duties import OpenDuty
from organisations.models import (
    Invitation,
    Membership,
    Organisation,
    Party,
    Role,
    SchoolBreak,
    SchoolYear,
    SecondFactorRule,
    User,
    name_of_school_year,
    role_label,
)
from organisations.school_calendar import SuggestedYear, school_year_around, suggested_year
from sbs_workflow.models import (
    Assignment,
    Collaboration,
    CollaborationState,
    Handover,
    Participation,
    SchoolAuthority,
    Vacancy,
)
from sbs_workflow.models.handover import SHOWN_FOR
from sbs_workflow.permissions import LEAD_OF_PARTY, RolesHeld, roles_held

NOWHERE = Cast(Value(None), UUIDField())
NO_NAME = Value("", output_field=CharField())
TAKEN_OVER = "taken over"  # stands where else the role does


def load_roles(user: User, today: date) -> RolesHeld:
    """The roles this person holds today, read once for each request (one query).

    The same query tells whether any rule of second factors stands, and what they have taken over.

    They are kept on the user object and never in the session, so that a role which
    is taken away is gone at the next request.
    """
    cached: tuple[date, RolesHeld] | None = user.__dict__.get("roles_loaded")
    if cached is not None and cached[0] == today:
        return cached[1]
    held = _read_roles(user, today) if user.is_active else RolesHeld()
    user.__dict__["roles_loaded"] = (today, held)
    user.__dict__["roles_held"] = held
    return held


def _query_of_roles(user: User, today: date) -> QuerySet[Any, tuple[Any, ...]]:
    assigned = Assignment.objects.current(today).filter(user=user)
    member = Membership.objects.current(today).filter(user=user)
    how = ("role", "is_deputy")
    return assigned.values_list("collaboration_id", NOWHERE, NOWHERE, *how).union(
        member.values_list(NOWHERE, "organisation_id", "unit_id", *how),
        SecondFactorRule.objects.values_list(NOWHERE, NOWHERE, NOWHERE, NO_NAME, Value(False)),
        Handover.objects.to(user, today)
        .order_by()
        .values_list("collaboration", "organisation", "unit", Value(TAKEN_OVER), Value(False)),
        all=True,
    )


# Whom and when the statement below asks for, until somebody asks it.
ANYBODY, ANY_DAY = User(pk=UUID(int=1)), date(1900, 1, 2)


@cache
def _statement_of_roles(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The query above in SQL, with its parameters.

    Every request begins with it, and Django takes ten times as long to compose it as the database
    to answer it.
    """
    return _query_of_roles(ANYBODY, ANY_DAY).query.sql_with_params()


def _parameters_of_roles(user: User, today: date) -> list[Any]:
    days = [connection.ops.adapt_datefield_value(each) for each in (today, today - SHOWN_FOR)]
    return [User._meta.pk.get_db_prep_value(user.pk, connection), *days]


def _rows_of_roles(user: User, today: date) -> Iterator[tuple[Any, ...]]:
    """Of each role: collaboration, organisation, unit, its name, and whether as a deputy."""
    statement, parameters = _statement_of_roles(connection.vendor)
    asked = _parameters_of_roles(user, today)
    meant = dict(zip(_parameters_of_roles(ANYBODY, ANY_DAY), asked, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(statement, [meant.get(each, each) for each in parameters])
        for *places, role, is_deputy in cursor.fetchall():
            # SQLite has no type of its own for a key.
            yield (
                *(UUID(each) if isinstance(each, str) else each for each in places),
                role,
                is_deputy,
            )


def _read_roles(user: User, today: date) -> RolesHeld:
    are_second_factors_asked_for = False
    collaborations: dict[UUID, frozenset[Role]] = defaultdict(frozenset)
    organisations: dict[UUID, frozenset[Role]] = defaultdict(frozenset)
    units: dict[UUID, frozenset[Role]] = defaultdict(frozenset)
    ordinarily: set[tuple[UUID, Role]] = set()
    as_deputy: set[tuple[UUID, Role]] = set()
    taken_over: set[UUID] = set()
    for collaboration, organisation, unit, role, is_deputy in _rows_of_roles(user, today):
        if not role:
            are_second_factors_asked_for = True
            continue
        place = collaboration or unit or organisation
        if role == TAKEN_OVER:
            taken_over.add(place)
            continue
        (as_deputy if is_deputy else ordinarily).add((place, Role(role)))
        if collaboration is not None:
            collaborations[collaboration] |= {Role(role)}
        elif unit is not None:
            units[unit] |= {Role(role)}
        else:
            organisations[organisation] |= {Role(role)}
    return RolesHeld(
        dict(collaborations),
        dict(organisations),
        dict(units),
        deputising=frozenset(as_deputy - ordinarily),
        are_second_factors_asked_for=are_second_factors_asked_for,
        taken_over=frozenset(taken_over),
    )


def second_factor_rules_about(held: RolesHeld) -> Q:
    """The rules of second factors that speak of these roles, where each is held."""
    found = Q()
    for organisation, roles in held.in_organisations.items():
        found |= _rules(roles, Q(organisation=organisation))
    for unit, roles in held.in_units.items():
        found |= _rules(roles, Q(organisation__units=unit))
    cases: dict[Role, set[UUID]] = defaultdict(set)
    for collaboration, roles in held.in_collaborations.items():
        for role in roles:
            cases[role].add(collaboration)
    for role, pks in cases.items():
        party = "agency" if role.party == Party.AGENCY else "university"
        parties = Collaboration.objects.filter(pk__in=pks).values(party)
        found |= _rules({role}, Q(organisation__in=parties))
    return found


def _rules(roles: Iterable[Role], here: Q) -> Q:
    """Rules for any of the roles everywhere, and for them or for everybody ``here``."""
    named = [role.value for role in roles]
    return Q(organisation=None, role__in=named) | (here & Q(role__in=[*named, ""]))


def colleagues_in(organisation: Organisation, today: date) -> QuerySet[User]:
    """Those who work in the organisation: in a role of its own, or in a case."""
    own = Q(agency=organisation) | Q(university=organisation) | Q(organiser=organisation)
    party_roles = [role for role in Role if role.party == organisation.party]
    assigned = Assignment.objects.current(today).filter(
        role__in=party_roles, collaboration__in=Collaboration.objects.filter(own)
    )
    member = Membership.objects.current(today).filter(organisation=organisation)
    return User.objects.filter(
        Q(pk__in=assigned.values("user")) | Q(pk__in=member.values("user")), is_active=True
    )


def colleague_with(email: str, organisation: Organisation, today: date) -> User | None:
    return colleagues_in(organisation, today).filter(email=email.lower()).first()


def waiting_invitations_to(
    collaboration: Collaboration, roles: Collection[Role]
) -> list[Invitation]:
    """Unanswered invitations to any of these roles in the collaboration (one query)."""
    return list(
        Invitation.objects.waiting()
        .filter(scope_id=collaboration.pk, role__in=roles)
        .select_related("organisation", "unit", "invited_by")
    )


def invitations_to_fill(vacancy: Vacancy) -> list[Invitation]:
    """Unanswered invitations to a role that nobody holds (one query)."""
    if vacancy.unit is None:
        return waiting_invitations_to(vacancy.collaboration, [Role(vacancy.role)])
    rows = Invitation.objects.waiting().filter(unit=vacancy.unit, role=vacancy.role)
    return list(rows.select_related("organisation", "unit", "invited_by"))


def managed_agency(user: User) -> Organisation | None:
    """The agency whose collaborations this person may open, if any."""
    _collaborations, organisations, _units = roles_held(user).scopes_of([Role.AGENCY_MANAGER])
    return Organisation.objects.filter(pk__in=organisations).first()


@dataclass(frozen=True)
class Person:
    """Somebody with a role in a collaboration, and the unit it is held in, if any."""

    user_id: UUID
    name: str
    email: str
    role: Role
    unit_name: str = ""
    assignment_id: UUID | None = None
    is_deputy: bool = False

    @property
    def party(self) -> Party:
        return self.role.party

    @property
    def party_label(self) -> str:
        return str(self.party.label)

    @property
    def role_label(self) -> str:
        """As it is written beside the name."""
        return role_label(self.role, is_deputy=self.is_deputy)


def people_of(collaboration: Collaboration, today: date) -> list[Person]:
    """Everybody who holds a role in the collaboration today, party by party (one query)."""
    person = ("user_id", "user__name", "user__email", "role", "is_deputy")
    parties = [collaboration.agency_id, collaboration.organiser_id, collaboration.university_id]
    taking_part = Participation.objects.filter(collaboration=collaboration, left_on=None)
    assigned = Assignment.objects.current(today).filter(collaboration=collaboration)
    member = Membership.objects.current(today).filter(
        Q(unit__isnull=True) | Q(unit__in=taking_part.values("unit")),
        organisation__in=[party for party in parties if party],
    )
    rows = assigned.values_list(*person, NO_NAME, "pk").union(
        member.values_list(*person, Coalesce("unit__name", NO_NAME), NOWHERE), all=True
    )
    people = [
        Person(user, name, email, Role(role), unit, assignment, is_deputy)
        for user, name, email, role, is_deputy, unit, assignment in rows
    ]
    order = list(Role)
    return sorted(people, key=lambda p: (order.index(p.role), p.unit_name, p.is_deputy, p.name))


def leads_of(collaboration: Collaboration, party: Party, today: date) -> list[Person]:
    """Who answers for a party where nobody else does (one query)."""
    people = people_of(collaboration, today)
    return [person for person in people if person.role == LEAD_OF_PARTY[party]]


@dataclass(frozen=True)
class Turn:
    """Which party the collaboration waits for, for what, and since when if that is late."""

    party: Party
    why: str
    since: date | None = None

    @property
    def party_label(self) -> str:
        return str(self.party.label)


# Whose turn it is when nobody owes anything with a date: the party that takes the next step.
TURN_OF_STATE = {
    CollaborationState.CANDIDATE: (Party.AGENCY, gettext_lazy("Make the offer")),
    CollaborationState.OFFERED: (Party.ORGANISER, gettext_lazy("Answer the offer")),
    CollaborationState.ACCEPTED: (Party.AGENCY, gettext_lazy("Start the situation analysis")),
    CollaborationState.ANALYSING: (Party.AGENCY, gettext_lazy("Go on to the action plan")),
    CollaborationState.PLANNING: (Party.AGENCY, gettext_lazy("Confirm that all is agreed")),
    CollaborationState.AGREED: (Party.UNIVERSITY, gettext_lazy("Start the interventions")),
    CollaborationState.REPORTING: (Party.AGENCY, gettext_lazy("Close the collaboration")),
    CollaborationState.CLOSED: (Party.AGENCY, gettext_lazy("Follow up after a year")),
}


def whose_turn(state: str, duties: Sequence[OpenDuty], today: date) -> Turn | None:
    """The party that owes the first of the ``duties``, or that takes the next step."""
    if duties:
        first = duties[0]
        what = str(first.duty.label)
        return Turn(
            Role(first.duty.owed_by[0]).party,
            f"{what}, {first.subject}" if first.subject else what,
            first.due_on if first.is_overdue(today) else None,
        )
    if state in TURN_OF_STATE:
        party, next_step = TURN_OF_STATE[CollaborationState(state)]
        return Turn(party, str(next_step))
    return None


@dataclass
class YearShown:
    """A school year with its breaks, or with what is suggested while it has none."""

    begins_in: int
    is_over: bool
    year: SchoolYear | None = None
    breaks: list[SchoolBreak] = field(default_factory=list)
    suggestion: SuggestedYear | None = None

    @property
    def name(self) -> str:
        return name_of_school_year(self.begins_in)


def school_years_of(authority: SchoolAuthority, today: date) -> list[YearShown]:
    """The present and the coming school year, then what else is written down (two queries)."""
    present = school_year_around(today)
    years = {school_year_around(year.first_day): year for year in authority.school_years.all()}
    breaks: defaultdict[int, list[SchoolBreak]] = defaultdict(list)
    for each in authority.school_breaks.all():
        breaks[school_year_around(each.first_day)].append(each)
    coming = sorted({present, present + 1} | {n for n in {*years, *breaks} if n > present})
    past = sorted((n for n in {*years, *breaks} if n < present), reverse=True)
    return [
        YearShown(
            begins_in=number,
            is_over=number < present,
            year=years.get(number),
            breaks=breaks[number],
            suggestion=None
            if breaks[number] or number not in (present, present + 1)
            else suggested_year(number, authority.municipality_code),
        )
        for number in (*coming, *past)
    ]
