"""The final reports of a huvudman read side by side: themes, colours, evidence and lessons (HUD).

Suggestions are plain counting that can be explained: a sentence speaks of a theme when a word of it
begins as one of the theme's words does, and is quantitative when it holds a number.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from organisations.models import Unit, User
from organisations.swedish import fold
from plans.models import Level
from reports import blanks
from reports.models import Report
from reports.queries.content import Content, submitted_contents
from reports.richtext import read
from sbs_workflow.models import Collaboration

SPEAKING = ("improvements", "observed_effects", "lessons")  # where a report says what came of it
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
SHORTEST = 15  # characters: less is no sentence of its own


@dataclass(frozen=True)
class Theme:
    id: str
    name: str
    words: tuple[str, ...]

    def is_spoken_of_in(self, sentence: str) -> bool:
        return any(word.startswith(self.words) for word in re.findall(r"\w+", fold(sentence)))


@dataclass(frozen=True)
class Sentence:
    """A sentence with its source: ``url`` is the report that says it."""

    text: str
    unit: str
    unit_kind: str
    url: str
    field: str

    @property
    def is_quantitative(self) -> bool:
        return bool(re.search(r"\d", self.text))


@dataclass(frozen=True)
class ThemeRow:
    """How many sentences of each unit speak of a theme, and those sentences."""

    theme: Theme
    counts: list[int]
    sentences: list[Sentence]

    @property
    def units(self) -> int:
        return sum(count > 0 for count in self.counts)


@dataclass(frozen=True)
class AreaRow:
    """How the goals of a development area are coloured, one count for each colour."""

    name: str
    achieved: int
    well_under_way: int
    started: int


@dataclass(frozen=True)
class FormRow:
    """Förskola beside grundskola: how their sentences about what came of it are made."""

    name: str
    qualitative: int
    quantitative: int


@dataclass(frozen=True)
class Synthesis:
    units: list[str]
    themes: list[ThemeRow]
    areas: list[AreaRow]
    forms: list[FormRow]
    lessons: list[Sentence]


@cache
def themes() -> tuple[Theme, ...]:
    path = Path(blanks.__file__).parent / "themes.yaml"
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return tuple(Theme(row["id"], row["name"], tuple(row["words"])) for row in rows)


def synthesis_of(collaboration: Collaboration, user: User) -> Synthesis:
    """Of the final reports that this person may read (two queries, whatever there is)."""
    return compiled(submitted_contents(collaboration, user))


def compiled(contents: list[Content]) -> Synthesis:
    """In time that follows the number of reports."""
    sentences = [sentence for content in contents for sentence in _sentences(content)]
    units = [content.unit for content in contents]
    return Synthesis(
        units=units,
        themes=[_theme_row(theme, units, sentences) for theme in themes()],
        areas=list(_area_rows(contents)),
        forms=list(_form_rows(sentences)),
        lessons=[sentence for sentence in sentences if sentence.field == "lessons"],
    )


def _sentences(content: Content) -> Iterator[Sentence]:
    url = Report(pk=content.report).get_absolute_url() if content.report else ""
    seen = set()
    for cell in content.cells:
        if cell.field not in SPEAKING:
            continue
        for block in read(cell.text):
            for text in SENTENCE.split(block.text):
                words = text.strip()
                if len(words) >= SHORTEST and (cell.field, words) not in seen:
                    seen.add((cell.field, words))
                    yield Sentence(words, content.unit, content.unit_kind, url, cell.field)


def _theme_row(theme: Theme, units: list[str], sentences: list[Sentence]) -> ThemeRow:
    found = [sentence for sentence in sentences if theme.is_spoken_of_in(sentence.text)]
    counts = Counter(sentence.unit for sentence in found)
    return ThemeRow(theme, [counts[unit] for unit in units], found)


def _area_rows(contents: list[Content]) -> Iterator[AreaRow]:
    levels: Counter[tuple[str, str]] = Counter()
    names: dict[str, None] = {}
    for content in contents:
        for area in content.areas:
            for matrix in area.matrices:
                for cell in matrix.cells:
                    if cell.level:
                        names[area.name] = None
                        levels[area.name, cell.level] += 1
    for name in names:
        yield AreaRow(
            name,
            *(levels[name, lv] for lv in (Level.ACHIEVED, Level.WELL_UNDER_WAY, Level.STARTED)),
        )


def _form_rows(sentences: list[Sentence]) -> Iterator[FormRow]:
    for kind in Unit.Kind:
        own = [sentence for sentence in sentences if sentence.unit_kind == kind]
        if own:
            counted = sum(sentence.is_quantitative for sentence in own)
            yield FormRow(str(kind.label), len(own) - counted, counted)
