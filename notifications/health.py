"""Is everything at work? For machines that watch; holds no names and no secrets."""

import shutil
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from kombu import Connection

from notifications import clock
from notifications.models import Heartbeat, OutboxMessage

# Three missed minutes: a tick is due each minute (reliability.md F21).
LONGEST_SILENCE_SECONDS = 180
LEAST_FREE_BYTES = 200 * 1024 * 1024

Status = OutboxMessage.Status


def report(now: datetime) -> dict[str, Any]:
    """The figures; ages in seconds, None where nothing has happened or nothing waits."""
    try:
        last_tick = Heartbeat.objects.filter(name="tick").first()
        oldest_due = _messages(Status.DUE).order_by("not_before").first()
        in_doubt, failed = _messages(Status.IN_DOUBT).count(), _messages(Status.FAILED).count()
    except DatabaseError:
        return {"db": False}
    return {
        "db": True,
        "last_tick_age": _age(last_tick.at, now) if last_tick else None,
        "oldest_due_age": _age(oldest_due.not_before, now) if oldest_due else None,
        "in_doubt": in_doubt,
        "failed": failed,
        "redis": _broker_answers(),
        "disk": shutil.disk_usage(settings.VAR_DIR).free > LEAST_FREE_BYTES,
    }


def health(request: HttpRequest) -> JsonResponse:
    """Every figure; a success as long as the process and its database answer."""
    figures = report(clock.now())
    return JsonResponse(figures, status=200 if figures["db"] else 503)


def ready(request: HttpRequest) -> JsonResponse:
    """503 while the database is away, the disk is full or nothing has ticked for three minutes."""
    figures = report(clock.now())
    return JsonResponse(figures, status=200 if _is_ready(figures) else 503)


def _is_ready(figures: dict[str, Any]) -> bool:
    if not (figures["db"] and figures["disk"]):
        return False
    age = figures["last_tick_age"]
    return age is not None and age <= LONGEST_SILENCE_SECONDS


def _messages(status: OutboxMessage.Status) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(status=status)


def _age(moment: datetime, now: datetime) -> int:
    return max(0, round((now - moment).total_seconds()))


def _broker_answers() -> bool:
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        return True
    with Connection(settings.CELERY_BROKER_URL, connect_timeout=2) as connection:
        try:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=2)
        except Exception:
            return False
    return True
