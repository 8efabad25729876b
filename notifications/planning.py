"""Planning reminders, set by set: what is due to be told becomes rows, and rows become digests.

Both are level-triggered: they ask for what should have been told by now and is not, so that a
missed night catches up, and a second run or a second planner changes nothing.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from notifications import clock, digests
from notifications.audience import Closure, house
from notifications.digests import Stream
from notifications.duties import Duty, Offset, adapted_key, registry, window
from notifications.lead_times import ChangedLeadTimes
from notifications.models import Heartbeat, MailChoice, OutboxMessage, Reminder
from notifications.open_days import next_moment
from notifications.outbox import message_id, message_of

ADDRESSED_AT_ONCE = 2000
NO_RECIPIENT = "no recipient"
NOT_YET = "put off, or waits for the school holidays to end"
NO_LONGER_OWED = "no longer owed"
CHOSEN_AWAY = "everybody has chosen to get no mail about it"
# In how many days a free one is looked for: further than a clock ever goes back.
DAYS_AHEAD = 7
# The longest that mail is held: a summer with a lov on either side.
LONGEST_CLOSURE = timedelta(days=150)


log = logging.getLogger(__name__)

# A range over `due_on`, and no join: the duty's own partial index answers it, however many cases
# there are. PostgreSQL and SQLite both read it so.
PLAN = """
    INSERT INTO notifications_reminder
        (rule, object_id, scope_id, due_on, step, status, reason, planned_at)
    SELECT %s, owed_object_id, owed_scope_id, due_on, CASE {steps} END, %s, '', %s
    FROM ({owed}) AS owed
    WHERE due_on > %s AND due_on <= %s {narrowed}
    ON CONFLICT DO NOTHING
