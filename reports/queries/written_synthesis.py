"""A sammanfattande analys section by section: figures, people's own words and chosen sentences.

What is suggested is what the figures have counted; what is chosen is chosen by people.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from django.utils.translation import gettext as _

from organisations.models import User
from organisations.swedish import fold, search_words
from reports.models import CollaborationSynthesis, Excerpt, Passage, SectionKind
from reports.queries.content import submitted_contents
from reports.queries.synthesis import (
    AreaRow,
    Sentence,
    Synthesis,
    ThemeRow,
    area_key,
    compiled,
    sentence_key,
    themes,
)
from reports.richtext import Block, Style, grouped, read

SHOWN_AT_MOST = 100  # sentences to choose among; a search finds the others
ALIKE = 0.5  # of 1: from which likeness a sentence is shown as what the source says now


@dataclass(frozen=True)
class SectionKey:
    """Which section: ``name`` is the id of a theme, or a development area, or empty."""

    kind: SectionKind
    name: str = ""

    @property
    def slug(self) -> str:
        match self.kind:
            case SectionKind.THEME:
                return f"tema-{self.name}"
            case SectionKind.AREA:
                return f"omrade-{area_key(self.name) or 'utan-namn'}"
            case SectionKind.FORMS:
                return "lika-men-olika"
        return "lardomar"

    @property
    def heading(self) -> str:
        if self.kind == SectionKind.THEME:
            return next((theme.name for theme in themes() if theme.id == self.name), self.name)
        if self.kind == SectionKind.AREA:
            return self.name or _("Without a development area")
        return str(self.kind.label)


@dataclass(frozen=True)
class Chosen:
    """A chosen sentence and its source; ``says_now`` is what stands there instead, if anything."""

    excerpt: Excerpt
    is_unchanged: bool
    says_now: str = ""

    @property
    def text(self) -> str:
        return self.excerpt.text

    @property
    def unit(self) -> str:
        return self.excerpt.report.unit.name

    @property
    def url(self) -> str:
        return self.excerpt.report.get_absolute_url()


@dataclass(frozen=True)
class SynthesisSection:
    key: SectionKey
    passage: Passage | None
    chosen: list[Chosen]
    theme: ThemeRow | None = None
    area: AreaRow | None = None

    @property
    def text(self) -> str:
        return self.passage.text if self.passage else ""

    @property
    def groups(self) -> list[tuple[Style, list[Block]]]:
        """The words as a page shows them."""
        return grouped(read(self.text))

    @property
    def is_empty(self) -> bool:
        return not (self.text.strip() or self.chosen)

    def suggests(self, sentence: Sentence) -> bool:
        """As the page explains it to those who choose."""
        match self.key.kind:
            case SectionKind.THEME:
                return self.key.name in sentence.themes
            case SectionKind.AREA:
                return area_key(sentence.area) == area_key(self.key.name)
            case SectionKind.FORMS:
                return sentence.is_quantitative
        return sentence.field == "lessons"


@dataclass(frozen=True)
class SynthesisSaid:
    """What a synthesis says, and the figures it is written from."""

    synthesis: CollaborationSynthesis
    figures: Synthesis
    sections: list[SynthesisSection]

    @property
    def introduction(self) -> list[tuple[Style, list[Block]]]:
        return grouped(read(self.synthesis.introduction))

    @property
    def conclusion(self) -> list[tuple[Style, list[Block]]]:
        return grouped(read(self.synthesis.conclusion))

    def of_kind(self, kind: SectionKind) -> list[SynthesisSection]:
        return [section for section in self.sections if section.key.kind == kind]

    @property
    def themes(self) -> list[SynthesisSection]:
        return self.of_kind(SectionKind.THEME)

    @property
    def areas(self) -> list[SynthesisSection]:
        return self.of_kind(SectionKind.AREA)

    @property
    def forms(self) -> SynthesisSection:
        return self.of_kind(SectionKind.FORMS)[0]

    @property
    def lessons(self) -> SynthesisSection:
        return self.of_kind(SectionKind.LESSONS)[0]

    @cached_property
    def changed(self) -> list[tuple[SynthesisSection, Chosen]]:
        """The chosen sentences whose source says something else now."""
        return [
            (section, chosen)
            for section in self.sections
            for chosen in section.chosen
            if not chosen.is_unchanged
        ]

    def section(self, slug: str) -> SynthesisSection | None:
        return next((section for section in self.sections if section.key.slug == slug), None)

    def to_choose(self, section: SynthesisSection, words: str = "") -> tuple[list[Sentence], int]:
        """What may be chosen, some hundred at most, and how many there are in all.

        With ``words`` that is every sentence that has them all; else what is suggested.
        """
        taken = {(str(each.excerpt.report_id), each.text) for each in section.chosen}
        found: dict[tuple[str, str], Sentence] = {}
        wanted = search_words(words)
        for sentence in self.figures.sentences:
            fits = (
                all(word in fold(f"{sentence.text} {sentence.unit}") for word in wanted)
                if wanted
                else section.suggests(sentence)
            )
            place = (sentence.report, sentence.text)
            if fits and place not in taken:
                found.setdefault(place, sentence)
        return list(found.values())[:SHOWN_AT_MOST], len(found)


def synthesis_said(synthesis: CollaborationSynthesis, user: User) -> SynthesisSaid:
    """Three queries, whatever there is."""
    figures = compiled(submitted_contents(synthesis.collaboration, user))
    passages = {_slug(each): each for each in synthesis.passages.select_related("written_by")}
    chosen: dict[str, list[Chosen]] = defaultdict(list)
    excerpts = synthesis.excerpts.select_related("report__unit", "report__collaboration")
    sources = _Sources(figures.sentences)
    for excerpt in excerpts:
        chosen[_slug(excerpt)].append(sources.chosen(excerpt))
    sections = [
        SynthesisSection(key, passages.get(key.slug), chosen[key.slug], theme, area)
        for key, theme, area in _keys(figures, (*passages.values(), *excerpts))
    ]
    return SynthesisSaid(synthesis, figures, sections)


def _slug(row: Passage | Excerpt) -> str:
    return SectionKey(SectionKind(row.kind), row.name).slug


def _keys(
    figures: Synthesis, written: Iterable[Passage | Excerpt]
) -> Iterator[tuple[SectionKey, ThemeRow | None, AreaRow | None]]:
    """Themes, areas and what is said of all; an area that no report has any more stays."""
    for theme in figures.themes:
        yield SectionKey(SectionKind.THEME, theme.theme.id), theme, None
    # What is written stays under the name that it was written under.
    names = {area_key(row.name): row.name for row in written if row.kind == SectionKind.AREA}
    for area in figures.areas:
        yield SectionKey(SectionKind.AREA, names.pop(area.key, area.name)), None, area
    for name in names.values():
        yield SectionKey(SectionKind.AREA, name), None, None
    yield SectionKey(SectionKind.FORMS), None, None
    yield SectionKey(SectionKind.LESSONS), None, None


class _Sources:
    """What the reports say now, to compare with what was chosen from them."""

    def __init__(self, sentences: list[Sentence]) -> None:
        self.keys = {sentence.key for sentence in sentences}
        self.answers: dict[tuple[str, str], list[str]] = defaultdict(list)
        for sentence in sentences:
            self.answers[sentence.report, sentence.field].append(sentence.text)

    def chosen(self, excerpt: Excerpt) -> Chosen:
        if sentence_key(excerpt.report_id, excerpt.field, excerpt.text) in self.keys:
            return Chosen(excerpt, is_unchanged=True)
        answers = self.answers[str(excerpt.report_id), excerpt.field]
        nearest = get_close_matches(excerpt.text, answers, n=1, cutoff=ALIKE)
        return Chosen(excerpt, is_unchanged=False, says_now=nearest[0] if nearest else "")
