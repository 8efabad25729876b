"""For those who keep it running: what ran, what left, and what waits for a person."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock, outbox
from notifications.models import OutboxMessage
from reminders.queries.operation import operation_of
from sbs_workflow.doors import PersonRequest, signed_in


@signed_in
@require_safe
def operation(request: PersonRequest) -> HttpResponse:
    if not request.user.is_staff:
        raise PermissionDenied
    return render(request, "reminders/operation.html", {"page": operation_of(clock.now())})


@signed_in
def settle_message(request: PersonRequest, number: int) -> HttpResponse:
    """A person knows what became of a message in doubt: it arrived, or it is sent again."""
    if not request.user.is_staff:
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    message = get_object_or_404(OutboxMessage, pk=number)
    outbox.settle(
        message, arrived="arrived" in request.POST, by=request.user.email, now=clock.now()
    )
    messages.success(request, _("Settled."))
    return redirect("reminders:operation")
