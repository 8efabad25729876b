"""What a new version of an åtgärdsplan changes, in words that can be read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format

from plans.models import ActionPlan, PlannedGoal
from plans.queries.content import GoalSaid, PlanSaid
from sbs_workflow.differences import Piece, word_difference


@dataclass(frozen=True)
class FieldChange:
    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class GoalChange:
    """``kind`` is added, changed or dropped."""

    kind: str
    number: int
    text: str
    fields: list[FieldChange] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.number}. {self.text}"


@dataclass(frozen=True)
class PlanChanges:
    texts: list[FieldChange]
    goals: list[GoalChange]

    def __bool__(self) -> bool:
        return bool(self.texts or self.goals)


def changes_between(
    older: ActionPlan, old: PlanSaid, newer: ActionPlan, new: PlanSaid
) -> PlanChanges:
    """What ``newer`` adds, changes and drops; empty when they say the same."""
    texts = [
        FieldChange(_label(ActionPlan, name), word_difference(before, after))
        for name in ActionPlan.TEXTS
        if (before := getattr(older, name)) != (after := getattr(newer, name))
    ]
    return PlanChanges(texts, sorted(_goal_changes(old, new), key=lambda change: change.number))


def _goal_changes(old: PlanSaid, new: PlanSaid) -> Iterator[GoalChange]:
    before = {goal.goal: goal for goal in old.goals}
    after = {goal.goal: goal for goal in new.goals}
    for key, goal in after.items():
        if key not in before:
            yield GoalChange("added", goal.number, goal.text)
        elif fields := list(_field_changes(before[key], goal)):
            yield GoalChange("changed", goal.number, goal.text, fields)
    for key, goal in before.items():
        if key not in after:
            yield GoalChange("dropped", goal.number, goal.text)


def _field_changes(old: GoalSaid, new: GoalSaid) -> Iterator[FieldChange]:
    for name in (*PlannedGoal.TEXTS, "follow_up_on", "causes"):
        before, after = _in_words(getattr(old, name)), _in_words(getattr(new, name))
        if before != after:
            yield FieldChange(_label(PlannedGoal, name), word_difference(before, after))


def _in_words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(cause.text for cause in value)
    return value if isinstance(value, str) else date_format(value, "j F Y")


def _label(model: Any, name: str) -> str:
    label = str(model._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]
