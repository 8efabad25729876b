"""What may be thinned out, who decides it, and what stops it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications import clock
from records import actions
from records.forms import ReasonForm, RetentionForm, ThinningForm
from records.models import LegalHold, ThinningDecision
from records.permissions import can_place_hold
from records.queries import (
    as_listed,
    hash_of,
    items_due,
    led_organisations,
    rules_of,
    thinnings_due,
)
from sbs_workflow.doors import PersonRequest, door, signed_in
from sbs_workflow.models import Collaboration
from sbs_workflow.pages import carry_out


@signed_in
def retention(request: PersonRequest) -> HttpResponse:
    """How long the own organisation keeps what, and what may be thinned out today."""
    organisation = led_organisations(request.user).first()
    if organisation is None:
        return _of_nobody(request)
    form = RetentionForm(request.POST or None)
    today = clock.today()
    return carry_out(
        request,
        form,
        about=None,
        title=_("How long things are kept"),
        submit=_("Save"),
        done=_("The time is changed."),
        template="records/retention.html",
        action=lambda: _after(
            actions.set_retention(
                organisation=organisation, by=request.user, now=clock.now(), **form.cleaned_data
            )
        ),
        organisation=organisation,
        rules=rules_of(organisation),
        thinnings=thinnings_due(today, request.user),
        decisions=ThinningDecision.objects.select_related("decided_by", "done").filter(
            authority=organisation
        )[:20],
        today=today,
    )


def _of_nobody(request: PersonRequest) -> HttpResponse:
    """Who leads no organisation changes nothing, and is told who does."""
    if request.method == "POST":
        raise PermissionDenied
    return render(request, "records/leads_nothing.html")


def _after(_rule: object) -> str:
    return "records:retention"


@signed_in
def thin_out(request: PersonRequest) -> HttpResponse:
    """Decide on the list that is shown; it is removed once the decision is written down."""
    items = as_listed(items_due(clock.today(), agency_of=request.user))
    thinnings = thinnings_due(clock.today(), request.user)
    form = ThinningForm(request.POST or None, initial={"seen": hash_of(items)})

    def decide() -> str:
        decision = actions.decide_thinning(by=request.user, now=clock.now(), **form.cleaned_data)
        done = actions.carry_out(decision=decision, now=clock.now())
        messages.info(
            request,
            ngettext("%(count)s row was removed.", "%(count)s rows were removed.", done.removed)
            % {"count": done.removed},
        )
        return "records:retention"

    if not led_organisations(request.user).filter(party="agency").exists():
        raise PermissionDenied
    return carry_out(
        request,
        form,
        about=None,
        title=_("Thin out"),
        lead=_("The decision, your name and the whole list are written down before anything goes."),
        submit=_("Decide and remove"),
        done=_("The decision is written down."),
        template="records/thin_out.html",
        action=decide,
        thinnings=thinnings,
        count=len(items),
    )


@door(Collaboration, may=can_place_hold)
def hold(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """Stop all thinning out of a case, or let it go on."""
    standing = LegalHold.objects.filter(collaboration=collaboration, lifted_at=None).first()
    if standing and request.method == "POST":
        actions.lift_hold(collaboration=collaboration, by=request.user, now=clock.now())
        messages.success(request, _("Thinning out may go on."))
        return redirect("records:papers", pk=collaboration.pk)
    form = ReasonForm(request.POST or None)
    return carry_out(
        request,
        form,
        about=collaboration,
        title=_("Nothing of the case may be thinned out"),
        submit=_("Stop thinning out"),
        done=_("Nothing is thinned out until you say so."),
        goes_on_to="records:papers",
        template="records/hold.html",
        standing=standing,
        action=lambda: (
            actions.place_hold(
                collaboration=collaboration,
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=clock.now(),
            ).collaboration
        ),
    )
