"""What a report in Word says, as far as it can be understood; what cannot be placed is kept.

Labels may be changed a little, rows split, matrices copied or pasted into each other, and colours
set by marker pen, shading or font, or said in words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from organisations.swedish import fold
from reports.reading.body import Body, Paragraph, Table, TableCell, level_of, read_body
from reports.reading.colours import NO_COLOUR, is_only_a_word, level_of_hex, word_at_either_end
from reports.reading.labels import Known, question_of
from reports.reading.package import open_word
from reports.richtext import Block, Run, plain, write

AREA = re.compile(
    r"^\W*(?:(?:välj|insatser inom) )?utvecklingsområde(?P<number> ?\d+)?\s*[:–-]\s*(?P<name>.*)$",
    re.IGNORECASE | re.DOTALL,
)
AREA_ALONE = re.compile(r"^\W*(välj )?utvecklingsområde( \d+)?\W*$", re.IGNORECASE)
CHOOSE = re.compile(
    r"klicka eller tryck här.*$|klicka här för att.*$|välj ett objekt.*$", re.I | re.S
)
GOAL_NUMBER = re.compile(r"^\W*(?:mål\s*)?(?P<number>\d{1,2})\s*[:.)–-]\s*", re.IGNORECASE)
GOAL_ONLY = re.compile(r"^\W*mål\s*(?P<number>\d{1,2})\W*$", re.IGNORECASE)
INSATS_NUMBER = re.compile(r"^\W*(?:insats\s*)?(?:nr\.?\s*)?(?P<number>\d{1,3})\b", re.IGNORECASE)
SAME_GOAL = 0.6
SHORTEST_BEGINNING = 12  # letters of a goal that may begin a longer paragraph
COMPARED_BY_LETTERS = 300
FIRST_WORDS = 40
COMPARED_AT_MOST = 20_000_000  # letters by letters: some seconds
LEAST_MARKED = 0.4  # of the letters of a paragraph


@dataclass
class ReadGoal:
    """A goal; ``rating`` is the value of its colour or empty."""

    text: str
    rating: str = ""
    improvements: list[Block] = field(default_factory=list)
    confidence: float = 1.0
    mark: str = ""

    @property
    def markdown(self) -> str:
        return write(self.improvements)


@dataclass
class ReadCell:
    """The answer to a question: what stands in its cell or cells, and how sure the label is."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    confidence: float = 1.0
    fill: str = ""

    @property
    def markdown(self) -> str:
        return write(p.block for p in self.paragraphs if not p.is_empty)

    @property
    def items(self) -> list[str]:
        return [item for p in self.paragraphs if not p.is_empty for item in _items(p)]

    @property
    def marks(self) -> list[str]:
        return [mark for p in self.paragraphs for mark in p.marks]


@dataclass
class ReadInsats:
    cells: dict[str, ReadCell] = field(default_factory=dict)
    goals: list[ReadGoal] = field(default_factory=list)

    @property
    def name(self) -> str:
        named = self._about
        return named[0].text.partition("\n")[0].strip() if named else ""

    @property
    def number(self) -> int | None:
        found = INSATS_NUMBER.match(self.name)
        return int(found["number"]) if found else None

    @property
    def participants(self) -> str:
        """What follows the name, as it is written in a text."""
        if not self._about:
            return ""
        first, *others = self._about
        rest = first.text.partition("\n")[2]
        blocks = [Block("paragraph", (Run(rest),))] if rest else []
        return write([*blocks, *(p.block for p in others)])

    @property
    def _about(self) -> list[Paragraph]:
        cell = self.cells.get("participants")
        return [p for p in cell.paragraphs if not p.is_empty] if cell else []

    def markdown(self, field: str) -> str:
        return self.cells[field].markdown if field in self.cells else ""

    def items(self, field: str) -> list[str]:
        return self.cells[field].items if field in self.cells else []


@dataclass
class ReadArea:
    name: str
    interventions: list[ReadInsats] = field(default_factory=list)


