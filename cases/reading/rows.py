"""What an event lists: rows with numbers, and references to problems, causes and goals of units.

Each remembers where it stands, so that a mistake is told with its own line.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cases.nodes import Mistake, Node, Text
from cases.reading.values import Key, Reader, whole_number
from sbs_workflow.headcounts import Headcount, read_headcounts

REFERENCE = re.compile(r"(?P<unit>\S+) (?P<number>\d{1,3})(?:\.(?P<cause>\d{1,3}))?", re.ASCII)
DAYS = re.compile(r"\d{1,2}(\.\d)?", re.ASCII)
MOST_DAYS = 31  # of support in a month
NUMBER = whole_number(1, 999)


@dataclass(frozen=True)
class Row:
    """One of several things that an event lists, such as a goal, and where it stands.

    With its ``number`` it changes the one that has it; without, it is a new one.
    """

    node: Node
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


@dataclass(frozen=True)
class Reference:
    """A problem or goal of a unit, ``karby 1``, or a cause of a problem, ``karby 1.2``."""

    node: Node
    unit: str
    number: int
    cause: int = 0


def read_row(reader: Reader, node: Node, *allowed: Key, new: Iterable[str] = ()) -> Row:
    """A row; ``new`` are the keys that it needs where it has no number."""
    values = reader.keys(node, Key("number", NUMBER), *allowed)
    if "number" not in values:
        reader.mistakes += [
            Mistake(node, _("%(name)s is missing.") % {"name": name})
            for name in new
            if name not in values
        ]
    return Row(node, values)


def read_numbered(reader: Reader, node: Node) -> Reference:
    """A problem or a goal."""
    found = REFERENCE.fullmatch(reader.text(node))
    if not found or found["cause"]:
        raise Mistake(node, _("Write a unit and a number, such as karby 1."))
    return _reference(reader, node, found)


def read_cause(reader: Reader, node: Node) -> Reference:
    found = REFERENCE.fullmatch(reader.text(node))
    if not found or not found["cause"]:
        raise Mistake(node, _("Write a unit, a problem and its cause, such as karby 1.2."))
    return _reference(reader, node, found)


def _reference(reader: Reader, node: Node, found: re.Match[str]) -> Reference:
    unit = reader.one_unit(Text(node.line, node.column, found["unit"]))
    return Reference(node, unit, int(found["number"]), int(found["cause"] or 0))


def read_lines(reader: Reader, node: Node) -> str:
    """Short texts, as one text with a line for each."""
    return "\n".join(reader.text(item) for item in reader.items(node))


def read_people(reader: Reader, node: Node) -> list[Headcount]:
    """Functions with their numbers, such as ``[lärare 24, rektor 1]``."""
    return read_headcounts(read_lines(reader, node))


def read_days(reader: Reader, node: Node) -> dict[date, Decimal]:
    """The days of each month, such as ``{2019-09..2020-12: 1, 2021-01: 0.5}``."""
    days: dict[date, Decimal] = {}
    for name, value in reader.named(node):
        months = _months(reader, name)
        if twice := days.keys() & set(months):
            raise Mistake(name, _("%(name)s stands here twice.") % {"name": f"{min(twice):%Y-%m}"})
        days |= dict.fromkeys(months, _number_of_days(reader, value))
    return days


def _months(reader: Reader, name: Text) -> list[date]:
    try:
        return reader.calendar.months(name.value)
    except ValueError as error:
        raise Mistake(
            name, _("This is no month. Write such as 2019-09, month+1 or 2019-09..2021-06.")
        ) from error


def _number_of_days(reader: Reader, node: Node) -> Decimal:
    value = reader.text(node).replace(",", ".")
    if not DAYS.fullmatch(value) or Decimal(value) > MOST_DAYS:
        raise Mistake(node, _("Write a number of days, such as 1 or 0.5."))
    return Decimal(value)


def refuse_end_before_start(values: dict[str, Any], node: Node) -> None:
    """Raises Mistake where ``to`` lies before ``from``."""
    if values.get("from") and values.get("to") and values["to"] < values["from"]:
        raise Mistake(node, _("The end must come after the start."))
