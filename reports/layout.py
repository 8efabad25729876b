"""A document as one tree, which the page, the Word file and the PDF are all made from.

What the preview shows is what the files hold, since none of them knows more than this tree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.blanks import Form
from reports.queries import Cell, Content, Facts, Line, Matrix
from reports.richtext import Block, Run, Style, grouped, read


@dataclass(frozen=True)
class Answered:
    """One answer in a cell: the goal it is about with its colour, and the words, or a gap.

    ``mark`` finds the answer again in a file that somebody has edited.
    """

    mark: str = ""
    title: str = ""
    level: str = ""
    level_label: str = ""
    blocks: list[Block] = field(default_factory=list)
    gap: str = ""

    @property
    def groups(self) -> list[tuple[Style, list[Block]]]:
        return grouped(self.blocks)


@dataclass(frozen=True)
class TableRow:
    label: str
    answers: list[Answered]

    @property
    def length(self) -> int:
        """Characters that are answered."""
        return sum(len(block.text) for answer in self.answers for block in answer.blocks)

    @property
    def holds_together(self) -> bool:
        """Whether it is short enough to be moved whole to the next page."""
        return self.length <= LONGEST_WHOLE_ROW


@dataclass(frozen=True)
class Title:
    text: str
    template = "title"


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1
    template = "heading"


@dataclass(frozen=True)
class Text:
    blocks: list[Block]
    template = "text"

    @property
    def groups(self) -> list[tuple[Style, list[Block]]]:
        return grouped(self.blocks)


@dataclass(frozen=True)
class Table:
    """Two columns, a question and its answer."""

    caption: str
    rows: list[TableRow]
    template = "table"

    @property
    def repeats_first_row(self) -> bool:
        """On every page it reaches, as long as little more is said there than whose table it is."""
        return self.rows[0].length <= LONGEST_HEADER


@dataclass(frozen=True)
class Grid:
    """Short texts below the names of their columns, which are repeated on every page.

    ``shares`` are the widths of the columns in relation to each other; all alike without them.
    """

    caption: str
    columns: list[str]
    rows: list[list[str]]
    shares: tuple[int, ...] = ()
    template = "grid"

    @property
    def widths(self) -> tuple[int, ...]:
        return self.shares or (1,) * len(self.columns)

    @property
    def figures(self) -> list[bool]:
        """Which of the columns hold nothing but figures; the first one names its row."""
        columns = [[row[place] for row in self.rows] for place in range(1, len(self.columns))]
        return [False, *map(_are_figures, columns)]

    @property
    def headings(self) -> list[tuple[str, bool]]:
        """Each column's name, and whether figures stand below it."""
        return list(zip(self.columns, self.figures, strict=True))

    @property
    def lines(self) -> list[list[tuple[str, bool]]]:
        """Each row's texts, and whether each is a figure."""
        figures = self.figures
        return [list(zip(row, figures, strict=True)) for row in self.rows]

    @property
    def labelled(self) -> list[list[tuple[str, str, bool]]]:
        """As ``lines``, each text after the name of its column, as narrow pages show it."""
        return [
            [(column, *words) for column, words in zip(self.columns, line, strict=True)]
            for line in self.lines
        ]


EMPTY = Answered(gap=" ")  # room to write in
WIDTHS = (3100, 6500)  # twentieths of a point: question and answer on an A4 page
# In characters: some five and fifteen lines of the wider column.
LONGEST_HEADER, LONGEST_WHOLE_ROW = 300, 900
# Soft colours on which black is read easily; the word always stands with them.
FILLS = {
    "achieved": "C6E0B4",
    "well_under_way": "FFE699",
    "started": "F8B4AE",
    "not_begun": "E7E6E6",
}
# A number as Swedish writes it, perhaps with its unit: 12, 1 250 kr, 3,5 %, –.
FIGURE = re.compile(r"[-−–+]?[\d\s,.]*(?: ?(?:%|kr|tkr|mnkr))?")

Node = Title | Heading | Text | Table | Grid


def _are_figures(texts: list[str]) -> bool:
    return all(map(FIGURE.fullmatch, texts)) and any(map(str.isdigit, "".join(texts)))


@dataclass(frozen=True)
class Document:
    """``key`` is the report that the file belongs to."""

    title: str
    subject: str
    key: str
    nodes: list[Node]

    @property
    def placed(self) -> Iterator[tuple[Node, bool]]:
        """Each node, and whether it says what the table that follows is about."""
        following = [*self.nodes, None][1:]
        for node, after in zip(self.nodes, following, strict=True):
            yield node, isinstance(node, Text) and isinstance(after, Grid)


