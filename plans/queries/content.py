"""What an analysis or a plan says, as one value: read from its rows, or as it was shared.

Other parties read a document that is being reworked as it was shared (domain.md 2.2), so
both ways give the same dataclasses and a page need not know which it shows.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.db.models import QuerySet

from organisations.models import User
from plans.models import ActionPlan, Cause, Evidence, Goal, PlannedGoal, Problem, SituationAnalysis
from sbs_workflow.models import Collaboration


@dataclass(frozen=True)
class EvidenceSaid:
    key: str
    kind: str
    voice: str
    noted_on: date
    text: str
    cause: str = ""

    @property
    def kind_label(self) -> str:
        return str(Evidence.Kind(self.kind).label)

    @property
    def voice_label(self) -> str:
        return str(Evidence.Voice(self.voice).label)


@dataclass(frozen=True)
class CauseSaid:
    key: str
    number: int
    text: str


@dataclass(frozen=True)
class ProblemSaid:
    key: str
    number: int
    text: str
    development_area: str
    causes: list[CauseSaid] = field(default_factory=list)
    evidence: list[EvidenceSaid] = field(default_factory=list)

    @property
    def voices(self) -> set[str]:
        return {each.voice for each in self.evidence}


@dataclass(frozen=True)
class GoalSaid:
    """A goal as one version of a plan has it; ``goal`` is the key that never changes."""

    key: str
    goal: str
    number: int
    problem: str
    causes: list[CauseSaid]
    text: str
    short_term_effect: str
    long_term_effect: str
    measure: str
    baseline: str
    target: str
    follow_up_on: date | None
    follow_up_by: str

    @classmethod
    def of(cls, planned: PlannedGoal) -> Self:
        texts = {name: getattr(planned, name) for name in PlannedGoal.TEXTS}
        return cls(
            key=str(planned.pk),
            goal=str(planned.goal_id),
            number=planned.goal.number,
            problem=str(planned.problem_id),
            causes=_causes(planned.causes.all()),
            follow_up_on=planned.follow_up_on,
            **texts,
        )


@dataclass(frozen=True)
class AnalysisSaid:
    problems: list[ProblemSaid] = field(default_factory=list)

    @classmethod
    def of(cls, analysis: SituationAnalysis) -> Self:
        """From its rows (three queries)."""
        rows = analysis.problems.prefetch_related("causes", "evidence")
        return cls([_problem(problem) for problem in rows])

    @classmethod
    def as_shared(cls, shared: dict[str, Any]) -> Self:
        return cls([_shared_problem(problem) for problem in shared.get("problems", [])])

    def unheard(self) -> list[str]:
        """The voices that no evidence carries, in words."""
        heard = set[str]().union(*(problem.voices for problem in self.problems))
        return [str(voice.label) for voice in Evidence.Voice if voice not in heard]


@dataclass(frozen=True)
class PlanSaid:
    problems: list[ProblemSaid] = field(default_factory=list)
    goals: list[GoalSaid] = field(default_factory=list)

    @classmethod
    def of(cls, plan: ActionPlan, problems: list[ProblemSaid] | None = None) -> Self:
        """From its rows, with the problems of the unit's analysis (two queries, and four)."""
        if problems is None:
            problems = AnalysisSaid.of(analysis_behind(plan)).problems
        # In the words of the problems, since their analysis may be read as it was shared.
        causes = {cause.key: cause for problem in problems for cause in problem.causes}
        rows = plan.planned_goals.select_related("goal").prefetch_related("causes")
        goals = [
            replace(goal, causes=[causes[each.key] for each in goal.causes if each.key in causes])
            for goal in map(GoalSaid.of, rows)
        ]
        return cls(problems, goals)

    @classmethod
    def as_shared(cls, shared: dict[str, Any]) -> Self:
        return cls(
            [_shared_problem(problem) for problem in shared.get("problems", [])],
            [_shared_goal(goal) for goal in shared.get("goals", [])],
        )

    def goals_of(self, problem: ProblemSaid) -> list[GoalSaid]:
        return [goal for goal in self.goals if goal.problem == problem.key]

    @property
    def by_problem(self) -> list[tuple[ProblemSaid, list[GoalSaid]]]:
        return [(problem, self.goals_of(problem)) for problem in self.problems]


def analysis_said(analysis: SituationAnalysis, user: User) -> AnalysisSaid:
    """What this person may read of it."""
    if analysis.shows_rows_to(user):
        return AnalysisSaid.of(analysis)
    return AnalysisSaid.as_shared(analysis.as_shared)


