"""The page of a step: any step of any machine that needs no page of its own."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from notifications import clock
from sbs_workflow.doors import PersonRequest, signed_in, through_door
from sbs_workflow.engine import (
    Choice,
    SomebodyWasFirst,
    TransitionRefused,
    choices,
    declared_names,
    perform,
)
from sbs_workflow.forms import StepForm
from sbs_workflow.models import WorkflowModel


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
