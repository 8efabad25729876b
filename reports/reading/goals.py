"""The goals of an insats: their texts from the plan's row, their colours from the row below."""

import re
from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _

from organisations.swedish import fold
from reports.reading.body import Paragraph, level_of
from reports.reading.colours import (
    NO_COLOUR,
    is_only_a_sign,
    is_only_a_word,
    level_of_hex,
    ticked,
    word_at_either_end,
)
from reports.reading.likeness import GOAL_NUMBER, SAME_GOAL, Likeness, without_number
from reports.reading.understanding import ReadGoal, ReadInsats
from reports.richtext import Block, Run

OURS = re.compile(r"^_tp_(?P<field>[a-z_]+?)(?:_\d+){0,2}$")
GOAL_ONLY = re.compile(r"^\W*mål\s*(?P<number>\d{1,2})\W*$", re.IGNORECASE)
LEAST_MARKED = 0.4  # of the letters of a paragraph
SAME_WITHOUT_COLOUR = 0.85
NAMED_AT = 60  # letters of a goal in a warning


def is_ours(mark: str) -> bool:
    """Whether a bookmark is one that we put before an answer or a goal."""
    return mark.startswith("_tp_")


def field_of(mark: str) -> str:
    """The question that an answer of ours was put below; empty where the mark is none of ours."""
    found = OURS.match(mark)
    return found["field"] if found else ""


def goals_of(insats: ReadInsats, warn: Callable[[str], None], alike: Likeness) -> list[ReadGoal]:
    return _Goals(insats, warn, alike).goals()


class Marking(NamedTuple):
    """The colour of a paragraph, its words without the colour's, and whether it has one of its own.

    ``beside`` is what it says beside boxes to tick, when that names no goal.
    """

    level: str
    text: str
    is_marked: bool
    beside: str = ""


