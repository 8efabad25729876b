"""Reading values out of the nodes of a case file, and remembering every mistake on the way."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from cases.dates import Calendar
from cases.nodes import Mapping, Mistake, Node, Sequence, Text
from organisations.prose import PROSE_LENGTH, personal_number_in, tidy

ALL = "all"
# RFC 5321 4.5.3.1, and our own column.
LONGEST_ADDRESS = 254
OWN_NAME = re.compile(r"[^\s,]+")


@dataclass(frozen=True)
class Key:
    """A name that may stand in a mapping, and how its value is read."""

    name: str
    read: "Callable[[Reader, Node], Any]"
    required: bool = False


@dataclass
class Reader:
    """Reads one file; ``mistakes`` grows, so that all of them can be shown at once."""

    calendar: Calendar
    mistakes: list[Mistake] = field(default_factory=list)
    units: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()

    def attempt(self, read: "Callable[[Reader, Node], Any]", node: Node) -> Any:
        """The value, or None after noting why there is none."""
        try:
            return read(self, node)
        except Mistake as mistake:
            self.mistakes.append(mistake)
            return None

    def keys(self, node: Node, *allowed: Key) -> dict[str, Any]:
        """The values of a mapping by name; what is unknown or missing is noted."""
        if not isinstance(node, Mapping):
            raise Mistake(node, _("Here names with values are expected."))
        known = {key.name: key for key in allowed}
        values = {}
        for name, value in node.entries:
            if key := known.get(name.value):
                values[key.name] = self.attempt(key.read, value)
            else:
                self.mistakes.append(unknown(name, known))
        for key in allowed:
            if key.required and key.name not in values:
                self.mistakes.append(Mistake(node, _("%(name)s is missing.") % {"name": key.name}))
        return values

    def named(self, node: Node) -> list[tuple[Text, Node]]:
        """The entries of a mapping whose names the file itself chooses."""
        if not isinstance(node, Mapping):
            raise Mistake(node, _("Here names with values are expected."))
        return node.entries

    def own_name(self, node: Node) -> str:
        """A short name that the file chooses, to be written wherever it is meant."""
        name = node.value if isinstance(node, Text) else ""
        if name == ALL or not OWN_NAME.fullmatch(name):
            raise Mistake(node, _("Choose another short name: one word, and not all."))
        return name

    def items(self, node: Node) -> list[Node]:
        """The items of a list; a single value counts as a list of one."""
        return node.items if isinstance(node, Sequence) else [node]

    def each(self, node: Node, read: "Callable[[Reader, Node], Any]") -> list[Any]:
        """Every item of a list as ``read`` reads it."""
        return [self.attempt(read, item) for item in self.items(node)]

    def text(self, node: Node) -> str:
        if not isinstance(node, Text):
            raise Mistake(node, _("Here a text is expected."))
        value = tidy(node.value)
        if not value:
            raise Mistake(node, _("Here a value is missing."))
        if len(value) > PROSE_LENGTH:
            raise Mistake(
                node, _("Write at most %(length)s characters.") % {"length": PROSE_LENGTH}
            )
        if number := personal_number_in(value):
            raise Mistake(
                node,
                _("Write no personal identity numbers here: remove %(number)s.")
                % {"number": number},
            )
        return value

    def moment(self, node: Node) -> datetime:
        try:
            return self.calendar.moment(self.text(node))
        except ValueError as error:
            raise Mistake(
                node,
                _("This is no date. Write such as 2019-05-14, today-3w or month-1 day 12."),
            ) from error

    def past(self, node: Node) -> datetime:
        moment = self.moment(node)
        if moment.date() > self.calendar.today:
            raise Mistake(node, _("This lies after the day of loading and cannot have happened."))
        return moment

    def day(self, node: Node) -> date:
        return self.moment(node).date()

    def past_day(self, node: Node) -> date:
        return self.past(node).date()

    def number(self, node: Node) -> int:
        value = self.text(node)
        if not value.isdecimal() or len(value) > 4:
            raise Mistake(node, _("Write a whole number."))
        return int(value)

    def numbers(self, node: Node) -> list[int] | str:
        if isinstance(node, Text) and node.value == ALL:
            return ALL
        return [self.number(item) for item in self.items(node)]

    def money(self, node: Node) -> Decimal:
        try:
            amount = Decimal(self.text(node).replace(" ", "").replace(",", "."))
        except InvalidOperation as error:
            raise Mistake(node, _("Write an amount in kronor, such as 1 450 000.")) from error
        if not amount.is_finite() or not 0 <= amount < 10**10:
            raise Mistake(node, _("Write an amount in kronor, such as 1 450 000."))
        return amount

    def email(self, node: Node) -> str:
        address = short(LONGEST_ADDRESS)(self, node).lower()
        try:
            validate_email(address)
        except ValidationError as error:
            raise Mistake(node, _("This is no e-mail address.")) from error
        return address

    def yes_or_no(self, node: Node) -> bool:
        value = self.text(node)
        if value not in ("yes", "no"):
            raise Mistake(node, _("Write yes or no."))
        return value == "yes"

    def one_unit(self, node: Node) -> str:
        return self._one_of(node, self.units)

    def unit_keys(self, node: Node) -> list[str]:
        """The names of units; ``all`` is every unit of the file."""
        if isinstance(node, Text) and node.value == ALL:
            return sorted(self.units)
        return [self.one_unit(item) for item in self.items(node)]

    def person(self, node: Node) -> str:
        return self._one_of(node, self.people)

    def persons(self, node: Node) -> list[str]:
        return [self.person(item) for item in self.items(node)]

    def _one_of(self, node: Node, known: frozenset[str]) -> str:
        value = self.text(node)
        if value not in known:
            raise unknown(node, known)
        return value


def for_units(read: Callable[[Reader, Node], Any]) -> Callable[[Reader, Node], Any]:
    """Reads one value for all, or a mapping with one for each unit."""

    def read_all(reader: Reader, node: Node) -> Any:
        return each_unit(read)(reader, node) if isinstance(node, Mapping) else read(reader, node)

    return read_all


def each_unit(read: Callable[[Reader, Node], Any]) -> Callable[[Reader, Node], Any]:
    """Reads a mapping with a value for each unit that it names."""

    def read_each(reader: Reader, node: Node) -> dict[str, Any]:
        named = reader.named(node)
        return {reader.one_unit(name): reader.attempt(read, value) for name, value in named}

    return read_each


def list_of(read: Callable[[Reader, Node], Any]) -> Callable[[Reader, Node], list[Any]]:
    """Reads a list whose items ``read`` reads."""
    return lambda reader, node: reader.each(node, read)


def choice(choices: type[TextChoices]) -> Callable[[Reader, Node], Any]:
    """Reads one of the values of ``choices``."""

    def read(reader: Reader, node: Node) -> Any:
        value = reader.text(node)
        if value not in choices.values:
            raise unknown(node, choices.values)
        return choices(value)

    return read


def short(length: int) -> Callable[[Reader, Node], str]:
    """Reads a text of at most so many characters, as one line."""

    def read(reader: Reader, node: Node) -> str:
        value = " ".join(reader.text(node).split())
        if len(value) > length:
            raise Mistake(node, _("Write at most %(length)s characters.") % {"length": length})
        return value

    return read


def whole_number(least: int, most: int) -> Callable[[Reader, Node], int]:
    """Reads a number from ``least`` to ``most``."""

    def read(reader: Reader, node: Node) -> int:
        number = reader.number(node)
        if not least <= number <= most:
            raise Mistake(
                node,
                _("Write a number from %(least)s to %(most)s.") % {"least": least, "most": most},
            )
        return number

    return read


def unknown(node: Node, known: Iterable[str]) -> Mistake:
    """What stands there is none of ``known``; the nearest one is suggested."""
    value = node.value if isinstance(node, Text) else ""
    candidates = sorted(known)
    if near := get_close_matches(value, candidates, n=1):
        return Mistake(
            node,
            _("%(name)s is unknown. Do you mean %(near)s?") % {"name": value, "near": near[0]},
        )
    return Mistake(
        node,
        _("%(name)s is unknown. These are known: %(known)s.")
        % {"name": value, "known": ", ".join(candidates)},
    )
