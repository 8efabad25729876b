"""Is everything at work? For machines that watch; holds no names and no secrets."""

import shutil
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from kombu import Connection

from notifications import alerts, breaker, clock
from notifications.models import Heartbeat, OutboxMessage, UndeliverableAddress

LONGEST_SILENCE_SECONDS = round(alerts.LONGEST_SILENCE.total_seconds())
LEAST_FREE_BYTES = 200 * 1024 * 1024

Status = OutboxMessage.Status


def report(now: datetime) -> dict[str, Any]:
    """The figures; ages in seconds, None where nothing has happened or nothing waits."""
    try:
        last = dict(Heartbeat.objects.values_list("name", "at"))
        stopped = breaker.standing()
        oldest_due = _messages(Status.DUE).order_by("not_before").first()
        in_doubt, failed = _messages(Status.IN_DOUBT).count(), _messages(Status.FAILED).count()
        undeliverable = UndeliverableAddress.objects.standing().count()
    except DatabaseError:
        return {"db": False}
    return {
        "db": True,
        "last_tick_age": _silence(last.get("tick"), now),
        "last_send_age": _silence(last.get("send"), now),
        "mail_stopped_age": _age(stopped.opened_at, now) if stopped and stopped.opened_at else None,
        "oldest_due_age": _age(oldest_due.not_before, now) if oldest_due else None,
        "in_doubt": in_doubt,
        "failed": failed,
        "undeliverable": undeliverable,
        "redis": _broker_answers(),
        "disk": shutil.disk_usage(settings.VAR_DIR).free > LEAST_FREE_BYTES,
    }


def health(request: HttpRequest) -> JsonResponse:
    """Every figure; a success as long as the process and its database answer."""
    figures = report(clock.now())
    return JsonResponse(figures, status=200 if figures["db"] else 503)


def ready(request: HttpRequest) -> JsonResponse:
    """503 while the database is away, the disk is full, or for three minutes nothing has ticked,

    nothing has looked for mail to send, or the mail server has refused everything.
    """
    figures = report(clock.now())
    return JsonResponse(figures, status=200 if _is_ready(figures) else 503)


def _is_ready(figures: dict[str, Any]) -> bool:
    if not (figures["db"] and figures["disk"]):
        return False
    ages = [figures["last_tick_age"], figures["last_send_age"], figures["mail_stopped_age"] or 0]
    return all(age is not None and age <= LONGEST_SILENCE_SECONDS for age in ages)


def _messages(status: OutboxMessage.Status) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(status=status)


def _silence(last: datetime | None, now: datetime) -> int | None:
    """Seconds; a run that lies ahead was before the clock went back, and nothing has run since."""
    return None if last is None else abs(round((now - last).total_seconds()))


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
