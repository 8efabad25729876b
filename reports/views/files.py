"""A report as a preview, as Word and as PDF; and the copies that were frozen."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.layout import Document, collected, document_of
from reports.models import Report
from reports.pdf import PdfNotMade, write_pdf
from reports.queries import content_for, submitted_contents
from reports.word import write_document
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.models import Collaboration

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_word(file: bytes, name: str) -> HttpResponse:
    return _download(file, WORD, name)


def _download(file: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(file, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _document(request: PersonRequest, report: Report) -> Document:
    content = content_for(report, request.user)
    if content is None:
        raise Http404
    return document_of(content)


def _file_name(report: Report, ending: str) -> str:
    """Such as ``Slutredovisning, Älvskolan.docx``."""
    return f"{report}.{ending}".replace("/", "-")


@door(Report)
@require_safe
def preview(request: PersonRequest, report: Report) -> HttpResponse:
    """What the Word file holds, made from the same tree."""
    context = {"instance": report, "document": _document(request, report)}
    return render(request, "reports/preview.html", context)


@door(Report)
@require_safe
def in_word(request: PersonRequest, report: Report) -> HttpResponse:
    return as_word(write_document(_document(request, report)), _file_name(report, "docx"))


@door(Report)
@require_safe
def in_pdf(request: PersonRequest, report: Report) -> HttpResponse:
    """The Word file as PDF, where the machine has a program for it."""
    word = write_document(_document(request, report))
    try:
        file = write_pdf(word)
    except PdfNotMade as why:
        context = {"instance": report, "why": why}
        return render(request, "reports/no_pdf.html", context)
    return _download(file, "application/pdf", _file_name(report, "pdf"))


@door(Report)
@require_safe
def frozen(request: PersonRequest, report: Report, number: int) -> HttpResponse:
    """The very bytes that were received in that round."""
    copy = get_object_or_404(report.copies.all(), round=number)
    name = _("%(report)s, submission %(number)s") % {"report": report, "number": number}
    return as_word(bytes(copy.file), f"{name}.docx".replace("/", "-"))


@door(Collaboration)
@require_safe
def collected_reports(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """The final reports of every unit that this person may read, in one file."""
    contents = submitted_contents(collaboration, request.user)
    title = _("Final reports, %(collaboration)s") % {"collaboration": collaboration.name}
    return as_word(write_document(collected(title, contents)), f"{title}.docx".replace("/", "-"))
