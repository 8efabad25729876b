"""What earlier reports have told of, and what a plan says already when they are brought in."""

from dataclasses import dataclass
from uuid import UUID

from interventions.models import EarlierInsats, Intervention
from organisations.models import Unit, User
from plans.actions.imports import same_words
from plans.models import ActionPlan, Cause, GoalRating, PlannedGoal, Problem
from plans.queries import goals_known_to


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


def other_units(plan: ActionPlan) -> list[str]:
    """The names of the other units of the case (one query)."""
    rows = plan.collaboration.participations.exclude(unit=plan.unit_id)
    return list(
        rows.exclude(unit__kind=Unit.Kind.ADMINISTRATION).values_list("unit__name", flat=True)
    )


def agreed_insatser(plan: ActionPlan) -> dict[int, str]:
    """The insatser of the agreement that the unit takes part in, by their numbers (one query)."""
    insatser = Intervention.objects.filter(collaboration=plan.collaboration_id, units=plan.unit_id)
    return {insats.number: str(insats) for insats in insatser}


@dataclass(frozen=True)
class GoalThen:
    """A goal that an insats of then served, and the colours that the reports gave it."""

    saying: PlannedGoal
    colours: list[GoalRating]


def goals_then(insats: EarlierInsats, user: User) -> list[GoalThen]:
    """The goals that it served, in the words that count now (three queries)."""
    collaboration = insats.plan.collaboration
    served = set(insats.goals.values_list("pk", flat=True))
    sayings = [row for row in goals_known_to(user, collaboration) if row.goal_id in served]
    ratings = GoalRating.objects.filter(
        goal__in=[row.goal_id for row in sayings], source=GoalRating.Source.IMPORTED
    ).order_by("rated_on")
    return [
        GoalThen(saying, [rating for rating in ratings if rating.goal_id == saying.goal_id])
        for saying in sayings
    ]


def agreed_now(insats: EarlierInsats, user: User) -> Intervention | None:
    """The insats of the agreement with its number, in which the unit takes part (one query)."""
    rows = Intervention.objects.visible_to(user).filter(
        collaboration=insats.plan.collaboration_id, number=insats.number, units=insats.plan.unit_id
    )
    found: Intervention | None = rows.first()
    return found