class _Goals:
    def __init__(self, insats: ReadInsats, warn: Callable[[str], None], alike: Likeness) -> None:
        self.warn, self.alike = warn, alike
        self.name = insats.name
        self.found = [ReadGoal(without_number(item)) for item in insats.items("goals")]
        self.cell = insats.cells.get("improvements")
        # In our own files the goals carry marks: a colour's word elsewhere is but a word.
        self.is_ours = self.cell is not None and any(map(is_ours, self.cell.marks))

    def goals(self) -> list[ReadGoal]:
        current: ReadGoal | None = None
        for paragraph in self.cell.paragraphs if self.cell else ():
            level, text, is_marked, beside = self._marking(paragraph)
            if self.is_ours and self._only_says(paragraph, text):
                current = self._improves(current, paragraph)
                continue
            named = self._named(text, is_marked, current, level)
            said_too = ""
            if named is None and is_marked and (found := self._by_number(text)):
                named, said_too = found
            mark = next(filter(is_ours, paragraph.marks), "")
            if named is not None:
                current = named
                current.rating = level or current.rating
                current.mark = mark or current.mark
                said_too = said_too or _beyond(named.text, text) or beside
                if said_too:
                    current.improvements.append(Block(paragraph.style, (Run(said_too),)))
            elif not paragraph.is_empty:
                current = self._improves(current, paragraph)
        return self.found

    def _marking(self, paragraph: Paragraph) -> Marking:
        """The pen is what somebody took last; then the word; then what the file already had."""
        if found := NO_COLOUR.match(paragraph.text):
            return Marking("", paragraph.text[found.end() :], is_marked=True)
        if boxes := ticked(paragraph.text):
            level, before = boxes
            if self._names_a_goal(before):
                return Marking(level, before, is_marked=True)
            beside = "" if before.endswith(":") else before
            return Marking(level, "", is_marked=True, beside=beside)
        word, text = word_at_either_end(paragraph.text)
        pen, other = _majority(paragraph)
        fill = level_of_hex(paragraph.fill) or ""
        cell = level_of_hex(self.cell.fill) or "" if self.cell else ""
        said = [str(level) for level in (pen, word or "", other, fill) if level]
        if len(set(said)) > 1:
            self.warn(
                _("%(insats)s: a colour and its word disagree at “%(goal)s”.")
                % {"insats": self.name, "goal": text[:NAMED_AT]}
            )
        if said:
            return Marking(said[0], text.lstrip("●■•⬤◼ "), is_marked=True)
        return Marking(str(cell), text, is_marked=False)

    def _names_a_goal(self, text: str) -> bool:
        """Whether a text calls a goal by its number or repeats it."""
        if GOAL_ONLY.match(text) or self._by_number(text):
            return True
        return any(self.alike(goal.text, text) >= SAME_GOAL for goal in self.found)

    def _only_says(self, paragraph: Paragraph, text: str) -> bool:
        """Whether a paragraph of our own file names no goal, whatever word it begins with."""
        if paragraph.is_empty or paragraph.fill or any(map(is_ours, paragraph.marks)):
            return False
        if any(piece.marker or piece.colour for piece in paragraph.pieces):
            return False
        return all(self.alike(goal.text, text) < SAME_GOAL for goal in self.found)

    def _named(
        self, text: str, is_marked: bool, current: ReadGoal | None, level: str
    ) -> ReadGoal | None:
        """The goal that a paragraph repeats; a marked one that repeats none is a goal too."""
        if found := GOAL_ONLY.match(text):
            return self._numbered(int(found["number"]))
        best = max(self.found, key=lambda goal: self.alike(goal.text, text), default=None)
        likeness = self.alike(best.text, text) if best else 0
        if best and likeness >= (SAME_GOAL if is_marked else SAME_WITHOUT_COLOUR):
            best.confidence = min(best.confidence, round(likeness, 2))
            return best
        if not is_marked or self._by_number(text):
            return None
        if not text:  # only the colour: of the goal just named, or of the next in order
            return current if current and not current.rating else self._next_unrated()
        if current is not None and current.rating == level:
            return None  # the improvements are marked as well
        goal = ReadGoal(without_number(text), confidence=0.6)
        self.found.append(goal)
        return goal

    def _by_number(self, text: str) -> tuple[ReadGoal, str] | None:
        """The goal that a paragraph calls by its number, and what it says of it."""
        number = GOAL_NUMBER.match(text)
        if number and fold(text).startswith("mål") and text[number.end() :].strip():
            goal = self._numbered(int(number["number"]))
            return (goal, text[number.end() :].strip()) if goal else None
        return None

    def _numbered(self, number: int) -> ReadGoal | None:
        return self.found[number - 1] if 0 < number <= len(self.found) else None

    def _next_unrated(self) -> ReadGoal | None:
        return next((goal for goal in self.found if not goal.rating), None)

    def _improves(self, current: ReadGoal | None, paragraph: Paragraph) -> ReadGoal | None:
        if not self.is_ours and (found := self._by_number(paragraph.text)):
            current = found[0]
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


def _beyond(goal: str, text: str) -> str:
    """What a paragraph goes on to say after it has repeated the goal word for word."""
    said = without_number(text)
    beginning = goal.rstrip(" .")
    if not beginning or fold(said[: len(beginning)]) != fold(beginning):
        return ""
    return said[len(beginning) :].lstrip(" .:–-\n")


def _majority(paragraph: Paragraph) -> tuple[str, str]:
    """The colour of the pen, and of shading or font, where enough of the words carry it."""
    counts: dict[tuple[bool, str], int] = {}
    if not any(piece.marker or piece.colour for piece in paragraph.pieces):
        return "", ""
    total = len(re.sub(r"\s", "", paragraph.text)) or 1
    for piece in paragraph.pieces:
        if level := level_of(piece):
            by_pen = bool(piece.marker)
            words = piece.run.text
            is_a_sign = is_only_a_word(words) or is_only_a_sign(words) or GOAL_ONLY.match(words)
            size = total if is_a_sign else len(re.sub(r"\s", "", words))
            counts[by_pen, str(level)] = counts.get((by_pen, str(level)), 0) + size
    strong = {key: size for key, size in counts.items() if size / total >= LEAST_MARKED}
    pen = max((k for k in strong if k[0]), key=lambda k: strong[k], default=(True, ""))
    other = max((k for k in strong if not k[0]), key=lambda k: strong[k], default=(False, ""))
    return pen[1], other[1]
