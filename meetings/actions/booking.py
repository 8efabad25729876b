"""Calling, booking, moving and holding meetings."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from meetings.invitations import CANCEL, REQUEST, invitation
from meetings.models import Meeting, MeetingParticipant, PollInvitation
from meetings.permissions import can_run_meeting
from meetings.queries import new_meeting
from meetings.queries.poll import those_here
from notifications import outbox
from notifications.clock import local_date
from organisations.models import User
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.models import Collaboration
from sbs_workflow.permissions import require
from sbs_workflow.queries import load_roles, people_of

METHOD = {"booked": REQUEST, "moved": REQUEST, "cancelled": CANCEL, "uninvited": CANCEL}


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
    invited = party_of_each(meeting, participants, now)
    asked = _still_asked(meeting, now)
    booked: Meeting = perform(meeting.book, by=by, now=now, seen_state=seen_state, **time_and_place)
    booked.participants.all().delete()
    _invite(booked, invited)
    tell_participants(booked, "booked", by=by, now=now)
    _tell_those_left_out(booked, [user for user in asked if user not in invited], by=by, now=now)
    return booked


def _still_asked(meeting: Meeting, now: datetime) -> list[User]:
    """Those of the case who were asked which times suit them, and keep them free."""
    here = those_here(meeting.collaboration, now)
    rows = PollInvitation.objects.filter(
        poll__meeting=meeting, poll__closed_at=None, user__in=here
    ).select_related("user")
    return [invitation.user for invitation in rows]


def _tell_those_left_out(
    meeting: Meeting, people: Iterable[User], *, by: User, now: datetime
) -> None:
    with override(settings.LANGUAGE_CODE):
        kind = str(meeting.get_kind_display())
    for person in people:
        outbox.enqueue(
            key=f"meetings.booked-without:{meeting.pk}:{meeting.sequence}:{person.pk}",
            recipient=person.pk,
            template="meetings/booked_without",
            context={
                "meeting": kind,
                "organiser": meeting.collaboration.organiser.name,
                "starts_at": meeting.starts_at,
                "by": by.name,
            },
            scope_id=meeting.collaboration_id,
            valid_until=meeting.starts_at,
            now=now,
        )


def party_of_each(meeting: Meeting, participants: Iterable[User], now: datetime) -> dict[User, str]:
    """Each person with the party they come for.

    TransitionRefused for somebody who is not of the collaboration, and when a party that must
    be there has nobody.
    """
    participants = list(participants)
    party_of: dict[UUID, str] = {}
    for person in people_of(meeting.collaboration, local_date(now)):
        party_of.setdefault(person.user_id, person.party)
    strangers = [user for user in participants if user.pk not in party_of]
    if strangers:
        raise TransitionRefused(_("Only people of the collaboration can be invited."))
    invited = {user: party_of[user.pk] for user in participants}
    missing = [party for party in meeting.required_parties if party not in invited.values()]
    if missing:
        raise TransitionRefused(
            *(_("Invite somebody from %(party)s.") % {"party": party.label} for party in missing)
        )
    return invited


@transaction.atomic
def reschedule_meeting(
    *,
    meeting: Meeting,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: User,
    now: datetime,
    participants: Iterable[User] | None = None,
    seen_state: str | None = None,
    **form_and_place: Any,
) -> Meeting:
    """Move or change a booked meeting; tell those who are invited, and those who no longer are.

    ``participants`` are the people invited from now on; without them they stay as they are.
    """
    Collaboration.objects.lock(meeting.collaboration_id)
    before = {p.user: p.party for p in meeting.participants.select_related("user")}
    invited = before if participants is None else party_of_each(meeting, participants, now)
    changes: dict[str, Any] = {"starts_at": starts_at, "ends_at": ends_at, **form_and_place}
    if invited == before:
        as_asked = Meeting.objects.filter(pk=meeting.pk, state=Meeting.State.BOOKED, **changes)
        if sent_before := as_asked.first():
            return sent_before
    moved: Meeting = perform(
        meeting.reschedule, by=by, now=now, reason=reason, seen_state=seen_state, **changes
    )
    # Whoever stays is asked anew: what they answered was about what no longer holds.
    moved.participants.exclude(user__in=invited).delete()
    moved.participants.update(answer="", answered_at=None)
    _invite(moved, {user: party for user, party in invited.items() if user not in before})
    _tell(moved, "moved", invited.keys() & before.keys(), by=by, now=now)
    _tell(moved, "booked", invited.keys() - before.keys(), by=by, now=now)
    _tell(moved, "uninvited", before.keys() - invited.keys(), by=by, now=now)
    return moved


def _invite(meeting: Meeting, people: Mapping[User, str]) -> None:
    MeetingParticipant.objects.bulk_create(
        MeetingParticipant(meeting=meeting, user=user, party=party)
        for user, party in people.items()
    )


def tell_participants(meeting: Meeting, what: str, *, by: User | None, now: datetime) -> None:
    """One message to each invited person for each booking, move or cancellation."""
    invited = [p.user for p in meeting.participants.select_related("user")]
    _tell(meeting, what, invited, by=by, now=now)


def _tell(
    meeting: Meeting, what: str, people: Iterable[User], *, by: User | None, now: datetime
) -> None:
    """Each with a file of their own, so that nobody is told who else is invited."""
    name = by.name if by else ""
    with override(settings.LANGUAGE_CODE):
        context = {
            "meeting": str(meeting.get_kind_display()),
            "collaboration": meeting.collaboration.name,
            "starts_at": meeting.starts_at,
            "ends_at": meeting.ends_at,
            "place": meeting.place,
            "form": str(meeting.get_form_display()),
            "by": name,
            "url": meeting.get_absolute_url(),
        }
    for person in people:
        outbox.enqueue(
            # By its number and not by the time set: a meeting may be moved back and forth.
            key=f"meetings.{what}:{meeting.pk}:{meeting.sequence}:{person.pk}",
            recipient=person.pk,
            template=f"meetings/{what}",
            context=context,
            calendar=invitation(meeting, to=person, by=name, now=now, method=METHOD[what]),
            scope_id=meeting.collaboration_id,
            valid_until=meeting.starts_at,
            now=now,
        )
