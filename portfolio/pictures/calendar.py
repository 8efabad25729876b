"""Time as a line: whole months of equal width, half-years as terms, and what they are called."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.utils.dateformat import format as format_date
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _

from portfolio.pictures.drawing import SMALL, Part, Shape, Text, line
from portfolio.pictures.text import width_of

# A year that was typed wrong must not make the line endless.
LONG = timedelta(days=183)
FARTHEST = timedelta(days=3653)


def near(day: date, today: date) -> date:
    """The day, or the nearest one that a picture reaches."""
    return min(max(day, today - FARTHEST), today + FARTHEST)


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def months_between(first: date, last: date) -> list[date]:
    """The first days of all months from the one to the other, both counted."""
    months = [month_of(first)]
    while next_month(months[-1]) <= last:
        months.append(next_month(months[-1]))
    return months


def months_of_terms(days: Iterable[date], today: date) -> list[date]:
    """All months of the half-years that hold these days, and today unless all ended long ago."""
    held = [near(day, today) for day in days] or [today]
    first, last = min(held), max(held)
    if first <= today + LONG and today <= last + LONG:
        first, last = min(first, today), max(last, today)
    start = date(first.year, 1 if first.month < 7 else 7, 1)
    end = date(last.year, 6 if last.month < 7 else 12, 1)
    return months_between(start, end)


class Axis:
    """Months side by side; a day outside them stands at the edge."""

    def __init__(self, months: list[date], left: int, month_width: int) -> None:
        self.months, self.left, self.month_width = months, left, month_width
        self.right = left + month_width * len(months)

    def x_of_month(self, month: date) -> int:
        first = self.months[0]
        place = 12 * (month.year - first.year) + month.month - first.month
        return self.left + self.month_width * place

    def x(self, day: date) -> int:
        month = month_of(day)
        days = (next_month(month) - month).days
        at = self.x_of_month(month) + round(self.month_width * (day.day - 1) / days)
        return min(max(at, self.left), self.right)


def today_line(axis: Axis, today: date, top: int, bottom: int) -> tuple[Part, ...]:
    """Where today is, with its word above; nothing when the months do not hold it."""
    if not axis.months[0] <= month_of(today) <= axis.months[-1]:
        return ()
    x, words = axis.x(today), _("Today")
    half = round(width_of(words, SMALL) / 2)
    middle = min(max(x, axis.left + half), axis.right - half)
    text = Text(middle, top - 8, words, "strong", anchor="middle")
    return (Part((Shape(line(x, top - 3, x, bottom), "today"),), (text,)),)


def is_term_start(month: date) -> bool:
    return month.month in (1, 7)


def term_name(month: date) -> str:
    if month.month < 7:
        return _("Spring %(year)s") % {"year": month.year}
    return _("Autumn %(year)s") % {"year": month.year}


def month_name(month: date) -> str:
    return date_format(month, "F Y")


def short_month_name(month: date) -> str:
    return format_date(month, "b")


def day_name(day: date) -> str:
    return date_format(day, "j F Y")


def number(amount: Decimal | float) -> str:
    """As the reader's language writes it, without decimals that say nothing."""
    rounded = round(float(amount), 2)
    return localize(int(rounded) if rounded.is_integer() else rounded)
