"""What holds for the kinds of meeting, and how that is changed with its effect in view."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings.actions.rules import change_meeting_rule, difference
from meetings.forms.rules import MeetingRuleForm
from meetings.models import USUAL, Meeting, MeetingRule
from meetings.permissions import can_change_meeting_rules
from meetings.queries.owed import what_would_change
from meetings.queries.rules import changed_kinds, rules_for
from notifications import clock
from sbs_workflow.doors import PersonRequest, door, signed_in
from sbs_workflow.models import Collaboration


@signed_in
@require_safe
def programme_rules(request: PersonRequest) -> HttpResponse:
    return _list(request, None, may_change=request.user.is_staff)


@door(Collaboration)
@require_safe
def rules_of_case(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    may_change = can_change_meeting_rules(collaboration, request.user)
    return _list(request, collaboration, may_change=may_change)


def _list(
    request: PersonRequest, collaboration: Collaboration | None, *, may_change: bool
) -> HttpResponse:
    changed = changed_kinds(collaboration)
    rows = [
        {
            "kind": Meeting.Kind(kind),
            "rule": rule,
            "is_changed": kind in changed,
            "url": _url_of(kind, collaboration),
        }
        for kind, rule in rules_for(collaboration).items()
    ]
    context = {"rows": rows, "collaboration": collaboration, "may_change": may_change}
    return render(request, "meetings/rules.html", context)


@signed_in
def programme_rule(request: PersonRequest, kind: str) -> HttpResponse:
    if not request.user.is_staff:
        raise PermissionDenied
    return _change(request, kind, None)


@door(Collaboration, may=can_change_meeting_rules)
def rule_of_case(request: PersonRequest, collaboration: Collaboration, kind: str) -> HttpResponse:
    return _change(request, kind, collaboration)


def _change(request: PersonRequest, kind: str, collaboration: Collaboration | None) -> HttpResponse:
    """Three buttons: see what it would do, save it, or go back to what holds otherwise."""
    if kind not in USUAL:
        raise Http404
    back = _list_url(collaboration)
    form = MeetingRuleForm(request.POST or None, kind=kind, rule=rules_for(collaboration)[kind])
    seen = None
    if "usual" in request.POST:
        proposed = MeetingRule(kind=kind, collaboration=collaboration)
        change_meeting_rule(proposed=proposed, by=request.user, now=clock.now())
        messages.success(request, _("The usual rule holds again."))
        return redirect(back)
    if request.method == "POST" and form.is_valid():
        proposed = difference(form.rule, kind, collaboration)
        if "save" in request.POST:
            change_meeting_rule(proposed=proposed, by=request.user, now=clock.now())
            messages.success(request, _("Saved. It holds from now on."))
            return redirect(back)
        seen = what_would_change(kind, proposed, clock.today())
    context = {
        "kind": Meeting.Kind(kind),
        "form": form,
        "seen": seen,
        "collaboration": collaboration,
        "back": back,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "meetings/rule.html", context, status=status)


def _list_url(collaboration: Collaboration | None) -> str:
    if collaboration is None:
        return reverse("meetings:rules")
    return reverse("meetings:rules_of_case", args=[collaboration.pk])


def _url_of(kind: str, collaboration: Collaboration | None) -> str:
    if collaboration is None:
        return reverse("meetings:rule", args=[kind])
    return reverse("meetings:rule_of_case", args=[collaboration.pk, kind])
