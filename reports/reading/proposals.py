"""What a file would change in a stored report, cell by cell, for a person to take or leave."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from organisations.swedish import fold
from reports.queries import Cell, Content, Line, Matrix
from reports.reading.understanding import Guess, ReadGoal, ReadInsats, Understanding
from reports.richtext import Block, Run, plain, read, write
from sbs_workflow.differences import Piece, word_difference

MARK = re.compile(r"^_tp_(?P<field>[a-z_]+?)(?:_(?P<insats>\d+))?(?:_(?P<goal>\d+))?$")
SAME_NAME = 0.75


@dataclass(frozen=True)
class Proposal(Guess):
    """A cell that the file says something else about than is stored."""

    cell: Cell
    insats: str
    label: str
    text: str
    level: str
    confidence: float

    @property
    def key(self) -> tuple[str, str]:
        return self.cell.key

    @property
    def pieces(self) -> list[Piece]:
        return word_difference(plain(self.cell.text), plain(self.text))

    @property
    def is_new(self) -> bool:
        return self.cell.is_empty

    @property
    def changes_level(self) -> bool:
        return bool(self.level) and self.level != self.cell.level


@dataclass(frozen=True)
class Comparison:
    proposals: list[Proposal]
    unplaced: list[str]
    warnings: list[str]
    alike: int  # cells that say the same in both


def compare(content: Content, found: Understanding) -> Comparison:
    comparer = _Comparer(content, found)
    return comparer.comparison()


class _Comparer:
    def __init__(self, content: Content, found: Understanding) -> None:
        self.content, self.found = content, found
        self.unplaced = list(found.unplaced)
        self.warnings = list(found.warnings)
        self.alike = 0

    def comparison(self) -> Comparison:
        if self.found.identifier and self.found.identifier != self.content.report:
            self.warnings.insert(0, _("The file was written for another report than this one."))
        proposals = list(self._proposals())
        return Comparison(proposals, self.unplaced, self.warnings, self.alike)

    def _proposals(self) -> Iterator[Proposal]:
        left = list(self.content.matrices)
        for insats in self.found.interventions:
            matrix, confidence = self._matrix_of(insats, left)
            if matrix is None:
                name = insats.name or _("An insats without a name")
                words = [plain(cell.markdown) for cell in insats.cells.values()]
                self.unplaced.append("\n".join(filter(None, (name, *words))))
                continue
            left.remove(matrix)
            yield from self._of_matrix(matrix, insats, confidence)
        for line in self.content.once:
            if read_cell := self.found.once.get(line.field):
                yield from self._proposal(
                    line.cell, "", line, read_cell.markdown, "", read_cell.confidence
                )

    def _matrix_of(self, insats: ReadInsats, left: list[Matrix]) -> tuple[Matrix | None, float]:
        """By the marks of our own file, or else by number or name; and how sure that is."""
        rows = Counter(
            found["insats"]
            for cell in insats.cells.values()
            for mark in cell.marks
            if (found := MARK.match(mark)) and found["insats"]
        )
        by_row = {matrix.row: matrix for matrix in left}
        for row, _times in rows.most_common(1):
            if row in by_row:
                return by_row[row], 1.0
        if not left:
            return None, 0
        likeness = {matrix.row: _likeness(insats.name, matrix.title) for matrix in left}
        best = max(left, key=lambda matrix: likeness[matrix.row])
        if likeness[best.row] >= SAME_NAME:
            return best, max(0.9, likeness[best.row])
        if insats.number is not None and str(insats.number) in by_row:
            return by_row[str(insats.number)], 0.8
        if len(left) == 1 and len(self.found.interventions) == 1:
            return left[0], 0.6
        return None, 0

    def _of_matrix(
        self, matrix: Matrix, insats: ReadInsats, confidence: float
    ) -> Iterator[Proposal]:
        for line in matrix.lines:
            read_cell = insats.cells.get(line.field)
            if read_cell is None:
                continue
            sure = confidence * read_cell.confidence
            if line.is_about_goals:
                yield from self._of_goals(matrix, line, insats.goals, sure)
            else:
                is_name = line.field == "participants"
                text = insats.participants if is_name else read_cell.markdown
                yield from self._proposal(line.cell, matrix.title, line, text, "", sure)
        for field in insats.cells.keys() - {line.field for line in matrix.lines}:
            self.unplaced.append(plain(insats.markdown(field)))

    def _of_goals(
        self, matrix: Matrix, line: Line, goals: list[ReadGoal], sure: float
    ) -> Iterator[Proposal]:
        if not line.cell.is_goal:
            yield from self._proposal(
                line.cell, matrix.title, line, _together(goals), _only_level(goals), sure
            )
            return
        left = list(line.cells)
        keeps_order = len(goals) == len(line.cells)
        for goal in goals:
            cell, likeness = _cell_of(goal, left, keeps_order=keeps_order)
            if cell is None:
                said = (goal.text, plain(goal.markdown))
                if any(said):
                    self.unplaced.append("\n".join(filter(None, said)))
                continue
            left.remove(cell)
            yield from self._proposal(
                cell, matrix.title, line, goal.markdown, goal.rating, sure * likeness
            )

    def _proposal(
        self, cell: Cell, insats: str, line: Line, text: str, level: str, confidence: float
    ) -> Iterator[Proposal]:
        text = write(read(text))
        same = text == write(read(cell.text)) and level in ("", cell.level)
        if same or (not text and not level and cell.is_empty):
            self.alike += 1
            return
        label = cell.title or line.short
        yield Proposal(cell, insats, label, text, level, round(confidence, 2))


def _likeness(name: str, title: str) -> float:
    if not name or not title:
        return 0
    return SequenceMatcher(None, fold(name), fold(title), autojunk=False).ratio()


def _cell_of(goal: ReadGoal, left: list[Cell], *, keeps_order: bool) -> tuple[Cell | None, float]:
    if found := MARK.match(goal.mark):
        for cell in left:
            if cell.row == f"{found['insats']}/{found['goal']}":
                return cell, 1.0
    likeness = {cell.row: _likeness(goal.text, cell.title) for cell in left}
    best = max(left, key=lambda cell: likeness[cell.row], default=None)
    if best is not None and likeness[best.row] >= 0.6:
        return best, max(goal.confidence * likeness[best.row], 0.5)
    # As many goals in the file as in the report: those that are left come in the same order.
    return (left[0], 0.5) if left and keeps_order else (None, 0)


def _together(goals: list[ReadGoal]) -> str:
    """Where the report knows no goals: each goal in bold, and what is said of it."""
    blocks: list[Block] = []
    for goal in goals:
        if goal.text:
            blocks.append(Block("paragraph", (Run(goal.text, bold=True),)))
        blocks += goal.improvements
    return write(blocks)


def _only_level(goals: list[ReadGoal]) -> str:
    levels = {goal.rating for goal in goals}
    return levels.pop() if len(levels) == 1 else ""
