"""Reading a blank form that is uploaded as a new version: which questions it asks, and where."""

from dataclasses import dataclass, field

from reports.blanks import shipped
from reports.reading.body import Paragraph, Table, read_body
from reports.reading.labels import question_of
from reports.reading.matrices import AREA, AREA_ALONE, CHOOSE
from reports.reading.package import open_word

AREA_QUESTION = "development_area"
LONGEST_INTRODUCTION = 60  # paragraphs


@dataclass
class BlankRead:
    """``questions`` are triples of a stable id, the label and how it was known."""

    introduction: list[tuple[str, str]] = field(default_factory=list)
    questions: list[tuple[str, str, str]] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)

    def ids(self) -> set[str]:
        return {slug for slug, _label, _matched in self.questions}


def read_blank(file: bytes) -> BlankRead:
    """What a new version of a form asks. Raises NotReadable where it is no form."""
    found = BlankRead()
    is_above = True
    for item in read_body(open_word(file)).items:
        if isinstance(item, Table):
            is_above = False
            _read_labels(item, found)
        elif not item.is_empty or AREA.match(item.text):
            _read_paragraph(item, found, is_above)
    return found


def _read_paragraph(paragraph: Paragraph, found: BlankRead, is_above: bool) -> None:
    text = CHOOSE.sub("", paragraph.text).strip()
    if AREA.match(text) or AREA_ALONE.match(text):
        _add(found, AREA_QUESTION, text.rstrip(" :"), 1.0)
    elif is_above and len(found.introduction) < LONGEST_INTRODUCTION:
        is_first = not found.introduction
        style = "title" if is_first and paragraph.heading else "heading"
        found.introduction.append((style if paragraph.heading else "text", text))
    elif known := question_of(text):
        _add(found, known.field, text, known.confidence)


def _read_labels(table: Table, found: BlankRead) -> None:
    for row in table.rows:
        label = row[0].text
        if not label or row[0].continues:
            continue
        known = question_of(label)
        if known is None:
            found.unmatched.append(label)
        else:
            _add(found, known.field, label, known.confidence)


def _add(found: BlankRead, slug: str, label: str, confidence: float) -> None:
    if slug in found.ids():
        found.unmatched.append(label)
    else:
        found.questions.append((slug, label, "exact" if confidence == 1 else "alike"))


def lost(kind: str, ids: set[str]) -> list[str]:
    """The questions of the form that a version without them would lose, in words."""
    return [
        question.short or question.label
        for question in shipped(kind).questions
        if question.id not in ids
    ]
