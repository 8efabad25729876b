"""Who takes part, by function and number, as people write it: one function a line."""

import re
from collections.abc import Iterable, Sequence

# A function with its number, or None where nobody has counted: what JSON columns hold.
Headcount = tuple[str, int | None]

BETWEEN = " :,;–-•"
# The end of "lärare i årskurs 4–9" is no number of people, nor is that of "tjänst 0,5".
NUMBER_LAST = re.compile(
    rf"^(?P<function>.*?)[{BETWEEN}]*(?<![\w.–-])(?<!\d,)(?P<number>[0-9]{{1,4}})"
    r"(?: ?(?:st|personer))?$"
)
NUMBER_FIRST = re.compile(r"^(?P<number>[0-9]{1,4})(?: ?st\b)? (?P<function>[^\W\d].*)$")


def read_headcounts(text: str) -> list[Headcount]:
    """``lärare 24``, ``lärare: 24`` or ``24 lärare``, one a line; the number may be missing."""
    lines = (" ".join(line.split()).strip(BETWEEN) for line in text.splitlines())
    return [_read(line) for line in lines if line]


def _read(line: str) -> Headcount:
    for pattern in (NUMBER_FIRST, NUMBER_LAST):
        found = pattern.match(line)
        if found and (function := found["function"].strip(BETWEEN)):
            return function, int(found["number"])
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
