"""Who takes part in the made-up cases: organisations, units and people (domain.md 5.2)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from cases.bulk.rows import Rows
from organisations.models import Membership, Organisation, Party, Role, Unit, User
from organisations.swedish import search_text, sort_key

DOMAIN = "load.demo"
MANAGER = f"load.manager@{DOMAIN}"
CASES_OF_A_SUPPORTER = 4  # assumed: domain.md 5.1
SINCE = timedelta(days=2_500)

UNIVERSITIES = (
    "Göteborgs universitet",
    "Högskolan Dalarna",
    "Karlstads universitet",
    "Linnéuniversitetet",
    "Mittuniversitetet",
    "Stockholms universitet",
    "Umeå universitet",
    "Uppsala universitet",
)
# fmt: off
STEMS = (
    "Ask", "Björk", "Dal", "Ek", "Fors", "Gran", "Hav", "Is", "Järn", "Kvarn", "Lind", "Mör",
    "Norr", "Ols", "Prost", "Rå", "Sjö", "Tall", "Ulv", "Vall", "Åkers", "Ålands", "Älv",
    "Ängs", "Öster", "Örn",
)
ENDINGS = (
    "arp", "berga", "by", "dala", "fjärd", "hult", "inge", "köping", "lösa", "mark", "näs",
    "ryd", "sund", "torp", "vik", "ånger", "åsa", "ö",
)
GIVEN = (
    "Ali", "Anna", "Åke", "Åsa", "Björn", "Cecilia", "Daniel", "Elif", "Erik", "Fatima",
    "Göran", "Hanna", "Ingrid", "Jonas", "Karin", "Lars", "Maja", "Märta", "Nils", "Olof",
    "Per", "Petra", "Sara", "Sören", "Tove", "Ulf", "Ylva", "Örjan",
)
FAMILY = (
    "Ahlström", "Björk", "Dahlgren", "Ek", "Forsberg", "Grön", "Håkansson", "Isaksson",
    "Jönsson", "Karlsson", "Lindqvist", "Moberg", "Nyström", "Öberg", "Persson", "Rönn",
    "Sjögren", "Törn", "Ulvsson", "Vikström", "Wåhlin", "Åberg", "Ödman",
)
SCHOOLS = (
    "Backa", "Dam", "Gärdes", "Hammar", "Kyrk", "Lund", "Nybygg", "Parkt", "Ring", "Skogs",
    "Väst", "Ängs", "Örn", "Ås",
)
# fmt: on
SHARES = (2, 2, 2, 3, 3, 3, 3, 4, 4, 7)  # units of a huvudman: 3.3 on average


@dataclass(frozen=True)
class Team:
    """The agency's pair and the university's two, who have four cases."""

    supporters: tuple[User, User]
    team_leader: User
    education_leader: User
    university: Organisation


@dataclass(frozen=True)
class Case:
    """What a case is made of before anything has happened."""

    number: int
    agency: Organisation
    organiser: Organisation
    team: Team
    units: list[Unit]
    head: User
    coordinator: User
    principals: dict[Any, User]


class World:
    """Makes people as they are needed; the first of each role has an address easy to remember."""

    def __init__(self, rows: Rows, today: date) -> None:
        self.rows = rows
        self.since = today - SINCE
        # Nobody of them can log in with a password.
        self.no_password = make_password(None)
        self.agency = self._organisation(Party.AGENCY, "Skolverket")
        self.universities = [self._organisation(Party.UNIVERSITY, name) for name in UNIVERSITIES]
        self._member(self._person("load.manager"), self.agency, Role.AGENCY_MANAGER)
        for number, university in enumerate(self.universities):
            lead = self._person(_address("universitylead", number))
            self._member(lead, university, Role.UNIVERSITY_LEAD)
        self._team: Team | None = None

    def open_case(self, number: int) -> Case:
        if self._team is None or number % CASES_OF_A_SUPPORTER == 0:
            self._team = self._new_team(number // CASES_OF_A_SUPPORTER)
        random = self.rows.random
        town = f"{random.choice(STEMS)}{random.choice(ENDINGS)}"
        organiser = self._new_organisation(Party.ORGANISER, f"{town} kommun {number + 1}")
        units = self._units(organiser, random.choice(SHARES))
        head = self._person(_address("head", number))
        self._member(head, organiser, Role.HEAD_OF_AUTHORITY)
        coordinator = self._person(_address("coordinator", number))
        self._member(coordinator, organiser, Role.COORDINATOR)
        principals = {}
        for index, unit in enumerate(units[:-1]):
            suffix = f"-{index}" if index else ""
            principals[unit.pk] = self._person(_address("principal", number) + suffix)
            self._member(principals[unit.pk], organiser, Role.PRINCIPAL, unit)
            leader = self._person(_address("processleader", number) + suffix)
            self._member(leader, organiser, Role.PROCESS_LEADER, unit)
        return Case(
            number, self.agency, organiser, self._team, units, head, coordinator, principals
        )

    def _new_team(self, number: int) -> Team:
        return Team(
            (
                self._person(_address("supporter", number)),
                self._person(_address("secondsupporter", number)),
            ),
            self._person(_address("teamleader", number)),
            self._person(_address("educationleader", number)),
            self.universities[number % len(self.universities)],
        )

    def _units(self, organiser: Organisation, share: int) -> list[Unit]:
        """Schools and preschools, and the administration last."""
        random = self.rows.random
        units = []
        for name in random.sample(SCHOOLS, share):
            if random.random() < 0.4:
                units.append(self._unit(organiser, Unit.Kind.PRESCHOOL, f"{name}ängens förskola"))
            else:
                units.append(self._unit(organiser, Unit.Kind.COMPULSORY, f"{name}skolan"))
        administration = Unit.Kind.ADMINISTRATION
        return [*units, self._unit(organiser, administration, "Utbildningsförvaltningen")]

    def _unit(self, organiser: Organisation, kind: Unit.Kind, name: str) -> Unit:
        last = "~" if kind == Unit.Kind.ADMINISTRATION else ""
        return self.rows.add(
            Unit,
            organiser=organiser,
            kind=kind,
            name=name,
            sort_key=last + sort_key(name),
            search_text=search_text([name]),
        )

    def _organisation(self, party: Party, name: str) -> Organisation:
        known = Organisation.objects.filter(name=name).first()
        return known or self._new_organisation(party, name)

    def _new_organisation(self, party: Party, name: str) -> Organisation:
        return self.rows.add(
            Organisation,
            party=party,
            name=name,
            sort_key=sort_key(name),
            search_text=search_text([name]),
        )

    def _person(self, address: str) -> User:
        random = self.rows.random
        return self.rows.add(
            User,
            email=f"{address}@{DOMAIN}",
            name=f"{random.choice(GIVEN)} {random.choice(FAMILY)}",
            password=self.no_password,
        )

    def _member(
        self, user: User, organisation: Organisation, role: Role, unit: Unit | None = None
    ) -> None:
        self.rows.add(
            Membership,
            user=user,
            organisation=organisation,
            unit=unit,
            role=role,
            starts_on=self.since,
        )


def _address(role: str, number: int) -> str:
    return f"load.{role}" if number == 0 else f"load.{role}.{number}"
