"""The agency's year as a draft in Word; the page about it stands in the portfolio."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.models import GovernmentReport
from reports.drafts import yearly_document
from reports.queries import yearly_account
from reports.views.files import as_word
from reports.word import write_document
from sbs_workflow.doors import PersonRequest, signed_in


@signed_in
@require_safe
def yearly_in_word(request: PersonRequest, pk: str) -> HttpResponse:
    """For the managers of the agency."""
    report = get_object_or_404(GovernmentReport.objects.visible_to(request.user), pk=pk)
    account = yearly_account(report)
    title = _("The year %(year)s in the programme") % {"year": account.year}
    return as_word(write_document(yearly_document(title, account)), f"{title}.docx")