@dataclass
class Understanding:
    """``identifier`` is the report that the file was written for, where it says so."""

    areas: list[ReadArea] = field(default_factory=list)
    once: dict[str, ReadCell] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    identifier: str = ""

    @property
    def interventions(self) -> list[ReadInsats]:
        return [each for area in self.areas for each in area.interventions]

    def plain(self) -> dict[str, Any]:
        """As ``manage.py read_report --json`` prints it."""
        return {
            "development_areas": [
                {"name": area.name, "interventions": [_plain(i) for i in area.interventions]}
                for area in self.areas
            ],
            "warnings": self.warnings,
            "unplaced": self.unplaced,
        }


def _plain(insats: ReadInsats) -> dict[str, Any]:
    return {
        "name": insats.name,
        "participants": plain(insats.participants),
        "problems": insats.items("problems"),
        "causes": insats.items("causes"),
        "goals": [
            {
                "text": goal.text,
                "rating": goal.rating or None,
                "improvements": plain(goal.markdown),
            }
            for goal in insats.goals
        ],
        "not_reached": plain(insats.markdown("not_reached")),
        "expected_effects": insats.items("expected_effects"),
        "observed_effects": plain(insats.markdown("observed_effects")),
        "lessons": plain(insats.markdown("lessons")),
        "follow_up": plain(insats.markdown("follow_up")),
    }


def read_report(file: bytes) -> Understanding:
    """What the file says; nothing is written. Raises NotReadable where it is no report."""
    word = open_word(file)
    understanding = _Understander(read_body(word)).understanding()
    understanding.identifier = word.identifier
    return understanding


TYPED_MARK = re.compile(r"\s*(?:[-•–*]\s+|\d{1,2}[.)]\s+)")


def _items(paragraph: Paragraph) -> Iterator[str]:
    """The lines of a paragraph, each without the bullet or number that was typed."""
    for line in paragraph.text.split("\n"):
        mark = TYPED_MARK.match(line)
        if words := (line[mark.end() :] if mark else line).strip():
            yield words


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
        self.alike = _Likeness()

    def understanding(self) -> Understanding:
        for item in self.body.items:
            if isinstance(item, Table):
                self._table(item)
            else:
                self._between(item)
        for insats in self.found.interventions:
            insats.goals = _Goals(insats, self._warn, self.alike).goals()
        self._warn_of_the_whole()
        return self.found

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

    # --- between the tables ----------------------------------------------------------------

    def _between(self, paragraph: Paragraph) -> None:
        text = CHOOSE.sub("", paragraph.text).strip()
        if found := AREA.match(text):
            self._enter(" ".join(found["name"].split()).strip(" .–"))
        elif AREA_ALONE.match(text):
            self._enter("")
        elif self.awaits_area and text and not paragraph.is_empty:
            self._enter(text)
        elif self.saw_a_label and not paragraph.is_empty and not paragraph.heading:
            # What stands above the first matrix is the form's own introduction.
            self.found.unplaced.append(text)

    def _enter(self, area: str) -> None:
        self.awaits_area = not area
        self.area_name = area
        self.insats = self.cell = None

    # --- the matrices ----------------------------------------------------------------------

    def _table(self, table: Table) -> None:
        if not any(self._known_in(row) for row in table.rows) and not self._goes_on(table):
            words = "\n".join(cell.text for row in table.rows for cell in row if cell.text)
            if words:
                self.found.unplaced.append(words)
            return
        self.awaits_area = False
        for row in table.rows:
            self._row(row)

    def _known_in(self, row: list[TableCell]) -> Known | None:
        return question_of(row[0].text) or question_of(_first_line(row[0]))

    def _goes_on(self, table: Table) -> bool:
        """The rest of a matrix that was torn apart: no labels of its own."""
        return self.cell is not None and all(not row[0].text for row in table.rows)

    def _row(self, row: list[TableCell]) -> None:
        label, answers = row[0], row[1:]
        if AREA.match(label.text) and not answers:
            self._enter(AREA.match(label.text)["name"].strip())  # type: ignore[index]
            return
        if AREA_ALONE.match(label.text) and answers:
            self._enter(" ".join(each.text for each in answers).strip())
            return
        known = None if label.continues else question_of(label.text)
        if known:
            self._begin(known)
            self._take(answers)
        elif not answers and (known := question_of(_first_line(label))):
            # Question and answer in one cell.
            self._begin(known)
            self._add(label.paragraphs[1:], label.fill)
        elif not answers or label.continues or not label.text:
            # A row that was split off, or an answer below its question.
            self._take(row)
        elif self._is_a_header(label, answers):
            return
        else:
            self.cell = None
            words = "\n".join(each.text for each in row if each.text)
            self.found.unplaced.append(words)

    def _is_a_header(self, label: TableCell, answers: list[TableCell]) -> bool:
        return (not any(each.text for each in answers) and len(label.text) < 40) or not (
            label.text or any(each.text for each in answers)
        )

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
        self.cell.paragraphs += filled
        if any(p.text for p in filled):
            self.cell.fill = self.cell.fill or fill


