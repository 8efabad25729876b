"""The page of a report, and the brief of a meeting."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings.models import Meeting
from notifications import clock
from reports.actions import write_report
from reports.forms import ReportForm
from reports.models import Report
from reports.permissions import can_write_report
from reports.queries import brief_of, file_name_of
from reports.word import write_brief
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.pages import object_page
from sbs_workflow.permissions import require

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@door(Report, alone=True)
def report(request: PersonRequest, report: Report) -> HttpResponse:
    form = None
    status = HTTPStatus.OK
    if report.is_open_for_writing and can_write_report(report, request.user):
        form = ReportForm(instance=report)
    if request.method == "POST":
        require(can_write_report, report, request.user)
        # Whoever wrote while it was closed is told so, with their words still in the form.
        form = ReportForm(request.POST, instance=report)
        if form.is_valid():
            text = form.cleaned_data["text"]
            try:
                write_report(report=report, text=text, by=request.user, now=clock.now())
            except TransitionRefused as refused:
                form.add_error(None, refused.reasons)
            else:
                messages.success(request, _("Saved."))
                return redirect(report.get_absolute_url())
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {
        "instance": report,
        "page": object_page(report, request.user, clock.today()),
        "form": form,
        "text": report.text_for(request.user),
    }
    return render(request, "reports/report.html", context, status=status)


@door(Meeting)
@require_safe
def brief(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Before the meeting: the same page for all three parties."""
    return render(request, "reports/brief.html", {"brief": brief_of(meeting), "meeting": meeting})


@door(Meeting)
@require_safe
def brief_in_word(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    brief = brief_of(meeting)
    file = HttpResponse(write_brief(brief), content_type=WORD)
    file["Content-Disposition"] = content_disposition_header(True, file_name_of(brief))
    return file
