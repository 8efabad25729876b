"""What a case file tells: who takes part, and the story (docs/case-files.md)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases import events
from cases.dates import Calendar
from cases.nodes import START, Mapping, Mistake, Node, Text, read_nodes
from cases.reading import Key, Reader, choice, short, unknown
from cases.vocabulary import Told
from organisations.models import UNIT_ROLES, Party, Role, Unit, validate_organisation_number

ROLE = re.compile(r"(?P<role>\S+)(?: of (?P<unit>\S+))? from (?P<start>.+?)(?: to (?P<end>.+))?")


@dataclass(frozen=True)
class OrganisationTold:
    node: Node
    party: Party
    name: str
    organisation_number: str
    municipality_code: str


@dataclass(frozen=True)
class UnitTold:
    node: Node
    name: str
    kind: Unit.Kind
    school_unit_code: str


@dataclass(frozen=True)
class RoleTold:
    node: Node
    role: Role
    unit: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class PersonTold:
    node: Node
    name: str
    email: str
    roles: list[RoleTold]


@dataclass(frozen=True)
class CaseFile:
    path: Path
    node: Mapping
    collaboration: dict[str, Any]
    organisations: dict[Party, OrganisationTold]
    units: dict[str, UnitTold]
    people: dict[str, PersonTold]
    story: list[Told]

    def name_of_part(self, part: str) -> Node:
        """Where a part of the file begins."""
        return next((name for name, _value in self.node.entries if name.value == part), self.node)


class Mistakes(Exception):  # noqa: N818 - a list for the editor of the file
    """Everything that is wrong in one file, in the order of its lines."""

    def __init__(self, path: Path, found: list[Mistake]) -> None:
        self.path = path
        self.found = sorted(found, key=lambda mistake: (mistake.node.line, mistake.node.column))
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        return [f"{self.path}:{m.node.line}:{m.node.column}: {m.message}" for m in self.found]


def read_case(path: Path, today: date) -> CaseFile:
    """Raises Mistakes with everything that does not fit the format."""
    reader = Reader(Calendar(today))
    try:
        case = _read(reader, path)
    except Mistake as mistake:
        reader.mistakes.append(mistake)
        case = None
    if reader.mistakes or case is None:
        raise Mistakes(path, reader.mistakes)
    return case


def _read(reader: Reader, path: Path) -> CaseFile:
    whole = read_nodes(path)
    parts = dict(_parts(reader, whole))
    collaboration = reader.attempt(_collaboration, parts["collaboration"])
    organisations = reader.attempt(_organisations, parts["organisations"])
    units = reader.attempt(_units, parts["units"]) or {}
    reader.units = frozenset(units)
    people = reader.attempt(_people, parts["people"]) or {}
    reader.people = frozenset(people)
    story = reader.attempt(_story, parts["story"])
    if collaboration and story:
        _refuse_before_opening(reader, collaboration.get("opened"), story)
    return CaseFile(path, whole, collaboration, organisations, units, people, story)


def _refuse_before_opening(reader: Reader, opened: datetime | None, story: list[Told]) -> None:
    reader.mistakes += [
        Mistake(told.node, _("This lies before the day on which the case is opened."))
        for told in story
        if opened and told.day < opened.date()
    ]


PARTS = ("collaboration", "organisations", "units", "people", "story")


def _parts(reader: Reader, whole: Mapping) -> list[tuple[str, Node]]:
    found = []
    for name, value in whole.entries:
        if name.value in PARTS:
            found.append((name.value, value))
        else:
            reader.mistakes.append(unknown(name, PARTS))
    for missing in set(PARTS) - {name for name, _value in found}:
        reader.mistakes.append(Mistake(START, _("%(name)s is missing.") % {"name": missing}))
    if len(found) < len(PARTS):
        raise Mistake(
            START, _("A case file has these parts: %(parts)s.") % {"parts": ", ".join(PARTS)}
        )
    return found


def _collaboration(reader: Reader, node: Node) -> dict[str, Any]:
    return reader.keys(
        node,
        Key("name", short(150), required=True),
        Key("opened", Reader.past, required=True),
        Key("selection_source", short(200), required=True),
        Key("contact_person", short(150), required=True),
        Key("cohort", short(20)),
        Key("reference", short(50)),
    )


def _organisations(reader: Reader, node: Node) -> dict[Party, OrganisationTold]:
    values = reader.keys(
        node,
        Key("agency", lambda r, n: _organisation(r, n, Party.AGENCY), required=True),
        Key("organiser", lambda r, n: _organisation(r, n, Party.ORGANISER), required=True),
        Key("university", lambda r, n: _organisation(r, n, Party.UNIVERSITY)),
    )
    return {Party(name): told for name, told in values.items() if told}


def _organisation(reader: Reader, node: Node, party: Party) -> OrganisationTold:
    """Its name alone, or with its numbers."""
    if isinstance(node, Text):
        return OrganisationTold(node, party, short(150)(reader, node), "", "")
    values = reader.keys(
        node,
        Key("name", short(150), required=True),
        Key("organisation_number", _organisation_number),
        Key("municipality_code", _digits(4)),
    )
    return OrganisationTold(
        node,
        party,
        values.get("name") or "",
        values.get("organisation_number") or "",
        values.get("municipality_code") or "",
    )


def _organisation_number(reader: Reader, node: Node) -> str:
    value = reader.text(node)
    try:
        validate_organisation_number(value)
    except ValidationError as error:
        raise Mistake(node, error.messages[0]) from error
    digits = value.replace("-", "")
    return f"{digits[:6]}-{digits[6:]}"


def _digits(count: int) -> Any:
    def read(reader: Reader, node: Node) -> str:
        value = reader.text(node)
        if not re.fullmatch(rf"\d{{{count}}}", value, re.ASCII):
            raise Mistake(node, _("Write %(count)s digits.") % {"count": count})
        return value

    return read


def _units(reader: Reader, node: Node) -> dict[str, UnitTold]:
    units = _named(reader, node, _unit)
    _refuse_twice(reader, units, lambda unit: unit.name)
    return units


def _named(reader: Reader, node: Node, read: Callable[[Reader, Node], Any]) -> dict[str, Any]:
    """What the file tells under short names of its own."""
    return {
        known: told
        for name, value in reader.named(node)
        if (known := reader.attempt(Reader.own_name, name))
        and (told := reader.attempt(read, value))
    }


def _refuse_twice(reader: Reader, told: dict[str, Any], name_of: Callable[[Any], str]) -> None:
    """A unit or a person under two short names is a slip of copying."""
    seen: set[str] = set()
    for each in told.values():
        name = name_of(each)
        if name and name in seen:
            reader.mistakes.append(
                Mistake(each.node, _("%(name)s stands here twice.") % {"name": name})
            )
        seen.add(name)


def _unit(reader: Reader, node: Node) -> UnitTold:
    values = reader.keys(
        node,
        Key("name", short(150), required=True),
        Key("kind", choice(Unit.Kind), required=True),
        Key("school_unit_code", _digits(8)),
    )
    return UnitTold(
        node,
        values.get("name") or "",
        values.get("kind") or Unit.Kind.COMPULSORY,
        values.get("school_unit_code") or "",
    )


def _people(reader: Reader, node: Node) -> dict[str, PersonTold]:
    people = _named(reader, node, _person)
    _refuse_twice(reader, people, lambda person: person.email)
    return people


def _person(reader: Reader, node: Node) -> PersonTold:
    values = reader.keys(
        node,
        Key("name", short(150), required=True),
        Key("email", Reader.email, required=True),
        Key("roles", _roles, required=True),
    )
    return PersonTold(
        node, values.get("name") or "", values.get("email") or "", values.get("roles") or []
    )


def _roles(reader: Reader, node: Node) -> list[RoleTold]:
    return [told for item in reader.items(node) if (told := reader.attempt(_role, item))]


def _role(reader: Reader, node: Node) -> RoleTold:
    """``principal of karby from 2018-08-06 to 2021-06-30``."""
    found = ROLE.fullmatch(reader.text(node))
    if not found:
        raise Mistake(node, _("Write such as: principal of UNIT from 2018-08-06 to 2021-06-30."))
    role = choice(Role)(reader, Text(node.line, node.column, found["role"]))
    unit = found["unit"] or ""
    if (role in UNIT_ROLES) != bool(unit):
        raise Mistake(
            node,
            _("%(role)s is held in a unit: write of UNIT.") % {"role": role.value}
            if role in UNIT_ROLES
            else _("%(role)s is not held in a unit.") % {"role": role.value},
        )
    if unit:
        reader.one_unit(Text(node.line, node.column, unit))
    starts_on = reader.day(Text(node.line, node.column, found["start"]))
    ends_on = reader.day(Text(node.line, node.column, found["end"])) if found["end"] else None
    if ends_on and ends_on < starts_on:
        raise Mistake(node, _("The role ends before it begins."))
    return RoleTold(node, role, unit, starts_on, ends_on)


def _story(reader: Reader, node: Node) -> list[Told]:
    return [told for item in reader.items(node) if (told := reader.attempt(_event, item))]


def _event(reader: Reader, node: Node) -> Told:
    """A mapping that begins with the date and the event; the rest are the event's own keys."""
    if not isinstance(node, Mapping) or not node.entries:
        raise Mistake(node, _("An event begins with its date, such as - 2019-05-14: adopt plan."))
    (when, what), *rest = node.entries
    if when.value in events.EVENTS:
        raise Mistake(when, _("The date comes first, such as - 2019-05-14: adopt plan."))
    name = reader.text(what)
    kind = events.EVENTS.get(name)
    if kind is None:
        raise unknown(what, events.EVENTS)
    moment = reader.moment(when) if kind.may_lie_ahead else reader.past(when)
    values = reader.keys(Mapping(when.line, when.column, rest), *kind.all_keys)
    return Told(when, kind, moment, values)
