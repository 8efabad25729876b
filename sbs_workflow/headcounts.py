"""Who takes part, by function and number, as people write it: one function a line."""

import re
from collections.abc import Iterable, Sequence

# A function with its number, or None where nobody has counted: what JSON columns hold.
Headcount = tuple[str, int | None]

NUMBER_LAST = re.compile(
    r"^(?P<function>.*?)[\s:,;–-]*\b(?P<number>\d{1,4})(?:\s*(?:st|personer))?$"
)
NUMBER_FIRST = re.compile(r"^(?P<number>\d{1,4})\s*(?:st\b)?\s*(?P<function>.+)$")


def read_headcounts(text: str) -> list[Headcount]:
    """``lärare 24``, ``lärare: 24`` or ``24 lärare``, one a line; the number may be missing."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [_read(line) for line in lines if line]


def _read(line: str) -> Headcount:
    for pattern in (NUMBER_FIRST, NUMBER_LAST):
        found = pattern.match(line)
        if found and found["function"].strip(" :,;–-"):
            return found["function"].strip(" :,;–-"), int(found["number"])
    return line, None


def as_lines(headcounts: Iterable[Sequence[object]]) -> str:
    """As they are written in a form."""
    return "\n".join(_in_words(function, number, ": ") for function, number in headcounts)


def in_words(headcounts: Iterable[Sequence[object]]) -> str:
    """As they are read: ``lärare 24, rektor 1``."""
    return ", ".join(_in_words(function, number, " ") for function, number in headcounts)


def _in_words(function: object, number: object, between: str) -> str:
    return str(function) if number is None else f"{function}{between}{number}"


def total(headcounts: Iterable[Sequence[object]]) -> int:
    """How many people, as far as they are counted."""
    return sum(number for _function, number in headcounts if isinstance(number, int))
