"""Planning reminders, set by set: what is due to be told becomes rows, and rows become digests.

Both are level-triggered: they ask for what should have been told by now and is not, so that a
missed night catches up, and a second run or a second planner changes nothing.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from notifications import clock, digests
from notifications.duties import Duty, registry
from notifications.models import Heartbeat, OutboxMessage, Reminder
from notifications.outbox import message_of

ADDRESSED_AT_ONCE = 2000
NO_RECIPIENT = "no recipient"
# How far ahead a day without a digest is looked for: further than a clock ever goes back.
DAYS_AHEAD = 7


log = logging.getLogger(__name__)

# A range over `due_on`, and no join: the duty's own partial index answers it, however many cases
# there are. PostgreSQL and SQLite both read it so.
PLAN = """
    INSERT INTO notifications_reminder
        (rule, object_id, scope_id, due_on, step, status, reason, planned_at)
    SELECT %s, owed_object_id, owed_scope_id, due_on, CASE {steps} END, %s, '', %s
    FROM ({owed}) AS owed
    WHERE due_on > %s AND due_on <= %s
    ON CONFLICT DO NOTHING
"""


class PlanResult(NamedTuple):
    """How many reminders are new, and the duties that could not be asked."""

    planned: int
    failed: list[str]


def plan(now: datetime) -> PlanResult:
    """Write down every step of every duty that has begun: one statement for each duty."""
    planned, failed = 0, []
    for duty in registry.values():
        if duty.steps:
            try:
                planned += _plan_duty(duty, clock.local_date(now), now)
            # A duty with a fault must not keep the others from being told.
            except Exception:
                log.exception("The duty %s cannot be planned", duty.name)
                failed.append(duty.name)
    return PlanResult(planned, failed)


def _plan_duty(duty: Duty, today: date, now: datetime) -> int:
    """Rows go from table to table inside the database; the unique key makes it happen once."""
    window = duty.window(today)
    owed, parameters = duty.compiled
    day, moment = connection.ops.adapt_datefield_value, connection.ops.adapt_datetimefield_value
    # The latest step that has begun: later steps have earlier due dates behind them.
    steps = list(enumerate(window.latest_of_step))[::-1]
    when = " ".join(f"WHEN due_on <= %s THEN {number}" for number, _ in steps)
    with connection.cursor() as cursor:
        cursor.execute(
            PLAN.format(steps=when, owed=owed),
            [
                duty.name,
                *(day(latest) for _, latest in steps),
                Reminder.Status.PLANNED.value,
                moment(now),
                *parameters,
                day(window.after),
                day(window.until),
            ],
        )
        return int(cursor.rowcount)


def address(now: datetime) -> int:
    """Put planned reminders into the digests of the people who owe them; returns how many."""
    told = last = 0
    while batch := _address_batch(last, now):
        last = batch.last
        told += batch.told
    return told


class _Addressed(NamedTuple):
    last: int
    told: int


@transaction.atomic
def _address_batch(after: int, now: datetime) -> _Addressed | None:
    """One planner at a time: two would begin two digests for the same person."""
    Heartbeat.objects.update_or_create(name="address", defaults={"at": now})
    batch = list(
        Reminder.objects.filter(status=Reminder.Status.PLANNED, pk__gt=after).order_by("pk")[
            :ADDRESSED_AT_ONCE
        ]
    )
    if not batch:
        return None
    owed = digests.owed_now(batch, clock.local_date(now))
    reminders_of: defaultdict[UUID, list[int]] = defaultdict(list)
    for number, it in owed.items():
        for person in it.people:
            reminders_of[person].append(number)
    _write_digests(reminders_of, now)
    told = {number for number, it in owed.items() if it.people}
    _mark(told, Reminder.Status.TOLD)
    _mark(owed.keys() - told, Reminder.Status.PLANNED, NO_RECIPIENT)
    _mark({it.pk for it in batch} - owed.keys(), Reminder.Status.SUPPRESSED, "no longer owed")
    return _Addressed(batch[-1].pk, len(told))


def _mark(numbers: Iterable[int], status: Reminder.Status, reason: str = "") -> None:
    Reminder.objects.filter(pk__in=numbers).exclude(status=status, reason=reason).update(
        status=status, reason=reason
    )


def _write_digests(reminders_of: Mapping[UUID, list[int]], now: datetime) -> None:
    """Into the digest that still waits to leave, else into one on the first day without."""
    waiting = {
        it.recipient_id: it
        for it in OutboxMessage.objects.select_for_update().filter(
            recipient__in=reminders_of,
            template=digests.TEMPLATE,
            status=OutboxMessage.Status.DUE,
        )
    }
    for person, digest in waiting.items():
        assert person is not None
        digest.context["reminders"] += reminders_of[person]
    OutboxMessage.objects.bulk_update(waiting.values(), ["context"], batch_size=200)

    new = {person: them for person, them in reminders_of.items() if person not in waiting}
    OutboxMessage.objects.bulk_create(
        message_of(
            key=_key(person, day),
            template=digests.TEMPLATE,
            context={"reminders": new[person]},
            recipient=person,
            now=now,
            not_before=max(now, clock.start_of(day)),
        )
        for person, day in _first_free_days(new, clock.local_date(now)).items()
    )


def _first_free_days(people: Iterable[UUID], today: date) -> dict[UUID, date]:
    days = [today + timedelta(days=n) for n in range(DAYS_AHEAD)]
    keys = [_key(person, day) for person in people for day in days]
    taken = set(OutboxMessage.objects.filter(key__in=keys).values_list("key", flat=True))
    return {
        person: next(day for day in days if _key(person, day) not in taken) for person in people
    }


def _key(person: UUID, day: date) -> str:
    return f"digest:{person}:{day}"
