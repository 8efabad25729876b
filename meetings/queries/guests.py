"""Those who are invited: where else they are, and what they may do."""

from collections.abc import Collection
from datetime import datetime

from meetings.models import Meeting
from meetings.permissions import can_run_meeting
from organisations.models import User


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


def may_bring_reply(meeting: Meeting, user: User) -> bool:
    """The guests while the meeting is booked, and whoever runs it."""
    if meeting.state != meeting.State.BOOKED:
        return False
    invited = {participant.user_id for participant in meeting.participants.all()}
    return user.pk in invited or can_run_meeting(meeting, user)
