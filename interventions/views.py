"""The pages of the agreement, the insatser and the visits."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from interventions.actions import (
    add_intervention,
    amend_agreement,
    log_unplanned_visit,
    log_visit,
    move_visit,
    plan_visit,
    write_agreement,
)
from interventions.forms import (
    AgreementForm,
    AmendmentForm,
    InterventionForm,
    LogForm,
    PlanVisitForm,
    UnplannedLogForm,
    VisitDayForm,
)
from interventions.models import IN_FORCE, Agreement, Intervention, Visit
from interventions.permissions import can_amend, can_log_visit, can_propose_agreement
from notifications import clock
from organisations.models import Unit
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.models import Collaboration
from sbs_workflow.pages import carry_out, object_page


def _units(collaboration: Collaboration) -> QuerySet[Unit]:
    """The units that take part now."""
    return Unit.objects.filter(
        participations__collaboration=collaboration, participations__left_on=None
    )


@door(Agreement)
@require_safe
def agreement(request: PersonRequest, agreement: Agreement) -> HttpResponse:
    may_write = agreement.is_open_for_writing and can_propose_agreement(agreement, request.user)
    context = {
        "instance": agreement,
        "page": object_page(agreement, request.user, clock.today()),
        "may_write": may_write,
        "may_amend": agreement.state in IN_FORCE and can_amend(agreement, request.user),
        "interventions": Intervention.objects.filter(
            collaboration=agreement.collaboration_id
        ).prefetch_related("units"),
        "versions": Agreement.objects.visible_to(request.user).filter(
            collaboration=agreement.collaboration_id
        ),
    }
    return render(request, "interventions/agreement.html", context)


@door(Agreement, may=can_propose_agreement)
def edit_agreement(request: PersonRequest, agreement: Agreement) -> HttpResponse:
    form = AgreementForm(request.POST or None, instance=agreement)
    return carry_out(
        request,
        form,
        about=agreement,
        title=_("Write the agreement"),
        submit=_("Save"),
        done=_("Saved."),
        action=lambda: write_agreement(
            agreement=agreement, by=request.user, now=clock.now(), **form.cleaned_data
        ),
    )


@door(Agreement, may=can_amend)
def amend(request: PersonRequest, agreement: Agreement) -> HttpResponse:
    form = AmendmentForm(request.POST or None)
    return carry_out(
        request,
        form,
        about=agreement,
        title=_("Amend the agreement"),
        submit=_("Begin the new version"),
        done=_("The new version is a draft."),
        action=lambda: amend_agreement(
            agreement=agreement,
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=clock.now(),
        ),
    )


@door(Collaboration, may=can_propose_agreement)
def new_intervention(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    form = InterventionForm(request.POST or None, units=_units(collaboration))
    return carry_out(
        request,
        form,
        about=collaboration,
        title=_("Add an insats"),
        submit=_("Add"),
        done=_("The insats is added."),
        action=lambda: add_intervention(
            collaboration=collaboration, by=request.user, now=clock.now(), **form.cleaned_data
        ),
    )


@door(Intervention)
@require_safe
def intervention(request: PersonRequest, intervention: Intervention) -> HttpResponse:
    context = {
        "instance": intervention,
        "page": object_page(intervention, request.user, clock.today()),
        "units": intervention.units.all(),
    }
    return render(request, "interventions/intervention.html", context)


@door(Visit)
@require_safe
def visit(request: PersonRequest, visit: Visit) -> HttpResponse:
    context = {
        "instance": visit,
        "page": object_page(visit, request.user, clock.today()),
        "units": visit.units.all(),
        "log_is_open": visit.log_is_open_to(request.user),
        "may_log": visit.may_be_logged
        and visit.takes_place_on is not None
        and visit.takes_place_on <= clock.today()
        and can_log_visit(visit, request.user),
    }
    return render(request, "interventions/visit.html", context)


@door(Visit, may=can_log_visit)
def plan(request: PersonRequest, visit: Visit) -> HttpResponse:
    form = PlanVisitForm(request.POST or None, visit=visit, units=_units(visit.collaboration))
    return carry_out(
        request,
        form,
        about=visit,
        title=_("Plan the visit"),
        submit=_("Plan"),
        done=_("The visit is planned."),
        action=lambda: plan_visit(
            visit=visit, by=request.user, now=clock.now(), **form.cleaned_data
        ),
    )


@door(Visit, may=can_log_visit)
def move(request: PersonRequest, visit: Visit) -> HttpResponse:
    form = VisitDayForm(request.POST or None, visit=visit)
    return carry_out(
        request,
        form,
        about=visit,
        title=_("Move the visit"),
        submit=_("Move"),
        done=_("The visit is moved."),
        action=lambda: move_visit(
            visit=visit, by=request.user, now=clock.now(), **form.cleaned_data
        ),
    )


@door(Visit, may=can_log_visit)
def log(request: PersonRequest, visit: Visit) -> HttpResponse:
    units = _units(visit.collaboration)
    form = LogForm(
        request.POST or None,
        units=units,
        initial={"units": list(visit.units.all()), "form": visit.form},
    )
    return carry_out(
        request,
        form,
        about=visit,
        title=_("Log the visit"),
        submit=_("Save the log"),
        done=_("The visit is logged."),
        action=lambda: log_visit(
            visit=visit, by=request.user, now=clock.now(), **form.cleaned_data
        ),
        draft=f"visit-{visit.pk}",
    )


@door(Collaboration, may=can_log_visit)
def log_unplanned(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    units = _units(collaboration)
    form = UnplannedLogForm(
        request.POST or None,
        units=units,
        today=clock.today(),
        initial={"units": list(units) if units.count() == 1 else []},
    )
    return carry_out(
        request,
        form,
        about=collaboration,
        title=_("Log a visit"),
        submit=_("Save the log"),
        done=_("The visit is logged."),
        action=lambda: log_unplanned_visit(
            collaboration=collaboration, by=request.user, now=clock.now(), **form.cleaned_data
        ),
        draft=f"visit-of-{collaboration.pk}",
    )
