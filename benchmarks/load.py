"""The made-up cases of `manage.py make_load`, and two of them that differ in size only."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import count, islice
from typing import Any

from django.db import connection
from django.db.models import Count

from cases.actions import make_load
from interventions.actions import amend_agreement
from interventions.models import Agreement, AssignmentPlan, InterimTask, Intervention, Touch, Visit
from meetings.models import Meeting
from notifications.clock import STOCKHOLM
from organisations.models import Role, User
from plans.actions import revise_plan
from plans.models import ActionPlan, Goal, PlannedGoal, SituationAnalysis
from reports.models import Report
from sbs_workflow.models import Collaboration, Participation, Promise

VISITS = 60
TIMES_AS_MUCH = 10


@dataclass(frozen=True)
class LoadedCase:
    """A case with the people who look at its pages, and an object for each page."""

    collaboration: Collaboration

    def holder(self, role: Role) -> User:
        return User.objects.filter(
            assignments__collaboration=self.collaboration, assignments__role=role
        ).order_by("email")[0]

    @cached_property
    def head(self) -> User:
        organiser = self.collaboration.organiser
        return User.objects.get(
            memberships__organisation=organiser, memberships__role=Role.HEAD_OF_AUTHORITY
        )

    def first(self, model: Any, **conditions: Any) -> Any:
        """The first in the order of its keys, so that every size of the load shows the same."""
        rows = model.objects.filter(collaboration=self.collaboration, **conditions)
        return rows.order_by("pk")[0]

    @cached_property
    def objects(self) -> dict[str, Any]:
        goal = self.first(Goal, ratings__isnull=False)
        return {
            "collaboration": self.collaboration,
            "analysis": self.first(SituationAnalysis, unit=goal.unit),
            "plan": self.first(ActionPlan, unit=goal.unit, version=1),
            "revised_plan": self.first(ActionPlan, version=2),
            "participation": self.first(Participation, unit=goal.unit),
            "goal": goal,
            "agreement": self.first(Agreement, version=1),
            "amended_agreement": self.first(Agreement, version=2),
            "assignment": self.first(AssignmentPlan),
            "intervention": self.first(Intervention, touches__isnull=False),
            "visit": self.first(Visit, state=Visit.State.SHARED),
            "planned_visit": self.first(Visit, state=Visit.State.PLANNED),
            "task": self.first(InterimTask),
            "meeting": self.first(Meeting, state=Meeting.State.APPROVED),
            "report": self.first(Report, state=Report.State.ACCEPTED),
        }


@dataclass(frozen=True)
class Load:
    """Who sees the most, who follows four cases, and two cases that differ in size only."""

    manager: User
    supporter: User
    case: LoadedCase
    large_case: LoadedCase


def load(cases: int, today: date) -> Load:
    fill(cases, today)
    case, twin = (
        Collaboration.objects.filter(
            state=Collaboration.State.ACTIVE, reports__state=Report.State.ACCEPTED
        )
        .annotate(size=Count("participations", distinct=True))
        .order_by("-size", "pk")[:2]
    )
    for each in (case, twin):
        give_versions(LoadedCase(each), datetime.combine(today, time(9), STOCKHOLM))
    give_visits(case, VISITS, today)
    give_goals(twin, TIMES_AS_MUCH)
    give_interventions(twin, TIMES_AS_MUCH)
    give_visits(twin, VISITS * TIMES_AS_MUCH, today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Load(
        User.objects.get(email="load.manager@load.demo"),
        User.objects.get(email="load.supporter@load.demo"),
        LoadedCase(case),
        LoadedCase(twin),
    )


def fill(cases: int, today: date) -> None:
    """The rows are many and none of them is garbage before its batch is written."""
    gc.disable()
    try:
        make_load(cases=cases, seed=1, today=today, tell=lambda _done: None)
    finally:
        gc.enable()


def give_versions(case: LoadedCase, now: datetime) -> None:
    """A plan that is being revised, and an amendment of the agreement that is being written."""
    plan, agreement = case.first(ActionPlan), case.first(Agreement)
    revise_plan(plan=plan, reason="Ett mål var för vagt.", by=case.head, now=now)
    supporter = case.holder(Role.PROCESS_SUPPORTER)
    amend_agreement(agreement=agreement, reason="En insats förlängs.", by=supporter, now=now)


def give_goals(case: Collaboration, times: int) -> None:
    """So many times the goals of each plan in force, with words and a problem like the first."""
    for plan in case.plans.filter(state=ActionPlan.State.ADOPTED):
        known = list(plan.planned_goals.all())
        first = known[0]
        goals = Goal.objects.bulk_create(
            Goal(collaboration=case, unit=plan.unit, number=number)
            for number in range(len(known) + 1, len(known) * times + 1)
        )
        PlannedGoal.objects.bulk_create(
            PlannedGoal(plan=plan, goal=goal, problem=first.problem, text=first.text)
            for goal in goals
        )


def give_interventions(case: Collaboration, times: int) -> None:
    known = case.interventions.count()
    Intervention.objects.bulk_create(
        Intervention(collaboration=case, number=number, name="Leda lärgrupper", state="running")
        for number in range(known + 1, known * times + 1)
    )


def give_visits(case: Collaboration, wanted: int, today: date) -> None:
    """As many as wanted, one more for every day back from today, and one that is to be logged.

    Each is about an insats and a goal, and leaves a promise and a task behind.
    """
    missing = wanted - Visit.objects.filter(collaboration=case).count()
    goal, intervention = case.goals.all()[0], case.interventions.all()[0]
    unit = goal.unit
    visits = Visit.objects.bulk_create(islice(_visits_before(case, today), missing))
    unit_visited = Visit.units.through.objects
    unit_visited.bulk_create(Visit.units.through(visit=visit, unit=unit) for visit in visits)
    logged = [visit for visit in visits if visit.state == Visit.State.SHARED]
    Touch.objects.bulk_create(Touch(visit=visit, goal=goal) for visit in logged)
    Touch.objects.bulk_create(Touch(visit=visit, intervention=intervention) for visit in logged)
    InterimTask.objects.bulk_create(
        InterimTask(
            collaboration=case, visit=visit, unit=unit, text="Pröva starten.", state="discussed"
        )
        for visit in visits
    )
    Promise.objects.bulk_create(
        Promise(
            collaboration=case,
            made_in=visit.pk,
            made_on=visit.takes_place_on,
            party="university",
            what="Skicka underlaget.",
            written_by="university",
        )
        for visit in visits
    )


def _visits_before(case: Collaboration, today: date) -> Iterator[Visit]:
    for number in count(1):
        day = today - timedelta(days=number)
        is_last = number == 1
        yield Visit(
            collaboration=case,
            month=day.replace(day=1),
            state=Visit.State.PLANNED if is_last else Visit.State.SHARED,
            takes_place_on=day,
            kind=Visit.Kind.SUPERVISION,
            log="" if is_last else "Handledning i två grupper.",
        )
