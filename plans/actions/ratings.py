"""Setting colours."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from notifications.clock import local_date
from organisations.models import Role, User
from plans.models import Goal, GoalRating, Whose
from plans.permissions import can_rate, own_side_of
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Collaboration
from sbs_workflow.queries import load_roles


@transaction.atomic
def rate_goal(*, goal: Goal, by: User, now: datetime, **said: Any) -> GoalRating:
    """Say how far a goal has come, in the eyes of the party for which ``by`` acts.

    ``said`` are ``level``, ``justification``, ``evidence_kind`` and ``evidence``.
    """
    load_roles(by, local_date(now))
    goal = _locked(goal)
    whose, role = own_side_of(goal, by), can_rate.role_of(goal, by)
    if whose is None or role is None:
        raise PermissionDenied
    return _rate(goal, whose, role, by, now, said)


@transaction.atomic
def agree_on_colour(
    *,
    goal: Goal,
    role: Role,
    occasion: str,
    agreed_in: UUID,
    by: User,
    now: datetime,
    **said: Any,
) -> GoalRating:
    """Keep the colour that all have agreed on, in a meeting or a report.

    The house of the meeting or report asks the right, and says in which ``role`` it is kept.
    """
    goal = _locked(goal)
    return _rate(
        goal, Whose.AGREED, role, by, now, {**said, "occasion": occasion, "agreed_in": agreed_in}
    )


def _locked(goal: Goal) -> Goal:
    goal.collaboration = Collaboration.objects.lock(goal.collaboration_id)
    if not goal.collaboration.is_live:
        raise TransitionRefused(_("The collaboration is not going on: colours rest meanwhile."))
    return goal


def _rate(
    goal: Goal, whose: Whose, role: Role, by: User, now: datetime, said: dict[str, Any]
) -> GoalRating:
    """The same words on the same day are the same rating, sent twice."""
    rating, _created = GoalRating.objects.get_or_create(
        goal=goal,
        whose=whose,
        by=by,
        rated_on=local_date(now),
        **said,
        defaults={"role": role, "rated_at": now},
    )
    return rating
