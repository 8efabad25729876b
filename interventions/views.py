"""The pages of the agreement, the assignment, the insatser, the visits and their tasks."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from interventions.actions import (
    adapt_outline,
    amend_agreement,
    answer_assignment,
    drop_terms,
    finish_visit,
    link_intervention,
    log_unplanned_visit,
    log_visit,
    move_visit,
    plan_visit,
    revise_assignment,
    write_agreement,
    write_assignment,
    write_outline,
    write_payment_plan,
    write_terms,
)
from interventions.forms import (
    AdaptForm,
    AgreementForm,
    AmendmentForm,
    AnswerForm,
    AssignmentForm,
    FinishForm,
    LinksForm,
    LogForm,
    OutlineForm,
    PaymentPlanForm,
    PlanVisitForm,
    TermsForm,
    UnplannedLogForm,
    VisitDayForm,
)
from interventions.models import (
    IN_FORCE,
    Agreement,
    AssignmentPlan,
    EarlierInsats,
    InterimTask,
    Intervention,
    Terms,
    Visit,
)
from interventions.permissions import (
    can_amend,
    can_answer_assignment,
    can_lead_interventions,
    can_link,
    can_log_visit,
    can_propose_agreement,
    can_revise_assignment,
)
from interventions.queries import (
    begun_with,
    changes_between,
    earlier_insatser,
    preparation_of,
    told_before,
    who_came_last,
)
from notifications import clock
from organisations.models import Unit, User
from plans.models import Cause, PlannedGoal
from plans.queries import causes_said, goals_known_to
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.models import Collaboration, Promise
from sbs_workflow.pages import carry_out, object_page


def _units(collaboration: Collaboration) -> list[Unit]:
    """The units that take part now."""
    return list(
        Unit.objects.filter(
            participations__collaboration=collaboration, participations__left_on=None
        )
    )


@door(Agreement)
@require_safe
def agreement(request: PersonRequest, agreement: Agreement) -> HttpResponse:
    context = {
        "instance": agreement,
        "page": object_page(agreement, request.user, clock.today()),
        "may_write": agreement.is_open_for_writing
        and can_propose_agreement(agreement, request.user),
        "may_amend": agreement.state in IN_FORCE and can_amend(agreement, request.user),
        "terms": agreement.terms.prefetch_related("units", "goals__unit"),
        "instalments": agreement.instalments.all(),
        "reporting_dates": agreement.reporting_dates.all(),
        "earlier": earlier_insatser(agreement.collaboration, request.user),
        "versions": Agreement.objects.visible_to(request.user).filter(
            collaboration=agreement.collaboration_id
        ),
        "assignment": AssignmentPlan.objects.visible_to(request.user)
        .filter(collaboration=agreement.collaboration_id)
        .first(),
    }
    return render(request, "interventions/agreement.html", context)


@door(Agreement, may=can_propose_agreement, alone=True)
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


@door(Agreement, may=can_propose_agreement, alone=True)
def payment_plan(request: PersonRequest, agreement: Agreement) -> HttpResponse:
    form = PaymentPlanForm(request.POST or None, agreement=agreement)
    return carry_out(
        request,
        form,
        about=agreement,
        title=_("Payments and reporting dates"),
        submit=_("Save"),
        done=_("Saved."),
        action=lambda: write_payment_plan(
            agreement=agreement, by=request.user, now=clock.now(), **form.said()
        ),
    )


@door(Agreement, may=can_propose_agreement, alone=True)
def new_terms(request: PersonRequest, agreement: Agreement) -> HttpResponse:
    return _terms_page(request, agreement, None, _insats_of_then(request, agreement))


def _insats_of_then(request: PersonRequest, agreement: Agreement) -> EarlierInsats | None:
    """What earlier reports tell of, where a new insats is begun from it."""
    try:
        key = UUID(request.GET.get("tidigare", ""))
    except ValueError:
        return None
    rows = EarlierInsats.objects.visible_to(request.user).select_related("plan")
    found: EarlierInsats | None = rows.filter(
        pk=key, plan__collaboration=agreement.collaboration_id
    ).first()
    return found


@door(Terms, may=can_propose_agreement, alone=True)
def edit_terms(request: PersonRequest, terms: Terms) -> HttpResponse:
    return _terms_page(request, terms.agreement, terms)


def _begun_from(earlier: EarlierInsats) -> str:
    said = _("Begun from what earlier reports say of %(insats)s. Look it through, and save it.")
    return said % {"insats": earlier}


def _terms_page(
    request: PersonRequest,
    agreement: Agreement,
    terms: Terms | None,
    earlier: EarlierInsats | None = None,
) -> HttpResponse:
    collaboration = agreement.collaboration
    sayings = goals_known_to(request.user, collaboration)
    form = TermsForm(
        request.POST or None,
        instance=terms,
        units=Unit.objects.filter(
            participations__collaboration=collaboration, participations__left_on=None
        ),
        sayings=sayings,
        causes=_causes_behind(sayings, request.user),
        initial=None if terms else begun_with(agreement, earlier),
    )
    return carry_out(
        request,
        form,
        about=agreement,
        title=str(terms) if terms else _("Add an insats"),
        lead=_begun_from(earlier) if earlier else "",
        submit=_("Save the insats"),
        done=_("The insats is saved."),
        action=lambda: (
            write_terms(
                agreement=agreement,
                terms=terms,
                number=earlier.number if earlier else None,
                by=request.user,
                now=clock.now(),
                **form.cleaned_data,
            ).agreement
        ),
        draft="terms",
    )


@door(Terms, may=can_propose_agreement)
def terms_go(request: PersonRequest, terms: Terms) -> HttpResponse:
    return carry_out(
        request,
        FinishForm(request.POST if request.method == "POST" else None),
        about=terms.agreement,
        title=_("Leave the insats out of this version"),
        lead=str(terms),
        submit=_("Leave out"),
        done=_("The insats is left out."),
        action=lambda: drop_terms(terms=terms, by=request.user, now=clock.now()),
    )


@door(Agreement)
@require_safe
def agreement_differences(request: PersonRequest, agreement: Agreement) -> HttpResponse:
    """What this version changes against the one before it."""
    older = get_object_or_404(
        Agreement.objects.visible_to(request.user),
        collaboration=agreement.collaboration_id,
        version=agreement.version - 1,
    )
    context = {
        "agreement": agreement,
        "older": older,
        "changes": changes_between(older, agreement),
    }
    return render(request, "interventions/differences.html", context)


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
        draft="amendment",
    )


@door(AssignmentPlan)
@require_safe
def assignment(request: PersonRequest, assignment: AssignmentPlan) -> HttpResponse:
    user = request.user
    context = {
        "instance": assignment,
        "page": object_page(assignment, user, clock.today()),
        "months": assignment.months.all(),
        "may_write": assignment.is_open_for_writing and can_propose_agreement(assignment, user),
        "may_answer": assignment.waits_for_an_answer and can_answer_assignment(assignment, user),
        "may_revise": assignment.state == assignment.State.CONFIRMED
        and can_revise_assignment(assignment, user),
        "versions": AssignmentPlan.objects.visible_to(user).filter(
            collaboration=assignment.collaboration_id
        ),
    }
    return render(request, "interventions/assignment.html", context)


@door(AssignmentPlan, may=can_propose_agreement, alone=True)
def edit_assignment(request: PersonRequest, assignment: AssignmentPlan) -> HttpResponse:
    form = AssignmentForm(request.POST or None, instance=assignment)
    return carry_out(
        request,
        form,
        about=assignment,
        title=_("Write the assignment"),
        submit=_("Save"),
        done=_("Saved."),
        action=lambda: write_assignment(
            assignment=assignment, by=request.user, now=clock.now(), **form.cleaned_data
        ),
        draft="assignment",
    )


@door(AssignmentPlan, may=can_answer_assignment, alone=True)
def answer(request: PersonRequest, assignment: AssignmentPlan) -> HttpResponse:
    """The period of the agreement, or of the insatser where that is known."""
    collaboration = assignment.collaboration
    start = collaboration.interventions_start_on or assignment.agreement.starts_on
    end = collaboration.interventions_end_on or assignment.agreement.ends_on
    if start is None or end is None:
        return redirect(assignment)
    form = AnswerForm(request.POST or None, assignment=assignment, start=start, end=end)
    return carry_out(
        request,
        form,
        about=assignment,
        title=_("Team and days of support"),
        submit=_("Save"),
        done=_("Saved. Confirm the plan when it is right."),
        action=lambda: answer_assignment(
            assignment=assignment, by=request.user, now=clock.now(), **form.said()
        ),
        draft="answer",
        template="interventions/answer.html",
    )


@door(AssignmentPlan, may=can_revise_assignment)
def revise_assignment_plan(request: PersonRequest, assignment: AssignmentPlan) -> HttpResponse:
    return carry_out(
        request,
        FinishForm(request.POST if request.method == "POST" else None),
        about=assignment,
        title=_("Revise the assignment plan"),
        lead=_("The confirmed version stands until the new one is confirmed."),
        submit=_("Begin the new version"),
        done=_("The new version is a draft."),
        action=lambda: revise_assignment(assignment=assignment, by=request.user, now=clock.now()),
    )


@door(Intervention)
@require_safe
def intervention(request: PersonRequest, intervention: Intervention) -> HttpResponse:
    user = request.user
    sayings = {row.goal_id: row for row in goals_known_to(user, intervention.collaboration)}
    served = set(intervention.goals.values_list("pk", flat=True))
    outlines = list(intervention.outlines.select_related("written_by"))
    context = {
        "instance": intervention,
        "page": object_page(intervention, user, clock.today()),
        "units": intervention.units.all(),
        "goals": [row for key, row in sayings.items() if key in served],
        "causes": [
            {"text": text} for text in causes_said(intervention.causes.all(), user).values()
        ],
        "outline": outlines[0] if outlines else None,
        "earlier_outlines": outlines[1:],
        "told_before": told_before(intervention, user),
        "deviations": intervention.deviations.select_related("reported_by"),
        "visits": Visit.objects.filter(touches__intervention=intervention)
        .filter(state=Visit.State.SHARED)
        .order_by("-takes_place_on"),
        "may_write_outline": intervention.state in ("planned", "ready")
        and can_lead_interventions(intervention, user),
        "may_link": not intervention.is_over and can_link(intervention, user),
        "amendment": Agreement.objects.visible_to(user)
        .filter(collaboration=intervention.collaboration_id)
        .first()
        if intervention.state == intervention.State.DEVIATION_OPEN
        else None,
    }
    return render(request, "interventions/intervention.html", context)


@door(Intervention, may=can_link, alone=True)
def links(request: PersonRequest, intervention: Intervention) -> HttpResponse:
    sayings = goals_known_to(request.user, intervention.collaboration)
    form = LinksForm(
        request.POST or None,
        instance=intervention,
        sayings=sayings,
        causes=_causes_behind(sayings, request.user),
    )
    return carry_out(
        request,
        form,
        about=intervention,
        title=_("What the insats serves"),
        submit=_("Save"),
        done=_("Saved."),
        action=lambda: link_intervention(
            intervention=intervention, by=request.user, now=clock.now(), **form.cleaned_data
        ),
    )


@door(Intervention, may=can_lead_interventions, alone=True)
def outline(request: PersonRequest, intervention: Intervention) -> HttpResponse:
    form = OutlineForm(request.POST or None, initial={"text": _current_outline(intervention)})
    return carry_out(
        request,
        form,
        about=intervention,
        title=_("Write the outline"),
        submit=_("Save"),
        done=_("Saved."),
        action=lambda: write_outline(
            intervention=intervention, by=request.user, now=clock.now(), **form.cleaned_data
        ),
        draft="outline",
    )


@door(Intervention, may=can_log_visit, alone=True)
def adapt(request: PersonRequest, intervention: Intervention) -> HttpResponse:
    form = AdaptForm(request.POST or None, initial={"text": _current_outline(intervention)})
    return carry_out(
        request,
        form,
        about=intervention,
        title=_("Adapt the outline"),
        lead=_("Inside the agreement you adapt freely. What goes beyond it is a deviation."),
        submit=_("Save the adaptation"),
        done=_("The adaptation is noted."),
        action=lambda: adapt_outline(
            intervention=intervention, by=request.user, now=clock.now(), **form.cleaned_data
        ),
        draft="adapt",
    )


def _causes_behind(sayings: list[PlannedGoal], user: User) -> dict[UUID, str]:
    """The causes of the problems that these goals answer."""
    problems = {row.problem_id for row in sayings}
    return causes_said(Cause.objects.filter(problem__in=problems), user)


def _current_outline(intervention: Intervention) -> str:
    current = intervention.outlines.first()
    return current.text if current else ""


@door(Visit)
@require_safe
def visit(request: PersonRequest, visit: Visit) -> HttpResponse:
    user, today = request.user, clock.today()
    log_is_open = visit.log_is_open_to(user)
    touches = visit.touches.visible_to(user).select_related("intervention")
    touched = {touch.goal_id for touch in touches if touch.goal_id}
    context = {
        "instance": visit,
        "page": object_page(visit, user, today),
        "lies_ahead": visit.lies_ahead(today),
        "units": visit.units.all(),
        "log_is_open": log_is_open,
        "interventions": [touch.intervention for touch in touches if touch.intervention],
        "goals": [
            row
            for row in (goals_known_to(user, visit.collaboration) if touched else [])
            if row.goal_id in touched
        ],
        "promises": Promise.objects.visible_to(user).filter(made_in=visit.pk),
        "tasks": visit.tasks.select_related("unit"),
    }
    return render(request, "interventions/visit.html", context)


@door(Visit)
@require_safe
def prepare(request: PersonRequest, visit: Visit) -> HttpResponse:
    """The page to open on the way to the school: first of all the tasks since last time."""
    preparation = preparation_of(visit, request.user)
    context = {
        "visit": visit,
        "units": visit.units.all(),
        "preparation": preparation,
        "last_log_is_open": preparation.last is not None
        and preparation.last.log_is_open_to(request.user),
    }
    return render(request, "interventions/prepare.html", context)


@door(InterimTask)
@require_safe
def task(request: PersonRequest, task: InterimTask) -> HttpResponse:
    context = {
        "instance": task,
        "page": object_page(task, request.user, clock.today()),
        "unit": task.unit,
        "visit": task.visit,
        "is_told_by_title": str(task) == task.text,
    }
    return render(request, "interventions/task.html", context)


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
def finish(request: PersonRequest, visit: Visit) -> HttpResponse:
    return carry_out(
        request,
        FinishForm(request.POST if request.method == "POST" else None),
        about=visit,
        title=_("Done, the log comes later"),
        lead=_("The log can be written within three working days."),
        submit=_("The visit is done"),
        done=_("It is noted. The log remains."),
        action=lambda: finish_visit(visit=visit, by=request.user, now=clock.now()),
    )


@door(Visit, may=can_log_visit)
def log(request: PersonRequest, visit: Visit) -> HttpResponse:
    visited = [str(key) for key in visit.unit_keys]
    form = LogForm(
        request.POST or None,
        **_choices_of_log(request, visit.collaboration),
        initial={
            "units": visited,
            "form": visit.form,
            "participants": who_came_last(visit) if request.method == "GET" else [],
        },
    )
    return carry_out(
        request,
        form,
        about=visit,
        title=_("Log the visit"),
        submit=_("Save the log"),
        done=_("The visit is logged."),
        action=lambda: log_visit(visit=visit, log=form.said(), by=request.user, now=clock.now()),
        draft=f"visit-{visit.pk}",
        template="interventions/log.html",
    )


@door(Collaboration, may=can_log_visit)
def log_unplanned(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    choices = _choices_of_log(request, collaboration)
    units = choices["units"]
    form = UnplannedLogForm(
        request.POST or None,
        **choices,
        today=clock.today(),
        initial={"units": [str(units[0].pk)] if len(units) == 1 else []},
    )
    return carry_out(
        request,
        form,
        about=collaboration,
        title=_("Log a visit"),
        submit=_("Save the log"),
        done=_("The visit is logged."),
        action=lambda: log_unplanned_visit(
            collaboration=collaboration,
            takes_place_on=form.cleaned_data["takes_place_on"],
            log=form.said(),
            by=request.user,
            now=clock.now(),
        ),
        draft=f"visit-of-{collaboration.pk}",
        template="interventions/log.html",
    )


def _choices_of_log(request: PersonRequest, collaboration: Collaboration) -> dict[str, Any]:
    """What a log can be about (three queries)."""
    over = (Intervention.State.COMPLETED, Intervention.State.CANCELLED)
    interventions = Intervention.objects.filter(collaboration=collaboration).exclude(state__in=over)
    return {
        "units": _units(collaboration),
        "interventions": list(interventions),
        "sayings": goals_known_to(request.user, collaboration),
    }
