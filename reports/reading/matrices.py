"""Going through a report in Word, from its first paragraph to its last.

Labels may be changed a little, rows split, matrices copied, pasted into each other or lost in a
conversion to text; what cannot be placed is kept.
"""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.blanks import shipped
from reports.models import ReportKind
from reports.reading.body import Body, Item, Paragraph, Piece, Table, TableCell, read_body
from reports.reading.colours import level_of_hex
from reports.reading.goals import field_of, goals_of, is_ours
from reports.reading.labels import (
    LONGEST_LABEL,
    Known,
    begins_a_label,
    is_a_label,
    label_at_start,
    question_of,
)
from reports.reading.likeness import Likeness
from reports.reading.package import open_word
from reports.reading.understanding import ReadArea, ReadCell, ReadInsats, Understanding
from reports.richtext import Run

AREA = re.compile(
    r"^\W*(?:(?:välj|insatser inom) )?utvecklingsområde(?P<number> ?\d+)?\s*[:–-]\s*(?P<name>.*)$",
    re.IGNORECASE | re.DOTALL,
)
AREA_ALONE = re.compile(r"^\W*(välj )?utvecklingsområde( \d+)?\W*$", re.IGNORECASE)
CHOOSE = re.compile(
    r"klicka eller tryck här.*$|klicka här för att.*$|välj ett objekt.*$", re.I | re.S
)
QUESTIONS = {question.id for kind in ReportKind for question in shipped(kind).questions}
AS_A_PARAGRAPH = 0.85  # a label outside of a table must be this much like it
LONGEST_NUMBER = 6  # characters of a column of numbers before the labels
LONGEST_HEADING = 40  # characters
LINES_OF_A_LABEL = 4  # when it stands in paragraphs
LEAST_OF_A_LINE = 40  # letters of one that ends where the page does
LEAST_OF_A_MATRIX = 2  # known labels
MOST_ABOVE = 100  # paragraphs
# A question, and what stands after it in the same cell or paragraph.
Asked = tuple[Known, list[Paragraph]]


def read_report(file: bytes) -> Understanding:
    """What the file says; nothing is written. Raises NotReadable where it is no report."""
    word = open_word(file)
    understanding = _Understander(read_body(word)).understanding()
    understanding.identifier, understanding.changed_on = word.identifier, word.changed_on
    return understanding


