"""The agency's year as a draft in Word and as PDF; the page about it stands in the portfolio."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.models import GovernmentReport
from reports.drafts import yearly_document
from reports.layout import Document
from reports.queries import yearly_account
from reports.views.files import as_pdf, as_word
from sbs_workflow.doors import PersonRequest, signed_in


@signed_in
def yearly_in_word(request: PersonRequest, pk: str) -> HttpResponse:
    """For the managers of the agency."""
    return _file(request, _document(request, pk), as_word)


@signed_in
def yearly_in_pdf(request: PersonRequest, pk: str) -> HttpResponse:
    return _file(request, _document(request, pk), as_pdf)


@require_safe
def _file(
    request: PersonRequest, document: Document, made: Callable[[Document], HttpResponse]
) -> HttpResponse:
    return made(document)


def _document(request: PersonRequest, pk: str) -> Document:
    report = get_object_or_404(GovernmentReport.objects.visible_to(request.user), pk=pk)
    account = yearly_account(report)
    title = _("The year %(year)s in the programme") % {"year": account.year}
    return yearly_document(title, account)
