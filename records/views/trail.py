"""Who has read what in a case."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.permissions import can_see_readings
from records.queries import readings_of
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.models import Collaboration

ROWS_ON_A_PAGE = 50


@door(Collaboration, may=can_see_readings)
@require_safe
def readings(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """For whoever leads a party: who opened what, those of other parties by role only."""
    found: Any = readings_of(collaboration, request.user)
    page = Paginator(found, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"collaboration": collaboration, "page": page}
    return render(request, "records/readings.html", context)
