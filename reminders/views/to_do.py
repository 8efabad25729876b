"""What is to be done, and what of it can wait."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from notifications.duties import OpenDuty
from notifications.models import Exemption
from organisations.models import Role
from reminders.actions import end_exemption, snooze, waive
from reminders.forms import SnoozeForm, WaiveForm
from reminders.permissions import can_waive_for
from reminders.queries import (
    duties_of,
    exemptions_from,
    number_of_duties,
    owed_about,
    owes,
    waits_of,
)
from sbs_workflow.doors import PersonRequest, signed_in
from sbs_workflow.models import Collaboration
from sbs_workflow.pages import carry_out
from sbs_workflow.permissions import require


@signed_in
@require_safe
def to_do(request: PersonRequest) -> HttpResponse:
    today = clock.today()
    context = {
        "duties": duties_of(request.user, today, limit=200),
        "waits": waits_of(request.user, today),
    }
    return render(request, "reminders/to_do.html", context)


@signed_in
@require_safe
def bell(request: PersonRequest) -> HttpResponse:
    """The number beside the bell; asked after the page, which need not wait for it."""
    context = {"number": number_of_duties(request.user, clock.today())}
    return render(request, "reminders/bell.html", context)


@signed_in
def snooze_duty(request: PersonRequest, pk: UUID, rule: str) -> HttpResponse:
    today, owed = clock.today(), _owed(request, pk, rule)
    if owed.duty.is_formal or not owes(request.user, owed, today):
        raise PermissionDenied
    form = SnoozeForm(request.POST or None, today=today)
    return carry_out(
        request,
        form,
        about=None,
        title=_("Put it off"),
        lead=_sentence(owed),
        submit=_("Put off"),
        done=_("Put off. You are reminded again when the day comes."),
        cancel_url=reverse("reminders:to_do"),
        action=lambda: _to_do_after(
            snooze(owed=owed, by=request.user, now=clock.now(), **form.cleaned_data)
        ),
    )


@signed_in
def waive_duty(request: PersonRequest, pk: UUID, rule: str) -> HttpResponse:
    owed = _owed(request, pk, rule)
    collaboration = Collaboration.objects.visible_to(request.user).get(pk=owed.scope_id)
    require(can_waive_for(Role(owed.duty.owed_by[0]).party), collaboration, request.user)
    if owed.duty.is_formal:
        raise PermissionDenied
    form = WaiveForm(request.POST or None)
    return carry_out(
        request,
        form,
        about=None,
        title=_("It need not be done this time"),
        lead=_sentence(owed),
        submit=_("Waive it"),
        done=_("Waived. Nobody is reminded of it any more."),
        cancel_url=reverse("reminders:to_do"),
        action=lambda: _to_do_after(
            waive(owed=owed, by=request.user, now=clock.now(), **form.cleaned_data)
        ),
    )


@signed_in
def ask_again(request: PersonRequest, pk: UUID, rule: str) -> HttpResponse:
    """Take back that a duty is put off or waived; asked for with a button, and never by GET."""
    owed = _owed(request, pk, rule)
    exemption = get_object_or_404(exemptions_from(owed))
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    end_exemption(exemption=exemption, owed=owed, by=request.user, now=clock.now())
    messages.success(request, _("It is asked for again."))
    return redirect("reminders:to_do")


def _to_do_after(_exemption: Exemption) -> str:
    return reverse("reminders:to_do")


def _owed(request: PersonRequest, pk: UUID, rule: str) -> OpenDuty:
    owed = owed_about(request.user, rule, pk)
    if owed is None:
        raise Http404
    return owed


def _sentence(owed: OpenDuty) -> str:
    about = f"{owed.scope_name}, {owed.subject}" if owed.subject else owed.scope_name
    return f"{owed.duty.label}: {about}"
