"""The history of one goal's ratings: each party's own view as a mark, the agreed one as a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

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
    NORMAL,
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
from portfolio.pictures.levels import LEVELS, WHOSE, level_mark, party_mark
from portfolio.pictures.text import clean, width_of

TOP, LEVEL, LANE = 56, 64, 14
NARROW_MONTH, WIDE_MONTH, GOOD_WIDTH = 16, 40, 360


@dataclass(frozen=True)
class RatingPoint:
    """``level`` is a key of LEVELS, ``whose`` one of WHOSE."""

    on: date
    level: str
    whose: str


def history(
    points: Sequence[RatingPoint], *, today: date, goal: str = "", slug: str = "ratings"
) -> Picture:
    """``goal`` names the goal where its heading does not stand right above."""
    title = clean(_("Ratings of %(goal)s") % {"goal": goal} if goal else _("Ratings over time"))
    if not points:
        empty = _("The goal has not been rated yet.")
        return empty_picture(slug=slug, kind="ratings", title=title, description=empty)
    in_order = sorted(points, key=lambda point: point.on)
    left = 44 + round(max(width_of(str(word), NORMAL) for word, _share in LEVELS.values()))
    axis = _axis(in_order, today, left)
    width = axis.right + 14
    bottom = TOP + LEVEL * len(LEVELS)
    legend = Legend(8, bottom + 20, width - 16)
    for whose, (word, _shape) in WHOSE.items():
        legend.add(partial(party_mark, whose), str(word))
    parts = (
        *_levels(width),
        *_terms(axis, bottom),
        *today_line(axis, today, TOP - 14, bottom),
        _agreed_line(in_order, axis, today),
        *(_mark(point, axis, today) for point in in_order),
        *legend.parts,
    )
    return Picture(
        slug,
        "ratings",
        title,
        _sentence(in_order[-1]),
        width,
        legend.bottom,
        parts,
        columns=(_("When"), _("Whose view"), _("Level")),
        rows=tuple(map(_row, in_order)),
    )


def _axis(points: Sequence[RatingPoint], today: date, left: int) -> Axis:
    months = months_of_terms((point.on for point in points), today)
    return Axis(months, left, min(max(GOOD_WIDTH // len(months), NARROW_MONTH), WIDE_MONTH))


def _terms(axis: Axis, bottom: int) -> tuple[Part, ...]:
    starts = [month for month in axis.months if is_term_start(month)]
    shapes, texts = [], []
    for month in starts:
        x = axis.x_of_month(month)
        shapes.append(Shape(line(x, 6, x, bottom), "term"))
        texts.append(Text(x + 5, 16, term_name(month), "strong"))
    return (Part(tuple(shapes), tuple(texts)),)


def _levels(width: int) -> tuple[Part, ...]:
    """One row for each level, the one to reach on top, every other on a band of its own."""
    parts = []
    for place, (level, (word, _share)) in enumerate(LEVELS.items()):
        y = TOP + place * LEVEL
        band = () if place % 2 else (Shape(box(0, y, width, LEVEL), "band"),)
        middle = y + LEVEL // 2
        text = Text(30, middle + 5, str(word), size=NORMAL)
        parts.append(Part((*band, *level_mark(level, 16, middle)), (text,)))
    return tuple(parts)


def _height(point: RatingPoint) -> int:
    """In the row of the level each has a lane of its own, so that no mark hides another."""
    lane = list(WHOSE).index(point.whose)
    return TOP + list(LEVELS).index(point.level) * LEVEL + 11 + lane * LANE


def _agreed_line(points: Sequence[RatingPoint], axis: Axis, today: date) -> Part:
    """A step at each agreement; what was agreed last still stands today."""
    agreed = [point for point in points if point.whose == "agreed"]
    if not agreed:
        return Part()
    path = f"M{axis.x(near(agreed[0].on, today))},{_height(agreed[0])}"
    for point in agreed[1:]:
        path += f"H{axis.x(near(point.on, today))}V{_height(point)}"
    if agreed[-1].on < today:
        path += f"H{axis.x(today)}"
    return Part((Shape(path, "agreed-line"),))


def _mark(point: RatingPoint, axis: Axis, today: date) -> Part:
    shapes = party_mark(point.whose, axis.x(near(point.on, today)), _height(point))
    return Part(shapes, whole=_sentence(point))


def _sentence(point: RatingPoint) -> str:
    return f"{day_name(point.on)}, {WHOSE[point.whose][0]}: {LEVELS[point.level][0]}"


def _row(point: RatingPoint) -> Row:
    words = (day_name(point.on), str(WHOSE[point.whose][0]), str(LEVELS[point.level][0]))
    return Row(words)
