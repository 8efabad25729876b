"""A report as a preview, as Word and as PDF; and the copies that were frozen."""

from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from reports.layout import Document, collected, document_of
from reports.models import Report, SubmittedReport, UniversityReport, WrittenReport
from reports.pdf import write_pdf
from reports.queries import content_for, submitted_contents
from reports.word import write_document
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.models import Collaboration


class FileKind(NamedTuple):
    ending: str
    content_type: str


WORD = FileKind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
PDF = FileKind("pdf", "application/pdf")
EXCEL = FileKind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def as_word(document: Document, name: str = "") -> HttpResponse:
    return download(write_document(document), WORD, name or document.title)


def as_pdf(document: Document, name: str = "") -> HttpResponse:
    file = write_pdf(document, made_at=clock.now())
    return download(file, PDF, name or document.title)


def download(file: bytes, kind: FileKind, name: str) -> HttpResponse:
    """``file`` under a name such as ``Slutredovisning, Älvskolan``, and the ending of its kind."""
    response = HttpResponse(file, content_type=kind.content_type)
    file_name = f"{name}.{kind.ending}".replace("/", "-")
    response["Content-Disposition"] = content_disposition_header(True, file_name)
    return response


def _document(request: PersonRequest, report: WrittenReport) -> Document:
    content = content_for(report, request.user)
    if content is None:
        raise Http404
    return document_of(content)


def _preview(request: PersonRequest, report: WrittenReport) -> HttpResponse:
    """What the Word file holds, made from the same tree."""
    context = {"instance": report, "document": _document(request, report)}
    return render(request, "reports/preview.html", context)


def _in_word(request: PersonRequest, report: WrittenReport) -> HttpResponse:
    return as_word(_document(request, report), str(report))


def _in_pdf(request: PersonRequest, report: WrittenReport) -> HttpResponse:
    return as_pdf(_document(request, report), str(report))


def _frozen(request: PersonRequest, report: WrittenReport, number: int) -> HttpResponse:
    return frozen_file(report, number, WORD)


def frozen_file(report: SubmittedReport, number: int, kind: FileKind) -> HttpResponse:
    """The very bytes that were received in that round."""
    copy = get_object_or_404(report.copies, round=number)
    name = _("%(report)s, submission %(number)s") % {"report": report, "number": number}
    return download(bytes(copy.file), kind, name)


preview = door(Report)(require_safe(_preview))
in_word = door(Report)(require_safe(_in_word))
in_pdf = door(Report)(require_safe(_in_pdf))
frozen = door(Report)(require_safe(_frozen))

university_preview = door(UniversityReport)(require_safe(_preview))
university_in_word = door(UniversityReport)(require_safe(_in_word))
university_in_pdf = door(UniversityReport)(require_safe(_in_pdf))
university_frozen = door(UniversityReport)(require_safe(_frozen))


@door(Collaboration)
@require_safe
def collected_reports(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """The final reports of every unit that this person may read, in one file."""
    return as_word(_collected(request, collaboration))


@door(Collaboration)
@require_safe
def collected_in_pdf(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    return as_pdf(_collected(request, collaboration))


def _collected(request: PersonRequest, collaboration: Collaboration) -> Document:
    title = _("Final reports, %(collaboration)s") % {"collaboration": collaboration.name}
    return collected(title, submitted_contents(collaboration, request.user))
