"""Holding a meeting: who came, and what the parties agree on."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from meetings.actions.agenda import ON_ITS_WAY
from meetings.models import Meeting, MeetingParticipant
from meetings.permissions import can_run_meeting
from meetings.queries import new_meeting
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
    next_on: date | None = None,
    no_next_because: str = "",
) -> Meeting:
    """Record who came. It counts only when every required party was there (KAU 2018).

    The next of its kind is owed by ``next_on``, or a cadence later; or not at all, for a reason.
    """
    came = {user.pk for user in present}
    participants = list(meeting.participants.all())
    parties = {participant.party for participant in participants if participant.user_id in came}
    complete = all(party in parties for party in meeting.required_parties)
    step = partial(perform, by=by, now=now, seen_state=seen_state)
    held: Meeting = (
        step(meeting.hold, no_next_because=no_next_because)
        if complete
        else step(meeting.hold_without_quorum)
    )
    if complete and next_on:
        _owe_next_on(held, next_on)
    for participant in participants:
        participant.came = participant.user_id in came
    MeetingParticipant.objects.bulk_update(participants, ["came"])
    return held


def _owe_next_on(held: Meeting, day: date) -> None:
    """The next one is owed by that day, unless its time is found or being found already."""
    coming = Meeting.objects.filter(
        collaboration=held.collaboration, kind=held.kind, state__in=ON_ITS_WAY
    )
    owed = coming.filter(state=Meeting.State.NEEDED).first()
    if owed is None and coming.exists():
        return
    following = owed or new_meeting(held.collaboration, held.kind)
    following.due_on = day
    following.save()


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