class _Understander:
    """Goes through the document once, and knows in which area, insats and cell it stands."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.found = Understanding()
        self.area_name = ""
        self.awaits_area = False
        self.insats: ReadInsats | None = None
        self.cell: ReadCell | None = None
        self.saw_a_label = False
        # Whether the question that is being answered stands in a paragraph, and not in a table.
        self.is_loose = False
        self.alike = Likeness()

    def understanding(self) -> Understanding:
        self._go_through(self.body.items)
        self._leave_out_what_says_nothing()
        for insats in self.found.interventions:
            insats.goals = goals_of(insats, self._warn, self.alike)
        self._warn_of_the_whole()
        return self.found

    def _go_through(self, items: Sequence[Item]) -> None:
        place = 0
        while place < len(items):
            item = items[place]
            if isinstance(item, Table):
                self._table(item)
                place += 1
            else:
                place += self._between(items, place)

    def _warn(self, text: str) -> None:
        if text not in self.found.warnings:
            self.found.warnings.append(text)

    def _warn_of_the_whole(self) -> None:
        if "tracked" in self.body.warnings:
            self._warn(
                _("The file has changes that nobody has accepted: they are read as accepted.")
            )
        if "picture" in self.body.warnings:
            self._warn(_("Pictures and drawings are not read."))
        if not self.saw_a_label:
            self._warn(_("No question of a report was found in the file."))

    def _leave_out_what_says_nothing(self) -> None:
        """A form that was pasted once more and left empty, and a matrix that stands twice."""
        filled = any(insats.says_anything() for insats in self.found.interventions)
        seen: set[tuple[str, ...]] = set()
        for area in self.found.areas:
            kept = []
            for insats in area.interventions:
                said = (area.name, *insats.words())
                if said in seen:
                    self._warn(_("%(insats)s stands twice: it is read once.") % _named(insats))
                elif insats.says_anything() or not filled:
                    kept.append(insats)
                    seen.add(said)
            area.interventions = kept
        self.found.areas = [area for area in self.found.areas if area.interventions]

    # --- between the tables ----------------------------------------------------------------

    def _between(self, items: Sequence[Item], place: int) -> int:
        """Take in a paragraph that stands in no table; returns how many items it took."""
        paragraph = items[place]
        assert isinstance(paragraph, Paragraph)
        text = CHOOSE.sub("", paragraph.text).strip()
        if found := AREA.match(text):
            self._enter(" ".join(found["name"].split()).strip(" .–"))
        elif AREA_ALONE.match(text):
            self._enter("")
        elif paragraph.is_empty:
            return 1
        elif asked := _asked_in_paragraphs(items, place):
            known, taken, rest = asked
            self.is_loose = True
            self._begin(known)
            self._add(rest, "")
            return taken
        elif self.awaits_area:
            self._enter(text)
        elif self.is_loose and not paragraph.heading:
            self._add([paragraph], paragraph.fill)
        elif not self.saw_a_label:
            self.found.above[MOST_ABOVE:] = []
            self.found.above.append(text)
        else:
            (self.found.headings if paragraph.heading else self.found.unplaced).append(text)
        return 1

    def _enter(self, area: str) -> None:
        self.awaits_area = not area
        self.area_name = area
        self.insats = self.cell = None
        self.is_loose = False

    # --- the matrices ----------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        rows = [_without_number(row) for row in table.rows]
        questions = [_asked(row[0]) or _marked(row) for row in rows]
        fields = [asked[0].field for asked in questions if asked]
        holds_others = any(_holds_a_matrix(cell) for row in rows for cell in row if cell.tables)
        if not fields and not holds_others and not self._goes_on(table):
            words = "\n".join(cell.text for row in rows for cell in row if cell.text)
            if words:
                self.found.unplaced.append(words)
            return
        self.awaits_area = self.is_loose = False
        if self._answers_again(fields):
            self.insats = self.cell = None
        for row, asked in zip(rows, questions, strict=True):
            self._row(row, asked)

    def _goes_on(self, table: Table) -> bool:
        """The rest of a matrix that was torn apart: no labels of its own."""
        return self.cell is not None and all(not row[0].text for row in table.rows)

    def _answers_again(self, fields: list[str]) -> bool:
        """Whether a table is the matrix of another insats, though it has no row for its name."""
        if self.insats is None or len(fields) < LEAST_OF_A_MATRIX:
            return False
        again = [field for field in fields if field in self.insats.cells]
        return fields[0] in self.insats.cells and 2 * len(again) > len(fields)

    def _row(self, row: list[TableCell], asked: Asked | None) -> None:
        first, others = row[0], row[1:]
        if not any(cell.text for cell in others) and (area := AREA.match(first.text)):
            self._enter(area["name"].strip())
        elif others and AREA_ALONE.match(first.text):
            self._enter(" ".join(each.text for each in others).strip())
        elif any(_holds_a_matrix(cell) for cell in row if cell.tables):
            for cell in row:
                self._go_through(cell.content)
        elif asked and not first.continues:
            known, rest = asked
            self._begin(known)
            self._take_beside(rest, others)
        elif not others or first.continues or not first.text:
            # A row that was split off, or an answer below its question.
            self._take(others if asked else row)
        elif not _is_a_header(first, others):
            self.cell = None
            self.found.unplaced.append("\n".join(each.text for each in row if each.text))

    def _take_beside(self, rest: list[Paragraph], cells: list[TableCell]) -> None:
        """The answer in the cells beside a label, or else below the label in its own cell."""
        if any(cell.text for cell in cells):
            self.found.unplaced += [paragraph.text for paragraph in rest]
        else:
            self._add(rest, "")
        for cell in cells:
            if _is_a_question(cell) and (asked := _asked(cell)):
                self._begin(asked[0])  # two matrices side by side
                self._add(asked[1], cell.fill)
            else:
                self._take([cell])

    def _begin(self, known: Known) -> None:
        self.saw_a_label = True
        if known.field == "deviations":
            self.cell = self.found.once.setdefault(known.field, ReadCell())
            return
        if self.insats is None or (
            known.field == "participants"
            and "participants" in self.insats.cells
            and self._has_moved_on()
        ):
            self._new_insats()
        assert self.insats is not None
        self.cell = self.insats.cells.setdefault(known.field, ReadCell())
        self.cell.confidence = min(self.cell.confidence, known.confidence)

    def _has_moved_on(self) -> bool:
        """The label of the name comes again after others: a matrix pasted below another."""
        return self.insats is not None and len(self.insats.cells) > 1

    def _new_insats(self) -> None:
        self.insats = ReadInsats()
        if not self.found.areas or self.found.areas[-1].name != self.area_name:
            self.found.areas.append(ReadArea(self.area_name))
        self.found.areas[-1].interventions.append(self.insats)

    def _take(self, cells: list[TableCell]) -> None:
        for cell in cells:
            self._add(cell.paragraphs, cell.fill)

    def _add(self, paragraphs: list[Paragraph], fill: str) -> None:
        filled = [p for p in paragraphs if not p.is_empty or p.marks]
        if self.cell is None:
            self.found.unplaced += [p.text for p in filled if p.text]
            return
        if self.cell.fill and level_of_hex(fill) and fill != self.cell.fill:
            # Of a row that was split, each part has the colour of its own goal.
            filled = [_coloured(paragraph, fill) for paragraph in filled]
        if self.is_loose:
            filled = self._unwrapped(filled)
        self.cell.paragraphs += filled
        if any(p.text for p in filled):
            self.cell.fill = self.cell.fill or fill

    def _unwrapped(self, paragraphs: list[Paragraph]) -> list[Paragraph]:
        """Without the paragraphs that only go on with the sentence of the one before."""
        kept: list[Paragraph] = []
        assert self.cell is not None
        for paragraph in paragraphs:
            before = kept or self.cell.paragraphs
            if before and _goes_on_in(before[-1], paragraph):
                joined = [*before[-1].pieces, Piece(Run(" ")), *paragraph.pieces]
                before[-1] = Paragraph(joined, before[-1].style, fill=before[-1].fill)
            else:
                kept.append(paragraph)
        return kept


def _named(insats: ReadInsats) -> dict[str, str]:
    return {"insats": insats.name or _("An insats without a name")}


# --- labels ---------------------------------------------------------------------------------


def _is_a_question(cell: TableCell) -> bool:
    """Whether a cell beside a label is one itself, word for word, and no answer of our own file."""
    return is_a_label(cell.text[: LONGEST_LABEL + 1].partition("\n")[0]) and not any(
        is_ours(mark) for paragraph in cell.paragraphs for mark in paragraph.marks
    )


def _without_number(row: list[TableCell]) -> list[TableCell]:
    """A row without its number, where a column of numbers or letters stands before the labels."""
    if len(row) > 2 and len(row[0].text) <= LONGEST_NUMBER and not row[0].continues:
        asked = _asked(row[1])
        if asked and asked[0].confidence >= AS_A_PARAGRAPH:
            return row[1:]
    return row


def _marked(row: list[TableCell]) -> Asked | None:
    """The question of an answer in a file of ours, whatever words a later form asks it in."""
    if not row[0].text:
        return None
    marks = (mark for cell in row[1:] for paragraph in cell.paragraphs for mark in paragraph.marks)
    field = next(filter(None, map(field_of, marks)), "")
    return (Known(field, 1.0), []) if field in QUESTIONS else None


def _asked(cell: TableCell) -> Asked | None:
    """The question of a cell, and what it says after it: some write the answer below."""
    whole = question_of(cell.text)
    if whole and whole.confidence == 1:
        return whole, []
    filled = [paragraph for paragraph in cell.paragraphs if not paragraph.is_empty]
    best: Asked | None = (whole, []) if whole and len(filled) < 2 else None
    for count in range(1, min(len(filled), LINES_OF_A_LABEL) + 1):
        known = question_of("\n".join(p.text for p in filled[:count]))
        if known and (best is None or known.confidence > best[0].confidence):
            best = known, filled[count:]
    if filled and (best is None or best[0].confidence < 1):
        parts = _label_and_rest(filled[0])
        if parts and (best is None or parts[0].confidence > best[0].confidence):
            best = parts[0], [*parts[1], *filled[1:]]
    return best


def _label_and_rest(paragraph: Paragraph) -> Asked | None:
    """A label with its answer in the same paragraph, after a line break or a colon."""
    raw = "".join(piece.run.text for piece in paragraph.pieces)
    if found := label_at_start(raw):
        known, end = found
        return known, _from(paragraph, end)
    line, _break, rest = raw.partition("\n")
    asked = question_of(line) if rest.strip() else None
    return (asked, _from(paragraph, len(line) + 1)) if asked else None


def _from(paragraph: Paragraph, start: int) -> list[Paragraph]:
    """The rest of a paragraph after so many characters, with the look of its words."""
    pieces, at = [], 0
    for piece in paragraph.pieces:
        words = piece.run.text
        if at + len(words) > start:
            cut = words[max(0, start - at) :]
            look = Run(cut, piece.run.bold, piece.run.italic, piece.run.link)
            pieces.append(piece._replace(run=look))
        at += len(words)
    rest = Paragraph(pieces, paragraph.style, fill=paragraph.fill)
    return [] if rest.is_empty else [rest]


def _asked_in_paragraphs(
    items: Sequence[Item], place: int
) -> tuple[Known, int, list[Paragraph]] | None:
    """A question outside of a table, how many paragraphs it takes, and what follows in the last."""
    first = items[place]
    assert isinstance(first, Paragraph)
    lines: list[str] = []
    best: tuple[Known, int] | None = None
    for item in items[place : place + LINES_OF_A_LABEL] if begins_a_label(first.text) else ():
        if not isinstance(item, Paragraph):
            break
        lines.append(item.text)
        known = question_of(" ".join(lines))
        if known and known.confidence > (best[0].confidence if best else AS_A_PARAGRAPH):
            best = known, len(lines)
    if best is None or best[0].confidence < 1:
        parts = _label_and_rest(first)
        if parts and parts[0].confidence > (best[0].confidence if best else AS_A_PARAGRAPH):
            return parts[0], 1, parts[1]
    return (*best, []) if best else None


def _is_a_header(label: TableCell, answers: list[TableCell]) -> bool:
    return not any(each.text for each in answers) and len(label.text) < LONGEST_HEADING


def _holds_a_matrix(cell: TableCell) -> bool:
    """Whether a cell only frames a matrix, as when one was pasted into a table."""
    return any(
        sum(_asked(_without_number(row)[0]) is not None for row in table.rows) >= LEAST_OF_A_MATRIX
        for table in cell.tables
    )


# --- paragraphs -----------------------------------------------------------------------------


def _coloured(paragraph: Paragraph, fill: str) -> Paragraph:
    paragraph.fill = paragraph.fill or fill
    return paragraph


def _goes_on_in(before: Paragraph, paragraph: Paragraph) -> bool:
    return (
        paragraph.text[:1].islower()
        and paragraph.style == before.style == "paragraph"
        and len(before.text) >= LEAST_OF_A_LINE
        and before.text[-1] not in ".:;?!"
    )
