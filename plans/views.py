"""The pages of nulägesanalys and åtgärdsplan."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from notifications import clock
from plans.actions import can_revise, can_write, revise_plan, write_document
from plans.forms import AnalysisForm, PlanForm, RevisionForm
from plans.models import ActionPlan, OrganiserDocument, SituationAnalysis
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.pages import carry_out, object_page
from sbs_workflow.permissions import require


@door(SituationAnalysis)
def analysis(request: PersonRequest, analysis: SituationAnalysis) -> HttpResponse:
    return _document(request, analysis, AnalysisForm)


@door(ActionPlan)
def plan(request: PersonRequest, plan: ActionPlan) -> HttpResponse:
    return _document(
        request,
        plan,
        PlanForm,
        may_revise=plan.state == plan.State.ADOPTED and can_revise(plan, request.user),
        versions=ActionPlan.objects.visible_to(request.user).filter(
            collaboration=plan.collaboration_id, unit=plan.unit_id
        ),
    )


def _document(
    request: PersonRequest,
    document: OrganiserDocument,
    form_class: "type[forms.ModelForm[Any]]",
    **context: Any,
) -> HttpResponse:
    """Show the document to everybody who may see it, and its form to those who write it."""
    form = None
    status = HTTPStatus.OK
    if document.is_open_for_writing and can_write(document, request.user):
        form = form_class(instance=document)
    if request.method == "POST":
        require(can_write, document, request.user)
        # Whoever wrote while it was closed is told so, with their words still in the form.
        form = form_class(request.POST, instance=document)
        if form.is_valid() and _stored(request, document, form):
            messages.success(request, _("Saved."))
            return redirect(document.get_absolute_url())
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context |= {
        "instance": document,
        "page": object_page(document, request.user, clock.today()),
        "form": form,
        "texts": [
            (form_class.base_fields[name].label, text)
            for name, text in document.texts_for(request.user).items()
        ],
    }
    return render(request, "plans/document.html", context, status=status)


def _stored(
    request: PersonRequest, document: OrganiserDocument, form: "forms.ModelForm[Any]"
) -> bool:
    try:
        write_document(document=document, by=request.user, now=clock.now(), **form.cleaned_data)
    except TransitionRefused as refused:
        form.add_error(None, refused.reasons)
        return False
    return True


@door(ActionPlan, may=can_revise)
def revise(request: PersonRequest, plan: ActionPlan) -> HttpResponse:
    form = RevisionForm(request.POST or None)
    return carry_out(
        request,
        form,
        about=plan,
        title=_("Write a new version"),
        submit=_("Begin the new version"),
        done=_("The new version is a draft."),
        action=lambda: revise_plan(
            plan=plan, by=request.user, now=clock.now(), **form.cleaned_data
        ),
    )
