"""Holding a meeting: who came, and what the parties agree on."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from meetings.models import Meeting, MeetingParticipant
from meetings.permissions import can_run_meeting
from organisations.models import User
from plans.actions import agree_on_colour
from plans.models import Goal, GoalRating
from sbs_workflow.actions import alone_with
from sbs_workflow.engine import TransitionRefused, perform


@transaction.atomic
def hold_meeting(
    *,
    meeting: Meeting,
    present: Iterable[User],
    by: User,
    now: datetime,
    seen_state: str | None = None,
) -> Meeting:
    """Record who came. It counts only when every required party was there (KAU 2018)."""
    came = {user.pk for user in present}
    participants = list(meeting.participants.all())
    parties = {participant.party for participant in participants if participant.user_id in came}
    complete = all(party in parties for party in meeting.required_parties)
    held: Meeting = perform(
        meeting.hold if complete else meeting.hold_without_quorum,
        by=by,
        now=now,
        seen_state=seen_state,
    )
    for participant in participants:
        participant.came = participant.user_id in came
    MeetingParticipant.objects.bulk_update(participants, ["came"])
    return held


@transaction.atomic
def agree_on_colours(
    *,
    meeting: Meeting,
    goal: Goal,
    level: str,
    justification: str,
    by: User,
    now: datetime,
) -> GoalRating:
    """Keep the colour of a goal that the three parties have agreed on in the meeting (KAU 2018)."""
    held: Meeting = alone_with(meeting, may=can_run_meeting, by=by, now=now)
    role = can_run_meeting.role_of(held, by)
    assert role is not None
    if not held.may_agree_on_colours:
        raise TransitionRefused(_("Colours are agreed on in a meeting where all three came."))
    return agree_on_colour(
        goal=goal,
        role=role,
        occasion=_in_swedish(held),
        agreed_in=held.pk,
        by=by,
        now=now,
        level=level,
        justification=justification,
    )


def _in_swedish(meeting: Meeting) -> str:
    """What is kept for years is written in Swedish, whoever wrote it."""
    with override(settings.LANGUAGE_CODE):
        return str(meeting)
