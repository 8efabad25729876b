"""Writing and revising the documents of the units."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from organisations.models import User
from plans.models import ActionPlan, OrganiserDocument, PlannedGoal
from plans.permissions import can_revise, can_write
from sbs_workflow.actions import alone_with, write
from sbs_workflow.engine import TransitionRefused


def write_document(
    *, document: OrganiserDocument, by: User, now: datetime, **texts: str
) -> OrganiserDocument:
    """Store the texts of an analysis or a plan while it is open for writing."""
    written: OrganiserDocument = write(instance=document, may=can_write, by=by, now=now, **texts)
    return written


@transaction.atomic
def revise_plan(*, plan: ActionPlan, reason: str, by: User, now: datetime) -> ActionPlan:
    """Open the next version of an adopted plan; the adopted one stays in force until then."""
    adopted: ActionPlan = alone_with(plan, may=can_revise, by=by, now=now)
    versions = ActionPlan.objects.filter(
        collaboration=adopted.collaboration_id, unit=adopted.unit_id
    )
    in_writing = versions.exclude(state__in=[plan.State.ADOPTED, plan.State.SUPERSEDED]).first()
    if in_writing and in_writing.revision_reason == reason:
        return in_writing  # sent twice
    if in_writing:
        raise TransitionRefused(_("A new version is already being written."))
    if adopted.state != ActionPlan.State.ADOPTED:
        raise TransitionRefused(_("Only the adopted plan can be revised."))
    revised = ActionPlan.objects.create(
        collaboration=adopted.collaboration,
        unit=adopted.unit,
        version=versions.aggregate(last=Max("version"))["last"] + 1,
        text=adopted.text,
        participants=adopted.participants,
        follow_up=adopted.follow_up,
        revision_reason=reason,
    )
    for planned in adopted.planned_goals.prefetch_related("causes"):
        _carry_over(planned, revised)
    return revised


def _carry_over(planned: PlannedGoal, plan: ActionPlan) -> None:
    """The same goal in the next version, to be rewritten there; the old saying stays as it was."""
    causes = list(planned.causes.all())
    texts = {name: getattr(planned, name) for name in PlannedGoal.TEXTS}
    carried = PlannedGoal.objects.create(
        plan=plan,
        goal=planned.goal,
        problem=planned.problem,
        follow_up_on=planned.follow_up_on,
        **texts,
    )
    carried.causes.set(causes)
