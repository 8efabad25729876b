"""What guests answer, here or from their own calendars."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from meetings.actions.preparation import note_answers
from meetings.invitations import Reply
from meetings.models import Meeting, MeetingParticipant
from meetings.permissions import can_run_meeting
from notifications.clock import local_date
from organisations.models import User
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Collaboration
from sbs_workflow.queries import load_roles


@transaction.atomic
def bring_reply(*, meeting: Meeting, reply: Reply, by: User, now: datetime) -> Meeting:
    """Keep an answer that the guest, or whoever runs the meeting, has brought as a file."""
    load_roles(by, local_date(now))
    if reply.meeting != meeting.pk:
        raise TransitionRefused(_("The answer is about another meeting."))
    answered, participant = _answered_by(reply)
    if participant.user_id != by.pk and not can_run_meeting(answered, by):
        raise PermissionDenied
    _keep_reply(answered, participant, reply, now)
    return answered


@transaction.atomic
def answer_invitation(*, meeting: Meeting, answer: str, by: User, now: datetime) -> Meeting:
    """Say whether one comes. PermissionDenied unless ``by`` is invited."""
    fresh = _alone_with_meeting(meeting.pk)
    participant = fresh.participants.filter(user=by).first()
    if participant is None:
        raise PermissionDenied
    _keep(fresh, participant, answer, at=now)
    return fresh


@transaction.atomic
def receive_reply(*, reply: Reply, sender: str, now: datetime) -> Meeting:
    """Keep an answer that came by mail; the mail must come from the guest's own address."""
    answered, participant = _answered_by(reply)
    if sender.lower() != participant.user.email.lower():
        raise TransitionRefused(_("The answer came from another address than the guest's."))
    _keep_reply(answered, participant, reply, now)
    return answered


def _answered_by(reply: Reply) -> tuple[Meeting, MeetingParticipant]:
    """The meeting, alone with its case, and the guest who answers."""
    meeting = _alone_with_meeting(reply.meeting)
    participants = meeting.participants.select_related("user")
    participant = participants.filter(user__email__iexact=reply.address).first()
    if participant is None:
        raise TransitionRefused(_("The answer is from somebody who is not invited."))
    return meeting, participant


def _alone_with_meeting(pk: UUID) -> Meeting:
    """The meeting as it stands now, with its case locked until the transaction ends."""
    case = Collaboration.objects.filter(meetings=pk).values_list("pk", flat=True)
    if not case:
        raise TransitionRefused(_("The answer is about a meeting that is not here."))
    collaboration = Collaboration.objects.lock(case[0])
    meeting = Meeting.objects.get(pk=pk)
    meeting.collaboration = collaboration
    return meeting


def _keep_reply(
    meeting: Meeting, participant: MeetingParticipant, reply: Reply, now: datetime
) -> None:
    """The newest answer to the present invitation counts, and a file that comes twice is one."""
    if reply.sequence != meeting.sequence:
        raise TransitionRefused(_("The answer is about another time than the meeting has now."))
    # A calendar whose clock is ahead must not keep later answers out.
    _keep(meeting, participant, reply.answer, at=min(reply.written_at, now))


def _keep(meeting: Meeting, participant: MeetingParticipant, answer: str, *, at: datetime) -> None:
    if meeting.state != meeting.State.BOOKED:
        raise TransitionRefused(_("The meeting is not booked any more."))
    if participant.answered_at is not None and at < participant.answered_at:
        raise TransitionRefused(_("A later answer is here already."))
    participant.answer = answer
    participant.answered_at = at
    participant.save(update_fields=["answer", "answered_at"])
    note_answers(meeting, participant.party)
