"""Writing the goals of an åtgärdsplan."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from organisations.models import User
from plans.models import ActionPlan, Cause, Goal, PlannedGoal, Problem
from plans.permissions import can_write
from sbs_workflow.actions import open_for_writing


@transaction.atomic
def write_goal(
    *,
    plan: ActionPlan,
    problem: Problem,
    causes: Iterable[Cause],
    text: str,
    by: User,
    now: datetime,
    planned: PlannedGoal | None = None,
    **said: Any,
) -> PlannedGoal:
    """Store a goal of the plan, or a new one with the unit's next number.

    ``said`` are the other fields of PlannedGoal. A new goal with the same text for the same
    problem is the same one, sent twice.
    """
    plan = open_for_writing(plan, may=can_write, by=by, now=now)
    if planned is None:
        sent_before = plan.planned_goals.filter(problem=problem, text=text).first()
        planned = sent_before or PlannedGoal(plan=plan, goal=_new_goal(plan))
    planned.problem = problem
    planned.text = text
    for name, value in said.items():
        setattr(planned, name, value)
    planned.save()
    planned.causes.set(causes)
    return planned


def _new_goal(plan: ActionPlan) -> Goal:
    of_unit = Goal.objects.filter(collaboration=plan.collaboration_id, unit=plan.unit_id)
    last = of_unit.aggregate(last=Max("number"))["last"] or 0
    return Goal.objects.create(
        collaboration=plan.collaboration, unit_id=plan.unit_id, number=last + 1
    )


@transaction.atomic
def drop_goal(*, planned: PlannedGoal, by: User, now: datetime) -> ActionPlan:
    """Leave a goal out of this version; older ones keep it, and its number is not used again."""
    plan: ActionPlan = open_for_writing(planned.plan, may=can_write, by=by, now=now)
    planned.delete()
    return plan
