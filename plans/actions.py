"""Writing and revising the documents of the units."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from notifications.clock import local_date
from organisations.models import User
from plans.models import AUTHORS, DECIDERS, ActionPlan, OrganiserDocument
from sbs_workflow.actions import write
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Collaboration
from sbs_workflow.permissions import holds, require
from sbs_workflow.queries import load_roles

can_write = holds(*AUTHORS)
can_revise = holds(*DECIDERS)


def write_document(
    *, document: OrganiserDocument, by: User, now: datetime, **texts: str
) -> OrganiserDocument:
    """Store the texts of an analysis or a plan while it is open for writing."""
    written: OrganiserDocument = write(instance=document, may=can_write, by=by, now=now, **texts)
    return written


@transaction.atomic
def revise_plan(*, plan: ActionPlan, reason: str, by: User, now: datetime) -> ActionPlan:
    """Open the next version of an adopted plan; the adopted one stays in force until then."""
    load_roles(by, local_date(now))
    collaboration = Collaboration.objects.lock(plan.collaboration_id)
    require(can_revise, plan, by)
    versions = ActionPlan.objects.filter(collaboration=collaboration, unit=plan.unit_id)
    in_writing = versions.exclude(state__in=[plan.State.ADOPTED, plan.State.SUPERSEDED]).first()
    if in_writing and in_writing.revision_reason == reason:
        return in_writing  # sent twice
    if in_writing:
        raise TransitionRefused(_("A new version is already being written."))
    fresh = versions.get(pk=plan.pk)
    if fresh.state != plan.State.ADOPTED:
        raise TransitionRefused(_("Only the adopted plan can be revised."))
    return ActionPlan.objects.create(
        collaboration=collaboration,
        unit=plan.unit,
        version=versions.aggregate(last=Max("version"))["last"] + 1,
        text=fresh.text,
        participants=fresh.participants,
        follow_up=fresh.follow_up,
        revision_reason=reason,
    )
