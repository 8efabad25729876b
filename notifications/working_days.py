"""Swedish working days: Monday to Friday, no public holiday, none of the three eves, not in July.

The eves of midsummer, Christmas and New Year are no holidays in law, but nobody is at work then;
nor are schools, agencies and universities in weeks 28 to 31 (domain.md 4.2 and 6.6).
"""

from datetime import date, timedelta
from functools import cache

SUMMER_WEEKS = range(28, 32)


def is_working_day(day: date) -> bool:
    return day in _weekdays(day.year) and not in_summer(day)


def is_weekday(day: date) -> bool:
    """Somebody is at work even if it is summer: for what cannot wait."""
    return day in _weekdays(day.year)


def in_summer(day: date) -> bool:
    return day.isocalendar().week in SUMMER_WEEKS


def next_working_day(day: date) -> date:
    """`day` itself, or the first working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def previous_working_day(day: date) -> date:
    """`day` itself, or the last working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """Slide `day` to a working day, then go `count` working days on, or back when negative."""
    day = next_working_day(day)
    one = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += one
        day = next_working_day(day) if count > 0 else previous_working_day(day)
    return day


@cache
def _weekdays(year: int) -> frozenset[date]:
    # All countries come with it: 11 MB in each process that never asks for a day.
    from holidays.countries.sweden import Sweden

    closed = {
        *Sweden(years=year, include_sundays=False),
        date(year, 12, 24),
        date(year, 12, 31),
        _midsummer_eve(year),
    }
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return frozenset(day for day in days if day.weekday() < 5 and day not in closed)


def _midsummer_eve(year: int) -> date:
    """The Friday between 19 and 25 June."""
    latest = date(year, 6, 25)
    return latest - timedelta(days=(latest.weekday() - 4) % 7)
