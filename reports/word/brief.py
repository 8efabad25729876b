"""The brief of a meeting in Word, through python-docx."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table

from reports.queries.brief import Brief
from sbs_workflow.models import Promise

LANGUAGE = "sv-SE"
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_brief(brief: Brief) -> bytes:
    """The brief as a Word file in Swedish, whoever asks for it."""
    with override(settings.LANGUAGE_CODE):
        document = _new_document(_title_of(brief))
        _write_facts(document, brief)
        _write_colours(document, brief)
        _write_visits(document, brief)
        _write_promises(document, brief)
        _write_changes(document, brief)
        _write_preparation(document, brief)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _title_of(brief: Brief) -> str:
    kind = brief.meeting.get_kind_display()
    name = brief.meeting.collaboration.name
    return _("Brief: %(meeting)s, %(collaboration)s") % {"meeting": kind, "collaboration": name}


def _write_facts(document: WordDocument, brief: Brief) -> None:
    meeting, last = brief.meeting, brief.last
    if meeting.held_on:
        document.add_paragraph(_day(meeting.held_on))
    document.add_paragraph(
        _("Since the meeting %(day)s.") % {"day": _day(last.held_on)}
        if last
        else _("It is the first meeting of its kind.")
    )


def _write_colours(document: WordDocument, brief: Brief) -> None:
    document.add_heading(_("Colours that have moved"), 1)
    _write_table(
        document,
        [_("Goal"), _("Before"), _("Now")],
        [
            (
                f"{move.saying.plan.unit}: {move.saying.text}",
                str(move.before.label),
                str(move.now.label),
            )
            for move in brief.moved
        ],
        _("No agreed colour has moved."),
    )
    if brief.seen_differently:
        document.add_heading(_("The parties see it differently"), 2)
        rows = [
            (
                f"{move.saying.plan.unit}: {move.saying.text}",
                "\n".join(map(str, move.colours.own)),
            )
            for move in brief.seen_differently
        ]
        _write_table(document, [_("Goal"), _("Each party")], rows, "")


def _write_visits(document: WordDocument, brief: Brief) -> None:
    document.add_heading(_("Visits"), 1)
    visits = [*brief.visits_done, *brief.visits_planned]
    _write_table(
        document,
        [_("Day"), _("Visit"), _("State")],
        [(_day(v.takes_place_on), v.get_kind_display(), v.state_label) for v in visits],
        _("No visit has been done or planned."),
    )
    document.add_heading(_("Between the visits"), 1)
    _write_table(
        document,
        [_("Unit"), _("Task"), _("How it went")],
        [
            (str(task.unit), task.text, task.get_course_display() or task.state_label)
            for task in brief.tasks
        ],
        _("No task has been given."),
    )


def _write_promises(document: WordDocument, brief: Brief) -> None:
    columns = [_("Party"), _("Promise"), _("What became of it")]
    for heading, promises in (
        (_("Open promises"), brief.promises_open),
        (_("Promises that were kept, changed or dropped"), brief.promises_settled),
    ):
        document.add_heading(heading, 1)
        rows = [(promise.party_label, promise.what, _course_of(promise)) for promise in promises]
        _write_table(document, columns, rows, _("None."))


def _course_of(promise: Promise) -> str:
    if promise.settled_on:
        return " – ".join(filter(None, (str(promise.get_outcome_display()), promise.word)))
    return _("by %(date)s") % {"date": _day(promise.due_on)} if promise.due_on else ""


def _write_changes(document: WordDocument, brief: Brief) -> None:
    document.add_heading(_("Deviations and changes"), 1)
    lines = [f"{each.intervention}: {each.what}" for each in brief.deviations]
    lines += [change.text for change in brief.changes]
    if brief.amendment:
        lines.append(f"{brief.amendment}: {brief.amendment.state_label}")
    _write_lines(document, lines)


def _write_preparation(document: WordDocument, brief: Brief) -> None:
    document.add_heading(_("What the parties want to bring up"), 1)
    _write_lines(
        document, [f"{line.get_party_display()}: {line.text}" for line in brief.preparation]
    )


# --- the parts of any document ---------------------------------------------------------------


def _new_document(title: str) -> WordDocument:
    document = Document()
    document.core_properties.title = title
    document.core_properties.language = LANGUAGE
    document.core_properties.author = "Trepart"
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for known in defaults.findall(qn("w:lang")):
        defaults.remove(known)
    defaults.append(language)
    document.add_heading(title, 0)
    return document


def _write_table(
    document: WordDocument, columns: Sequence[str], rows: Iterable[Sequence[str]], empty: str
) -> None:
    """With a row of headings that readers of screens know, and that follows onto each page."""
    rows = list(rows)
    if not rows:
        document.add_paragraph(empty)
        return
    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    _fill(table, 0, columns)
    for number, row in enumerate(rows, 1):
        table.add_row()
        _fill(table, number, row)
    heading = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(heading)
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True


def _fill(table: Table, number: int, texts: Sequence[str]) -> None:
    for cell, text in zip(table.rows[number].cells, texts, strict=True):
        cell.paragraphs[0].add_run(_in_xml(text))


def _write_lines(document: WordDocument, lines: Sequence[str]) -> None:
    for line in lines:
        document.add_paragraph(_in_xml(line), style="List Bullet")
    if not lines:
        document.add_paragraph(_("None."))


def _in_xml(text: str) -> str:
    """Without the characters that no XML file may hold, whatever door the text came in by."""
    return NOT_IN_XML.sub("", text)


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""
