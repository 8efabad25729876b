"""What is missing in a report or contradicts itself, shown while it is written.

Where the form demands something it is a stop; where practice bends it is advice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from organisations.swedish import fold
from plans.models import Level
from reports.queries.content import Cell, Content, Line, Matrix, Part
from reports.richtext import items

Weight = Literal["stop", "contradiction", "advice"]
# Where nothing is to be said, nothing is missing.
MAY_BE_EMPTY = ("not_reached", "deviations")
ENOUGH_TO_COMPARE = 12  # characters: a shorter goal stands in other sentences by chance


@dataclass(frozen=True)
class Finding:
    """``stop``: the form demands it; ``contradiction``: two cells disagree; else advice.

    ``part`` is the key of the part in which it is mended, ``url`` the field there.
    """

    weight: Weight
    text: str
    row: str
    field: str
    part: str
    url: str


def anchor(field: str, row: str) -> str:
    return f"{field}-{row.replace('/', '-')}" if row else field


def findings(content: Content) -> list[Finding]:
    found = [
        Finding(
            weight,
            text,
            row,
            field,
            part.key,
            f"{content.url_of(part.key)}#id_{anchor(field, row)}",
        )
        for part, weight, text, field, row in _in_parts(content)
    ]
    order = {"stop": 0, "contradiction": 1, "advice": 2}
    return sorted(found, key=lambda finding: order[finding.weight])


Found = tuple[Weight, str, str, str]


def _in_parts(content: Content) -> Iterator[tuple[Part, Weight, str, str, str]]:
    matrices = {matrix.row: matrix for matrix in content.matrices}
    for part in content.parts:
        matrix = matrices.get(part.key)
        for found in _of_matrix(matrix) if matrix else _asked_once(part.lines):
            yield part, *found


def _asked_once(lines: list[Line]) -> Iterator[Found]:
    for line in lines:
        if line.cell.is_empty and line.field not in MAY_BE_EMPTY:
            weight: Weight = "stop" if line.demanded == "text" else "advice"
            text = _("“%(question)s” has no answer.") % {"question": line.short.rstrip(".")}
            yield weight, text, *line.cell.key


def _of_matrix(matrix: Matrix) -> Iterator[Found]:
    for line in matrix.lines:
        if line.is_about_goals:
            yield from _of_goals(matrix, line)
        elif line.cell.is_empty and line.field not in MAY_BE_EMPTY:
            weight: Weight = "stop" if line.demanded == "text" else "advice"
            text = _("%(insats)s: “%(question)s” has no answer.")
            name = {"insats": _name(matrix), "question": line.short.rstrip(".")}
            yield weight, text % name, *line.cell.key
    yield from _about_not_reached(matrix)


def _of_goals(matrix: Matrix, line: Line) -> Iterator[Found]:
    for cell in line.cells:
        name = {"goal": _goal(cell), "insats": _name(matrix)}
        if not cell.level:
            weight: Weight = "stop" if line.demanded == "level" else "advice"
            yield weight, _("%(insats)s, %(goal)s has no colour.") % name, *cell.key
        if cell.is_empty:
            text = _("%(insats)s, %(goal)s: the visible improvements are empty.") % name
            yield "advice", text, *cell.key


def _about_not_reached(matrix: Matrix) -> Iterator[Found]:
    goals, not_reached = matrix.line("improvements"), matrix.line("not_reached")
    if goals is None or not_reached is None:
        return
    said = not_reached.cell
    coloured = [cell for cell in goals.cells if cell.level]
    short_of = [cell for cell in coloured if cell.level != Level.ACHIEVED]
    name = {"insats": _name(matrix)}
    if short_of and said.is_empty:
        text = _("%(insats)s: a goal is not reached, and nothing says what that is due to.")
        yield "contradiction", text % name, *said.key
    for cell in coloured:
        if cell.level == Level.ACHIEVED and _is_named_in(cell.title, said.text):
            text = _("%(insats)s, %(goal)s is coloured reached and also listed as not reached.")
            yield "contradiction", text % {**name, "goal": _goal(cell)}, *cell.key


def _is_named_in(goal: str, text: str) -> bool:
    wanted = fold(goal).rstrip(" .")
    if len(wanted) < ENOUGH_TO_COMPARE:
        return False
    return any(wanted in fold(item) for item in items(text))


def _name(matrix: Matrix) -> str:
    return matrix.title or _("The insats")


def _goal(cell: Cell) -> str:
    if not cell.is_goal:
        return _("the goals")
    return _("goal %(number)s") % {"number": cell.row.partition("/")[2]}


@dataclass(frozen=True)
class Section:
    """A part of the report in the navigator, and how much of it is filled in."""

    key: str
    title: str
    url: str
    filled: int
    total: int
    stops: int

    @property
    def state(self) -> str:
        if self.stops or self.filled == 0:
            return "todo"
        return "done" if self.filled == self.total else "begun"


def sections(content: Content, found: list[Finding]) -> list[Section]:
    return [
        Section(
            part.key,
            part.title,
            content.url_of(part.key),
            filled=sum(_is_filled(cell, line) for line in part.lines for cell in line.cells),
            total=sum(len(line.cells) for line in part.lines),
            stops=sum(f.weight == "stop" and f.part == part.key for f in found),
        )
        for part in content.parts
    ]


def _is_filled(cell: Cell, line: Line) -> bool:
    if line.field in MAY_BE_EMPTY:
        return True
    return not cell.is_empty and (bool(cell.level) or not line.is_about_goals)
