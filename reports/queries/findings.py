"""What is missing in a report or contradicts itself, shown while it is written.

Where the form demands something it is a stop; where practice bends it is advice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _

from organisations.swedish import fold
from plans.models import Level
from reports.queries.content import Cell, Content, Line, Matrix
from reports.richtext import items

Weight = Literal["stop", "contradiction", "advice"]
ENOUGH_TO_COMPARE = 12  # characters: a shorter goal stands in other sentences by chance


@dataclass(frozen=True)
class Finding:
    """``stop``: the form demands it; ``contradiction``: two cells disagree; else advice."""

    weight: Weight
    text: str
    report: str
    row: str
    field: str

    @property
    def url(self) -> str:
        """The field in which it is mended."""
        section = self.row.partition("/")[0] or WHOLE
        page = reverse("reports:write", args=[self.report, section])
        return f"{page}#id_{anchor(self.field, self.row)}"


WHOLE = "ovrigt"  # the section of the questions that are asked once


def anchor(field: str, row: str) -> str:
    return f"{field}-{row.replace('/', '-')}" if row else field


def findings(content: Content) -> list[Finding]:
    found = [
        Finding(weight, text, content.report, row, field)
        for matrix in content.matrices
        for weight, text, field, row in _of_matrix(matrix)
    ]
    found += [
        Finding(
            "advice",
            _("%(question)s is empty.") % {"question": line.short},
            content.report,
            "",
            line.field,
        )
        for line in content.once
        if line.cell.is_empty and line.field != "deviations"
    ]
    order = {"stop": 0, "contradiction": 1, "advice": 2}
    return sorted(found, key=lambda finding: order[finding.weight])


Found = tuple[Weight, str, str, str]


def _of_matrix(matrix: Matrix) -> Iterator[Found]:
    for line in matrix.lines:
        if line.is_about_goals:
            yield from _of_goals(matrix, line)
        elif line.cell.is_empty and line.field != "not_reached":
            weight: Weight = "stop" if line.demanded == "text" else "advice"
            text = _("%(insats)s: %(question)s is empty.")
            yield weight, text % {"insats": _name(matrix), "question": line.short}, *line.cell.key
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
    """A part of the report in the navigator: an insats, or what is asked once."""

    key: str
    title: str
    filled: int
    total: int
    stops: int

    @property
    def state(self) -> str:
        if self.stops or self.filled == 0:
            return "todo"
        return "done" if self.filled == self.total else "begun"


def sections(content: Content, found: list[Finding]) -> list[Section]:
    """The parts with how much of each is filled in."""
    parts = [
        (matrix.row, matrix.title or _("The insats"), list(matrix.lines))
        for matrix in content.matrices
    ]
    if content.once:
        parts.append((WHOLE, _("For the whole report"), content.once))
    return [
        Section(
            key,
            title,
            filled=sum(_is_filled(cell, line) for line in lines for cell in line.cells),
            total=sum(len(line.cells) for line in lines),
            stops=sum(
                f.weight == "stop" and (f.row.partition("/")[0] or WHOLE) == key for f in found
            ),
        )
        for key, title, lines in parts
    ]


def _is_filled(cell: Cell, line: Line) -> bool:
    if line.field in ("not_reached", "deviations"):
        return True  # may be empty where nothing is to be said
    return not cell.is_empty and (bool(cell.level) or not line.is_about_goals)
