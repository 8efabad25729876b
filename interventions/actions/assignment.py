"""Giving the lärosäte its assignment, and answering it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from interventions.models import AssignmentPlan, PlannedMonth
from interventions.permissions import (
    can_answer_assignment,
    can_propose_agreement,
    can_revise_assignment,
)
from organisations.models import User
from sbs_workflow.actions import alone_with, write
from sbs_workflow.engine import TransitionRefused


def write_assignment(
    *, assignment: AssignmentPlan, text: str, by: User, now: datetime
) -> AssignmentPlan:
    """Change what the lärosäte is to do, until it is sent."""
    written: AssignmentPlan = write(
        instance=assignment, may=can_propose_agreement, by=by, now=now, text=text
    )
    return written


@transaction.atomic
def answer_assignment(
    *,
    assignment: AssignmentPlan,
    team: str,
    days: Mapping[date, Decimal],
    by: User,
    now: datetime,
) -> AssignmentPlan:
    """Name the team and the days of support of each month, before it is confirmed.

    ``days`` is keyed by the first day of each month; a month with no days is planned too.
    """
    fresh: AssignmentPlan = alone_with(assignment, may=can_answer_assignment, by=by, now=now)
    if not fresh.waits_for_an_answer:
        raise TransitionRefused(_("It is no longer open for writing."))
    fresh.team = team
    fresh.save(update_fields=["team"])
    fresh.months.all().delete()
    PlannedMonth.objects.bulk_create(
        PlannedMonth(assignment=fresh, month=month.replace(day=1), days=count)
        for month, count in sorted(days.items())
    )
    return fresh


@transaction.atomic
def revise_assignment(*, assignment: AssignmentPlan, by: User, now: datetime) -> AssignmentPlan:
    """Open the next version of a confirmed plan, which stands until that is confirmed."""
    fresh: AssignmentPlan = alone_with(assignment, may=can_revise_assignment, by=by, now=now)
    if fresh.state != AssignmentPlan.State.CONFIRMED:
        raise TransitionRefused(_("Only the confirmed assignment plan can be revised."))
    return next_assignment(fresh)


def next_assignment(confirmed: AssignmentPlan) -> AssignmentPlan:
    """The draft of the next version, with the text, team and days of this one; begun once."""
    versions = AssignmentPlan.objects.filter(collaboration=confirmed.collaboration_id)
    begun = versions.filter(version__gt=confirmed.version).order_by("version").last()
    if begun:
        return begun
    draft = AssignmentPlan.objects.create(
        collaboration=confirmed.collaboration,
        agreement=confirmed.agreement,
        version=(versions.aggregate(last=Max("version"))["last"] or 0) + 1,
        text=confirmed.text,
        team=confirmed.team,
    )
    PlannedMonth.objects.bulk_create(
        PlannedMonth(assignment=draft, month=planned.month, days=planned.days)
        for planned in confirmed.months.all()
    )
    return draft
