"""Leading an insats: its outline, and what it serves."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interventions.models import Intervention, Outline
from interventions.permissions import can_lead_interventions, can_link, can_log_visit
from organisations.models import User
from plans.models import Cause, Goal
from sbs_workflow.actions import alone_with
from sbs_workflow.engine import TransitionRefused, perform


@transaction.atomic
def write_outline(
    *, intervention: Intervention, text: str, by: User, now: datetime
) -> Intervention:
    """Write the light outline of an insats that has not begun; afterwards it is adapted."""
    fresh: Intervention = alone_with(intervention, may=can_lead_interventions, by=by, now=now)
    if fresh.state not in (Intervention.State.PLANNED, Intervention.State.READY):
        raise TransitionRefused(_("The insats has begun: adapt its outline, with a reason."))
    _write(fresh, text, "", by, now)
    return fresh


@transaction.atomic
def adapt_outline(
    *, intervention: Intervention, text: str, reason: str, by: User, now: datetime
) -> Intervention:
    """Adapt a running insats inside the agreement, and note why (KAU 2018)."""
    fresh: Intervention = alone_with(intervention, may=can_log_visit, by=by, now=now)
    current = fresh.outlines.first()
    if current and (current.text, current.reason, current.written_by) == (text, reason, by):
        return fresh  # sent twice
    adapted: Intervention = perform(intervention.adapt, by=by, now=now, reason=reason)
    _write(adapted, text, reason, by, now)
    return adapted


def _write(intervention: Intervention, text: str, reason: str, by: User, now: datetime) -> None:
    current = intervention.outlines.first()
    if current is None or current.text != text:
        Outline.objects.create(
            intervention=intervention, text=text, reason=reason, written_by=by, written_at=now
        )


@transaction.atomic
def link_intervention(
    *,
    intervention: Intervention,
    goals: Iterable[Goal],
    causes: Iterable[Cause],
    by: User,
    now: datetime,
) -> Intervention:
    """Say which goals and causes the insats serves; that is no change of the contract."""
    fresh: Intervention = alone_with(intervention, may=can_link, by=by, now=now)
    fresh.goals.set(goals)
    fresh.causes.set(causes)
    return fresh
