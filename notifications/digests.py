"""The one mail a day in which a person is reminded of everything that is new.

A digest holds the numbers of reminders, not words: its lines are read when it is written and once
more when it is handed over, so that nobody is asked for what is done or no longer theirs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from notifications import audience, clock
from notifications.duties import FIRST_RUNG, Duty, Offset, OpenDuty, registry, still_owed
from notifications.lead_times import ChangedLeadTimes
from notifications.models import Exemption, MailChoice, OutboxMessage, Reminder

TEMPLATE = "notifications/digest"

Rhythm = MailChoice.Rhythm


class Stream(NamedTuple):
    """The digests of one person that come in one rhythm."""

    person: UUID
    rhythm: str


@dataclass(frozen=True)
class Owed:
    """What one reminder is about, as long as it stands: whom it tells, and from when."""

    duty: OpenDuty
    people: list[UUID]
    begins_on: date
    is_escalated: bool

    def has_begun(self, today: date) -> bool:
        """Planning knows no holidays and nothing that is put off: it writes some down too early."""
        return self.begins_on <= today

    def is_urgent(self, today: date) -> bool:
        return self.duty.duty.is_formal and self.duty.is_overdue(today)


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
            found = [owed[number] for number in numbers_in[it.pk] if number in owed]
            told = [
                each for each in found if it.recipient_id in each.people and each.has_begun(today)
            ]
            given[it.pk] = _content(told, today) if told else None
    return given


def streams_of(owed: Mapping[int, Owed]) -> dict[Stream, list[int]]:
    """The digests that these reminders go into, by their numbers.

    What is formal comes daily; for the rest everybody chooses a rhythm, or none.
    """
    people = {person for it in owed.values() for person in it.people}
    chosen = dict(MailChoice.objects.filter(user__in=people).values_list("user", "rhythm"))
    streams: defaultdict[Stream, list[int]] = defaultdict(list)
    for number, it in owed.items():
        for person in it.people:
            rhythm = chosen.get(person, Rhythm.DAILY)
            if it.duty.duty.is_formal and rhythm != Rhythm.NOW:
                rhythm = Rhythm.DAILY
            if rhythm != Rhythm.NEVER:
                streams[Stream(person, rhythm)].append(number)
    return dict(streams)


def owed_now(reminders: Iterable[Reminder], today: date) -> dict[int, Owed]:
    """Those of the reminders whose duty still stands with the same due date, by their number.

    Asks a fixed number of questions for each duty.
    """
    reminders_of: defaultdict[str, list[Reminder]] = defaultdict(list)
    for reminder in reminders:
        reminders_of[reminder.rule].append(reminder)
    lead_times = ChangedLeadTimes()
    return {
        number: owed
        for rule, of_rule in reminders_of.items()
        if rule in registry
        for number, owed in _owed_of_duty(registry[rule], of_rule, lead_times, today)
    }


def _owed_of_duty(
    duty: Duty, reminders: list[Reminder], lead_times: ChangedLeadTimes, today: date
) -> Iterator[tuple[int, Owed]]:
    owed = still_owed(duty, (reminder.object_id for reminder in reminders))
    standing = [it for it in reminders if _is_about(it, owed.get(it.object_id))]
    put_off = _put_off(duty, owed, today)
    for (step, is_overdue), of_step in _by_step(standing, owed, today).items():
        if not (roles := duty.told_at(step)):  # a rung that the ladder has lost
            continue
        rows = [_row(owed[it.object_id]) for it in of_step]
        people = audience.house().people_for(roles, rows, today, with_deputies=is_overdue)
        for it in of_step:
            offset = lead_times.timing_in(duty, it.scope_id).offsets.get(step, _written(step))
            yield (
                it.pk,
                Owed(
                    owed[it.object_id],
                    people.get(it.object_id, []),
                    max(
                        offset.from_date(it.due_on, owed[it.object_id].closures),
                        put_off.get((it.object_id, it.due_on), date.min),
                    ),
                    is_escalated=step >= FIRST_RUNG,
                ),
            )


def _is_about(reminder: Reminder, owed: OpenDuty | None) -> bool:
    return owed is not None and owed.set_for == reminder.due_on


def _by_step(
    reminders: Iterable[Reminder], owed: Mapping[UUID, OpenDuty], today: date
) -> dict[tuple[int, bool], list[Reminder]]:
    """Together those that are told to the same roles: with deputies once it is overdue."""
    groups: defaultdict[tuple[int, bool], list[Reminder]] = defaultdict(list)
    for it in reminders:
        groups[it.step, owed[it.object_id].is_overdue(today)].append(it)
    return groups


def _put_off(duty: Duty, objects: Iterable[UUID], today: date) -> dict[tuple[UUID, date], date]:
    snoozed = Exemption.objects.filter(rule=duty.name, object_id__in=objects, until__gt=today)
    return {
        (object_id, due_on): until
        for object_id, due_on, until in snoozed.values_list("object_id", "due_on", "until")
        if until is not None
    }


def _row(it: OpenDuty) -> audience.Row:
    return audience.Row(it.object_id, it.scope_id, it.unit_id)


def _written(step: int) -> Offset:
    """The distance that a step's number stands for, also when it is no longer among the steps."""
    return Offset(step // 2, bool(step % 2))


def _content(told: Iterable[Owed], today: date) -> dict[str, Any]:
    """Collaborations with the most overdue duty first, and so the duties within each.

    Who owes a duty is not told as well that others have not done it.
    """
    lines: dict[OpenDuty, bool] = {}
    for it in told:
        lines[it.duty] = lines.get(it.duty, True) and it.is_escalated
    groups: defaultdict[UUID, list[OpenDuty]] = defaultdict(list)
    for line in sorted(
        lines, key=lambda it: (it.due_on, it.scope_name, it.duty.name, it.object_id)
    ):
        groups[line.scope_id].append(line)
    with override(settings.LANGUAGE_CODE):
        return {
            "count": len(lines),
            "choice_url": _choice_url(lines),
            "groups": [
                {
                    "scope_name": of_scope[0].scope_name,
                    "lines": [_line(line, lines[line], today) for line in of_scope],
                }
                for of_scope in groups.values()
            ],
        }


def _choice_url(lines: Iterable[OpenDuty]) -> str:
    """Where one chooses how often mail comes; empty where everything is formal."""
    if all(line.duty.is_formal for line in lines):
        return ""
    return settings.SITE_URL + reverse(settings.MAIL_CHOICE_VIEW)


def _line(line: OpenDuty, is_escalated: bool, today: date) -> dict[str, Any]:
    return {
        "label": str(line.duty.label),
        "why": str(line.duty.why),
        "subject": line.subject,
        "due_on": line.due_on,
        "set_for": line.set_for,
        "slid_because": line.slid_because,
        "is_overdue": line.is_overdue(today),
        "is_escalated": is_escalated,
        "url": settings.SITE_URL + line.url,
    }