def _first_line(cell: TableCell) -> str:
    return cell.paragraphs[0].text if len(cell.paragraphs) > 1 else ""


class _Goals:
    """The goals of an insats: their texts from the plan's row, colours from the row of colours."""

    def __init__(self, insats: ReadInsats, warn: Any, alike: "_Likeness") -> None:
        self.warn, self.alike = warn, alike
        self.name = insats.name
        self.found = [ReadGoal(_goal_text(item)) for item in insats.items("goals")]
        self.cell = insats.cells.get("improvements")

    def goals(self) -> list[ReadGoal]:
        current: ReadGoal | None = None
        for paragraph in self.cell.paragraphs if self.cell else ():
            level, text, is_marked = self._marking(paragraph)
            named = self._named(text, is_marked, current, level)
            mark = next((m for m in paragraph.marks if m.startswith("_tp_")), "")
            if named is not None:
                current = named
                current.rating = level or current.rating
                current.mark = mark or current.mark
            elif not paragraph.is_empty:
                current = self._improves(current, paragraph)
        return self.found

    def _marking(self, paragraph: Paragraph) -> tuple[str, str, bool]:
        """The colour of a paragraph, its words without the colour's, and whether it has one.

        The pen is what somebody took last; then the word; then what the file already had.
        """
        if found := NO_COLOUR.match(paragraph.text):
            return "", paragraph.text[found.end() :], True
        word, text = word_at_either_end(paragraph.text)
        pen, other = _majority(paragraph)
        fill = level_of_hex(paragraph.fill) or ""
        cell = level_of_hex(self.cell.fill) or "" if self.cell else ""
        said = [str(level) for level in (pen, word or "", other, fill) if level]
        if len(set(said)) > 1:
            self.warn(
                _("%(insats)s: a colour and its word disagree at “%(goal)s”.")
                % {"insats": self.name, "goal": text[:60]}
            )
        if said:
            return said[0], text, True
        return str(cell), text, False

    def _named(
        self, text: str, is_marked: bool, current: ReadGoal | None, level: str
    ) -> ReadGoal | None:
        """The goal that a paragraph repeats; a marked one that repeats none is a goal too."""
        if found := GOAL_ONLY.match(text):
            return self._numbered(int(found["number"]))
        best = max(self.found, key=lambda goal: self.alike(goal.text, text), default=None)
        likeness = self.alike(best.text, text) if best else 0
        if best and likeness >= (SAME_GOAL if is_marked else 0.85):
            best.confidence = min(best.confidence, round(likeness, 2))
            return best
        if not is_marked:
            return None
        if not text:  # only the word of a colour: the goal follows in its order
            return self._next_unrated()
        if current is not None and current.rating == level:
            return None  # the improvements are marked as well
        goal = ReadGoal(_goal_text(text), confidence=0.6)
        self.found.append(goal)
        return goal

    def _numbered(self, number: int) -> ReadGoal | None:
        return self.found[number - 1] if 0 < number <= len(self.found) else None

    def _next_unrated(self) -> ReadGoal | None:
        return next((goal for goal in self.found if not goal.rating), None)

    def _improves(self, current: ReadGoal | None, paragraph: Paragraph) -> ReadGoal | None:
        numbered = GOAL_NUMBER.match(paragraph.text)
        if numbered and fold(paragraph.text).startswith("mål"):
            current = self._numbered(int(numbered["number"])) or current
        if current is None and self.found:
            current = self.found[0]
            if len(self.found) > 1:
                self.warn(
                    _("%(insats)s: it is not said which goal an improvement belongs to.")
                    % {"insats": self.name}
                )
        if current is None:
            current = ReadGoal("", confidence=0.5)
            self.found.append(current)
        if self.cell and not current.rating:
            current.rating = level_of_hex(self.cell.fill) or ""
        current.improvements.append(paragraph.block)
        return current


