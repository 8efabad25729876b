"""Bare pages: one flat query of as many rows as ours show, in a template of one table."""

from django.http import HttpResponse
from django.shortcuts import render

from sbs_workflow.doors import PersonRequest, signed_in
from sbs_workflow.models import Collaboration, TransitionRecord

CASE = (
    "pk",
    "name",
    "state",
    "reference",
    "stopped_in",
    "interventions_start_on",
    "interventions_end_on",
    "due_on",
)
STEP = (
    "collaboration_id",
    "object_name",
    "to_state",
    "from_state",
    "transition",
    "occurred_at",
    "role",
    "reason",
)


@signed_in
def bare_cases(request: PersonRequest, rows: int) -> HttpResponse:
    cases = Collaboration.objects.order_by("sort_key").values(*CASE)[:rows]
    return render(request, "peers/cases.html", {"cases": cases})


@signed_in
def bare_steps(request: PersonRequest, rows: int) -> HttpResponse:
    """Of which there are enough in the smallest load for the longest page."""
    steps = TransitionRecord.objects.order_by("pk").values(*STEP)[:rows]
    return render(request, "peers/steps.html", {"steps": steps})
