"""What every picture is made of: shapes and words in parts, and the rows of its table.

Positions are CSS pixels, of which a phone shows 320 or more in a row. Kinds name what a thing is;
how that looks stands in static/css/trepart.css as ``.drawn__kind``, for pages and PNG alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Literal, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portfolio.pictures.text import clean, width_of

SMALL, NORMAL = 11, 13
# No picture is narrower: its legend needs the room, and a phone has it.
NARROWEST = 320
LEGEND_LINE = 22

Anchor = Literal["start", "middle", "end"]


class Shape(NamedTuple):
    path: str
    kind: str


class Text(NamedTuple):
    """Words on a base line; positions are whole, so that no language writes them with a comma."""

    x: int
    y: int
    words: str
    kind: str = "words"
    size: int = SMALL
    anchor: Anchor = "start"


@dataclass(frozen=True)
class Part:
    """What belongs together; ``whole`` says it in full, ``url`` leads to its page."""

    shapes: tuple[Shape, ...] = ()
    texts: tuple[Text, ...] = ()
    whole: str = ""
    url: str = ""


@dataclass(frozen=True)
class Row:
    cells: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True)
class Branch:
    """A place on the red thread and what follows from it; a loose end has words alone.

    What stands elsewhere already is repeated without what follows from it.
    """

    column: int
    words: str
    key: str = ""
    name: str = ""
    url: str = ""
    level: str = ""
    level_word: str = ""
    is_repeated: bool = False
    children: tuple["Branch", ...] = ()

    @property
    def is_loose(self) -> bool:
        return not self.key


@dataclass(frozen=True)
class Picture:
    slug: str
    kind: str
    title: str
    description: str
    width: int
    height: int
    parts: tuple[Part, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    branches: tuple[Branch, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.branches)

    @property
    def table(self) -> list[tuple[Row, list[tuple[str, str]]]]:
        """Each row with its cells, and each cell with the heading of its column."""
        return [(row, list(zip(self.columns, row.cells, strict=True))) for row in self.rows]

    @property
    def has_links(self) -> bool:
        return any(part.url for part in self.parts)


def svg(picture: Picture) -> SafeString:
    """The picture as markup of its own, as ``as_png`` takes it."""
    return render_to_string("pictures/picture.svg", {"picture": picture})


def empty_picture(*, slug: str, kind: str, title: str, description: str) -> Picture:
    """A picture that calmly says that there is nothing to draw yet."""
    width = max(NARROWEST, round(width_of(description, NORMAL)) + 20)
    words = Text(10, 30, clean(description), "soft", NORMAL)
    return Picture(slug, kind, clean(title), clean(description), width, 50, (Part(texts=(words,)),))


# --- shapes ----------------------------------------------------------------------------


def box(x: int, y: int, width: int, height: int) -> str:
    return f"M{x},{y}h{width}v{height}h{-width}z"


def line(x: int, y: int, to_x: int, to_y: int) -> str:
    return f"M{x},{y}L{to_x},{to_y}"


def disc(x: int, y: int, radius: int) -> str:
    half = f"a{radius},{radius} 0 1 0"
    return f"M{x - radius},{y}{half} {2 * radius},0{half} {-2 * radius},0z"


def slice_of_disc(x: int, y: int, radius: int, share: float) -> str:
    """From the top and clockwise, as the goal colours fill."""
    angle = 2 * pi * share
    end = f"{x + radius * sin(angle):.1f},{y - radius * cos(angle):.1f}"
    return f"M{x},{y}v{-radius}A{radius},{radius} 0 {int(share > 0.5)} 1 {end}z"


def square(x: int, y: int, radius: int) -> str:
    return box(x - radius, y - radius, 2 * radius, 2 * radius)


def triangle(x: int, y: int, radius: int) -> str:
    return f"M{x},{y - radius}l{radius},{2 * radius}h{-2 * radius}z"


def diamond(x: int, y: int, radius: int) -> str:
    return f"M{x},{y - radius}l{radius},{radius}l{-radius},{radius}l{-radius},{-radius}z"


def star(x: int, y: int, radius: int) -> str:
    """Five points; its inner corners lie at two fifths."""
    corners = (
        (radius if corner % 2 == 0 else 0.4 * radius, pi * corner / 5) for corner in range(10)
    )
    points = (f"{x + reach * sin(at):.1f},{y - reach * cos(at):.1f}" for reach, at in corners)
    return f"M{'L'.join(points)}z"


# --- legend ----------------------------------------------------------------------------


class Legend:
    """Marks with their words, in as many lines as the width asks for."""

    def __init__(self, x: int, y: int, width: int) -> None:
        self.left, self.x, self.y, self.right = x, x, y, x + width
        self.parts: list[Part] = []

    def add(self, mark: Callable[[int, int], tuple[Shape, ...]], words: str) -> None:
        """``mark`` draws within 6 pixels around the place it is given."""
        needed = 18 + round(width_of(words, SMALL))
        if self.x > self.left and self.x + needed > self.right:
            self.x, self.y = self.left, self.y + LEGEND_LINE
        text = Text(self.x + 18, self.y + 4, words, "soft")
        self.parts.append(Part(mark(self.x + 6, self.y), (text,)))
        self.x += needed + 18

    @property
    def bottom(self) -> int:
        return self.y + LEGEND_LINE // 2
