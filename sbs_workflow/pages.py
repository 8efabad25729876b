"""What the pages about the objects of a collaboration have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from notifications.duties import OpenDuty, open_duties
from organisations.models import User
from sbs_workflow.engine import Choice, SomebodyWasFirst, TransitionRefused, choices
from sbs_workflow.models import Collaboration, TransitionRecord, WorkflowModel
from sbs_workflow.queries import Turn, whose_turn


@dataclass(frozen=True)
class ObjectPage:
    """What every page about one object of a collaboration shows around it."""

    collaboration: Collaboration
    duties: list[OpenDuty]
    turn: Turn | None
    choices: list[Choice]
    records: list[TransitionRecord]


def object_page(instance: WorkflowModel, user: User, today: date) -> ObjectPage:
    """The frame of a page about ``instance`` (two queries, and those of its open gates)."""
    collaboration = instance.collaboration
    duties = open_duties(today, scopes=[collaboration.pk])
    return ObjectPage(
        collaboration=collaboration,
        duties=duties,
        turn=whose_turn(collaboration.state, duties, today),
        choices=choices(instance, user, today),
        records=list(
            TransitionRecord.objects.filter(object_id=instance.pk).select_related("by")[:20]
        ),
    )


def carry_out(
    request: HttpRequest,
    form: Any,
    *,
    about: Any,
    title: str,
    submit: str,
    done: str,
    action: Callable[[], Any],
    draft: str = "",
    lead: str = "",
    goes_on_to: str = "",
    cancel_url: str = "",
    template: str = "sbs_workflow/form.html",
    **context: Any,
) -> HttpResponse:
    """The page of one thing to do: show its form, carry it out, show what came of it.

    What was typed stays in the form when ``action`` raises TransitionRefused. ``draft``
    is the key under which the browser keeps what is half written. ``goes_on_to`` is the
    URL name of the page after it, where that is not the page of what came of it.
    ``cancel_url`` is where one goes without doing it, where that is not the object it is about.
    ``template`` and ``context`` are for pages that show more than their form.
    """
    if request.method == "POST" and form.is_valid():
        try:
            result = action()
        except SomebodyWasFirst:
            raise
        except TransitionRefused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, done)
            return redirect(goes_on_to, pk=result.pk) if goes_on_to else redirect(result)
    context |= {
        "about": about,
        "form": form,
        "title": title,
        "submit": submit,
        "draft": draft,
        "lead": lead,
        "cancel_url": cancel_url or _back_from(about),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, context, status=status)


def _back_from(about: Any) -> str:
    return about.get_absolute_url() if about else reverse("portfolio:collaborations")