"""


class PlanResult(NamedTuple):
    """How many reminders are new, and the duties that could not be asked."""

    planned: int
    failed: list[str]


def plan(now: datetime) -> PlanResult:
    """Write down every step of every duty that has begun: a statement for each track of steps."""
    planned, failed = 0, []
    lead_times = ChangedLeadTimes()
    for duty in registry.values():
        try:
            for timing, scopes, are_in in lead_times.timings_of(duty):
                for track in timing.tracks:
                    planned += _plan_track(duty, track, scopes, are_in, now)
        # A duty with a fault must not keep the others from being told.
        except Exception:
            log.exception("The duty %s cannot be planned", duty.name)
            failed.append(duty.name)
    return PlanResult(planned, failed)


def _plan_track(
    duty: Duty, track: dict[int, Offset], scopes: tuple[UUID, ...], are_in: bool, now: datetime
) -> int:
    """Rows go from table to table inside the database; the unique key makes it happen once."""
    due = window(track, clock.local_date(now))
    owed, parameters = duty.compiled
    day, moment = connection.ops.adapt_datefield_value, connection.ops.adapt_datetimefield_value
    when = " ".join(f"WHEN due_on <= %s THEN {number}" for number, _ in due.latest_of_step)
    narrowed = f"AND owed_scope_id {'' if are_in else 'NOT'} IN ({', '.join(['%s'] * len(scopes))})"
    with connection.cursor() as cursor:
        cursor.execute(
            PLAN.format(steps=when, owed=owed, narrowed=narrowed if scopes else ""),
            [
                duty.name,
                *(day(latest) for _, latest in due.latest_of_step),
                Reminder.Status.PLANNED.value,
                moment(now),
                *parameters,
                day(due.after),
                day(due.until),
                *map(adapted_key, scopes),
            ],
        )
        return int(cursor.rowcount)


def address(now: datetime) -> int:
    """Put planned reminders into the digests of the people they tell; returns how many."""
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
    today = clock.local_date(now)
    owed = digests.owed_now(batch, today)
    begun = {number: it for number, it in owed.items() if it.has_begun(today)}
    streams = digests.streams_of(begun)
    urgent = {number for number, it in begun.items() if it.is_urgent(today)}
    _write_digests(streams, urgent, now)
    told = {number for numbers in streams.values() for number in numbers}
    alone = {number for number, it in begun.items() if not it.people}
    _mark(told, Reminder.Status.TOLD)
    _mark(alone, Reminder.Status.PLANNED, NO_RECIPIENT)
    _mark(owed.keys() - begun.keys(), Reminder.Status.PLANNED, NOT_YET)
    _mark(begun.keys() - told - alone, Reminder.Status.SUPPRESSED, CHOSEN_AWAY)
    _mark({it.pk for it in batch} - owed.keys(), Reminder.Status.SUPPRESSED, NO_LONGER_OWED)
    return _Addressed(batch[-1].pk, len(told))


def _mark(numbers: Iterable[int], status: Reminder.Status, reason: str = "") -> None:
    Reminder.objects.filter(pk__in=numbers).exclude(status=status, reason=reason).update(
        status=status, reason=reason
    )


def _write_digests(
    streams: Mapping[Stream, list[int]], urgent: AbstractSet[int], now: datetime
) -> None:
    """Into the digest that still waits to leave, else into one on the first day without."""
    if not streams:
        return
    people = {stream.person for stream in streams}
    today = clock.local_date(now)
    closures = house().closures_of(people, today, today + LONGEST_CLOSURE)
    waiting = {
        Stream(it.recipient_id, it.context["rhythm"]): it
        for it in OutboxMessage.objects.select_for_update().filter(
            recipient__in=people, template=digests.TEMPLATE, status=OutboxMessage.Status.DUE
        )
        if it.recipient_id is not None
    }
    hurried = {stream for stream, them in streams.items() if not urgent.isdisjoint(them)}
    for stream, digest in waiting.items():
        digest.context["reminders"] += streams.get(stream, [])
    leaving = {
        stream: _moments(stream, now, closures.get(stream.person, ()), urgent=stream in hurried)
        for stream in streams
        if stream in hurried or stream not in waiting
    }
    moments = _first_free(leaving, {it.key for it in waiting.values()}, now)
    for stream in hurried & waiting.keys():
        _bring_forward(waiting[stream], stream, moments.pop(stream), now)
    OutboxMessage.objects.bulk_update(
        waiting.values(), ["context", "key", "message_id", "not_before"], batch_size=200
    )
    OutboxMessage.objects.bulk_create(
        message_of(
            key=_key(stream, moment, now),
            template=digests.TEMPLATE,
            context={
                "reminders": streams[stream],
                "rhythm": stream.rhythm,
                "urgent": stream in hurried,
            },
            recipient=stream.person,
            now=now,
            not_before=moment,
        )
        for stream, moment in moments.items()
    )


def _bring_forward(digest: OutboxMessage, stream: Stream, moment: datetime, now: datetime) -> None:
    """It held out for the end of a closure; now it has something that does not wait."""
    digest.context["urgent"] = True
    if moment < digest.not_before:
        digest.key = _key(stream, moment, now)
        digest.message_id = message_id(digest.key)
        digest.not_before = moment


def _moments(
    stream: Stream, now: datetime, closures: Sequence[Closure], *, urgent: bool
) -> Iterator[datetime]:
    """When a digest may leave: at the next moment, then on each day or Monday after it."""
    weekly = stream.rhythm == MailChoice.Rhythm.WEEKLY
    moment = now
    while True:
        if weekly:
            day = clock.local_date(moment)
            moment = max(moment, clock.start_of(day + timedelta(days=-day.weekday() % 7)))
        moment = next_moment(moment, closures, urgent=urgent)
        yield moment
        moment = clock.start_of(clock.local_date(moment) + timedelta(days=1))


def _first_free(
    leaving: Mapping[Stream, Iterator[datetime]], waiting: Collection[str], now: datetime
) -> dict[Stream, datetime]:
    """Of each stream's moments the first on a day whose digest has not left."""
    moments = {stream: list(islice(them, DAYS_AHEAD)) for stream, them in leaving.items()}
    keys = {_key(stream, moment, now) for stream, them in moments.items() for moment in them}
    taken = OutboxMessage.objects.filter(key__in=keys - set(waiting))
    gone = set(taken.values_list("key", flat=True))
    return {
        stream: next(moment for moment in them if _key(stream, moment, now) not in gone)
        for stream, them in moments.items()
    }


def _key(stream: Stream, moment: datetime, now: datetime) -> str:
    """One a day; who wants to be told at once gets one for each minute that brings something."""
    name = f"digest:{stream.person}:{clock.local_date(moment)}"
    match stream.rhythm:
        case MailChoice.Rhythm.DAILY:
            return name
        case MailChoice.Rhythm.NOW:
            return f"{name}:{now:%d%H%M}"
    return f"{name}:{stream.rhythm}"