def document_of(content: Content) -> Document:
    """The report laid out as the official form has it, in Swedish whoever reads it."""
    with override(settings.LANGUAGE_CODE):
        return Document(
            title=f"{content.heading} – {content.organiser}",
            subject=content.title,
            key=content.report,
            nodes=list(_nodes(content)),
        )


def blank_document(form: Form) -> Document:
    """A form with nothing filled in: its words, one development area and one matrix."""
    return Document(form.title, "", "", list(_blank_nodes(form)))


def _blank_nodes(form: Form) -> Iterator[Node]:
    yield Title(form.title)
    for style, text in form.introduction:
        yield Heading(text) if style == "heading" else _text(text)
    if form.area:
        yield Heading(f"{form.area.label}:", 2)
    if form.in_matrix:
        yield Table(form.title, [TableRow(each.label, [EMPTY]) for each in form.in_matrix])
    for question in form.asked_once:
        yield Heading(question.short or question.label, 2)
        yield Table(question.label, [TableRow(question.label, [EMPTY])])


def collected(title: str, contents: list[Content]) -> Document:
    """Several reports after each other; their answers carry no marks, as they may come twice."""
    with override(settings.LANGUAGE_CODE):
        nodes: list[Node] = [] if contents else [Title(title), _text(_("None."))]
        for content in contents:
            nodes += _nodes(content, is_marked=False)
        return Document(title=title, subject="", key="", nodes=nodes)


def _nodes(content: Content, *, is_marked: bool = True) -> Iterator[Node]:
    yield Title(content.title)
    yield _text(f"{content.organiser}, {content.unit}", f"{content.heading}. {content.day}")
    for style, text in content.introduction:
        yield Heading(text) if style == "heading" else _text(text)
    for area in content.areas:
        yield Heading(f"{area.label or _('Development area')}: {area.name or '–'}", 2)
        for matrix in area.matrices:
            yield _table(matrix, is_marked)
    for line in content.once:
        yield Heading(line.short, 2)
        for facts in line.facts:
            yield from _facts(facts)
        yield Table(line.label, [TableRow(line.label, [_answered(line.cell, is_marked)])])


def grids_of(line: Line) -> list[Grid]:
    """What is known about a question, as it stands above the answer."""
    return [_grid(facts) for facts in line.facts if facts.rows]


def _facts(facts: Facts) -> Iterator[Node]:
    if not facts.rows:
        yield _text(facts.none)
        return
    yield Text([Block("paragraph", (Run(facts.caption, bold=True),))])
    yield _grid(facts)


def _grid(facts: Facts) -> Grid:
    return Grid(facts.caption, facts.columns, facts.rows, tuple(facts.shares))


def _text(*lines: str) -> Text:
    return Text([Block("paragraph", (Run("\n".join(lines)),))])


def _table(matrix: Matrix, is_marked: bool) -> Table:
    rows = [_row(matrix, line, is_marked) for line in matrix.lines]
    return Table(matrix.title or _("The insats"), rows)


def _row(matrix: Matrix, line: Line, is_marked: bool) -> TableRow:
    answers = [_answered(cell, is_marked, with_colour=line.is_about_goals) for cell in line.cells]
    if line is matrix.lines[0]:
        # The name of the insats, with its number, is what its matrix is known by.
        name = Block("paragraph", (Run(matrix.title or _("Insats"), bold=True),))
        answers.insert(0, Answered(blocks=[name]))
    return TableRow(line.label, answers)


def _answered(cell: Cell, is_marked: bool, *, with_colour: bool = False) -> Answered:
    blocks = read(cell.text)
    return Answered(
        mark=mark_of(cell) if is_marked else "",
        title=cell.title,
        level=cell.level,
        level_label=cell.level_label or (NO_COLOUR if with_colour else ""),
        blocks=blocks,
        gap="" if blocks else GAP,
    )


# As the file has them: read again as nothing.
GAP = "[Ännu inte ifyllt]"
NO_COLOUR = "Ännu ingen färg"


def mark_of(cell: Cell) -> str:
    """A name of at most forty characters, as Word lets a bookmark have it."""
    return "_".join(["_tp", cell.field, *filter(None, cell.row.split("/"))])
