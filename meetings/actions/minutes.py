"""What is kept while the parties meet, the minutes made of it, and who confirms them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from meetings.models import (
    AgendaPoint,
    ChangeProposal,
    Decision,
    LearningAnswer,
    Meeting,
    MinutesApproval,
)
from meetings.permissions import can_approve_minutes, can_run_meeting, can_settle_change
from meetings.queries import proposed_minutes, was_there
from notifications import outbox
from notifications.clock import local_date
from notifications.working_days import add_working_days
from organisations.models import Party, User
from sbs_workflow.actions import alone_with
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.models import Promise

CHANGE_TAKEN_UP_WITHIN = 20  # working days, R5
WHILE_MEETING = (Meeting.State.BOOKED, Meeting.State.HELD)


@dataclass(frozen=True)
class PromiseMade:
    party: Party
    what: str
    person: User | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Kept:
    """What is kept of a meeting: ``outcomes`` by agenda point, the rest as whole lists."""

    outcomes: Mapping[UUID, str]
    decisions: Sequence[str] = ()
    promises: Sequence[PromiseMade] = ()
    change: str = ""


@transaction.atomic
def keep_notes(*, meeting: Meeting, kept: Kept, by: User, now: datetime) -> Meeting:
    """Store what the parties say while they meet; the proposal for the minutes follows.

    A point with an outcome is dealt with. A promise with the same words is the same, sent twice.
    """
    fresh: Meeting = alone_with(meeting, may=can_run_meeting, by=by, now=now)
    if fresh.state not in WHILE_MEETING:
        raise TransitionRefused(_("Notes are taken from the booking until the minutes."))
    _keep_outcomes(fresh, kept.outcomes)
    _keep_decisions(fresh, kept.decisions)
    _keep_promises(fresh, kept.promises)
    _keep_change(fresh, kept.change)
    if not fresh.has_minutes:
        with override(settings.LANGUAGE_CODE):
            fresh.minutes = proposed_minutes(fresh)
        fresh.save(update_fields=["minutes"])
    return fresh


def _keep_outcomes(meeting: Meeting, outcomes: Mapping[UUID, str]) -> None:
    points = [point for point in meeting.agenda.all() if point.pk in outcomes]
    for point in points:
        point.outcome = outcomes[point.pk]
        if point.state != AgendaPoint.State.SENT_ON:
            is_open = not point.outcome
            point.state = AgendaPoint.State.OPEN if is_open else AgendaPoint.State.DEALT_WITH
    AgendaPoint.objects.bulk_update(points, ["outcome", "state"])


def _keep_decisions(meeting: Meeting, decisions: Sequence[str]) -> None:
    meeting.decisions.all().delete()
    Decision.objects.bulk_create(
        Decision(meeting=meeting, position=position, text=text)
        for position, text in enumerate(decisions, 1)
    )


def _keep_promises(meeting: Meeting, promises: Sequence[PromiseMade]) -> None:
    assert meeting.held_on is not None
    for promise in promises:
        Promise.objects.get_or_create(
            collaboration=meeting.collaboration,
            made_in=meeting.pk,
            party=promise.party,
            what=promise.what,
            defaults={
                "made_on": meeting.held_on,
                "person": promise.person,
                "due_on": promise.due_on,
                "written_by": meeting.called_by,
            },
        )


def _keep_change(meeting: Meeting, text: str) -> None:
    if text:
        ChangeProposal.objects.update_or_create(
            meeting=meeting, defaults={"collaboration": meeting.collaboration, "text": text}
        )
    else:
        ChangeProposal.objects.filter(meeting=meeting, amendment=None).delete()


def owe_an_answer(meeting: Meeting, *, today: date) -> None:
    """From the minutes on the parties owe each other what becomes of the change (R5)."""
    ChangeProposal.objects.filter(meeting=meeting, settled_on=None).update(
        due_on=add_working_days(today, CHANGE_TAKEN_UP_WITHIN)
    )


@transaction.atomic
def settle_change(
    *, change: ChangeProposal, because: str, by: User, now: datetime
) -> ChangeProposal:
    """Note why nothing more comes of a change, or where it was taken up."""
    fresh: ChangeProposal = alone_with(change, may=can_settle_change, by=by, now=now)
    if fresh.settled_on:
        return fresh  # somebody was first, or pressed twice
    fresh.settled_on = local_date(now)
    fresh.settled_because = because
    fresh.due_on = None
    fresh.save(update_fields=["settled_on", "settled_because", "due_on"])
    return fresh


@transaction.atomic
def confirm_minutes(
    *, meeting: Meeting, by: User, now: datetime, seen_state: str | None = None
) -> Meeting:
    """Confirm the minutes for the party of ``by``; they stand when every other party has."""
    fresh: Meeting = alone_with(meeting, may=can_approve_minutes, by=by, now=now)
    role = can_approve_minutes.role_of(fresh, by)
    assert role is not None
    if fresh.state == Meeting.State.MINUTED:
        MinutesApproval.objects.get_or_create(
            meeting=fresh, party=role.party, defaults={"by": by, "at": now}
        )
        confirmed = set(fresh.approvals.values_list("party", flat=True))
        if not confirmed.issuperset(fresh.confirming_parties):
            return fresh
    approved: Meeting = perform(fresh.approve, by=by, now=now, seen_state=seen_state)
    return approved


def tell_of_minutes(meeting: Meeting, *, by: User | None, now: datetime) -> None:
    """One message to each who was invited, whenever minutes are written or corrected."""
    for user in meeting.participants.values_list("user_id", flat=True):
        outbox.enqueue(
            key=f"meetings.minuted:{meeting.pk}:{now.isoformat()}:{user}",
            recipient=user,
            template="meetings/minuted",
            context={
                "meeting": str(meeting.get_kind_display()),
                "collaboration": meeting.collaboration.name,
                "starts_at": meeting.starts_at,
                "by": by.name if by else "",
                "answer_by": meeting.due_on,
                "url": meeting.get_absolute_url(),
            },
            scope_id=meeting.collaboration_id,
            now=now,
        )


@transaction.atomic
def answer_about_learning(
    *, meeting: Meeting, answer: str, word: str, by: User, now: datetime
) -> Meeting:
    """Say whether the meeting was an occasion for learning; one may change one's mind.

    TransitionRefused for those who did not come.
    """
    if not was_there(meeting, by):
        raise TransitionRefused(_("The question is for those who came."))
    LearningAnswer.objects.update_or_create(
        meeting=meeting, user=by, defaults={"answer": answer, "word": word}
    )
    return meeting
