"""Doors: every view says who may come in, and a view that says nothing lets nobody in.

*May see* is ``visible_to`` and answers 404; *may do* is a permission and answers 403.
"""

from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications import clock
from organisations.doors import PersonRequest, View, public, signed_in
from organisations.login import second_factor
from organisations.models import Role, User
from sbs_workflow.engine import SomebodyWasFirst, step_of
from sbs_workflow.models import Collaboration, SchoolAuthority, WorkflowModel
from sbs_workflow.permissions import Permission, require, roles_held
from sbs_workflow.queries import load_roles, second_factor_rules_about
from sbs_workflow.writing import UnstoredText, unstored_texts

__all__ = [
    "DoorMiddleware",
    "PersonRequest",
    "door",
    "public",
    "roles_let_in",
    "signed_in",
    "through_door",
]

ANSWERED_METHODS = ("GET", "HEAD", "POST")


def door(
    model: Any, *, may: Permission | None = None, alone: bool = False
) -> Callable[[View], View]:
    """Hand the view the object that the URL's ``pk`` names, from what this person may see.

    An object that does not exist and one that belongs to others look alike: 404.
    ``may`` is asked as well where the page is of use to some roles only: 403.
    ``alone`` lets one person at a time change a case: what the view reads is what is stored
    until it has answered.
    """

    def find(request: PersonRequest, pk: Any) -> Any:
        instance = get_object_or_404(through_door(model, request), pk=pk)
        if may is not None:
            require(may, instance, request.user)
        # What was opened, for the record of who reads what in a case.
        if model is not SchoolAuthority:
            request.opened = instance  # type: ignore[attr-defined]
        return instance

    def decorate(view: View) -> View:
        @wraps(view)
        def enter(request: PersonRequest, pk: Any, **kwargs: Any) -> HttpResponse:
            instance = find(request, pk)
            if not alone or request.method != "POST":
                return view(request, instance, **kwargs)
            with transaction.atomic():
                Collaboration.objects.lock(instance.collaboration.pk)
                return view(request, find(request, pk), **kwargs)

        enter.door = f"{model._meta.label_lower}" + (" + role" if may else "")  # type: ignore[attr-defined]
        enter.may = may  # type: ignore[attr-defined]
        return enter

    return decorate


def through_door(model: Any, request: PersonRequest) -> Any:
    """The rows of ``model`` that this person may see, each with its collaboration and unit.

    A school authority has none: it stands above its collaborations.
    """
    rows = model.objects.visible_to(request.user)
    if model is Collaboration:
        return rows.select_related("organiser", "university")
    if model is SchoolAuthority:
        return rows
    # A part of a document reaches its collaboration through it.
    path = getattr(model, "path_to_document", "")
    rows = rows.select_related(f"{path}__collaboration" if path else "collaboration")
    return rows.select_related("unit") if hasattr(model, "unit") else rows


@cache
def roles_let_in(page: str) -> frozenset[Role]:
    """The roles that a page is open to, among those who see its object."""
    view = resolve(reverse(page, args=[UUID(int=0)])).func
    may: Permission | None = getattr(view, "may", None)
    return frozenset(may.roles if may else Role)


def _unstored_texts(request: HttpRequest, instance: WorkflowModel) -> list[UnstoredText]:
    """What was written for a step that somebody else has taken, such as the minutes."""
    assert request.resolver_match is not None
    name = request.resolver_match.kwargs.get("name")
    steps = [step_of(t) for t in type(instance).declared_transitions() if t.name == name]
    inputs = {name for step in steps for name in step.inputs}
    return unstored_texts(instance, inputs, request.POST.dict())


def _owes_second_factor(request: HttpRequest, view: View) -> bool:
    """Whether the person is led to set up a second factor instead of to the view."""
    user = request.user
    # Support has shown its own before it looks at anything as somebody else.
    if not isinstance(user, User) or hasattr(request, "seeing_as"):
        return False
    if view.__module__.startswith("django.contrib.admin") or hasattr(view, "is_for_support"):
        is_needed = settings.STAFF_SECOND_FACTOR and user.is_staff
        return is_needed and not second_factor.is_there(request, user)
    if view.__module__.startswith(settings.FOREIGN_VIEWS):
        return False
    if getattr(view, "before_second_factor", False) or getattr(view, "door", "") == "public":
        return False
    held = roles_held(user)
    if not held.are_second_factors_asked_for:
        return False
    return second_factor.is_owed(request, user, second_factor_rules_about(held))


class DoorMiddleware:
    """Loads the person's roles, and refuses every view of ours that has no door.

    Whoever owes a second factor is led to it from every page of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Two people may press at once: the second is told who was first, and what came of it.

        Whoever was first themselves has pressed twice or gone back: they are shown what came of it.
        """
        if not isinstance(error, SomebodyWasFirst):
            return None
        record, texts = error.record, _unstored_texts(request, error.instance)
        if record and record.by == request.user and not texts:
            messages.info(request, _("Already done: %(what)s.") % {"what": record.sentence})
            return redirect(error.instance.get_absolute_url())
        reason = (
            _("%(who)s, %(when)s: %(what)s")
            % {
                "who": record.by or _("The calendar"),
                "when": date_format(timezone.localtime(record.occurred_at), "j F H:i"),
                "what": record.sentence,
            }
            if record
            else ""
        )
        context = {
            "reason": reason,
            "url": error.instance.get_absolute_url(),
            "texts": texts,
        }
        return render(request, "409.html", context, status=HTTPStatus.CONFLICT)

    def process_view(
        self, request: HttpRequest, view: View, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.user.is_authenticated:
            load_roles(request.user, clock.today())
        if not view.__module__.startswith(settings.FOREIGN_VIEWS):
            if not hasattr(view, "door"):
                raise Http404
            if request.method not in ANSWERED_METHODS:
                return HttpResponseNotAllowed(ANSWERED_METHODS)
        if _owes_second_factor(request, view):
            if "HX-Request" in request.headers:
                # A part of a page must not be filled with another page.
                return HttpResponse(status=HTTPStatus.FORBIDDEN)
            return redirect("organisations:second_factor")
        return None
