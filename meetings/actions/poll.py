"""Asking which times suit, answering, and what follows when the answers are in."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from meetings.actions.booking import party_of_each
from meetings.models import Meeting, PollAnswer, PollInvitation, ProposedTime, TimePoll
from meetings.models.poll import FEWEST_TIMES, MOST_TIMES
from meetings.queries.poll import those_here, why_closed
from notifications import outbox
from notifications.clock import local_date
from organisations.models import User
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.models import Collaboration

Times = list[tuple[datetime, datetime]]


@transaction.atomic
def open_poll(
    *,
    meeting: Meeting,
    times: Times,
    people: Iterable[User],
    answers_by: date,
    by: User,
    now: datetime,
    seen_state: str | None = None,
) -> Meeting:
    """Ask ``people`` which of the times suit them; what was asked about before is closed.

    The meeting is still to be booked, by the day it was owed.
    """
    Collaboration.objects.lock(meeting.collaboration_id)
    asked = party_of_each(meeting, people, now)
    if _asked_before(meeting, times, asked, answers_by, by):
        return meeting
    _refuse_unless_it_can_be_asked(times, answers_by, now)
    proposed: Meeting = perform(meeting.propose, by=by, now=now, seen_state=seen_state)
    close_polls(proposed, now)
    poll = TimePoll(meeting=proposed, answers_by=answers_by, opened_by=by, opened_at=now)
    poll.remind_on = poll.next_reminder(local_date(now))
    poll.save()
    ProposedTime.objects.bulk_create(
        ProposedTime(poll=poll, starts_at=starts_at, ends_at=ends_at)
        for starts_at, ends_at in times
    )
    invitations = PollInvitation.objects.bulk_create(
        PollInvitation(
            poll=poll,
            collaboration=proposed.collaboration,
            user=user,
            party=party,
            due_on=answers_by,
        )
        for user, party in asked.items()
    )
    for invitation in invitations:
        _ask(invitation, "poll", now=now)
    return proposed


def _asked_before(
    meeting: Meeting, times: Times, asked: Mapping[User, str], answers_by: date, by: User
) -> bool:
    """The same question of the same people, sent twice."""
    poll = TimePoll.objects.filter(
        meeting=meeting, closed_at=None, opened_by=by, answers_by=answers_by
    ).first()
    return (
        poll is not None
        and set(poll.times.values_list("starts_at", "ends_at")) == set(times)
        and set(poll.invitations.values_list("user", flat=True)) == {user.pk for user in asked}
    )


def _refuse_unless_it_can_be_asked(times: Times, answers_by: date, now: datetime) -> None:
    if not FEWEST_TIMES <= len(times) <= MOST_TIMES or len(set(times)) < len(times):
        raise TransitionRefused(
            _("Propose between %(fewest)s and %(most)s different times.")
            % {"fewest": FEWEST_TIMES, "most": MOST_TIMES}
        )
    first = min(starts_at for starts_at, _ends_at in times)
    if not local_date(now) <= answers_by < local_date(first):
        raise TransitionRefused(_("The last day to answer comes before the first of the times."))


def _ask(invitation: PollInvitation, letter: str, *, now: datetime) -> None:
    """A letter with the personal link; as a link lets whoever has it answer, no copy is kept."""
    poll = invitation.poll
    outbox.enqueue(
        key=f"meetings.poll:{poll.pk}:{invitation.user_id}:{letter}:{local_date(now)}",
        recipient=invitation.user_id,
        template=f"meetings/{letter}",
        context={
            **_about(poll),
            "by": poll.opened_by.name,
            "answers_by": poll.answers_by,
            "times": _times(poll),
            "url": invitation.link,
        },
        scope_id=invitation.collaboration_id,
        valid_until=poll.closes_at,
        confidential=True,
        now=now,
    )


def _times(poll: TimePoll) -> list[dict[str, datetime]]:
    return [{"starts_at": time.starts_at, "ends_at": time.ends_at} for time in poll.times.all()]


def _about(poll: TimePoll) -> dict[str, Any]:
    """In Swedish, as the letters are, whoever asks."""
    with override(settings.LANGUAGE_CODE):
        kind = str(poll.meeting.get_kind_display())
    return {"meeting": kind, "organiser": poll.meeting.collaboration.organiser.name}


@transaction.atomic
def answer_poll(
    *, invitation: PollInvitation, answers: Mapping[UUID, str], now: datetime
) -> PollInvitation:
    """Keep what this person says of each time; said again, the latest holds.

    TransitionRefused when the poll is closed, its last day has passed or the person has left.
    """
    Collaboration.objects.lock(invitation.collaboration_id)
    fresh = PollInvitation.objects.select_related("poll", "user", "collaboration").get(
        pk=invitation.pk
    )
    if refusal := why_closed(fresh, now):
        raise TransitionRefused(refusal)
    PollAnswer.objects.bulk_create(
        [
            PollAnswer(invitation=fresh, time=time, answer=answers[time.pk])
            for time in fresh.poll.times.all()
        ],
        update_conflicts=True,
        unique_fields=["invitation", "time"],
        update_fields=["answer"],
    )
    fresh.answered_at = now
    fresh.due_on = None
    fresh.save(update_fields=["answered_at", "due_on"])
    return fresh


def close_polls(meeting: Meeting, now: datetime) -> None:
    """Nothing more is asked about this meeting, and what was not mailed yet never is."""
    for poll in meeting.polls.filter(closed_at=None):
        poll.closed_at = now
        poll.remind_on = None
        poll.save(update_fields=["closed_at", "remind_on"])
        poll.invitations.update(due_on=None)
        outbox.cancel(key_prefix=f"meetings.poll:{poll.pk}:", reason="closed", now=now)


def tell_those_who_answered(meeting: Meeting, *, by: User | None, now: datetime) -> None:
    """The meeting is cancelled before it had a time: nobody need keep any of the times free."""
    for poll in meeting.polls.filter(closed_at=None).prefetch_related("times"):
        for invitation in poll.invitations.filter(answered_at__isnull=False):
            outbox.enqueue(
                key=f"meetings.poll-withdrawn:{poll.pk}:{invitation.user_id}",
                recipient=invitation.user_id,
                template="meetings/poll_withdrawn",
                context={
                    **_about(poll),
                    "by": by.name if by else "",
                    "times": _times(poll),
                },
                scope_id=invitation.collaboration_id,
                now=now,
            )


def remind_the_silent(poll: TimePoll, now: datetime) -> None:
    """A letter to those who have not answered and are still there."""
    here = those_here(poll.meeting.collaboration, now)
    for invitation in poll.invitations.filter(due_on__isnull=False, user__in=here):
        invitation.poll = poll
        _ask(invitation, "poll_reminder", now=now)
    poll.remind_on = poll.next_reminder(local_date(now))
    poll.save(update_fields=["remind_on"])


def tell_that_answers_are_in(poll: TimePoll, now: datetime) -> None:
    """Whoever asked is told once: everybody has answered, or the last day has passed."""
    silent = poll.invitations.filter(answered_at=None).count()
    outbox.enqueue(
        key=f"meetings.poll:{poll.pk}:{poll.opened_by_id}:answers",
        recipient=poll.opened_by_id,
        template="meetings/poll_answers",
        context={
            **_about(poll),
            "answered": poll.invitations.count() - silent,
            "silent": silent,
            "url": poll.get_absolute_url(),
        },
        scope_id=poll.meeting.collaboration_id,
        now=now,
    )
    poll.told_at = now
    poll.save(update_fields=["told_at"])
