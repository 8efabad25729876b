"""How far goals have come: the agreed colour, each party's own, and the way they move."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from plans.models import GoalRating, Level, Whose

ORDER = {level: place for place, level in enumerate(Level)}
DIRECTIONS = {
    1: _("closer than last time"),
    0: _("as last time"),
    -1: _("further off than last time"),
}


@dataclass(frozen=True)
class GoalColours:
    """Every rating of one goal, newest first."""

    ratings: list[GoalRating] = field(default_factory=list)

    def latest(self, whose: str) -> GoalRating | None:
        return next((rating for rating in self.ratings if rating.whose == whose), None)

    @property
    def agreed(self) -> GoalRating | None:
        return self.latest(Whose.AGREED)

    @property
    def level(self) -> Level:
        """The colour that counts: the agreed one, or not yet begun."""
        return Level(self.agreed.level) if self.agreed else Level.NOT_BEGUN

    @property
    def own(self) -> list[GoalRating]:
        """Each party's latest."""
        latest = (self.latest(whose) for whose in Whose if whose != Whose.AGREED)
        return [rating for rating in latest if rating]

    @property
    def parties_differ(self) -> bool:
        return len({rating.level for rating in self.own}) > 1

    @property
    def direction(self) -> int | None:
        """1 when the agreed colour is closer to the goal than the one before, -1 when further."""
        agreed = [rating for rating in self.ratings if rating.whose == Whose.AGREED]
        if len(agreed) < 2:
            return None
        newest, before = (ORDER[Level(rating.level)] for rating in agreed[:2])
        return (newest > before) - (newest < before)

    @property
    def direction_label(self) -> str:
        return "" if self.direction is None else str(DIRECTIONS[self.direction])


def colours_of(goals: Iterable[UUID | str]) -> dict[UUID, GoalColours]:
    """The ratings of these goals by goal (one query)."""
    found: dict[Any, list[GoalRating]] = defaultdict(list)
    for rating in GoalRating.objects.filter(goal__in=list(goals)).select_related("by"):
        found[rating.goal_id].append(rating)
    return {goal: GoalColours(ratings) for goal, ratings in found.items()}