def _majority(paragraph: Paragraph) -> tuple[str, str]:
    """The colour of the pen, and of shading or font, where enough of the words carry it."""
    counts: dict[tuple[bool, str], int] = {}
    if not any(piece.marker or piece.colour for piece in paragraph.pieces):
        return "", ""
    total = len(re.sub(r"\s", "", paragraph.text)) or 1
    for piece in paragraph.pieces:
        if level := level_of(piece):
            by_pen = bool(piece.marker)
            size = len(re.sub(r"\s", "", piece.run.text))
            is_a_sign = (
                is_only_a_word(piece.run.text) or GOAL_ONLY.match(piece.run.text) is not None
            )
            counts[by_pen, str(level)] = counts.get((by_pen, str(level)), 0) + (
                total if is_a_sign else size
            )
    strong = {key: size for key, size in counts.items() if size / total >= LEAST_MARKED}
    pen = max((k for k in strong if k[0]), key=lambda k: strong[k], default=(True, ""))
    other = max((k for k in strong if not k[0]), key=lambda k: strong[k], default=(False, ""))
    return pen[1], other[1]


def _goal_text(text: str) -> str:
    number = GOAL_NUMBER.match(text)
    return (text[number.end() :].strip() if number else "") or text.strip()


@lru_cache(maxsize=256)
def _comparable(text: str) -> str:
    return fold(_goal_text(text)).strip(" .")


@lru_cache(maxsize=256)
def _pairs(text: str) -> frozenset[tuple[str, str]]:
    """The first words of a long text, each with the one that follows it."""
    words = text[: FIRST_WORDS * 12].split()[:FIRST_WORDS]
    return frozenset(pairwise(words))


class _Likeness:
    """How likely a paragraph repeats a goal: word for word, or as the beginning of more.

    Long texts are compared by the words that they begin with. Comparing letters costs the product
    of both lengths; a file gets so much of it and no more, and then only the same words are the
    same.
    """

    def __init__(self) -> None:
        self.left = COMPARED_AT_MOST

    def __call__(self, goal: str, text: str) -> float:
        if not goal or not text:
            return 0
        known, said = _comparable(goal), _comparable(text)
        if not known or not said:
            return 0
        if known == said:
            return 1
        if len(known) > SHORTEST_BEGINNING and said.startswith(known):
            return 0.9
        shorter, longer = sorted((len(known), len(said)))
        if 2 * shorter / (shorter + longer) < SAME_GOAL:
            return 0
        if longer > COMPARED_BY_LETTERS:
            one, other = _pairs(known), _pairs(said)
            return 2 * len(one & other) / ((len(one) + len(other)) or 1)
        if self.left <= 0:
            return 0
        self.left -= len(known) * len(said)
        matcher = SequenceMatcher(None, known, said, autojunk=False)
        if matcher.quick_ratio() < SAME_GOAL:
            return 0
        return matcher.ratio()
