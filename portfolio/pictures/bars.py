"""How many there are of each kind: a bar for each, with its number and its words beside it.

The groups come in the order they are given, by kind and never by size: nobody is ranked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from portfolio.pictures.drawing import (
    NARROWEST,
    NORMAL,
    Part,
    Picture,
    Row,
    Shape,
    Text,
    box,
    empty_picture,
)
from portfolio.pictures.levels import level_mark
from portfolio.pictures.text import clean, shortened, width_of

WIDTH, LINE, GROUP, BAR = 560, 26, 30, 14
MARK = 22


@dataclass(frozen=True)
class Bar:
    """``level`` is a key of LEVELS where the bar is about goals of that colour; else ``kind``
    says how it looks.
    """

    words: str
    count: int
    level: str = ""
    kind: str = "done"


@dataclass(frozen=True)
class GroupOfBars:
    """Bars under one heading, which is empty where there is one group only."""

    words: str
    bars: tuple[Bar, ...]


def bars(
    groups: Sequence[GroupOfBars],
    *,
    title: str,
    described: str,
    columns: tuple[str, str, str],
    slug: str,
) -> Picture:
    """``columns`` name the group, the kind and the number in the table."""
    every = [bar for group in groups for bar in group.bars]
    if not every:
        return empty_picture(slug=slug, kind="bars", title=title, description=described)
    most = max(bar.count for bar in every) or 1
    indent = MARK if any(bar.level for bar in every) else 2
    left = indent + min(ceil(max(width_of(bar.words, NORMAL) for bar in every)), WIDTH // 2)
    room = max(WIDTH - left - round(width_of(str(most), NORMAL)) - 24, NARROWEST // 4)
    parts: list[Part] = []
    rows: list[Row] = []
    y = 6
    for group in groups:
        if group.words:
            y += GROUP
            words = shortened(group.words, WIDTH - 4, NORMAL)
            parts.append(Part(texts=(Text(2, y - 10, words, "strong", NORMAL),)))
        for bar in group.bars:
            parts.append(_part(group, bar, (indent, left), y, round(room * bar.count / most)))
            rows.append(_row(group, bar, has_groups=bool(group.words)))
            y += LINE
    has_groups = any(group.words for group in groups)
    return Picture(
        slug,
        "bars",
        clean(title),
        clean(described),
        WIDTH,
        y + 6,
        tuple(parts),
        columns=columns if has_groups else columns[1:],
        rows=tuple(rows),
    )


def _part(group: GroupOfBars, bar: Bar, at: tuple[int, int], y: int, length: int) -> Part:
    indent, left = at
    middle = y + LINE // 2
    kind = f"filled drawn__{bar.level}" if bar.level else bar.kind
    shapes = [Shape(box(left + 8, middle - BAR // 2, max(length, 1), BAR), kind)]
    if bar.level:
        shapes += level_mark(bar.level, 9, middle)
    words = shortened(bar.words, left - indent, NORMAL)
    texts = (
        Text(indent, middle + 5, words, "words", NORMAL),
        Text(left + 8 + max(length, 1) + 6, middle + 5, str(bar.count), "strong", NORMAL),
    )
    whole = ", ".join(filter(None, (group.words, f"{bar.words}: {bar.count}")))
    return Part(tuple(shapes), texts, clean(whole))


def _row(group: GroupOfBars, bar: Bar, *, has_groups: bool) -> Row:
    cells = (bar.words, str(bar.count))
    return Row((group.words, *cells) if has_groups else cells)
