"""Reading a blank form that is uploaded as a new version: which questions it asks, and where."""

from dataclasses import dataclass, field

from reports.blanks import shipped
from reports.reading.body import Paragraph, Table, read_body
from reports.reading.labels import Known, comparable, question_in
from reports.reading.matrices import AREA, AREA_ALONE, CHOOSE
from reports.reading.package import open_word

AREA_QUESTION = "development_area"
LONGEST_INTRODUCTION = 60  # paragraphs


@dataclass
class BlankRead:
    """``questions`` are triples of a stable id, the label and how it was known.

    ``unmatched`` are pairs of the words and how many questions stand above them.
    """

    introduction: list[tuple[str, str]] = field(default_factory=list)
    questions: list[tuple[str, str, str]] = field(default_factory=list)
    unmatched: list[tuple[str, int]] = field(default_factory=list)

    def ids(self) -> set[str]:
        return {slug for slug, _label, _matched in self.questions}


def read_blank(file: bytes, kind: str) -> BlankRead:
    """What a new version of the form of ``kind`` asks. Raises NotReadable where it is no form."""
    reader = _BlankReader(kind)
    for item in read_body(open_word(file)).items:
        if isinstance(item, Table):
            reader.labels(item)
        elif not item.is_empty or AREA.match(item.text):
            reader.paragraph(item)
    reader.keep_what_is_only_named()
    return reader.found


class _BlankReader:
    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.found = BlankRead()
        self.is_above = True
        # What a question is called in short: the heading above it, or all that is left of it.
        self.short: list[tuple[str, str, int]] = []
        # In a matrix everything above the first table introduces the form.
        self.has_matrix = bool(shipped(kind).in_matrix)
        self.headings = {
            comparable(question.short): question.id
            for question in shipped(kind).questions
            if question.short and comparable(question.short) != comparable(question.label)
        }

    def paragraph(self, paragraph: Paragraph) -> None:
        text = CHOOSE.sub("", paragraph.text).strip()
        if AREA.match(text) or AREA_ALONE.match(text):
            self._ask(Known(AREA_QUESTION, 1.0), text.rstrip(" :"))
        elif self.is_above and self.has_matrix:
            self._introduce(paragraph, text)
        elif comparable(text) in self.headings:
            self.is_above = False
            self.short.append((self.headings[comparable(text)], text, len(self.found.questions)))
        elif known := question_in(self.kind, text):
            self.is_above = False
            self._ask(known, text)
        elif self.is_above:
            self._introduce(paragraph, text)
        elif paragraph.heading or text.endswith("?"):
            self._leave(text)

    def _introduce(self, paragraph: Paragraph, text: str) -> None:
        is_first = not self.found.introduction
        style = "title" if is_first and paragraph.heading else "heading"
        if len(self.found.introduction) < LONGEST_INTRODUCTION:
            self.found.introduction.append((style if paragraph.heading else "text", text))

    def labels(self, table: Table) -> None:
        self.is_above = False
        for row in table.rows:
            label = row[0].text
            if not label or row[0].continues:
                continue
            known = question_in(self.kind, label)
            if known is None:
                self._leave(label)
            else:
                self._ask(known, label)

    def _ask(self, known: Known, label: str) -> None:
        before = next((each[1] for each in self.found.questions if each[0] == known.field), None)
        if before is not None:
            if comparable(before) != comparable(label):
                self._leave(label)
        elif known.field in {question.id for question in shipped(self.kind).questions}:
            matched = "exact" if known.confidence == 1 else "alike"
            self.found.questions.append((known.field, label, matched))
        else:
            self._leave(label)

    def keep_what_is_only_named(self) -> None:
        for slug, text, place in self.short:
            if slug not in self.found.ids():
                self.found.unmatched.append((text, place))

    def _leave(self, label: str) -> None:
        self.found.unmatched.append((label, len(self.found.questions)))


def lost(kind: str, ids: set[str]) -> dict[str, str]:
    """The questions of the form that a version without them would lose: their ids and words."""
    return {
        question.id: question.short or question.label
        for question in shipped(kind).questions
        if question.id not in ids
    }
