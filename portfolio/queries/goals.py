"""Goals with their colours, and the red thread of a unit."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from interventions.models import EarlierInsats, Intervention, Touch, Visit
from organisations.models import User
from plans.models import (
    ActionPlan,
    Goal,
    GoalRating,
    Level,
    PlannedGoal,
    SituationAnalysis,
    Whose,
)
from plans.queries import (
    GoalColours,
    GoalSaid,
    ProblemSaid,
    analysis_said,
    colours_of,
    plan_said,
    saying_of,
)
from portfolio.pictures import Thread, ThreadNode
from portfolio.queries.columns import ALWAYS, NO_DATE, text, whether
from sbs_workflow.models import Collaboration, Participation


def goals_as_documents(collaboration: Collaboration, user: User) -> QuerySet[Any, Any]:
    """Each goal with the colour that is agreed on, as a part of ``documents_of``.

    Its text is what counts of it (see ``goals_in_force``), and empty when this person
    may not read it.
    """
    adopted = whether(Q(plan__state=ActionPlan.State.ADOPTED))
    sayings = PlannedGoal.objects.visible_to(user).filter(goal=OuterRef("pk"))
    agreed = GoalRating.objects.filter(goal=OuterRef("pk"), whose=Whose.AGREED)
    said = sayings.order_by(adopted.desc(), "-plan__version").values("text")[:1]
    level = agreed.order_by("-rated_at").values("level")[:1]
    goals: QuerySet[Any, Any] = (
        Goal.objects.visible_to(user)
        .filter(collaboration=collaboration)
        .order_by()
        .values_list(
            text("goal"), "pk", "unit_id", Coalesce(Subquery(level), text(Level.NOT_BEGUN)),
            "number", Subquery(said), NO_DATE, ALWAYS,
        )
    )  # fmt: skip
    return goals


@dataclass(frozen=True)
class GoalPage:
    saying: PlannedGoal | None
    colours: GoalColours
    interventions: list[Intervention]
    told_before: list[EarlierInsats]
    visits: list[Visit]
    earlier: list[PlannedGoal]


def goal_page(goal: Goal, user: User) -> GoalPage:
    """Everything that hangs on one goal (seven queries)."""
    sayings = PlannedGoal.objects.visible_to(user).filter(goal=goal)
    touches = Touch.objects.visible_to(user).filter(goal=goal)
    current = saying_of(goal, user)
    return GoalPage(
        saying=current,
        colours=colours_of([goal.pk]).get(goal.pk, GoalColours()),
        interventions=list(Intervention.objects.visible_to(user).filter(goals=goal)),
        told_before=list(
            EarlierInsats.objects.visible_to(user).filter(goals=goal, taken_back_on=None)
        ),
        visits=list(
            Visit.objects.filter(touches__in=touches).order_by("-takes_place_on").distinct()
        ),
        earlier=[
            row
            for row in sayings.select_related("plan").order_by("-plan__version")
            if current is None or row.pk != current.pk
        ],
    )


def thread_of(participation: Participation, user: User) -> Thread:
    """From each problem of the unit to the colours of its goals, as far as the person may read."""
    problems, goals = _said(participation, user)
    interventions = list(
        Intervention.objects.visible_to(user)
        .filter(collaboration=participation.collaboration_id, goals__in=[g.goal for g in goals])
        .distinct()
        .prefetch_related("goals", "causes")
    )
    colours = colours_of(UUID(goal.goal) for goal in goals)
    agreed = [(g, found.agreed) for g in goals if (found := colours.get(UUID(g.goal)))]
    rated = [(goal, rating) for goal, rating in agreed if rating]
    url = _analysis_url(participation, user)
    return Thread(
        problems=tuple(_problem(each, url) for each in problems),
        causes=tuple(_causes(problems, url)),
        goals=tuple(_goal(goal) for goal in goals),
        interventions=tuple(_intervention(each) for each in interventions),
        ratings=tuple(_rating(goal, rating) for goal, rating in rated),
        links=(
            *_links(problems, goals, interventions),
            *((goal.goal, _rating_key(goal)) for goal, _rating_of_it in rated),
        ),
    )


def _said(
    participation: Participation, user: User
) -> tuple[Sequence[ProblemSaid], Sequence[GoalSaid]]:
    """The problems and goals of the unit: of the plan in force, or of what comes before it."""
    of_unit = {"collaboration": participation.collaboration_id, "unit": participation.unit_id}
    plans = ActionPlan.objects.visible_to(user).filter(**of_unit).select_related("collaboration")
    in_force = max(
        plans, key=lambda plan: (plan.state == ActionPlan.State.ADOPTED, plan.version), default=None
    )
    if in_force:
        said = plan_said(in_force, user)
        return said.problems, said.goals
    analysis = (
        SituationAnalysis.objects.visible_to(user)
        .filter(**of_unit)
        .select_related("collaboration")
        .first()
    )
    return (analysis_said(analysis, user).problems, []) if analysis else ([], [])


def _analysis_url(participation: Participation, user: User) -> str:
    analysis = SituationAnalysis.objects.visible_to(user).filter(
        collaboration=participation.collaboration_id, unit=participation.unit_id
    )
    found = analysis.first()
    return found.get_absolute_url() if found else ""


def _problem(problem: ProblemSaid, url: str) -> ThreadNode:
    return ThreadNode(problem.key, str(problem.number), problem.text, _part(url, problem))


def _part(url: str, problem: ProblemSaid) -> str:
    return f"{url}#problem-{problem.key}" if url else ""


def _causes(problems: Iterable[ProblemSaid], url: str) -> Iterator[ThreadNode]:
    for problem in problems:
        for cause in problem.causes:
            yield ThreadNode(cause.key, "", cause.text, _part(url, problem))


def _goal_url(goal: GoalSaid) -> str:
    return Goal(pk=goal.goal).get_absolute_url()


def _goal(goal: GoalSaid) -> ThreadNode:
    return ThreadNode(goal.goal, str(goal.number), goal.text, _goal_url(goal))


def _intervention(intervention: Intervention) -> ThreadNode:
    return ThreadNode(
        str(intervention.pk),
        str(intervention.number),
        intervention.name,
        intervention.get_absolute_url(),
    )


def _rating(goal: GoalSaid, agreed: GoalRating) -> ThreadNode:
    return ThreadNode(_rating_key(goal), "", agreed.occasion, _goal_url(goal), level=agreed.level)


def _rating_key(goal: GoalSaid) -> str:
    return f"rating-{goal.goal}"


def _links(
    problems: Iterable[ProblemSaid],
    goals: Sequence[GoalSaid],
    interventions: Iterable[Intervention],
) -> Iterator[tuple[str, str]]:
    for problem in problems:
        yield from ((problem.key, cause.key) for cause in problem.causes)
    for goal in goals:
        yield from ((cause.key, goal.goal) for cause in goal.causes)
        if not goal.causes:
            yield goal.problem, goal.goal
    for intervention in interventions:
        for served in intervention.goals.all():
            yield str(served.pk), str(intervention.pk)
