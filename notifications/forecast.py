"""Everything that will be told in the days to come, as far as it is known today.

It is computed from the same duties, lead times and people as planning, so that what it shows is
what comes unless something is done, moved or let be meanwhile.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from notifications.audience import Row, house
from notifications.duties import FIRST_RUNG, Duty, Offset, OpenDuty, registry, shown
from notifications.lead_times import ChangedLeadTimes, ScopedTiming
from notifications.models import Exemption, Reminder
from notifications.open_days import slide

# Closures that touch make a due date slide far, but nobody is away for a year.
FURTHEST_SLIDE = timedelta(days=366)


@dataclass(frozen=True)
class Coming:
    """One step that will be told: about what, from which day, and to whom as roles are held now.

    `leaves_on` is the first working day then; a person's own school holidays may hold it longer.
    `let_be` says why it will not be told after all.
    """

    duty: OpenDuty
    step: int
    begins_on: date
    people: tuple[UUID, ...]
    let_be: str = ""

    @property
    def leaves_on(self) -> date:
        return slide(self.begins_on)

    @property
    def is_escalated(self) -> bool:
        return self.step >= FIRST_RUNG


def forecast(
    today: date,
    *,
    days: int,
    scopes: Collection[UUID] | None = None,
    duties: Iterable[Duty] | None = None,
    lead_times: ChangedLeadTimes | None = None,
) -> list[Coming]:
    """What begins after today and within so many days, in the order in which it leaves.

    `scopes` keeps those of the named scopes, `duties` those of the named duties; other `lead_times`
    than those in force show what they would do. Asks a fixed number of questions for each duty.
    """
    lead_times = lead_times or ChangedLeadTimes()
    coming = [
        each
        for duty in (registry.values() if duties is None else duties)
        for each in _of_duty(duty, lead_times, scopes, today, today + timedelta(days=days))
    ]
    return sorted(
        coming,
        key=lambda it: (it.leaves_on, it.duty.scope_name, it.duty.set_for, it.duty.duty.name),
    )


def _of_duty(
    duty: Duty,
    lead_times: ChangedLeadTimes,
    scopes: Collection[UUID] | None,
    today: date,
    last: date,
) -> Iterator[Coming]:
    found = [
        (owed, scoped)
        for scoped in lead_times.timings_of(duty)
        if scoped.timing.tracks
        for owed in shown(duty, _rows(duty, scoped, scopes, today, last))
    ]
    steps = defaultdict(list)
    for owed, scoped in found:
        for step, begins_on in _steps(scoped.timing.offsets, owed):
            if today < begins_on <= last:
                steps[step, owed.is_overdue(begins_on)].append((owed, begins_on))
    silent = _let_be(duty, [owed for owed, _ in found], today)
    for (step, is_overdue), of_step in steps.items():
        rows = [Row(owed.object_id, owed.scope_id, owed.unit_id) for owed, _ in of_step]
        people = house().people_for(duty.told_at(step), rows, today, with_deputies=is_overdue)
        for owed, begins_on in of_step:
            why_not = silent.get((owed.object_id, owed.set_for, step)) or silent.get(
                (owed.object_id, owed.set_for, None), ""
            )
            yield Coming(owed, step, begins_on, tuple(people.get(owed.object_id, ())), why_not)


def _rows(
    duty: Duty,
    scoped: ScopedTiming,
    scopes: Collection[UUID] | None,
    today: date,
    last: date,
) -> QuerySet[Any]:
    """Those of which a step begins between the days; closures make it later, never earlier."""
    offsets = scoped.timing.offsets.values()
    rows = duty.standing_rows().filter(
        due_on__gt=min(it.latest_due_on(today) for it in offsets) - FURTHEST_SLIDE,
        due_on__lte=max(it.latest_due_on(last) for it in offsets),
    )
    if scopes is not None:
        rows = rows.filter(**{f"{duty.scope}__in": scopes})
    within = Q(**{f"{duty.scope}__in": scoped.scopes})
    return rows.filter(within if scoped.are_in else ~within)


def _steps(offsets: Mapping[int, Offset], owed: OpenDuty) -> Iterator[tuple[int, date]]:
    for step, offset in offsets.items():
        yield step, offset.from_date(owed.set_for, owed.closures)


def _let_be(
    duty: Duty, owed: Sequence[OpenDuty], today: date
) -> dict[tuple[UUID, date, int | None], str]:
    """Why a step, or None for all steps, will not be told."""
    if not owed:
        return {}
    objects = {it.object_id for it in owed}
    reasons: dict[tuple[UUID, date, int | None], str] = {
        (it.object_id, it.due_on, it.step): it.reason
        for it in Reminder.objects.filter(
            rule=duty.name, object_id__in=objects, status=Reminder.Status.SUPPRESSED
        )
    }
    for exemption in Exemption.objects.standing(today).filter(
        rule=duty.name, object_id__in=objects, until=None
    ):
        reasons[exemption.object_id, exemption.due_on, None] = exemption.reason
    return reasons
