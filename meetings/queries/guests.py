"""Those who are invited: where else they are, what they may do, and who must have met before."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from meetings.models import Meeting
from meetings.permissions import can_run_meeting
from organisations.models import Party, User
from sbs_workflow.models import Collaboration

TOGETHER = {Party.ORGANISER, Party.UNIVERSITY}
ON_ITS_WAY = (Meeting.State.NEEDED, Meeting.State.PROPOSED, Meeting.State.BOOKED)


def busy(
    people: Collection[User], starts_at: datetime, ends_at: datetime, *, besides: Meeting
) -> list[str]:
    """The names of those who are invited to another booked meeting meanwhile (one query).

    Which meeting that is stays unsaid: it may be of a case that the reader does not take part in.
    """
    return list(
        User.objects.filter(
            pk__in=[person.pk for person in people],
            meeting_participations__meeting__in=Meeting.objects.filter(
                state=Meeting.State.BOOKED, starts_at__lt=ends_at, ends_at__gt=starts_at
            ).exclude(pk=besides.pk),
        )
        .distinct()
        .order_by("name")
        .values_list("name", flat=True)
    )


def first_joint_meeting(collaboration: Collaboration) -> Meeting | None:
    """The first meeting with both the huvudman and the university, held or booked."""
    met = Meeting.objects.filter(
        collaboration=collaboration, state__in=[Meeting.State.BOOKED, *Meeting.WAS_HELD]
    ).order_by("starts_at")
    return next((each for each in met if set(each.required_parties) >= TOGETHER), None)


def lacks_expectation_talk(meeting: Meeting) -> bool:
    """The huvudman and the university are to meet, and nobody has said what they expect (R1).

    A talk that is booked for an earlier time is as good as one that was held.
    """
    if not set(meeting.required_parties) >= TOGETHER or meeting.state not in ON_ITS_WAY:
        return False
    held = Q(state__in=Meeting.WAS_HELD)
    if meeting.starts_at is not None:
        held |= Q(state=Meeting.State.BOOKED, starts_at__lt=meeting.starts_at)
    talks = Meeting.objects.filter(held, kind=Meeting.Kind.EXPECTATION)
    return not talks.filter(collaboration=meeting.collaboration_id).exists()


def answer_of(meeting: Meeting, user: User) -> str | None:
    """What this person has answered to the invitation; None where they cannot answer it."""
    if meeting.state != Meeting.State.BOOKED:
        return None
    answers = {each.user_id: each.answer for each in meeting.participants.all()}
    return answers.get(user.pk)


def may_bring_reply(meeting: Meeting, user: User) -> bool:
    """The guests while the meeting is booked, and whoever runs it."""
    if meeting.state != meeting.State.BOOKED:
        return False
    invited = {participant.user_id for participant in meeting.participants.all()}
    return user.pk in invited or can_run_meeting(meeting, user)
