"""Who is invited somewhere else at the same time."""

from collections.abc import Collection
from datetime import datetime

from meetings.models import Meeting
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
