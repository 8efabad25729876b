"""The load: how much goes on in each unit in each term, and where many insatser collide.

The units come in the order they are given: nobody is compared with anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolio.pictures.drawing import (
    NORMAL,
    Legend,
    Part,
    Picture,
    Row,
    Shape,
    Text,
    box,
    diamond,
    empty_picture,
)
from portfolio.pictures.text import clean, shortened, wrapped

LEFT, TOP, CELL, LINE, GAP = 184, 30, 136, 78, 6
BLOCK, BLOCKS = 10, 9


@dataclass(frozen=True)
class LoadOfTerm:
    """``interventions`` are the names of those that run; visits are planned or done."""

    term: str
    interventions: tuple[str, ...]
    visits: int
    crowded: bool = False


@dataclass(frozen=True)
class LoadOfUnit:
    """A term that is not named is one without insatser."""

    unit: str
    terms: tuple[LoadOfTerm, ...]


def load(units: Sequence[LoadOfUnit], *, terms: Sequence[str], slug: str = "load") -> Picture:
    title = _("Load for each unit and term")
    if not units or not terms:
        empty = _("No insats has a unit and a period yet.")
        return empty_picture(slug=slug, kind="load", title=title, description=empty)
    parts = [Part(texts=tuple(_term_name(place, term) for place, term in enumerate(terms)))]
    rows = []
    for line, unit in enumerate(units):
        y = TOP + line * LINE
        parts.append(_unit_name(unit.unit, y))
        by_term = {each.term: each for each in unit.terms}
        for place, term in enumerate(terms):
            each = by_term.get(term) or LoadOfTerm(term, (), 0)
            parts.append(_cell(unit.unit, each, LEFT + place * CELL, y))
            rows.append(_row(unit.unit, each))
    width = LEFT + len(terms) * CELL
    legend = Legend(8, TOP + len(units) * LINE + 14, width - 16)
    legend.add(lambda x, y: (_block(x - BLOCK // 2, y - BLOCK // 2),), _("One insats"))
    legend.add(lambda x, y: (_crowded_mark(x, y),), _("Many at once"))
    columns = (_("Unit"), _("Term"), _("Insatser"), _("Visits"), _("Remark"))
    described = _("How many insatser run at once, and how many visits there are.")
    return Picture(
        slug,
        "load",
        title,
        described,
        width,
        legend.bottom,
        (*parts, *legend.parts),
        columns=columns,
        rows=tuple(rows),
    )


def _term_name(place: int, term: str) -> Text:
    words = shortened(term, CELL - 2 * GAP, NORMAL)
    return Text(LEFT + place * CELL, TOP - 12, words, "strong", NORMAL)


def _unit_name(unit: str, y: int) -> Part:
    lines = wrapped(unit, LEFT - 14, NORMAL, lines=3)
    texts = (
        Text(2, y + 18 + 17 * place, words, "words", NORMAL) for place, words in enumerate(lines)
    )
    return Part(texts=tuple(texts), whole=clean(unit))


def _cell(unit: str, each: LoadOfTerm, x: int, y: int) -> Part:
    kind = "cell drawn__crowded" if each.crowded else "cell"
    shapes = [Shape(box(x, y, CELL - GAP, LINE - GAP), kind)]
    if each == LoadOfTerm(each.term, (), 0):
        return Part(tuple(shapes), whole=f"{clean(unit)}, {clean(each.term)}: {_('nothing')}")
    for place in range(min(len(each.interventions), BLOCKS)):
        shapes.append(_block(x + 8 + place * (BLOCK + 3), y + 8))
    texts = [
        Text(x + 8, y + 34, _count(each)),
        Text(x + 8, y + 49, _visits(each), "soft"),
    ]
    if each.crowded:
        shapes.append(_crowded_mark(x + 14, y + 61))
        room = CELL - GAP - 30
        texts.append(Text(x + 25, y + 65, shortened(_("Many at once"), room, 11), "strong"))
    whole = f"{unit}, {each.term}: {', '.join(each.interventions)}"
    return Part(tuple(shapes), tuple(texts), clean(whole))


def _count(each: LoadOfTerm) -> str:
    count = len(each.interventions)
    return ngettext("%(count)s insats", "%(count)s insatser", count) % {"count": count}


def _visits(each: LoadOfTerm) -> str:
    return ngettext("%(count)s visit", "%(count)s visits", each.visits) % {"count": each.visits}


def _block(x: int, y: int) -> Shape:
    return Shape(box(x, y, BLOCK, BLOCK), "done")


def _crowded_mark(x: int, y: int) -> Shape:
    return Shape(diamond(x, y, 6), "alert")


def _row(unit: str, each: LoadOfTerm) -> Row:
    names = ", ".join(each.interventions) or "–"
    remark = _("Many at once") if each.crowded else ""
    return Row((unit, each.term, names, str(each.visits), remark))
