"""A report as a preview, as Word and as PDF; and the copies that were frozen."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from reports.layout import Document, collected, document_of
from reports.models import Report, UniversityReport, WrittenReport
from reports.pdf import write_pdf
from reports.queries import content_for, submitted_contents
from reports.word import write_document
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.models import Collaboration

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def as_word(file: bytes, name: str) -> HttpResponse:
    return download(file, WORD, name)


def as_pdf(document: Document, name: str) -> HttpResponse:
    return download(write_pdf(document, made_at=clock.now()), PDF, name)


def download(file: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(file, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _document(request: PersonRequest, report: WrittenReport) -> Document:
    content = content_for(report, request.user)
    if content is None:
        raise Http404
    return document_of(content)


def _file_name(report: WrittenReport, ending: str) -> str:
    """Such as ``Slutredovisning, Älvskolan.docx``."""
    return f"{report}.{ending}".replace("/", "-")


def _preview(request: PersonRequest, report: WrittenReport) -> HttpResponse:
    """What the Word file holds, made from the same tree."""
    context = {"instance": report, "document": _document(request, report)}
    return render(request, "reports/preview.html", context)


def _in_word(request: PersonRequest, report: WrittenReport) -> HttpResponse:
    return as_word(write_document(_document(request, report)), _file_name(report, "docx"))


def _in_pdf(request: PersonRequest, report: WrittenReport) -> HttpResponse:
    return as_pdf(_document(request, report), _file_name(report, "pdf"))


def _frozen(request: PersonRequest, report: WrittenReport, number: int) -> HttpResponse:
    """The very bytes that were received in that round."""
    copy = get_object_or_404(report.copies.all(), round=number)
    name = _("%(report)s, submission %(number)s") % {"report": report, "number": number}
    return as_word(bytes(copy.file), f"{name}.docx".replace("/", "-"))


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
    document = _collected(request, collaboration)
    return as_word(write_document(document), f"{document.title}.docx".replace("/", "-"))


@door(Collaboration)
@require_safe
def collected_in_pdf(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    document = _collected(request, collaboration)
    return as_pdf(document, f"{document.title}.pdf".replace("/", "-"))


def _collected(request: PersonRequest, collaboration: Collaboration) -> Document:
    title = _("Final reports, %(collaboration)s") % {"collaboration": collaboration.name}
    return collected(title, submitted_contents(collaboration, request.user))
