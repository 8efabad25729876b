"""The pages of nulägesanalys and åtgärdsplan."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from plans.actions import (
    drop_goal,
    note_evidence,
    rate_goal,
    remove_evidence,
    remove_problem,
    revise_plan,
    write_document,
    write_goal,
    write_problem,
)
from plans.clarity import advice_on_goal
from plans.forms import (
    AnalysisForm,
    EvidenceForm,
    GoalForm,
    PlanForm,
    ProblemForm,
    RatingForm,
    RevisionForm,
)
from plans.models import (
    ActionPlan,
    Evidence,
    Goal,
    OrganiserDocument,
    PlannedGoal,
    Problem,
    SituationAnalysis,
)
from plans.permissions import can_rate, can_revise, can_write
from plans.queries import (
    GoalSaid,
    PlanSaid,
    ProblemSaid,
    analysis_said,
    changes_between,
    plan_said,
    saying_of,
)
from plans.wording import wording_for
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.forms import SureForm
from sbs_workflow.pages import carry_out, object_page
from sbs_workflow.permissions import require


@door(SituationAnalysis, alone=True)
def analysis(request: PersonRequest, analysis: SituationAnalysis) -> HttpResponse:
    said = analysis_said(analysis, request.user)
    return _document(
        request,
        analysis,
        AnalysisForm,
        template="plans/analysis.html",
        said=said,
        unheard=said.unheard() if said.problems else [],
        areas=_lines(analysis.texts_for(request.user)["priorities"]),
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@door(ActionPlan, alone=True)
def plan(request: PersonRequest, plan: ActionPlan) -> HttpResponse:
    said = plan_said(plan, request.user)
    versions = ActionPlan.objects.visible_to(request.user).filter(
        collaboration=plan.collaboration_id, unit=plan.unit_id
    )
    is_own_side = plan.is_own_side(request.user)
    return _document(
        request,
        plan,
        PlanForm,
        template="plans/plan.html",
        sections=_sections(plan, said, with_advice=is_own_side and plan.is_open_for_writing),
        wording=wording_for(plan.unit),
        may_revise=_may_be_revised(plan, versions) and can_revise(plan, request.user),
        versions=versions,
        # Asked only where there is no problem to show.
        analyses=SituationAnalysis.objects.visible_to(request.user).filter(
            collaboration=plan.collaboration_id, unit=plan.unit_id
        ),
    )


def _may_be_revised(plan: ActionPlan, versions: Iterable[ActionPlan]) -> bool:
    """Only one new version is written at a time (see ``revise_plan``)."""
    is_over = (ActionPlan.State.ADOPTED, ActionPlan.State.SUPERSEDED)
    return plan.state == plan.State.ADOPTED and all(each.state in is_over for each in versions)


def _sections(
    plan: ActionPlan, said: PlanSaid, *, with_advice: bool
) -> list[tuple[ProblemSaid, list[tuple[GoalSaid, list[str]]]]]:
    """Each problem with its goals, and what would make each goal clearer."""
    ends_on = plan.collaboration.interventions_end_on

    def advice(goal: GoalSaid) -> list[str]:
        return list(advice_on_goal(goal, ends_on)) if with_advice else []

    return [
        (problem, [(goal, advice(goal)) for goal in goals]) for problem, goals in said.by_problem
    ]


def _document(
    request: PersonRequest,
    document: OrganiserDocument,
    form_class: "type[forms.ModelForm[Any]]",
    *,
    template: str,
    **context: Any,
) -> HttpResponse:
    """Show the document to everybody who may see it, and its form to those who write it."""
    form = None
    status = HTTPStatus.OK
    may_write = can_write(document, request.user)
    if document.is_open_for_writing and may_write:
        form = form_class(instance=document)
    if request.method == "POST":
        require(can_write, document, request.user)
        # Whoever wrote while it was closed is told so, with their words still in the form.
        form = form_class(request.POST, instance=document)
        if form.is_valid() and _stored(request, document, form):
            messages.success(request, _("Saved."))
            return redirect(document.get_absolute_url())
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    labels = form_class(instance=document).fields
    context |= {
        "instance": document,
        "page": object_page(document, request.user, clock.today()),
        "form": form,
        "may_write": document.is_open_for_writing and may_write,
        "texts": [
            (labels[name].label, text) for name, text in document.texts_for(request.user).items()
        ],
    }
    return render(request, template, context, status=status)


def _stored(
    request: PersonRequest, document: OrganiserDocument, form: "forms.ModelForm[Any]"
) -> bool:
    try:
        write_document(document=document, by=request.user, now=clock.now(), **form.cleaned_data)
    except TransitionRefused as refused:
        form.add_error(None, refused.reasons)
        return False
    return True


@door(SituationAnalysis, may=can_write, alone=True)
def new_problem(request: PersonRequest, analysis: SituationAnalysis) -> HttpResponse:
    form = ProblemForm(request.POST or None, analysis=analysis, problem=None)
    return carry_out(
        request,
        form,
        about=analysis,
        title=_("New problem"),
        submit=_("Save the problem"),
        done=_("The problem is saved. Note what you know it from."),
        action=lambda: (
            write_problem(
                analysis=analysis, by=request.user, now=clock.now(), **form.said()
            ).analysis
        ),
        draft="problem",
    )


@door(Problem, may=can_write, alone=True)
def problem(request: PersonRequest, problem: Problem) -> HttpResponse:
    form = ProblemForm(request.POST or None, analysis=problem.analysis, problem=problem)
    return carry_out(
        request,
        form,
        about=problem.analysis,
        title=str(problem),
        submit=_("Save the problem"),
        done=_("Saved."),
        action=lambda: (
            write_problem(
                analysis=problem.analysis,
                problem=problem,
                by=request.user,
                now=clock.now(),
                **form.said(),
            ).analysis
        ),
        draft=f"problem-{problem.pk}",
    )


@door(Problem, may=can_write)
def problem_goes(request: PersonRequest, problem: Problem) -> HttpResponse:
    return carry_out(
        request,
        SureForm(request.POST if request.method == "POST" else None),
        about=problem.analysis,
        title=_("Take the problem away"),
        lead=problem.text,
        submit=_("Take away"),
        done=_("The problem is taken away."),
        action=lambda: remove_problem(problem=problem, by=request.user, now=clock.now()),
    )


@door(Problem, may=can_write)
def new_evidence(request: PersonRequest, problem: Problem) -> HttpResponse:
    today = clock.today()
    form = EvidenceForm(request.POST or None, problem=problem, today=today)
    return carry_out(
        request,
        form,
        about=problem.analysis,
        title=_("What do you know it from?"),
        lead=problem.text,
        submit=_("Save the evidence"),
        done=_("The evidence is noted."),
        action=lambda: note_evidence(
            problem=problem, by=request.user, now=clock.now(), **form.cleaned_data
        ),
        draft="evidence",
    )


@door(Evidence, may=can_write, alone=True)
def evidence(request: PersonRequest, evidence: Evidence) -> HttpResponse:
    problem = evidence.problem
    form = EvidenceForm(
        request.POST or None, instance=evidence, problem=problem, today=clock.today()
    )
    return carry_out(
        request,
        form,
        about=problem.analysis,
        title=_("What do you know it from?"),
        lead=problem.text,
        submit=_("Save the evidence"),
        done=_("Saved."),
        action=lambda: note_evidence(
            problem=problem,
            evidence=evidence,
            by=request.user,
            now=clock.now(),
            **form.cleaned_data,
        ),
    )


@door(Evidence, may=can_write)
def evidence_goes(request: PersonRequest, evidence: Evidence) -> HttpResponse:
    return carry_out(
        request,
        SureForm(request.POST if request.method == "POST" else None),
        about=evidence.problem.analysis,
        title=_("Take the evidence away"),
        lead=evidence.text,
        submit=_("Take away"),
        done=_("The evidence is taken away."),
        action=lambda: remove_evidence(evidence=evidence, by=request.user, now=clock.now()),
    )


def _problems_of(plan: ActionPlan) -> list[Problem]:
    return list(
        Problem.objects.filter(
            analysis__collaboration=plan.collaboration_id, analysis__unit=plan.unit_id
        )
    )


@door(ActionPlan, may=can_write, alone=True)
def new_goal(request: PersonRequest, plan: ActionPlan) -> HttpResponse:
    form = GoalForm(
        request.POST or None,
        plan=plan,
        problems=_problems_of(plan),
        initial={"problem": request.GET.get("problem")},
    )
    return carry_out(
        request,
        form,
        about=plan,
        title=_("New goal"),
        submit=_("Save the goal"),
        done=_("The goal is saved."),
        action=lambda: (
            write_goal(plan=plan, by=request.user, now=clock.now(), **form.cleaned_data).plan
        ),
        draft="goal",
    )


@door(PlannedGoal, may=can_write, alone=True)
def planned_goal(request: PersonRequest, planned: PlannedGoal) -> HttpResponse:
    plan = planned.plan
    form = GoalForm(request.POST or None, instance=planned, plan=plan, problems=_problems_of(plan))
    advice = advice_on_goal(GoalSaid.of(planned), plan.collaboration.interventions_end_on)
    return carry_out(
        request,
        form,
        about=plan,
        title=str(planned),
        submit=_("Save the goal"),
        done=_("Saved."),
        action=lambda: (
            write_goal(
                plan=plan, planned=planned, by=request.user, now=clock.now(), **form.cleaned_data
            ).plan
        ),
        draft=f"goal-{planned.pk}",
        template="plans/goal_form.html",
        advice=list(advice),
    )


@door(PlannedGoal, may=can_write)
def goal_goes(request: PersonRequest, planned: PlannedGoal) -> HttpResponse:
    return carry_out(
        request,
        SureForm(request.POST if request.method == "POST" else None),
        about=planned.plan,
        title=_("Leave the goal out of this version"),
        lead=planned.text,
        submit=_("Leave out"),
        done=_("The goal is left out. Older versions keep it."),
        action=lambda: drop_goal(planned=planned, by=request.user, now=clock.now()),
    )


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


@door(ActionPlan)
@require_safe
def differences(request: PersonRequest, plan: ActionPlan) -> HttpResponse:
    """What this version changes against the one before it."""
    older = get_object_or_404(
        ActionPlan.objects.visible_to(request.user),
        collaboration=plan.collaboration_id,
        unit=plan.unit_id,
        version=plan.version - 1,
    )
    if not plan.shows_rows_to(request.user):
        return redirect(plan.get_absolute_url())
    context = {
        "plan": plan,
        "older": older,
        "changes": changes_between(
            older, plan_said(older, request.user), plan, plan_said(plan, request.user)
        ),
    }
    return render(request, "plans/differences.html", context)


@door(Goal, may=can_rate)
def rate(request: PersonRequest, goal: Goal) -> HttpResponse:
    form = RatingForm(request.POST or None)
    saying = saying_of(goal, request.user)
    return carry_out(
        request,
        form,
        about=goal,
        title=_("Set your colour"),
        lead=saying.text if saying else str(goal),
        submit=_("Save the colour"),
        done=_("The colour is set. The other parties see it beside theirs."),
        action=lambda: (
            rate_goal(goal=goal, by=request.user, now=clock.now(), **form.cleaned_data).goal
        ),
        draft="rating",
    )
