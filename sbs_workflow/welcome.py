"""How roles in a collaboration are given to somebody who accepts an invitation."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from notifications.clock import local_date
from organisations.models import COLLABORATION_ROLES, Invitation, Role, User
from organisations.welcome import welcome, workplaces
from sbs_workflow.actions import assign
from sbs_workflow.models import Assignment, Collaboration
from sbs_workflow.permissions import can_assign
from sbs_workflow.queries import load_roles


def may_assign(invitation: Invitation, user: User, today: date) -> bool:
    collaboration = Collaboration.objects.filter(pk=invitation.scope_id).first()
    if collaboration is None or not user.is_active:
        return False
    load_roles(user, today)
    return can_assign[Role(invitation.role).party](collaboration, user)


@welcome(*COLLABORATION_ROLES, may=may_assign)
def give_assignment(invitation: Invitation, user: User, now: datetime) -> None:
    assign(
        collaboration=Collaboration.objects.get(pk=invitation.scope_id),
        user=user,
        role=Role(invitation.role),
        starts_on=invitation.first_day(local_date(now)),
        is_deputy=invitation.is_deputy,
        by=invitation.invited_by,
        now=now,
    )


@workplaces
def where_assigned(user: User, today: date) -> Iterator[UUID]:
    """The party on whose behalf each role in a case is held."""
    rows = Assignment.objects.named(today).filter(user=user).select_related("collaboration")
    for held in rows:
        key = getattr(held.collaboration, f"{Role(held.role).party}_id")
        if key is not None:
            yield key
