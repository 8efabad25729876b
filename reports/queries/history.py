"""What the plan of a unit and its analysis say already, for an import of old reports."""

from dataclasses import dataclass
from uuid import UUID

from plans.actions.imports import same_words
from plans.models import ActionPlan, Cause, PlannedGoal, Problem


@dataclass(frozen=True)
class KnownProblem:
    pk: UUID
    text: str


def known_problems(plan: ActionPlan) -> dict[str, KnownProblem]:
    """The problems of the unit's analysis, by a key such as ``there-2`` (one query)."""
    problems = Problem.objects.filter(
        analysis__collaboration=plan.collaboration_id, analysis__unit=plan.unit_id
    )
    return {f"there-{each.number}": KnownProblem(each.pk, each.text) for each in problems}


def said_in_plan(plan: ActionPlan) -> tuple[frozenset[str], frozenset[str]]:
    """The causes and the goals of the unit, as they are compared (two queries)."""
    causes = Cause.objects.filter(
        problem__analysis__collaboration=plan.collaboration_id,
        problem__analysis__unit=plan.unit_id,
    )
    goals = PlannedGoal.objects.filter(
        plan__collaboration=plan.collaboration_id, plan__unit=plan.unit_id
    )
    return (
        frozenset(same_words(cause.text) for cause in causes),
        frozenset(same_words(goal.text) for goal in goals),
    )
