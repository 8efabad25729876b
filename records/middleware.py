"""Who is at work in a request, and what they read: for the trail."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from notifications import clock
from organisations.models import User
from records.models import ReadRecord
from records.permissions import role_at_work
from records.recorder import person_at_work

logger = logging.getLogger(__name__)


class TrailMiddleware:
    """Puts down what is written in the request to whoever sent it, and notes what was opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Who only reads writes nothing that the trail is about, and need not be asked who they are.
        writes = request.method == "POST" and isinstance(request.user, User)
        token = person_at_work.set(request.user if writes else None)  # type: ignore[arg-type]
        try:
            response = self.get_response(request)
        finally:
            person_at_work.reset(token)
        if request.method == "GET" and response.status_code == HTTPStatus.OK:
            _note_reading(request, response)
        return response


def _note_reading(request: HttpRequest, response: HttpResponse) -> None:
    """One row for each person, object and hour (one statement). The page is shown all the same."""
    instance: Any = getattr(request, "opened", None)
    person = request.user
    # What belongs to no case, such as a huvudman's school year, is read by whoever works there.
    if not hasattr(instance, "collaboration") or not isinstance(person, User):
        return
    role = role_at_work(instance, person)
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    address = request.resolver_match.view_name if request.resolver_match else ""
    reading = ReadRecord(
        by=person,
        role=role or "",
        party=role.party if role else "",
        collaboration_id=instance.collaboration.pk,
        what=(instance._meta.label_lower if is_page else address)[:60],
        object_id=instance.pk,
        hour=clock.now().replace(minute=0, second=0, microsecond=0),
    )
    try:
        ReadRecord.objects.bulk_create([reading], ignore_conflicts=True)
    except DatabaseError:
        logger.exception("A reading could not be noted")
