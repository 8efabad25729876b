"""Every address of the resolver, its door, and who is let in: a table for people to review.

A row stands for one address in one or several situations:

- ``own``: the people of the case; ``withdrawn``: the same once the school authority has withdrawn;
- ``draft``: the same people, and what one party has not shared yet;
- ``other-unit``: the principal and the process leader of another unit in the case;
- ``other-organiser``: the people of another school authority's case;
- ``stranger``: somebody who logs in and holds no role anywhere.

``read`` are those whom GET and HEAD let in, ``write`` those whom POST does, ``refused`` is what the
others are told. Nobody is let in by any other method, and who is not logged in is sent to log in.
"""

import csv
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.urls import URLPattern, URLResolver, get_resolver

from organisations.models import Party, Role

NO_DOOR = "none: nobody may come in"
# Doors that do not depend on who comes: packages bring their own, and public ones are open to all.
OPEN_DOORS = ("foreign", "public")
EVERYBODY = "everybody"


class Address(NamedTuple):
    name: str
    route: str
    door: str
    roles: tuple[Role, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.door in OPEN_DOORS


class Row(NamedTuple):
    """One line of the table; several situations, people or answers stand with spaces between."""

    address: str
    door: str
    situation: str = ""
    read: str = ""
    write: str = ""
    refused: str = ""


def addresses(
    resolver: URLResolver | None = None, namespace: str = "", route: str = ""
) -> Iterator[Address]:
    """Every pattern of the resolver, those of other packages included."""
    for pattern in (resolver or get_resolver()).url_patterns:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            view = pattern.callback
            may = getattr(view, "may", None)
            name = f"{namespace}{pattern.name or ''}"
            yield Address(name, whole, door_of(view), may.roles if may else ())
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, inner, whole)


def door_of(view: Any) -> str:
    if view.__module__.startswith(settings.FOREIGN_VIEWS):
        return "foreign"
    return getattr(view, "door", NO_DOOR)


def in_words(roles: Collection[str]) -> str:
    """``agency team_leader`` for both roles of the agency and one of the university."""
    if set(Role) <= set(roles):
        return EVERYBODY
    words: list[str] = []
    for party in Party:
        of_party = [role for role in Role if role.party == party]
        held = [role.value for role in of_party if role in roles]
        words += [party.value] if len(held) == len(of_party) else held
    return " ".join(words)


def from_words(words: str) -> set[str]:
    """The roles that ``in_words`` wrote; whoever is no role stands for themselves."""
    roles: set[str] = set()
    for word in words.split():
        if word == EVERYBODY:
            roles |= set(Role)
        elif word in Party.values:
            roles |= {role for role in Role if role.party == word}
        else:
            roles.add(word)
    return roles


def proposed(address: Address) -> list[Row]:
    """What the door alone says, for a person to correct: the view may ask for more."""
    head = (address.name, address.door)
    if address.is_open:
        return [Row(*head)]
    if "." not in address.door:
        # The view itself decides: nobody comes in until somebody has written down who may.
        return [Row(*head, "own stranger", "", "", "403")]
    whom = in_words(address.roles or tuple(Role))
    return [
        Row(*head, "own withdrawn", whom, whom, "403" if address.roles else ""),
        Row(*head, "other-organiser stranger", "", "", "404"),
    ]


def read_table(file: Path) -> list[Row]:
    with file.open(newline="") as lines:
        return [Row(**row) for row in csv.DictReader(lines)]


def brought_up_to_date(table: Iterable[Row]) -> Iterator[Row]:
    """The table with a proposal for each new address, and without those that are gone."""
    known: dict[str, list[Row]] = {}
    for row in table:
        known.setdefault(row.address, []).append(row)
    for address in addresses():
        if not address.route.startswith("admin/"):  # the support screens have doors of their own
            rows = known.get(address.name) or proposed(address)
            yield from (row._replace(door=address.door) for row in rows)


class Command(BaseCommand):
    help = "Writes every address, its door and who is let in, for people to review."
    requires_system_checks: list[str] = []  # it reads the code and nothing else

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--csv",
            nargs="?",
            type=Path,
            const=Path(),
            required=True,
            metavar="FILE",
            help="bring this table up to date; without a name, write a new one to the terminal",
        )

    def handle(self, **options: Any) -> None:
        file: Path = options["csv"]
        table = list(brought_up_to_date(read_table(file) if file.name else []))
        if not file.name:
            write_table(table, self.stdout)
            return
        with file.open("w", newline="") as lines:
            write_table(table, lines)


def write_table(table: Iterable[Row], lines: Any) -> None:
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows(table)
