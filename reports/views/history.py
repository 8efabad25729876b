"""Bringing in what was reported before the collaboration came here: a preview, then the plan."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications import clock
from plans.actions.imports import same_words
from plans.models import ActionPlan
from plans.permissions import can_write
from reports.actions import BroughtIn, import_history
from reports.forms import HistoryForm, OldReportsForm
from reports.queries import KnownProblem, known_problems, said_in_plan
from reports.reading.history import AlreadyThere, History
from sbs_workflow.doors import PersonRequest, door
from sbs_workflow.engine import TransitionRefused


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
        history = form.read(AlreadyThere(there, causes, goals))
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
            return redirect(done.plan)
    return _preview(request, plan, form)


def _told(done: BroughtIn) -> str:
    if not (done.problems or done.goals or done.colours):
        return _("Everything that you chose was there already. Nothing was added.")
    parts = (
        ngettext("%(count)s problem", "%(count)s problems", done.problems)
        % {"count": done.problems},
        ngettext("%(count)s goal", "%(count)s goals", done.goals) % {"count": done.goals},
        ngettext("%(count)s colour", "%(count)s colours", done.colours) % {"count": done.colours},
    )
    return _("Brought in: %(what)s.") % {"what": ", ".join(parts)}
