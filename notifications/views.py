"""What machines tell us over HTTP: a mail service's notices of mail that came back."""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt

from notifications import clock
from notifications.bounces import Notice, take
from notifications.mailbox import PassedOver
from notifications.models import Bounce

LARGEST_BODY = 256 * 1024
MOST_EVENTS = 500


@csrf_exempt  # no browser's session is used: the token is the door
def mail_events(request: HttpRequest) -> HttpResponse:
    """Takes `[{"message_id", "address", "kind": "hard|soft", "reason", "at"}]`, all or nothing.

    What is not about a message of ours is passed over; what comes twice is kept once.
    """
    if not settings.MAIL_EVENTS_TOKEN:
        raise Http404
    if not _has_token(request):
        return _refusal(HTTPStatus.UNAUTHORIZED, "the token is wrong")
    if request.method != "POST":
        return _refusal(HTTPStatus.METHOD_NOT_ALLOWED, "POST a list of events")
    if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
        return _refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {LARGEST_BODY} bytes")
    try:
        notices = _notices_in(request.body)
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        return _refusal(HTTPStatus.BAD_REQUEST, f"not a list of events: {wrong}")
    return JsonResponse(_take_all(notices))


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    return constant_time_compare(given, f"Bearer {settings.MAIL_EVENTS_TOKEN}")


def _refusal(status: HTTPStatus, why: str) -> JsonResponse:
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    return JsonResponse({"error": why}, status=status, headers=headers)


def _notices_in(body: bytes) -> list[Notice]:
    """Raises ValueError, KeyError, TypeError or RecursionError for anything else."""
    events = json.loads(body)
    if not isinstance(events, list) or len(events) > MOST_EVENTS:
        raise ValueError(f"a list of at most {MOST_EVENTS} is")
    return [_notice(event) for event in events]


def _notice(event: dict[str, Any]) -> Notice:
    at = datetime.fromisoformat(event["at"])
    if at.tzinfo is None:
        raise ValueError("at has no time zone")
    kind = Bounce.Kind(event["kind"])
    return Notice(
        _text(event, "message_id"),
        _text(event, "address"),
        kind,
        _text(event, "reason"),
        at,
        is_lost=kind == Bounce.Kind.HARD,
    )


def _text(event: dict[str, Any], name: str) -> str:
    """PostgreSQL stores no NUL."""
    text = event[name]
    if not isinstance(text, str):
        raise TypeError(f"{name} is no text")
    return text.replace("\x00", " ")[:500]


@transaction.atomic
def _take_all(notices: list[Notice]) -> dict[str, int]:
    now = clock.now()
    counts = {"kept": 0, "known": 0, "passed_over": 0}
    for notice in notices:
        try:
            counts["kept" if take(notice, now) else "known"] += 1
        except PassedOver:
            counts["passed_over"] += 1
    return counts
