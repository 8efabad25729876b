"""What will be told in the days to come."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from reminders import actions
from reminders.queries import coming_to, owed_about
from sbs_workflow.doors import PersonRequest, signed_in
from sbs_workflow.models import Collaboration

AT_ONCE = 100


@signed_in
@require_safe
def coming(request: PersonRequest) -> HttpResponse:
    """Everything that the system will send in thirty days, to whom, why and under which rule."""
    collaboration = None
    if wanted := request.GET.get("samverkan"):
        collaboration = get_object_or_404(
            Collaboration.objects.visible_to(request.user), pk=_key(wanted)
        )
    rows = coming_to(request.user, clock.today(), collaboration)
    page = Paginator(rows, AT_ONCE).get_page(request.GET.get("page"))
    context = {"page": page, "collaboration": collaboration}
    return render(request, "reminders/coming.html", context)


@signed_in
def leave_out(request: PersonRequest, pk: UUID, rule: str, step: str) -> HttpResponse:
    """Not this one, or this one after all; `step` names its due date and number."""
    owed = owed_about(request.user, rule, pk)
    day, _dash, number = step.partition("_")
    if owed is None or not _is_number(number) or day != owed.set_for.isoformat():
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if "put_back" in request.POST:
        actions.put_back(owed=owed, step=int(number), by=request.user)
        messages.success(request, _("The reminder comes after all."))
    else:
        actions.leave_out(owed=owed, step=int(number), by=request.user, now=clock.now())
        messages.success(request, _("The reminder is left out."))
    return redirect("reminders:coming")


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and len(text) <= 6


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as no_key:
        raise Http404 from no_key
