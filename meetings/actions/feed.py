"""Giving out and taking back the private address of somebody's calendar."""

from datetime import datetime

from django.db import transaction

from meetings.models import CalendarFeed
from organisations.models import User


@transaction.atomic
def open_calendar_feed(*, by: User, now: datetime) -> CalendarFeed:
    """A new address of one's own; the one before stops to work."""
    # Who presses twice gets one address after the other, and never two.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    revoke_calendar_feed(by=by, now=now)
    return CalendarFeed.objects.create(user=by, created_at=now)


def revoke_calendar_feed(*, by: User, now: datetime) -> None:
    CalendarFeed.objects.filter(user=by, revoked_at=None).update(revoked_at=now)
