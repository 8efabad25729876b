"""When people can be asked: days that slide past closures, and the hours in which mail leaves.

Reminders leave on working days between 07:30 and 16:00 in Sweden. Nothing is asked for in weeks 28
to 31, nor while a school authority has its lov; what is formal and overdue does not wait for either
(domain.md 4.2, inferred).
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import reduce

from django.utils.translation import gettext as _

from notifications.audience import Closure
from notifications.clock import STOCKHOLM
from notifications.working_days import (
    in_summer,
    is_weekday,
    next_working_day,
    previous_working_day,
)

MAIL_FROM, MAIL_UNTIL = time(7, 30), time(16)
A_DAY = timedelta(days=1)


def slide(day: date, closures: Iterable[Closure] = ()) -> date:
    """`day` itself, or the first working day after it on which nobody is away."""
    closures = tuple(closures)
    while closure := _closed_on(day := next_working_day(day), closures):
        day = closure.last + A_DAY
    return day


def slide_back(day: date, closures: Iterable[Closure] = ()) -> date:
    """`day` itself, or the last working day before it on which nobody is away."""
    closures = tuple(closures)
    while closure := _closed_on(day := previous_working_day(day), closures):
        day = closure.first - A_DAY
    return day


def why_slid(day: date, closures: Iterable[Closure] = ()) -> str:
    """All that `day` slides past, in the order in which it comes and in the active language.

    A weekend or a public holiday is told only where the slide begins with it: everybody expects
    that what ends on a Friday is over on the Monday.
    """
    closures = tuple(closures)
    until = slide(day, closures)
    passed = [_why_closed(day + n * A_DAY, closures) for n in range((until - day).days)]
    told = [name or _("not a working day") for n, name in enumerate(passed) if name or n == 0]
    return reduce(_and_then, dict.fromkeys(told)) if told else ""


def _and_then(before: str, after: str) -> str:
    return _("%(before)s, then %(after)s") % {"before": before, "after": after}


def next_moment(
    moment: datetime, closures: Iterable[Closure] = (), *, urgent: bool = False
) -> datetime:
    """`moment` itself, or the first one after it at which a reminder may leave."""
    closures = tuple(closures)
    local = moment.astimezone(STOCKHOLM)
    day, earliest = local.date(), local
    if local.time() >= MAIL_UNTIL:
        day += A_DAY
    first = _next_weekday(day) if urgent else slide(day, closures)
    return max(earliest, datetime.combine(first, MAIL_FROM, STOCKHOLM))


def _next_weekday(day: date) -> date:
    while not is_weekday(day):
        day += A_DAY
    return day


def _why_closed(day: date, closures: Iterable[Closure]) -> str:
    """Why nothing is due on that day; empty when it is a mere weekend or public holiday."""
    if closure := _closed_on(day, closures):
        return closure.name
    return _("weeks 28 to 31 are summer") if in_summer(day) else ""


def _closed_on(day: date, closures: Iterable[Closure]) -> Closure | None:
    return next((each for each in closures if each.first <= day <= each.last), None)
