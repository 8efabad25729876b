"""The taper: planned and done support days, month by month, thinning out toward the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

from django.utils.translation import gettext as _

from portfolio.pictures.calendar import (
    Axis,
    month_name,
    months_between,
    near,
    number,
    short_month_name,
    today_line,
)
from portfolio.pictures.drawing import (
    NARROWEST,
    Legend,
    Part,
    Picture,
    Row,
    Shape,
    Text,
    box,
    empty_picture,
    line,
)

LEFT, TOP, HEIGHT, MONTH = 44, 30, 170, 26
BOTTOM = TOP + HEIGHT
JULY, DECEMBER = 7, 12
STEPS = [digit * 10**power for power in range(5) for digit in (1, 2, 5)]


@dataclass(frozen=True)
class MonthOfSupport:
    """``month`` is any day of it."""

    month: date
    planned_days: Decimal | float
    done_days: Decimal | float


def taper(months: Sequence[MonthOfSupport], *, today: date, slug: str = "taper") -> Picture:
    title = _("Support days, planned and done")
    if not months:
        empty = _("No support days are planned yet.")
        return empty_picture(slug=slug, kind="taper", title=title, description=empty)
    shown = _without_gaps(months, today)
    axis = Axis([each.month for each in shown], LEFT, MONTH)
    step, top = _scale(max(float(max(each.planned_days, each.done_days)) for each in shown))
    width = max(axis.right + 12, NARROWEST)
    legend = _legend(width)
    parts = (
        *_grid(axis, step, top),
        *(_bars(each, axis, top) for each in shown),
        *_month_names(axis),
        *today_line(axis, today, TOP, BOTTOM),
        *legend.parts,
    )
    columns = (_("Month"), _("Planned days"), _("Done days"))
    rows = tuple(
        Row((month_name(each.month), number(each.planned_days), number(each.done_days)))
        for each in shown
    )
    described = _description(shown)
    return Picture(
        slug, "taper", title, described, width, legend.bottom, parts, columns=columns, rows=rows
    )


def _without_gaps(months: Sequence[MonthOfSupport], today: date) -> list[MonthOfSupport]:
    """A month that nothing is said about is shown too, without days."""
    known = {near(each.month, today).replace(day=1): each for each in months}
    return [
        MonthOfSupport(
            month,
            known[month].planned_days if month in known else 0,
            known[month].done_days if month in known else 0,
        )
        for month in months_between(min(known), max(known))
    ]


def _scale(most: float) -> tuple[int, int]:
    """The step between the lines, and the last of them: at most five lines, at round numbers."""
    step = next((step for step in STEPS if most <= 5 * step), STEPS[-1])
    return step, step * max(ceil(most / step), 1)


def _height(days: Decimal | float, top: int) -> int:
    return min(round(HEIGHT * float(days) / top), HEIGHT)


def _grid(axis: Axis, step: int, top: int) -> tuple[Part, ...]:
    summers = tuple(
        Shape(box(axis.x_of_month(month), TOP, MONTH, HEIGHT), "summer")
        for month in axis.months
        if month.month == JULY
    )
    parts = [Part(summers)]
    for days in range(0, top + 1, step):
        y = BOTTOM - _height(days, top)
        shape = Shape(line(LEFT, y, axis.right, y), "grid" if days else "axis")
        words = number(days)
        parts.append(Part((shape,), (Text(LEFT - 6, y + 4, words, "soft", anchor="end"),)))
    return tuple(parts)


def _bars(each: MonthOfSupport, axis: Axis, top: int) -> Part:
    x = axis.x_of_month(each.month)
    planned, done = _height(each.planned_days, top), _height(each.done_days, top)
    shapes = []
    if planned:
        shapes.append(Shape(box(x + 3, BOTTOM - planned, MONTH - 6, planned), "planned"))
    if done:
        shapes.append(Shape(box(x + 8, BOTTOM - done, MONTH - 16, done), "done"))
    whole = _("%(month)s: %(planned)s days planned, %(done)s done") % {
        "month": month_name(each.month),
        "planned": number(each.planned_days),
        "done": number(each.done_days),
    }
    return Part(tuple(shapes), whole=whole)


def _month_names(axis: Axis) -> tuple[Part, ...]:
    texts = []
    for month in axis.months:
        middle = axis.x_of_month(month) + MONTH // 2
        name = short_month_name(month)
        texts.append(Text(middle, BOTTOM + 16, name, "soft", anchor="middle"))
        if month.month == 1 or (month == axis.months[0] and month.month < DECEMBER):
            x = axis.x_of_month(month) + 2
            texts.append(Text(x, BOTTOM + 34, str(month.year), "strong"))
    return (Part(texts=tuple(texts)),)


def _legend(width: int) -> Legend:
    legend = Legend(8, BOTTOM + 58, width - 16)
    legend.add(lambda x, y: (Shape(box(x - 6, y - 6, 12, 12), "planned"),), _("Planned days"))
    legend.add(lambda x, y: (Shape(box(x - 4, y - 6, 8, 12), "done"),), _("Done days"))
    legend.add(lambda x, y: (Shape(box(x - 6, y - 6, 12, 12), "summer"),), _("July, summer"))
    return legend


def _description(shown: Sequence[MonthOfSupport]) -> str:
    return _("%(planned)s days planned and %(done)s done from %(first)s to %(last)s.") % {
        "planned": number(sum(float(each.planned_days) for each in shown)),
        "done": number(sum(float(each.done_days) for each in shown)),
        "first": month_name(shown[0].month),
        "last": month_name(shown[-1].month),
    }
