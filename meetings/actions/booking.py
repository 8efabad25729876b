"""Calling, booking, moving and holding meetings."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from meetings.models import Meeting, MeetingParticipant
from meetings.permissions import can_run_meeting
from meetings.queries import new_meeting
from notifications import outbox
from notifications.clock import local_date
from organisations.models import User
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.models import Collaboration
from sbs_workflow.permissions import require
from sbs_workflow.queries import load_roles, people_of


@transaction.atomic
def call_meeting(*, collaboration: Collaboration, kind: str, by: User, now: datetime) -> Meeting:
    """Make a meeting of this kind one to be booked; there is only one such at a time."""
    load_roles(by, local_date(now))
    collaboration = Collaboration.objects.lock(collaboration.pk)
    meeting = new_meeting(collaboration, kind)
    require(can_run_meeting, meeting, by)
    owed = Meeting.objects.filter(
        collaboration=collaboration, kind=kind, state=Meeting.State.NEEDED
    ).first()
    if owed:
        return owed
    meeting.save()
    return meeting


@transaction.atomic
def propose_meeting(
    *,
    meeting: Meeting,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    now: datetime,
    seen_state: str | None = None,
) -> Meeting:
    """Propose a time; the meeting is still to be booked by the day it was owed."""
    proposed: Meeting = perform(
        meeting.propose,
        by=by,
        now=now,
        seen_state=seen_state,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return proposed


@transaction.atomic
def book_meeting(
    *,
    meeting: Meeting,
    participants: Iterable[User],
    by: User,
    now: datetime,
    seen_state: str | None = None,
    **time_and_place: Any,
) -> Meeting:
    """Book a time, invite the people and tell them.

    ``time_and_place`` is ``starts_at, ends_at, form, place``. TransitionRefused when a
    party that must be there has nobody among the invited.
    """
    invited = _invited(meeting, participants, now)
    missing = [party for party in meeting.required_parties if party not in invited.values()]
    if missing:
        raise TransitionRefused(
            *(_("Invite somebody from %(party)s.") % {"party": party.label} for party in missing)
        )
    booked: Meeting = perform(meeting.book, by=by, now=now, seen_state=seen_state, **time_and_place)
    booked.participants.all().delete()
    MeetingParticipant.objects.bulk_create(
        MeetingParticipant(meeting=booked, user=user, party=party)
        for user, party in invited.items()
    )
    tell_participants(booked, "booked", by=by, now=now)
    return booked


def _invited(meeting: Meeting, participants: Iterable[User], now: datetime) -> dict[User, str]:
    """Each person with the party they come for; only people of the collaboration can be invited."""
    party_of: dict[UUID, str] = {}
    for person in people_of(meeting.collaboration, local_date(now)):
        party_of.setdefault(person.user_id, person.party)
    strangers = [user for user in participants if user.pk not in party_of]
    if strangers:
        raise TransitionRefused(_("Only people of the collaboration can be invited."))
    return {user: party_of[user.pk] for user in participants}


@transaction.atomic
def reschedule_meeting(
    *,
    meeting: Meeting,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: User,
    now: datetime,
    seen_state: str | None = None,
) -> Meeting:
    """Move a booked meeting and tell everybody who is invited."""
    Collaboration.objects.lock(meeting.collaboration_id)
    sent_before = Meeting.objects.filter(
        pk=meeting.pk, state=Meeting.State.BOOKED, starts_at=starts_at, ends_at=ends_at
    ).first()
    if sent_before:
        return sent_before
    moved: Meeting = perform(
        meeting.reschedule,
        by=by,
        now=now,
        reason=reason,
        seen_state=seen_state,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    tell_participants(moved, "moved", by=by, now=now)
    return moved


def tell_participants(meeting: Meeting, what: str, *, by: User | None, now: datetime) -> None:
    """One message to each invited person for each booking, move or cancellation."""
    for participant in meeting.participants.all():
        outbox.enqueue(
            # By the moment and not by the time set: a meeting may be moved back and forth.
            key=f"meetings.{what}:{meeting.pk}:{now.isoformat()}:{participant.user_id}",
            recipient=participant.user_id,
            template=f"meetings/{what}",
            context={
                "meeting": str(meeting.get_kind_display()),
                "collaboration": meeting.collaboration.name,
                "starts_at": meeting.starts_at,
                "ends_at": meeting.ends_at,
                "place": meeting.place,
                "form": str(meeting.get_form_display()),
                "by": by.name if by else "",
                "url": meeting.get_absolute_url(),
            },
            scope_id=meeting.collaboration_id,
            valid_until=meeting.starts_at,
            now=now,
        )
