"""Dates in case files: plain ones, and ones that follow the day of loading.

``2019-05-14``, ``today-12w``, ``today+9d``, ``today-4wd`` (working days) and
``month-2 day 12``; each may end with a time such as ``13:00``. A date that follows
the day of loading never falls on a day off: one behind today slides back, one ahead
of today slides on. Days are told in summer, too, though nothing is due then, while
months are counted without July.
Whole months are written as ``2019-09``, ``month+1`` or ``2019-09..2021-06``.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from notifications.clock import STOCKHOLM
from notifications.working_days import is_weekday

MORNING = time(9)
A_DAY = timedelta(days=1)
JULY = 7
# Outside these years a date is a slip of the pen.
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
_TIME = r"(?: (?P<time>\d{1,2}:\d{2}))?"
_PLAIN = re.compile(rf"(?P<date>\d{{4}}-\d{{2}}-\d{{2}}){_TIME}")
_FROM_TODAY = re.compile(rf"today(?:(?P<count>[+-]\d{{1,4}})(?P<unit>wd|d|w))?{_TIME}")
_IN_MONTH = re.compile(rf"month(?P<count>[+-]\d{{1,3}})? day (?P<day>\d{{1,2}}){_TIME}")
_MONTH = re.compile(r"(?P<plain>\d{4}-\d{2})|month(?P<count>[+-]\d{1,3})?")


@dataclass(frozen=True)
class Calendar:
    """Reads dates as seen from the day of loading."""

    today: date

    def moment(self, text: str, *, at: time = MORNING) -> datetime:
        """Raises ValueError when ``text`` is no date; ``at`` is the time where none is written."""
        for form, read in (
            (_PLAIN, lambda found: date.fromisoformat(found["date"])),
            (_FROM_TODAY, self._from_today),
            (_IN_MONTH, self._in_month),
        ):
            if found := form.fullmatch(text):
                hour, _colon, minute = (found["time"] or "").partition(":")
                clock = time(int(hour), int(minute)) if hour else at
                day = read(found)
                if not EARLIEST <= day <= LATEST:
                    break
                return datetime.combine(day, clock, STOCKHOLM)
        raise ValueError(text)

    def day(self, text: str) -> date:
        return self.moment(text).date()

    def months(self, text: str) -> list[date]:
        """The first days of a month, or of each in a period but July. Raises ValueError."""
        first, period, last = text.partition("..")
        month, end = self._month(first), self._month(last if period else first)
        if end < month:
            raise ValueError(text)
        found = []
        while month <= end:
            if month.month != JULY or not period:
                found.append(month)
            month = _next_month(month)
        return found

    def _month(self, text: str) -> date:
        found = _MONTH.fullmatch(text)
        if found is None:
            raise ValueError(text)
        if found["plain"]:
            month = date.fromisoformat(f"{found['plain']}-01")
        else:
            month = self._months_from_today(int(found["count"] or 0))
        if not EARLIEST <= month <= LATEST:
            raise ValueError(text)
        return month

    def _from_today(self, found: re.Match[str]) -> date:
        count = int(found["count"] or 0)
        if found["unit"] == "wd":
            return _add_weekdays(self.today, count)
        return self._weekday(
            self.today + timedelta(days=count * (7 if found["unit"] == "w" else 1))
        )

    def _in_month(self, found: re.Match[str]) -> date:
        month = self._months_from_today(int(found["count"] or 0))
        return self._weekday(month.replace(day=int(found["day"])))

    def _months_from_today(self, count: int) -> date:
        month = self.today.replace(day=1)
        if month.month == JULY and count >= 0:
            month = _next_month(month)
        for _step in range(abs(count)):
            month = _next_month(month) if count > 0 else _month_before(month)
            if month.month == JULY:
                month = _next_month(month) if count > 0 else _month_before(month)
        return month

    def _weekday(self, day: date) -> date:
        return _slide(day, A_DAY if day > self.today else -A_DAY)


def _slide(day: date, one: timedelta) -> date:
    """`day` itself, or the first in that direction on which somebody is at work, in summer too."""
    while not is_weekday(day):
        day += one
    return day


def _add_weekdays(day: date, count: int) -> date:
    one = A_DAY if count > 0 else -A_DAY
    day = _slide(day, one)
    for _step in range(abs(count)):
        day = _slide(day + one, one)
    return day


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
