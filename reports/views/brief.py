"""The brief of a meeting."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meetings.models import Meeting
from reports.brief import brief_document
from reports.queries import brief_of, name_of_brief
from reports.views.files import as_pdf, as_word
from sbs_workflow.doors import PersonRequest, door


@door(Meeting)
@require_safe
def brief(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """Before the meeting: the same page for all three parties."""
    return render(request, "reports/brief.html", {"brief": brief_of(meeting), "meeting": meeting})


@door(Meeting)
@require_safe
def brief_in_word(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    brief = brief_of(meeting)
    return as_word(brief_document(brief), name_of_brief(brief))


@door(Meeting)
@require_safe
def brief_in_pdf(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    brief = brief_of(meeting)
    return as_pdf(brief_document(brief), name_of_brief(brief))
