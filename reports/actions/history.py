"""Bringing a running collaboration in: the plan that its old redovisningar tell of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from interventions.actions import earlier_of_unit, keep_earlier_account, keep_earlier_insats
from organisations.models import User
from plans.actions import import_colour, import_problem, revise_plan, write_goal
from plans.actions.imports import same_words
from plans.models import ActionPlan, Goal, PlannedGoal, Problem, SituationAnalysis
from plans.permissions import can_revise, can_write
from sbs_workflow.actions import alone_with
from sbs_workflow.engine import TransitionRefused

EFFECTS = {"short": "short_term_effect", "long": "long_term_effect"}
BETWEEN_EFFECTS = "\n"


@dataclass(frozen=True)
class BroughtColour:
    goal: str
    level: str
    rated_on: date
    justification: str
    occasion: str


@dataclass(frozen=True)
class BroughtInsats:
    number: int | None
    name: str
    development_area: str
    participants: str
    goals: Sequence[str]


@dataclass(frozen=True)
class BroughtAccount:
    """What a report says of an insats; ``texts`` by the names of ``EarlierAccount.TEXTS``."""

    insats: str
    told_in: str
    told_on: date | None
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Brought:
    """What a person took of old reports. Rows point at each other by the keys of the form.

    ``problems`` are their text and development area; ``there`` are problems that the analysis has.
    ``causes`` pair a problem with a text, ``goals`` a problem with a text, and ``effects`` are
    triples of a goal, ``short`` or ``long``, and a text. An insats serves those of its goals that
    were taken.
    """

    problems: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    there: Mapping[str, UUID] = field(default_factory=dict)
    causes: Sequence[tuple[str, str]] = ()
    goals: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    effects: Sequence[tuple[str, str, str]] = ()
    insatser: Mapping[str, BroughtInsats] = field(default_factory=dict)
    accounts: Sequence[BroughtAccount] = ()
    colours: Sequence[BroughtColour] = ()


@dataclass(frozen=True)
class BroughtIn:
    """The plan that it was written in, and how much of it was new."""

    plan: ActionPlan
    problems: int
    goals: int
    insatser: int
    colours: int


@transaction.atomic
def import_history(*, plan: ActionPlan, brought: Brought, by: User, now: datetime) -> BroughtIn:
    """Write what old reports tell into the plan of their unit; all of it, or nothing.

    The same words are the same row: nothing comes twice, and nothing that people have written
    is changed. An adopted plan gets a new version, which is as private as every draft.
    TransitionRefused while the plan or the analysis is with the other parties.
    """
    plan = alone_with(plan, may=can_write, by=by, now=now)
    plan = _to_be_written(plan, brought, by, now)
    analysis = _analysis_of(plan)
    before = _count(plan, analysis)
    problems = {
        key: import_problem(
            analysis=analysis,
            text=text,
            development_area=area,
            causes=[cause for of, cause in brought.causes if of == key],
            by=by,
            now=now,
        )
        for key, (text, area) in _named_problems(analysis, brought).items()
    }
    goals = {
        key: _goal(plan, problems[of], text, _told_of(key, brought), by, now)
        for key, (of, text) in brought.goals.items()
    }
    for colour in brought.colours:
        import_colour(
            goal=goals[colour.goal],
            level=colour.level,
            rated_on=colour.rated_on,
            justification=colour.justification
            or _("%(report)s says no more about it.") % {"report": colour.occasion},
            occasion=colour.occasion,
            by=by,
            now=now,
        )
    _keep_insatser(plan, brought, goals, by, now)
    after = _count(plan, analysis)
    return BroughtIn(plan, *(new - old for new, old in zip(after, before, strict=True)))


def _keep_insatser(
    plan: ActionPlan, brought: Brought, goals: Mapping[str, Goal], by: User, now: datetime
) -> None:
    """As history beside the agreement: what was agreed then is not agreed here by an import."""
    insatser = {
        key: keep_earlier_insats(
            plan=plan,
            number=insats.number,
            name=insats.name,
            development_area=insats.development_area,
            participants=insats.participants,
            goals=[goals[goal] for goal in insats.goals if goal in goals],
            by=by,
            now=now,
        )
        for key, insats in brought.insatser.items()
    }
    for account in brought.accounts:
        keep_earlier_account(
            insats=insatser[account.insats],
            told_in=account.told_in,
            told_on=account.told_on,
            by=by,
            now=now,
            **account.texts,
        )


def _to_be_written(plan: ActionPlan, brought: Brought, by: User, now: datetime) -> ActionPlan:
    """The version that is open for writing; of an adopted plan a new one, where it is needed."""
    versions = ActionPlan.objects.filter(collaboration=plan.collaboration_id, unit=plan.unit_id)
    latest = versions.order_by("-version").first() or plan
    if latest.is_open_for_writing or not _tells_something_new(latest, brought):
        return latest
    if latest.state != ActionPlan.State.ADOPTED:
        raise TransitionRefused(
            _("The plan is with the other parties. Take it back and rework it first.")
        )
    if not can_revise(latest, by):
        raise TransitionRefused(
            _("The plan is adopted. Ask the head of the unit to begin a new version first.")
        )
    return revise_plan(plan=latest, reason=_("Imported from earlier reports."), by=by, now=now)


def _tells_something_new(plan: ActionPlan, brought: Brought) -> bool:
    for key, (_problem, text) in brought.goals.items():
        planned = _of_same_words(plan, text)
        if planned is None or dict(_lacking(planned, _effects_of(key, brought))):
            return True
    return False


def _analysis_of(plan: ActionPlan) -> SituationAnalysis:
    analysis = SituationAnalysis.objects.filter(
        collaboration=plan.collaboration_id, unit=plan.unit_id
    ).first()
    if analysis is None:
        raise TransitionRefused(_("The unit has no situation analysis yet."))
    return analysis


def _named_problems(analysis: SituationAnalysis, brought: Brought) -> dict[str, tuple[str, str]]:
    """The problems that are brought in, and those of the analysis that something belongs to."""
    pointed_at = {of for of, _text in (*brought.causes, *brought.goals.values())}
    there = {
        key: analysis.problems.get(pk=pk) for key, pk in brought.there.items() if key in pointed_at
    }
    known = {key: (problem.text, problem.development_area) for key, problem in there.items()}
    return {**brought.problems, **known}


@dataclass(frozen=True)
class _ToldOfGoal:
    """What the reports tell of one goal: its causes as they are compared, and its effects."""

    causes: set[str]
    effects: dict[str, list[str]]


def _told_of(goal: str, brought: Brought) -> _ToldOfGoal:
    problem, _text = brought.goals[goal]
    causes = {same_words(cause) for of, cause in brought.causes if of == problem}
    return _ToldOfGoal(causes, _effects_of(goal, brought))


def _goal(
    plan: ActionPlan, problem: Problem, text: str, told: _ToldOfGoal, by: User, now: datetime
) -> Goal:
    """The goal with those words in the plan, with the effects that it lacks."""
    planned = _of_same_words(plan, text)
    if planned is None:
        said: dict[str, Any] = {
            name: BETWEEN_EFFECTS.join(texts) for name, texts in told.effects.items()
        }
        causes = [cause for cause in problem.causes.all() if same_words(cause.text) in told.causes]
        new = write_goal(
            plan=plan, problem=problem, causes=causes, text=text, by=by, now=now, **said
        )
        return new.goal
    lacking: dict[str, Any] = dict(_lacking(planned, told.effects))
    if lacking:
        write_goal(
            plan=plan,
            planned=planned,
            problem=planned.problem,
            causes=planned.causes.all(),
            text=planned.text,
            by=by,
            now=now,
            **lacking,
        )
    return planned.goal


def _of_same_words(plan: ActionPlan, text: str) -> PlannedGoal | None:
    planned = plan.planned_goals.select_related("goal", "problem")
    return next((each for each in planned if same_words(each.text) == same_words(text)), None)


def _lacking(planned: PlannedGoal, effects: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """The effects that a goal does not tell of, after those that it does."""
    for name, texts in effects.items():
        stored: str = getattr(planned, name)
        lines = stored.splitlines()
        known = {same_words(line) for line in lines}
        new = [text for text in texts if same_words(text) not in known]
        if new and same_words(BETWEEN_EFFECTS.join(texts)) != same_words(stored):
            yield name, BETWEEN_EFFECTS.join([*lines, *new])


def _effects_of(goal: str, brought: Brought) -> dict[str, list[str]]:
    effects: dict[str, list[str]] = {}
    for of, term, text in brought.effects:
        if of == goal:
            effects.setdefault(EFFECTS[term], []).append(text)
    return effects


def _count(plan: ActionPlan, analysis: SituationAnalysis) -> tuple[int, int, int, int]:
    """The problems, goals, insatser and colours that there are."""
    goals = plan.planned_goals.all()
    rated = Goal.objects.filter(plannings__in=goals).filter(ratings__isnull=False)
    return (
        analysis.problems.count(),
        goals.count(),
        earlier_of_unit(plan).filter(taken_back_on=None).count(),
        rated.values("ratings").distinct().count(),
    )
