"""What a report in Word says, as far as it could be understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from reports.reading.body import Paragraph
from reports.richtext import Block, Run, plain, write

SURE, LIKELY = 0.95, 0.75
INSATS_NUMBER = re.compile(r"^\W*(?:insats\s*)?(?:nr\.?\s*)?(?P<number>\d{1,3})\b", re.IGNORECASE)


class Guess:
    """What a person looks through; how sure we are of it, from 0 to 1, is its ``confidence``."""

    confidence: float

    @property
    def is_likely(self) -> bool:
        return self.confidence >= LIKELY

    @property
    def certainty(self) -> str:
        if self.confidence >= SURE:
            return _("sure")
        return _("likely") if self.is_likely else _("unsure")

    @property
    def percent(self) -> int:
        return round(self.confidence * 100)


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

    def words(self) -> Iterator[str]:
        """Every paragraph after the question that it answers."""
        for name, cell in self.cells.items():
            yield name
            yield from (p.text for p in cell.paragraphs if not p.is_empty)

    def says_anything(self) -> bool:
        filled = (p for cell in self.cells.values() for p in cell.paragraphs)
        return any(not paragraph.is_empty for paragraph in filled)


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
    # What stands between the matrices as a heading, and is none of the form's.
    headings: list[str] = field(default_factory=list)
    # What stands above the first question: the form's own words, and names and days.
    above: list[str] = field(default_factory=list)
    identifier: str = ""
    changed_on: date | None = None

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


TYPED_MARK = re.compile(r"\s*(?:[-•–*]\s+|\d{1,2}[.)]\s+)")


def _items(paragraph: Paragraph) -> Iterator[str]:
    """The lines of a paragraph, each without the bullet or number that was typed."""
    for line in paragraph.text.split("\n"):
        mark = TYPED_MARK.match(line)
        if words := (line[mark.end() :] if mark else line).strip():
            yield words
