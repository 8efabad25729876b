"""The one mail a day in which a person is reminded of everything that is new.

A digest holds the numbers of reminders, not words: its lines are read when it is written and once
more when it is handed over, so that nobody is asked for what is done or no longer theirs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils.translation import override

from notifications import audience, clock
from notifications.duties import Duty, OpenDuty, registry, still_owed
from notifications.models import OutboxMessage, Reminder

TEMPLATE = "notifications/digest"


class Owed(NamedTuple):
    """A duty that still stands, and the users who owe it."""

    duty: OpenDuty
    people: list[UUID]


def contents(
    messages: Collection[OutboxMessage], now: datetime
) -> dict[int, Mapping[str, Any] | None]:
    """What each message's template is given now; None when nothing in it is owed any more."""
    given: dict[int, Mapping[str, Any] | None] = {it.pk: it.context for it in messages}
    numbers_in = {it.pk: it.context["reminders"] for it in messages if it.template == TEMPLATE}
    if not numbers_in:
        return given
    today = clock.local_date(now)
    reminders = Reminder.objects.in_bulk({n for numbers in numbers_in.values() for n in numbers})
    owed = owed_now(reminders.values(), today)
    for it in messages:
        if it.pk in numbers_in:
            lines = {
                owed[number].duty
                for number in numbers_in[it.pk]
                if number in owed and it.recipient_id in owed[number].people
            }
            given[it.pk] = _content(lines, today) if lines else None
    return given


def owed_now(reminders: Iterable[Reminder], today: date) -> dict[int, Owed]:
    """Those of the reminders whose duty still stands with the same due date, by their number.

    Asks a fixed number of questions for each duty.
    """
    reminders_of: defaultdict[str, list[Reminder]] = defaultdict(list)
    for reminder in reminders:
        reminders_of[reminder.rule].append(reminder)
    return {
        number: owed
        for rule, of_rule in reminders_of.items()
        if rule in registry
        for number, owed in _owed_of_duty(registry[rule], of_rule, today)
    }


def _owed_of_duty(duty: Duty, reminders: list[Reminder], today: date) -> Iterable[tuple[int, Owed]]:
    standing = still_owed(duty, (reminder.object_id for reminder in reminders))
    rows = [audience.Row(it.object_id, it.scope_id, it.unit_id) for it in standing.values()]
    people = audience.people_for(duty.owed_by, rows, today) if rows else {}
    for reminder in reminders:
        found = standing.get(reminder.object_id)
        if found is not None and found.due_on == reminder.due_on:
            yield reminder.pk, Owed(found, people.get(reminder.object_id, []))


def _content(lines: Iterable[OpenDuty], today: date) -> dict[str, Any]:
    """Collaborations with the most overdue duty first, and so the duties within each."""
    groups: defaultdict[UUID, list[OpenDuty]] = defaultdict(list)
    for line in sorted(
        lines, key=lambda it: (it.due_on, it.scope_name, it.duty.name, it.object_id)
    ):
        groups[line.scope_id].append(line)
    with override(settings.LANGUAGE_CODE):
        return {
            "count": sum(map(len, groups.values())),
            "groups": [
                {
                    "scope_name": lines[0].scope_name,
                    "lines": [_line(line, today) for line in lines],
                }
                for lines in groups.values()
            ],
        }


def _line(line: OpenDuty, today: date) -> dict[str, Any]:
    return {
        "label": str(line.duty.label),
        "why": str(line.duty.why),
        "subject": line.subject,
        "due_on": line.due_on,
        "is_overdue": line.is_overdue(today),
        "url": settings.SITE_URL + line.url,
    }
