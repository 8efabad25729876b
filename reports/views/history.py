"""Bringing in what was reported before the collaboration came here: a preview, then the plan."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from interventions.actions import earlier_of_unit, take_back_earlier_insats
from interventions.models import Agreement, EarlierInsats
from interventions.permissions import can_propose_agreement
from interventions.queries import earlier_insatser
from notifications import clock
from organisations.models import User
from plans.actions.imports import same_words
from plans.models import ActionPlan
from plans.permissions import can_write
from reports.actions import BroughtIn, import_history
from reports.forms import HistoryForm, OldReportsForm
from reports.queries import (
    KnownProblem,
    agreed_insatser,
    agreed_now,
    goals_then,
    known_problems,
    other_units,
    said_in_plan,
)
from reports.reading.history import AlreadyThere, History
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.forms import SureForm
from sbs_workflow.models import Collaboration
from sbs_workflow.pages import carry_out


@door(ActionPlan, may=can_write, alone=True)
def bring_in(request: PersonRequest, plan: ActionPlan) -> HttpResponse:
    """Three pages at one address: the files, what they say, and back to the plan."""
    problems = known_problems(plan)
    if request.method == "POST" and "rows" in request.POST:
        return _take(request, plan, problems)
    form = OldReportsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        causes, goals = said_in_plan(plan)
        there = {same_words(known.text): key for key, known in problems.items()}
        insatser = list(earlier_of_unit(plan))
        others = other_units(plan)
        already = AlreadyThere(there, causes, goals, insatser, agreed_insatser(plan), others)
        history = form.read(already)
        if history is not None:
            taking = HistoryForm(problems=problems, today=clock.today(), history=history)
            return _preview(request, plan, taking, history)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"instance": plan, "form": form}
    return render(request, "reports/bring_in.html", context, status=status)


def _preview(
    request: PersonRequest, plan: ActionPlan, form: HistoryForm, history: History | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "instance": plan,
        "form": form,
        "history": history,
        "sections": form.sections(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "reports/brought.html", context, status=status)


def _take(
    request: PersonRequest, plan: ActionPlan, problems: dict[str, KnownProblem]
) -> HttpResponse:
    form = HistoryForm(request.POST, problems=problems, today=clock.today())
    if form.is_valid():
        try:
            done = import_history(plan=plan, brought=form.said(), by=request.user, now=clock.now())
        except TransitionRefused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, _told(done))
            return redirect(_where_it_is_seen(done))
    return _preview(request, plan, form)


def _told(done: BroughtIn) -> str:
    if not (done.problems or done.goals or done.insatser or done.colours):
        return _("Everything that you chose was there already. Nothing was added.")
    parts = (
        ngettext("%(count)s problem", "%(count)s problems", done.problems)
        % {"count": done.problems},
        ngettext("%(count)s goal", "%(count)s goals", done.goals) % {"count": done.goals},
        ngettext("%(count)s insats of then", "%(count)s insatser of then", done.insatser)
        % {"count": done.insatser},
        ngettext("%(count)s colour", "%(count)s colours", done.colours) % {"count": done.colours},
    )
    return _("Brought in: %(what)s.") % {"what": ", ".join(parts)}


def _where_it_is_seen(done: BroughtIn) -> str:
    if done.insatser:
        case = done.plan.collaboration
        return reverse("reports:earlier_insatser", args=[case.pk])
    return done.plan.get_absolute_url()


@door(Collaboration)
@require_safe
def earlier_insatser_of(request: PersonRequest, collaboration: Collaboration) -> HttpResponse:
    """What was done before the case came here, as far as this person may read it."""
    context = {
        "collaboration": collaboration,
        "insatser": earlier_insatser(collaboration, request.user, with_taken_back=True),
        "draft": _open_agreement(collaboration, request.user),
    }
    return render(request, "reports/earlier_insatser.html", context)


@door(EarlierInsats)
@require_safe
def earlier_insats(request: PersonRequest, insats: EarlierInsats) -> HttpResponse:
    """One insats of then: who took part, which goals it served, and what each report says."""
    context = {
        "insats": insats,
        "case": insats.collaboration,
        "unit": insats.plan.unit,
        "goals": goals_then(insats, request.user),
        "accounts": insats.accounts.all(),
        "now": agreed_now(insats, request.user),
        "draft": None
        if insats.taken_back_on
        else _open_agreement(insats.collaboration, request.user),
        "may_take_back": insats.taken_back_on is None and can_write(insats.plan, request.user),
    }
    return render(request, "reports/earlier_insats.html", context)


@door(EarlierInsats, may=can_write)
def take_back_insats(request: PersonRequest, insats: EarlierInsats) -> HttpResponse:
    return carry_out(
        request,
        SureForm(request.POST if request.method == "POST" else None),
        about=insats,
        title=_("Take back the insats"),
        lead=_how_it_is_taken_back(insats),
        submit=_("Take back the insats"),
        done=_("The insats is taken back."),
        action=lambda: take_back_earlier_insats(insats=insats, by=request.user, now=clock.now()),
        goes_on_to="reports:earlier_insatser",
    )


def _how_it_is_taken_back(insats: EarlierInsats) -> str:
    if insats.plan.shared_on is None:
        return _("It goes, with what the reports say of it. Goals and colours stay in the plan.")
    return _(
        "Others have read it: it stays readable, marked as taken back. Goals and colours stay in"
        " the plan."
    )


def _open_agreement(collaboration: Collaboration, user: User) -> Agreement | None:
    """The draft into which this person may take an insats of then, if there is one."""
    drafts = Agreement.objects.visible_to(user).filter(
        collaboration=collaboration, state__in=[Agreement.State.DRAFT, Agreement.State.RETURNED]
    )
    draft = drafts.select_related("collaboration").first()
    return draft if draft and can_propose_agreement(draft, user) else None
