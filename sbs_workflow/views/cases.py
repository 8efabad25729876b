"""The page of a step, and those that open a collaboration and name its units and people."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from notifications import clock
from organisations.models import COLLABORATION_ROLES
from sbs_workflow.actions import (
    add_unit,
    assign_or_invite,
    create_collaboration,
    describe_collaboration,
    let_unit_leave,
    settle_promise,
)
from sbs_workflow.doors import PersonRequest, door, signed_in, through_door
from sbs_workflow.engine import (
    Choice,
    SomebodyWasFirst,
    TransitionRefused,
    choices,
    declared_names,
    perform,
)
from sbs_workflow.forms import (
    AddUnitForm,
    AssignForm,
    CollaborationForm,
    LeaveForm,
    PromiseForm,
    StepForm,
)
from sbs_workflow.models import (
    Collaboration,
    Participation,
    Promise,
    WorkflowModel,
)
from sbs_workflow.pages import carry_out
from sbs_workflow.permissions import (
    can_assign,
    can_manage_collaboration,
    can_manage_people,
    can_settle_promise,
)
from sbs_workflow.queries import managed_agency, waiting_invitations_to


@signed_in
def step(request: PersonRequest, machine: str, pk: UUID, name: str) -> HttpResponse:
    """Show what the step asks for, and take it."""
    model = _machine(machine)
    instance: WorkflowModel = get_object_or_404(through_door(model, request), pk=pk)
    if name not in declared_names(model):
        raise Http404
    choice = _choice(request, instance, name)
    if choice.step.page:
        return redirect(choice.url)
    form = StepForm(request.POST or None, choice=choice, today=clock.today())
    status = HTTPStatus.OK
    if request.method == "POST":
        if form.is_valid() and _take(request, choice, form):
            messages.success(request, _("Done: %(step)s.") % {"step": choice.label})
            return redirect(instance.get_absolute_url())
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        request, "sbs_workflow/step.html", {"choice": choice, "form": form}, status=status
    )


def _machine(slug: str) -> type[WorkflowModel]:
    for model in WorkflowModel.machines():
        if model.machine_slug == slug:
            return model
    raise Http404


def _choice(request: PersonRequest, instance: WorkflowModel, name: str) -> Choice:
    """The choice of that name, or the reason why there is none."""
    for choice in choices(instance, request.user, clock.today()):
        if choice.declared.name == name:
            return choice
    # It is not to be taken from here: perform knows whether that is a matter of right or of time.
    perform(getattr(instance, name), by=request.user, now=clock.now(), seen_state="")
    raise PermissionDenied


def _take(request: PersonRequest, choice: Choice, form: StepForm) -> bool:
    try:
        perform(
            getattr(choice.instance, choice.declared.name),
            by=request.user,
            now=clock.now(),
            reason=form.cleaned_data.get("reason", ""),
            seen_state=form.cleaned_data["seen_state"],
            past_gates=form.cleaned_data.get("past_gates", False),
            **form.inputs(),
        )
    except SomebodyWasFirst:
        raise
    except TransitionRefused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return False
    return True


@signed_in
def new_collaboration(request: PersonRequest) -> HttpResponse:
    """Open a case as a candidate, for the agency that this person manages."""
    agency = managed_agency(request.user)
    if agency is None:
        raise PermissionDenied
    form = CollaborationForm(request.POST or None)
    return carry_out(
        request,
        form,
        about=None,
        title=_("New collaboration"),
        submit=_("Open the case"),
        done=_("The case is open. Name its units and people next."),
        action=lambda: create_collaboration(
            agency=agency, by=request.user, now=clock.now(), **form.cleaned_data
        ),
    )


@door(Collaboration, may=can_manage_collaboration, alone=True)
def describe(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    form = CollaborationForm(request.POST or None, instance=collaboration)
    return carry_out(
        request,
        form,
        about=collaboration,
        title=_("Facts of the case"),
        submit=_("Save"),
        done=_("Saved."),
        action=lambda: describe_collaboration(
            collaboration=collaboration, by=request.user, now=clock.now(), **form.cleaned_data
        ),
    )


@door(Collaboration, may=can_manage_collaboration)
def new_unit(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    taking_part = Participation.objects.filter(collaboration=collaboration, left_on=None)
    in_use = collaboration.organiser.units.in_use(clock.today())
    units = in_use.exclude(pk__in=taking_part.values("unit"))
    form = AddUnitForm(request.POST or None, units=units)
    return carry_out(
        request,
        form,
        about=collaboration,
        title=_("Add a unit"),
        submit=_("Add"),
        done=_("The unit takes part."),
        action=lambda: (
            add_unit(
                collaboration=collaboration, by=request.user, now=clock.now(), **form.cleaned_data
            ).collaboration
        ),
    )


@door(Participation, may=can_manage_collaboration)
def unit_leaves(request: PersonRequest, participation: Participation) -> HttpResponse:
    form = LeaveForm(request.POST or None)
    return carry_out(
        request,
        form,
        about=participation.collaboration,
        title=_("A unit leaves"),
        lead=str(participation.unit),
        submit=_("Record"),
        done=_("It is recorded that the unit has left."),
        action=lambda: (
            let_unit_leave(
                participation=participation, by=request.user, now=clock.now(), **form.cleaned_data
            ).collaboration
        ),
    )


@door(Collaboration, may=can_manage_people)
def new_assignment(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """Give a colleague a role at once; somebody who is new here is invited to it."""
    roles = [r for r in COLLABORATION_ROLES if can_assign[r.party](collaboration, request.user)]
    form = AssignForm(request.POST or None, roles=roles, today=clock.today())
    return carry_out(
        request,
        form,
        about=collaboration,
        title=_("Give somebody a role"),
        submit=_("Give the role"),
        done=_("Done. Who is new in the organisation gets an invitation by mail first."),
        action=lambda: assign_or_invite(
            collaboration=collaboration, by=request.user, now=clock.now(), **form.cleaned_data
        ),
        template="sbs_workflow/new_assignment.html",
        waiting=waiting_invitations_to(collaboration, roles),
        now=clock.now(),
    )


@door(Promise, may=can_settle_promise)
def settle(request: PersonRequest, promise: Promise) -> HttpResponse:
    form = PromiseForm(request.POST or None, promise=promise)
    return carry_out(
        request,
        form,
        about=promise.collaboration,
        title=_("Kept, changed or dropped"),
        lead=promise.what,
        submit=_("Record"),
        done=_("It is noted."),
        action=lambda: settle_promise(
            promise=promise, by=request.user, now=clock.now(), **form.cleaned_data
        ),
    )
