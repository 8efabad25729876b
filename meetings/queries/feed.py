"""The address of a person's calendar."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from meetings.models import CalendarFeed
from organisations.models import User


@dataclass(frozen=True)
class FeedAddress:
    """Where calendar programs read it: ``webcal`` opens them, ``https`` is pasted into them."""

    created_at: datetime
    https: str

    @property
    def webcal(self) -> str:
        return f"webcal:{self.https.partition(':')[2]}"


def feed_address(user: User) -> FeedAddress | None:
    feed = CalendarFeed.objects.filter(user=user, revoked_at=None).first()
    if feed is None:
        return None
    path = reverse("portfolio:feed", args=[feed.token])
    return FeedAddress(feed.created_at, settings.SITE_URL + path)
