"""Support sees what a person sees, and can change nothing (docs/decisions/0035)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from notifications import clock
from organisations.login import seeing_as
from organisations.models import User
from sbs_workflow.queries import load_roles

# What opens something, or is about the person and not about the work.
NEVER_SHOWN = {
    "meetings:my_calendar",
    "organisations:account",
    "organisations:second_factor",
    "organisations:sessions",
    "records:my_data",
    "records:my_data_file",
    "records:my_name",
    "reminders:mail_choice",
}
WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE")


class SeeAsMiddleware:
    """Gives the view the person whom support looks over the shoulder of.

    For everything outside, such as the record of who has read what, it is support who asks. The
    database refuses what a page would write, whatever the page thinks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        supporter = request.user
        look = seeing_as.going_on(request, clock.now()) if supporter.is_authenticated else None
        if look is None or not isinstance(supporter, User):
            return self.get_response(request)
        request.user, request.seeing_as = look.person, look  # type: ignore[attr-defined]
        try:
            if request.path == reverse("organisations:stop_seeing"):
                return self.get_response(request)
            with connection.execute_wrapper(_refuse_writing):
                return self.get_response(request)
        finally:
            load_roles(supporter, clock.today())
            request.user = supporter

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        look = getattr(request, "seeing_as", None)
        if look is None or request.path == reverse("organisations:stop_seeing"):
            return None
        assert request.resolver_match is not None
        is_open = (
            request.method in ("GET", "HEAD")
            and request.resolver_match.view_name not in NEVER_SHOWN
            and not view.__module__.startswith(settings.FOREIGN_VIEWS)
        )
        if is_open:
            return None
        return render(request, "organisations/only_looking.html", status=HTTPStatus.FORBIDDEN)


def _refuse_writing(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if sql.lstrip().upper().startswith(WRITING):
        raise PermissionDenied
    return execute(sql, params, many, context)
