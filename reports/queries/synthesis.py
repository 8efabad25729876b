"""The final reports of a huvudman read side by side: themes, colours, evidence and lessons (HUD).

Suggestions are plain counting that can be explained: a sentence speaks of a theme when a word of it
begins as one of the theme's words does, and is quantitative when it holds a number.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2s
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from django.utils.text import slugify

from organisations.models import Unit, User
from organisations.swedish import fold
from plans.models import Level
from reports import blanks
from reports.models import Report
from reports.queries.content import Cell, Content, submitted_contents
from reports.richtext import read
from sbs_workflow.models import Collaboration

SPEAKING = ("improvements", "observed_effects", "lessons")  # where a report says what came of it
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
WORD = re.compile(r"\w+")
SHORTEST = 15  # characters: less is no sentence of its own


@dataclass(frozen=True)
class Theme:
    id: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """A sentence with its source: ``report`` is the key of the report that says it, ``area`` the
    development area it says it of, and ``themes`` are the ids of those it speaks of.
    """

    text: str
    unit: str
    unit_kind: str
    report: str
    field: str
    area: str
    themes: frozenset[str]

    @property
    def key(self) -> str:
        """The same as long as the report says the same to the same question."""
        return sentence_key(self.report, self.field, self.text)

    @property
    def url(self) -> str:
        return Report(pk=self.report).get_absolute_url() if self.report else ""

    @property
    def is_quantitative(self) -> bool:
        return bool(re.search(r"\d", self.text))


def sentence_key(report: object, field: str, text: str) -> str:
    return blake2s(f"{report}\n{field}\n{text}".encode(), digest_size=8).hexdigest()


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
    """How the goals of a development area are coloured, one count for each colour.

    ``key`` is the same for names that differ in capitals and punctuation only.
    """

    name: str
    achieved: int
    well_under_way: int
    started: int

    @property
    def key(self) -> str:
        return area_key(self.name)


def area_key(name: str) -> str:
    return slugify(name)


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
    sentences: list[Sentence]

    @property
    def by_theme(self) -> list[tuple[ThemeRow, list[tuple[str, int]]]]:
        """Each theme with its counts, and beside each count the unit, as narrow pages show it."""
        return [(row, list(zip(self.units, row.counts, strict=True))) for row in self.themes]

    @property
    def lessons(self) -> list[Sentence]:
        return [sentence for sentence in self.sentences if sentence.field == "lessons"]


@cache
def themes() -> tuple[Theme, ...]:
    path = Path(blanks.__file__).parent / "themes.yaml"
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return tuple(Theme(row["id"], row["name"], tuple(row["words"])) for row in rows)


def synthesis_of(collaboration: Collaboration, user: User) -> Synthesis:
    """Of the final reports that this person may read (one query, whatever there is)."""
    return compiled(submitted_contents(collaboration, user))


def sentences_of(collaboration: Collaboration, user: User) -> list[Sentence]:
    """What the final reports say came of it (one query)."""
    return _sentences(submitted_contents(collaboration, user))


def compiled(contents: list[Content]) -> Synthesis:
    """In time that follows the number of reports."""
    sentences = _sentences(contents)
    return Synthesis(
        units=[content.unit for content in contents],
        themes=list(_theme_rows([content.report for content in contents], sentences)),
        areas=list(_area_rows(contents)),
        forms=list(_form_rows(sentences)),
        sentences=sentences,
    )


def _sentences(contents: list[Content]) -> list[Sentence]:
    """Each sentence that a report says in answer to a question once."""
    spoken = _SpokenOf()
    return [sentence for content in contents for sentence in _sentences_in(content, spoken)]


def _sentences_in(content: Content, spoken: "_SpokenOf") -> Iterator[Sentence]:
    seen = set()
    for area, cell in _answers(content):
        for block in read(cell.text):
            for part in SENTENCE.split(block.text):
                text = part.strip()
                if len(text) >= SHORTEST and (cell.field, text) not in seen:
                    seen.add((cell.field, text))
                    yield Sentence(
                        text=text,
                        unit=content.unit,
                        unit_kind=content.unit_kind,
                        report=content.report,
                        field=cell.field,
                        area=area,
                        themes=spoken.in_sentence(text),
                    )


def _answers(content: Content) -> Iterator[tuple[str, Cell]]:
    """The cells that say what came of it, each with its development area."""
    in_areas = (
        (area.name, line.cells)
        for area in content.areas
        for matrix in area.matrices
        for line in matrix.lines
        if line.field in SPEAKING
    )
    once = (("", line.cells) for line in content.once if line.field in SPEAKING)
    for area, cells in chain(in_areas, once):
        for cell in cells:
            yield area, cell


class _SpokenOf:
    """The themes of a sentence; each word is looked at once, however often it is written."""

    def __init__(self) -> None:
        self._by_word: dict[str, frozenset[str]] = {}

    def in_sentence(self, text: str) -> frozenset[str]:
        return frozenset[str]().union(*map(self._in_word, WORD.findall(fold(text))))

    def _in_word(self, word: str) -> frozenset[str]:
        found = self._by_word.get(word)
        if found is None:
            found = frozenset(theme.id for theme in themes() if word.startswith(theme.words))
            self._by_word[word] = found
        return found


def _theme_rows(reports: list[str], sentences: list[Sentence]) -> Iterator[ThemeRow]:
    for theme in themes():
        found = [sentence for sentence in sentences if theme.id in sentence.themes]
        counts = Counter(sentence.report for sentence in found)
        yield ThemeRow(theme, [counts[report] for report in reports], found)


def _area_rows(contents: list[Content]) -> Iterator[AreaRow]:
    """Names that are written alike are one area, called as the first report calls it."""
    levels: Counter[tuple[str, str]] = Counter()
    names: dict[str, str] = {}
    for content in contents:
        for area in content.areas:
            key = area_key(area.name)
            for matrix in area.matrices:
                for cell in matrix.cells:
                    if cell.level:
                        names.setdefault(key, area.name)
                        levels[key, cell.level] += 1
    for key, name in names.items():
        yield AreaRow(
            name,
            *(levels[key, lv] for lv in (Level.ACHIEVED, Level.WELL_UNDER_WAY, Level.STARTED)),
        )


def _form_rows(sentences: list[Sentence]) -> Iterator[FormRow]:
    for kind in Unit.Kind:
        own = [sentence for sentence in sentences if sentence.unit_kind == kind]
        if own:
            counted = sum(sentence.is_quantitative for sentence in own)
            yield FormRow(str(kind.label), len(own) - counted, counted)
