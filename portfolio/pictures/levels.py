"""How far a goal has come, and whose view it is: the words and the shapes that stand for them."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.pictures.drawing import Shape, disc, slice_of_disc, square, star, triangle

# Red is "påbörjat" and never failure (NOR); from the top down, as far as one can come.
LEVELS: dict[str, tuple[Promise, float]] = {
    "achieved": (_("Achieved"), 1),
    "well_under_way": (_("Well under way"), 0.65),
    "started": (_("Started"), 0.25),
    "not_begun": (_("Not yet begun"), 0),
}
WHOSE: dict[str, tuple[Promise, Callable[[int, int, int], str]]] = {
    "agency": (_("National agency"), disc),
    "organiser": (_("School authority"), square),
    "university": (_("University"), triangle),
    "agreed": (_("Agreed"), star),
}
RADIUS, RADIUS_OF_STAR = 6, 8


def level_mark(level: str, x: int, y: int) -> tuple[Shape, ...]:
    """A ring that fills as the goal comes nearer."""
    share = LEVELS[level][1]
    ring = Shape(disc(x, y, RADIUS), f"ring drawn__{level}")
    if not share:
        return (ring,)
    filled = disc(x, y, RADIUS) if share == 1 else slice_of_disc(x, y, RADIUS, share)
    return (ring, Shape(filled, f"filled drawn__{level}"))


def party_mark(whose: str, x: int, y: int) -> tuple[Shape, ...]:
    draw = WHOSE[whose][1]
    # A star of the same radius would look smaller than the others.
    radius = RADIUS_OF_STAR if draw is star else RADIUS
    return (Shape(draw(x, y, radius), f"party drawn__{whose}"),)
