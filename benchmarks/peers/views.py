"""Bare pages: one flat query of as many rows as ours show, in a template of one table."""

from django.http import HttpResponse
from django.shortcuts import render

from sbs_workflow.doors import PersonRequest, signed_in
from sbs_workflow.models import Collaboration

COLUMNS = (
    "pk",
    "name",
    "state",
    "reference",
    "stopped_in",
    "interventions_start_on",
    "interventions_end_on",
    "due_on",
)


@signed_in
def bare_list(request: PersonRequest, rows: int) -> HttpResponse:
    cases = Collaboration.objects.order_by("sort_key").values(*COLUMNS)[:rows]
    return render(request, "peers/list.html", {"cases": cases})