def plan_said(plan: ActionPlan, user: User) -> PlanSaid:
    """What this person may read of it; its analysis may be in rework although the plan is not."""
    if not plan.shows_rows_to(user):
        return PlanSaid.as_shared(plan.as_shared)
    return PlanSaid.of(plan, analysis_said(analysis_behind(plan), user).problems)


def causes_said(causes: QuerySet[Cause], user: User) -> dict[UUID, str]:
    """What this person may read of each cause: of an analysis in rework, as it was shared."""
    said = {}
    for cause in causes.select_related("problem__analysis__collaboration"):
        analysis = cause.document
        if analysis.shows_rows_to(user):
            said[cause.pk] = cause.text
        else:
            shared = AnalysisSaid.as_shared(analysis.as_shared)
            known = {each.key: each.text for problem in shared.problems for each in problem.causes}
            if text := known.get(str(cause.pk)):
                said[cause.pk] = text
    return said


def analysis_behind(plan: ActionPlan) -> SituationAnalysis:
    """The analysis of the same unit, whose problems the plan takes up."""
    return SituationAnalysis.objects.select_related("collaboration").get(
        collaboration=plan.collaboration_id, unit=plan.unit_id
    )


def to_share(said: AnalysisSaid | PlanSaid) -> dict[str, Any]:
    """``said`` as it is kept when the document is shared."""
    kept: dict[str, Any] = asdict(said)
    for problem in kept["problems"]:
        for evidence in problem["evidence"]:
            evidence["noted_on"] = evidence["noted_on"].isoformat()
    for goal in kept.get("goals", []):
        goal["follow_up_on"] = goal["follow_up_on"] and goal["follow_up_on"].isoformat()
    return kept


def _problem(problem: Problem) -> ProblemSaid:
    return ProblemSaid(
        str(problem.pk),
        problem.number,
        problem.text,
        problem.development_area,
        _causes(problem.causes.all()),
        [
            EvidenceSaid(
                str(each.pk), each.kind, each.voice, each.noted_on, each.text, _key(each.cause_id)
            )
            for each in problem.evidence.all()
        ],
    )


def _causes(causes: Any) -> list[CauseSaid]:
    return [CauseSaid(str(cause.pk), cause.number, cause.text) for cause in causes]


def _key(value: Any) -> str:
    return str(value) if value else ""


def _shared_problem(kept: dict[str, Any]) -> ProblemSaid:
    evidence = [
        EvidenceSaid(**{**each, "noted_on": date.fromisoformat(each["noted_on"])})
        for each in kept["evidence"]
    ]
    return ProblemSaid(**{**kept, "causes": _shared_causes(kept), "evidence": evidence})


def _shared_causes(kept: dict[str, Any]) -> list[CauseSaid]:
    return [CauseSaid(**cause) for cause in kept["causes"]]


def _shared_goal(kept: dict[str, Any]) -> GoalSaid:
    day = kept["follow_up_on"]
    return GoalSaid(
        **{
            **kept,
            "causes": _shared_causes(kept),
            "follow_up_on": date.fromisoformat(day) if day else None,
        }
    )


def goals_in_force(rows: Iterable[PlannedGoal]) -> dict[UUID, PlannedGoal]:
    """Of each goal the saying that counts: the adopted plan's, or else the latest version's.

    ``rows`` are sayings of several versions, each with its plan.
    """
    chosen: dict[UUID, PlannedGoal] = {}
    adopted = ActionPlan.State.ADOPTED
    for row in sorted(rows, key=lambda row: (row.plan.state == adopted, row.plan.version)):
        chosen[row.goal_id] = row
    return chosen


def goals_known_to(user: User, collaboration: Collaboration) -> list[PlannedGoal]:
    """What counts of every goal that this person may read, by unit and number (one query)."""
    rows = (
        PlannedGoal.objects.visible_to(user)
        .filter(plan__collaboration=collaboration)
        .select_related("plan__unit", "goal", "problem")
        .defer("plan__as_shared")
    )
    found = goals_in_force(rows).values()
    return sorted(found, key=lambda row: (row.plan.unit.sort_key, row.goal.number))


def saying_of(goal: Goal, user: User) -> PlannedGoal | None:
    """What counts of a goal, as far as this person may read it."""
    rows = PlannedGoal.objects.visible_to(user).filter(goal=goal).select_related("plan", "problem")
    return goals_in_force(rows).get(goal.pk)
