"""The people and organisations that play in every test.

Two huvudmän, each with its own lärosäte, processtödjare and collaboration, so that every test can
ask what "theirs" sees of "ours". One person holds one role; the outsider holds none.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache

import pytest
from django.contrib.auth.hashers import make_password

from notifications.clock import STOCKHOLM
from organisations.models import Membership, Organisation, Party, Role, Unit, User
from organisations.swedish import search_text, sort_key
from sbs_workflow.models import Assignment, Collaboration
from tests import factories

# Tests of pages live today instead: no role of the cast ever ends.
TODAY = factories.TODAY
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=STOCKHOLM)
LONG_AGO = date(2020, 1, 1)
PASSWORD = "kvalitetsdialog-2026"


@dataclass(frozen=True)
class Side:
    """One huvudman, its units, its lärosäte, and everybody who works in their collaboration."""

    organiser: Organisation
    administration: Unit
    school: Unit
    preschool: Unit
    university: Organisation
    process_supporter: User
    second_process_supporter: User
    head_of_authority: User
    coordinator: User
    principal: User
    preschool_principal: User
    process_leader: User
    university_lead: User
    team_leader: User
    education_leader: User
    collaboration: Collaboration

    @property
    def people(self) -> dict[Role, User]:
        """One person for each role; the process leader is the school's, as the principal is."""
        return {role: getattr(self, role) for role in Role if role != Role.AGENCY_MANAGER}

    @property
    def everybody(self) -> list[User]:
        values = (getattr(self, field.name) for field in fields(self))
        return [value for value in values if isinstance(value, User)]


@dataclass(frozen=True)
class Cast:
    agency: Organisation
    agency_manager: User
    ours: Side
    theirs: Side
    # Logs in, holds no role anywhere.
    outsider: User
    # Would hold every role of ours, were the account not closed.
    deactivated: User

    @property
    def people(self) -> dict[Role, User]:
        """Who holds each role in our collaboration."""
        return {Role.AGENCY_MANAGER: self.agency_manager, **self.ours.people}


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def build_cast() -> Cast:
    """The cast, in a database that has none yet."""
    agency, *parties = Organisation.objects.bulk_create(
        [
            organisation(Party.AGENCY, "Skolverket", "202100-4185"),
            organisation(Party.ORGANISER, "Ådalens kommun", "212000-2411"),
            organisation(Party.ORGANISER, "Österby kommun", "212000-0092"),
            organisation(Party.UNIVERSITY, "Norra universitetet", "202100-2932"),
            organisation(Party.UNIVERSITY, "Södra högskolan", "202100-2890"),
        ]
    )
    ours_organiser, theirs_organiser, ours_university, theirs_university = parties
    manager, outsider, deactivated = User.objects.bulk_create(
        [
            person("Maria Chef", "chef@skolverket.example"),
            person("Olle Utomstående", "olle@utanfor.example"),
            person("Disa Avslutad", "disa@utanfor.example", is_active=False),
        ]
    )
    Membership.objects.bulk_create([member(manager, agency, Role.AGENCY_MANAGER)])
    ours = build_side(agency, ours_organiser, ours_university, "adalen.example")
    theirs = build_side(agency, theirs_organiser, theirs_university, "osterby.example")
    give_every_role(deactivated, agency, ours)
    return Cast(agency, manager, ours, theirs, outsider, deactivated)


def build_side(
    agency: Organisation, organiser: Organisation, university: Organisation, domain: str
) -> Side:
    administration, school, preschool = Unit.objects.bulk_create(
        [
            unit(organiser, Unit.Kind.ADMINISTRATION, "Barn- och utbildningsförvaltningen"),
            unit(organiser, Unit.Kind.COMPULSORY, "Älvskolan"),
            unit(organiser, Unit.Kind.PRESCHOOL, "Ekorrens förskola"),
        ]
    )
    people = dict(
        zip(NAMES, User.objects.bulk_create(staff(domain)), strict=True),
    )
    Membership.objects.bulk_create(
        [
            member(people["head_of_authority"], organiser, Role.HEAD_OF_AUTHORITY),
            member(people["coordinator"], organiser, Role.COORDINATOR),
            member(people["principal"], organiser, Role.PRINCIPAL, school),
            member(people["preschool_principal"], organiser, Role.PRINCIPAL, preschool),
            member(people["process_leader"], organiser, Role.PROCESS_LEADER, school),
            member(people["university_lead"], university, Role.UNIVERSITY_LEAD),
        ]
    )
    collaboration = factories.open_collaboration(
        agency=agency,
        organiser=organiser,
        university=university,
        units=[administration, school, preschool],
        assigned=[
            (people["process_supporter"], Role.PROCESS_SUPPORTER),
            (people["second_process_supporter"], Role.PROCESS_SUPPORTER),
            (people["team_leader"], Role.TEAM_LEADER),
            (people["education_leader"], Role.EDUCATION_LEADER),
        ],
        today=TODAY,
    )
    return Side(
        organiser=organiser,
        administration=administration,
        school=school,
        preschool=preschool,
        university=university,
        collaboration=collaboration,
        **people,
    )


NAMES = {
    "process_supporter": "Pia Processtödjare",
    "second_process_supporter": "Per Processtödjare",
    "head_of_authority": "Sara Skolchef",
    "coordinator": "Samir Samordnare",
    "principal": "Rut Rektor",
    "preschool_principal": "Rolf Rektor",
    "process_leader": "Petra Processledare",
    "university_lead": "Linda Lärosätesansvarig",
    "team_leader": "Ture Teamledare",
    "education_leader": "Ulla Utbildningsledare",
}


def staff(domain: str) -> list[User]:
    return [person(name, f"{role.replace('_', '.')}@{domain}") for role, name in NAMES.items()]


def person(name: str, email: str, *, is_active: bool = True) -> User:
    return User(name=name, email=email, is_active=is_active, password=hashed_password())


@cache
def hashed_password() -> str:
    """One for all: where hashing costs what it should, the cast would take ten seconds."""
    return make_password(PASSWORD)


def organisation(party: Party, name: str, number: str) -> Organisation:
    return Organisation(
        party=party,
        name=name,
        organisation_number=number,
        sort_key=sort_key(name),
        search_text=search_text([name]),
    )


def unit(organiser: Organisation, kind: str, name: str) -> Unit:
    last = "~" if kind == Unit.Kind.ADMINISTRATION else ""
    return Unit(
        organiser=organiser,
        kind=kind,
        name=name,
        sort_key=last + sort_key(name),
        search_text=search_text([name]),
    )


def member(
    user: User, organisation: Organisation, role: Role, unit: Unit | None = None
) -> Membership:
    return Membership(
        user=user, organisation=organisation, unit=unit, role=role, starts_on=LONG_AGO
    )


def give_every_role(user: User, agency: Organisation, side: Side) -> None:
    """Every role of this side that can be held by two at once."""
    Membership.objects.bulk_create(
        [
            member(user, agency, Role.AGENCY_MANAGER),
            member(user, side.organiser, Role.HEAD_OF_AUTHORITY),
            member(user, side.organiser, Role.COORDINATOR),
            member(user, side.organiser, Role.PRINCIPAL, side.school),
            member(user, side.organiser, Role.PROCESS_LEADER, side.school),
            member(user, side.university, Role.UNIVERSITY_LEAD),
        ]
    )
    Assignment.objects.bulk_create(
        Assignment(collaboration=side.collaboration, user=user, role=role, starts_on=LONG_AGO)
        for role in (Role.PROCESS_SUPPORTER, Role.EDUCATION_LEADER)
    )
