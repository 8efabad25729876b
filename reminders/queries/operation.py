"""The figures of the page for operators."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from notifications import health
from notifications.models import Heartbeat, OutboxMessage, Reminder
from notifications.planning import NO_RECIPIENT

Status = OutboxMessage.Status
SHOWN = 50
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Operation:
    """How the last week went and what needs a person now."""

    health: dict[str, Any]
    heartbeats: list[Heartbeat]
    messages: dict[str, int]
    planned: int
    without_recipient: list[Reminder]
    number_without_recipient: int
    failed: list[OutboxMessage]
    in_doubt: list[OutboxMessage]
    oldest_waiting: OutboxMessage | None

    @property
    def is_missing_a_run(self) -> bool:
        age = self.health.get("last_tick_age")
        return age is None or age > health.LONGEST_SILENCE_SECONDS


def operation_of(now: datetime) -> Operation:
    """In a fixed number of queries."""
    lately = OutboxMessage.objects.filter(created_at__gt=now - LATELY)
    counted = Counter(
        {
            row["status"]: row["number"]
            for row in lately.values("status").annotate(number=Count("pk"))
        }
    )
    alone = Reminder.objects.filter(status=Reminder.Status.PLANNED, reason=NO_RECIPIENT)
    waiting = OutboxMessage.objects.select_related("recipient")
    return Operation(
        health=health.report(now),
        heartbeats=list(Heartbeat.objects.order_by("name")),
        messages={str(Status(status).label): counted[status] for status in Status.values},
        planned=Reminder.objects.filter(planned_at__gt=now - LATELY).count(),
        without_recipient=list(alone.order_by("pk")[:SHOWN]),
        number_without_recipient=alone.count(),
        failed=list(waiting.filter(status=Status.FAILED).order_by("-pk")[:SHOWN]),
        in_doubt=list(waiting.filter(status=Status.IN_DOUBT).order_by("pk")[:SHOWN]),
        oldest_waiting=waiting.filter(status=Status.DUE, not_before__lte=now)
        .order_by("not_before")
        .first(),
    )
