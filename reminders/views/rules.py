"""When the system reminds of what, and how that is changed with its effect in view."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from notifications.duties import Duty, registry
from notifications.lead_times import ChangedLeadTimes
from reminders.actions import change_lead_times, follow_the_programme
from reminders.forms import LeadTimesForm
from reminders.permissions import can_change_lead_times
from reminders.queries import preview, rules
from sbs_workflow.doors import PersonRequest, door, signed_in
from sbs_workflow.models import Collaboration
from sbs_workflow.queries import managed_agency


@signed_in
@require_safe
def programme_rules(request: PersonRequest) -> HttpResponse:
    is_staff = request.user.is_staff
    context = {
        "rules": rules(),
        "may_change": is_staff,
        "administers": is_staff or managed_agency(request.user) is not None,
    }
    return render(request, "reminders/rules.html", context)


@door(Collaboration)
@require_safe
def rules_of_case(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    context = {
        "rules": rules(collaboration.pk),
        "collaboration": collaboration,
        "may_change": can_change_lead_times(collaboration, request.user),
    }
    return render(request, "reminders/rules.html", context)


@signed_in
def programme_rule(request: PersonRequest, rule: str) -> HttpResponse:
    if not request.user.is_staff:
        raise PermissionDenied
    return _change(request, _duty(rule), None)


@door(Collaboration, may=can_change_lead_times)
def rule_of_case(request: PersonRequest, collaboration: Collaboration, rule: str) -> HttpResponse:
    return _change(request, _duty(rule), collaboration)


def _duty(rule: str) -> Duty:
    duty = registry.get(rule)
    if duty is None or not duty.timing.tracks:
        raise Http404
    return duty


def _change(
    request: PersonRequest, duty: Duty, collaboration: Collaboration | None
) -> HttpResponse:
    """Three buttons: see what it would do, save it, or go back to the usual."""
    scope = None if collaboration is None else collaboration.pk
    back = _list_of(collaboration)
    in_force = ChangedLeadTimes().timing_in(duty, scope)
    form = LeadTimesForm(request.POST or None, duty=duty, timing=in_force)
    seen = None
    if "usual" in request.POST:
        _return_to_usual(request, duty, collaboration)
        return redirect(back)
    if request.method == "POST" and form.is_valid():
        if "save" in request.POST:
            change_lead_times(
                duty=duty,
                collaboration=collaboration,
                timing=form.timing,
                by=request.user,
                now=clock.now(),
            )
            messages.success(request, _("Saved. It holds from now on."))
            return redirect(back)
        seen = preview(duty, form.timing, clock.today(), collaboration)
    context = {
        "duty": duty,
        "form": form,
        "preview": seen,
        "collaboration": collaboration,
        "back": back,
    }
    return render(request, "reminders/rule.html", context, status=422 if form.errors else 200)


def _list_of(collaboration: Collaboration | None) -> str:
    if collaboration is None:
        return reverse("reminders:rules")
    return reverse("reminders:rules_of_case", args=[collaboration.pk])


def _return_to_usual(
    request: PersonRequest, duty: Duty, collaboration: Collaboration | None
) -> None:
    if collaboration is not None:
        follow_the_programme(duty=duty, collaboration=collaboration, by=request.user)
    else:
        change_lead_times(
            duty=duty,
            collaboration=None,
            timing=duty.timing,
            by=request.user,
            now=clock.now(),
        )
    messages.success(request, _("The usual lead times hold again."))
