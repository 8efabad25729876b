"""The beginning of the red thread: problems, causes and evidence, plans and their goals."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from cases.bulk.course import SENTENCES, Course, State
from notifications.working_days import next_working_day
from organisations.models import Unit
from plans.effects import ANALYSIS_TAKES, PLAN_TAKES
from plans.models import (
    ActionPlan,
    Cause,
    Evidence,
    Goal,
    PlannedGoal,
    Problem,
    SituationAnalysis,
)
from plans.queries import (
    AnalysisSaid,
    CauseSaid,
    EvidenceSaid,
    GoalSaid,
    PlanSaid,
    ProblemSaid,
    to_share,
)

GOALS = 30  # of a case: domain.md 5.2
PROBLEMS = 3  # of a unit
AREAS = ("Undervisningens kvalitet", "Språkutveckling", "Styrning och ledarskap", "Trygghet")
PROBLEM_TEXTS = (
    "Eleverna får sällan tala och skriva tillräckligt för att pröva sina tankar.",
    "Undervisningen skiljer sig mycket mellan grupper som har samma behov.",
    "Stödet kommer sent, och barnen hinner tappa tilltron till att de kan.",
)
CAUSE_TEXTS = (
    "Vi saknar en gemensam bild av hur en bra lektion eller aktivitet är uppbyggd.",
    "Resultaten följs upp, men samtalen når inte fram till undervisningen.",
)
EVIDENCE_TEXTS = (
    "I nio av tolv observationer talade den vuxna större delen av tiden.",
    "I enkäten svarar mindre än hälften att de får veta hur de kan komma vidare.",
)
GOAL_TEXTS = (
    "Alla grupper börjar arbetspasset på ett sätt som personalen har kommit överens om.",
    "Varje arbetslag granskar sin undervisning tillsammans minst en gång i månaden.",
    "Barnen och eleverna kan själva berätta vad de lär sig och varför.",
)


@dataclass
class Thread:
    """What insatser, visits and colours point at: the goals and causes of each unit."""

    goals: dict[UUID, list[Goal]] = field(default_factory=dict)
    causes: dict[UUID, list[UUID]] = field(default_factory=dict)

    def goals_of(self, units: list[Unit]) -> list[Goal]:
        return [goal for unit in units for goal in self.goals.get(unit.pk, [])]

    def causes_of(self, units: list[Unit]) -> list[UUID]:
        return [cause for unit in units for cause in self.causes[unit.pk]]


def write_thread(course: Course) -> Thread:
    """An analysis of each unit, and its plan when the case has come so far."""
    thread = Thread()
    goals_left = GOALS
    for number, unit in enumerate(course.case.units):
        problems = _analyse(course, unit)
        thread.causes[unit.pk] = [UUID(cause.key) for each in problems for cause in each.causes]
        if course.has_reached(State.PLANNING):
            share = goals_left // (len(course.case.units) - number)
            thread.goals[unit.pk] = _plan(course, unit, problems, share)
            goals_left -= share
    return thread


def _analyse(course: Course, unit: Unit) -> list[ProblemSaid]:
    begun_on = course.entered[State.ANALYSING]
    concluded_on = course.entered.get(State.PLANNING)
    analysis = course.rows.add(
        SituationAnalysis,
        collaboration=course.collaboration,
        unit=unit,
        state="concluded" if concluded_on else "in_progress",
        text=SENTENCES[0],
        views_of_children=SENTENCES[3],
        participants="Alla arbetslag",
        priorities="\n".join(AREAS[:2]),
        due_on=None if concluded_on else next_working_day(begun_on + ANALYSIS_TAKES),
        shared_on=concluded_on,
        concluded_on=concluded_on,
    )
    problems = [_problem(course, analysis, n, begun_on) for n in range(1, PROBLEMS + 1)]
    by, role = course.writer(unit)
    course.record(analysis, "start", "not_started", begun_on, role, to_state="in_progress", by=by)
    if concluded_on:
        analysis.as_shared = to_share(AnalysisSaid(problems))
        course.record(
            analysis, "share", "in_progress", concluded_on, role, to_state="shared", by=by
        )
        later = concluded_on + timedelta(days=1)
        course.record(analysis, "conclude", "shared", later, role, by=by)
    return problems


def _problem(course: Course, analysis: SituationAnalysis, number: int, day: date) -> ProblemSaid:
    text, area = PROBLEM_TEXTS[number - 1], course.random.choice(AREAS)
    problem = course.rows.add(
        Problem, analysis=analysis, number=number, text=text, development_area=area
    )
    causes = list(_causes(course, problem))
    evidence = list(_evidence(course, problem, day))
    return ProblemSaid(str(problem.pk), number, text, area, causes, evidence)


def _causes(course: Course, problem: Problem) -> Iterator[CauseSaid]:
    for number, text in enumerate(CAUSE_TEXTS, 1):
        cause = course.rows.add(Cause, problem=problem, number=number, text=text)
        yield CauseSaid(str(cause.pk), number, text)


def _evidence(course: Course, problem: Problem, day: date) -> Iterator[EvidenceSaid]:
    for number, text in enumerate(EVIDENCE_TEXTS, 1):
        noted_on = day + number * timedelta(days=7)
        kind = course.random.choice(Evidence.Kind.values)
        voice = course.random.choice(Evidence.Voice.values)
        noted = course.rows.add(
            Evidence, problem=problem, kind=kind, voice=voice, noted_on=noted_on, text=text
        )
        yield EvidenceSaid(str(noted.pk), kind, voice, noted_on, text)


def _plan(course: Course, unit: Unit, problems: list[ProblemSaid], goals: int) -> list[Goal]:
    begun_on = course.entered[State.PLANNING]
    adopted_on = course.entered.get(State.AGREED)
    plan = course.rows.add(
        ActionPlan,
        collaboration=course.collaboration,
        unit=unit,
        state="adopted" if adopted_on else "draft",
        text=SENTENCES[2],
        participants="Alla arbetslag",
        follow_up=SENTENCES[1],
        due_on=None if adopted_on else next_working_day(begun_on + PLAN_TAKES),
        shared_on=adopted_on,
        adopted_on=adopted_on,
    )
    planned = [
        _planned_goal(course, plan, problems[number % PROBLEMS], number)
        for number in range(1, goals + 1)
    ]
    if adopted_on:
        plan.as_shared = to_share(PlanSaid(problems, [said for _goal, said in planned]))
        by, role = course.writer(unit)
        course.record(plan, "adopt", "discussed", adopted_on, role, by=by)
    return [goal for goal, _said in planned]


def _planned_goal(
    course: Course, plan: ActionPlan, problem: ProblemSaid, number: int
) -> tuple[Goal, GoalSaid]:
    rows = course.rows
    goal = rows.add(Goal, collaboration=plan.collaboration, unit_id=plan.unit_id, number=number)
    said: dict[str, Any] = {
        "text": course.random.choice(GOAL_TEXTS),
        "short_term_effect": "Personalen talar om undervisningen på samma sätt.",
        "long_term_effect": "Fler barn och elever når så långt som möjligt.",
        "measure": "Observationer och samtal, höst och vår.",
        "baseline": "Fyra av tolv grupper",
        "target": "Alla grupper",
        "follow_up_on": course.entered[State.PLANNING] + timedelta(days=500),
        "follow_up_by": "Rektor",
    }
    planned = rows.add(PlannedGoal, plan=plan, goal=goal, problem_id=UUID(problem.key), **said)
    rows.link(PlannedGoal.causes, planned, [UUID(cause.key) for cause in problem.causes])
    return goal, GoalSaid(
        key=str(planned.pk),
        goal=str(goal.pk),
        number=number,
        problem=problem.key,
        causes=problem.causes,
        **said,
    )
