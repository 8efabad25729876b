"""All insatser of a case on one time line, with the visits that touched them and the deviations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portfolio.pictures.calendar import (
    Axis,
    day_name,
    is_term_start,
    months_of_terms,
    near,
    term_name,
    today_line,
)
from portfolio.pictures.drawing import (
    NARROWEST,
    NORMAL,
    SMALL,
    Legend,
    Part,
    Picture,
    Row,
    Shape,
    Text,
    box,
    diamond,
    empty_picture,
    line,
)
from portfolio.pictures.text import clean, shortened, width_of

LEFT, TOP, LINE, BAR = 8, 56, 50, 16
NARROW_MONTH, WIDE_MONTH, GOOD_WIDTH = 22, 60, 1100


@dataclass(frozen=True)
class InterventionOnLine:
    """``state`` is the word that people see; days that are not known yet are None."""

    number: str
    name: str
    provider: str
    state: str
    starts_on: date | None
    ends_on: date | None
    url: str
    visits: tuple[date, ...] = ()
    deviations: tuple[date, ...] = ()

    @property
    def days(self) -> list[date]:
        known = (self.starts_on, self.ends_on, *self.visits, *self.deviations)
        return [day for day in known if day is not None]

    @property
    def heading(self) -> str:
        return clean(f"{self.number} {self.name}")

    @property
    def about(self) -> str:
        return clean(" · ".join(filter(None, (self.provider, self.state, self.period))))

    @property
    def period(self) -> str:
        if self.starts_on and self.ends_on:
            days = {"start": day_name(self.starts_on), "end": day_name(self.ends_on)}
            return _("%(start)s to %(end)s") % days
        if self.starts_on:
            return _("from %(start)s") % {"start": day_name(self.starts_on)}
        if self.ends_on:
            return _("until %(end)s") % {"end": day_name(self.ends_on)}
        return _("no period yet")


def timeline(
    interventions: Sequence[InterventionOnLine], *, today: date, slug: str = "timeline"
) -> Picture:
    title = _("All insatser on one time line")
    if not interventions:
        empty = _("No insatser are agreed on yet.")
        return empty_picture(slug=slug, kind="timeline", title=title, description=empty)
    axis = _axis(interventions, today)
    bottom = TOP + LINE * len(interventions)
    width = max(axis.right + LEFT, NARROWEST)
    legend = _legend(bottom, width)
    parts = (
        *_grid(axis, bottom),
        *today_line(axis, today, TOP - 14, bottom),
        *(
            _bar(each, axis, today, TOP + LINE * place, width)
            for place, each in enumerate(interventions)
        ),
        *legend.parts,
    )
    columns = (
        _("Insats"),
        _("Provider"),
        _("State"),
        _("Period"),
        _("Visits"),
        _("Deviations"),
    )
    return Picture(
        slug,
        "timeline",
        title,
        _("Each bar is an insats and leads to its page."),
        width,
        legend.bottom,
        parts,
        columns=columns,
        rows=tuple(map(_row, interventions)),
    )


def _axis(interventions: Sequence[InterventionOnLine], today: date) -> Axis:
    months = months_of_terms((day for each in interventions for day in each.days), today)
    return Axis(months, LEFT, min(max(GOOD_WIDTH // len(months), NARROW_MONTH), WIDE_MONTH))


def _grid(axis: Axis, bottom: int) -> tuple[Part, ...]:
    shapes, texts = [], []
    for month in axis.months:
        x = axis.x_of_month(month)
        if is_term_start(month):
            shapes.append(Shape(line(x, 6, x, bottom), "term"))
            texts.append(Text(x + 5, 16, term_name(month), "strong"))
        else:
            shapes.append(Shape(line(x, TOP - 8, x, bottom), "grid"))
    return (Part(tuple(shapes), tuple(texts)),)


def _bar(each: InterventionOnLine, axis: Axis, today: date, y: int, width: int) -> Part:
    """The name stands above its bar, so that it scrolls along with it on a phone."""
    start, end = _ends(each, axis, today)
    heading = shortened(each.heading, 300, NORMAL)
    about = shortened(each.about, width - 2 * LEFT - 320, SMALL)
    name_width = round(width_of(heading, NORMAL)) + 10
    needed = name_width + round(width_of(about, SMALL))
    x, top = max(min(start, width - LEFT - needed), LEFT), y + 24
    shapes = [
        Shape(box(LEFT, y + 2, width - 2 * LEFT, LINE - 4), "target"),
        Shape(box(x - 3, y + 6, needed + 6, 16), "behind"),
    ]
    if each.days:
        shapes.append(Shape(box(start, top, end - start, BAR), "bar"))
    shapes += [_tick(axis.x(near(day, today)), top) for day in each.visits]
    shapes += [_deviation(axis.x(near(day, today)), top + BAR // 2) for day in each.deviations]
    texts = (
        Text(x, y + 18, heading, "name", NORMAL),
        Text(x + name_width, y + 18, about, "soft"),
    )
    return Part(tuple(shapes), texts, f"{each.heading}. {each.about}", each.url)


def _ends(each: InterventionOnLine, axis: Axis, today: date) -> tuple[int, int]:
    """Where the bar begins and ends; an end that is not known is that of what has happened."""
    known = each.days or [today]
    first, last = each.starts_on or min(known), each.ends_on or max(known)
    start, end = sorted((axis.x(near(first, today)), axis.x(near(last, today))))
    return start, max(end, start + 4)


def _tick(x: int, top: int) -> Shape:
    return Shape(box(x - 1, top - 2, 3, BAR + 4), "visit")


def _deviation(x: int, y: int) -> Shape:
    return Shape(diamond(x, y, 6), "alert")


def _legend(bottom: int, width: int) -> Legend:
    legend = Legend(LEFT, bottom + 18, width - 2 * LEFT)
    legend.add(lambda x, y: (Shape(box(x - 6, y - 5, 12, 10), "bar"),), _("Insats"))
    legend.add(lambda x, y: (Shape(box(x - 1, y - 6, 3, 12), "visit"),), _("Visit"))
    legend.add(lambda x, y: (_deviation(x, y),), _("Deviation"))
    return legend


def _row(each: InterventionOnLine) -> Row:
    cells = (
        each.heading,
        clean(each.provider),
        clean(each.state),
        each.period,
        ", ".join(map(day_name, each.visits)) or "–",
        ", ".join(map(day_name, each.deviations)) or "–",
    )
    return Row(cells, each.url)
