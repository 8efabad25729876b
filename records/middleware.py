"""Who is at work in a request, and what they read: for the trail."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from notifications import clock
from organisations.models import User
from records.models import ReadRecord
from records.permissions import role_at_work
from records.recorder import person_at_work

Key = tuple[UUID, str, UUID, datetime]

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
            reading = _reading(request, response)
            if reading and key_of(reading) not in noted:
                # As Django closes the request itself: once the response has been sent, so that
                # nobody waits for it, and while the process still answers for the request.
                response._resource_closers.append(partial(note, reading))  # type: ignore[attr-defined]
        return response


# What this process has noted, so that a page that is opened again costs nothing. Two processes may
# both try; the database keeps one row for each person, object and hour.
noted: OrderedDict[Key, None] = OrderedDict()
REMEMBERED = 10_000


def key_of(reading: ReadRecord) -> Key:
    return reading.by_id, reading.what, reading.object_id, reading.hour


def note(reading: ReadRecord) -> None:
    """One statement. What cannot be noted is in the log; the page was shown all the same."""
    try:
        ReadRecord.objects.bulk_create([reading], ignore_conflicts=True)
    except DatabaseError:
        logger.exception("A reading could not be noted")
        return
    noted[key_of(reading)] = None
    while len(noted) > REMEMBERED:
        noted.popitem(last=False)


def _reading(request: HttpRequest, response: HttpResponse) -> ReadRecord | None:
    """One row for each person, object and hour; None for what belongs to no case.

    That is read by whoever works there, such as a huvudman's school year.
    """
    instance: Any = getattr(request, "opened", None)
    person = request.user
    if not hasattr(instance, "collaboration") or not isinstance(person, User):
        return None
    role = role_at_work(instance, person)
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    address = request.resolver_match.view_name if request.resolver_match else ""
    return ReadRecord(
        by=person,
        role=role or "",
        party=role.party if role else "",
        collaboration_id=instance.collaboration.pk,
        what=(instance._meta.label_lower if is_page else address)[:60],
        object_id=instance.pk,
        hour=clock.now().replace(minute=0, second=0, microsecond=0),
    )
