"""The private address at which a calendar program reads somebody's calendar."""

import uuid
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def _signer() -> Signer:
    return Signer(salt="meetings.calendar", sep=".")


class CalendarFeedQuerySet(models.QuerySet[Any]):
    def behind(self, token: str) -> "CalendarFeed | None":
        """The open feed that the address names; it is compared in constant time."""
        try:
            key = _signer().unsign(token)
        except BadSignature:
            return None
        rows = self.filter(pk=key, revoked_at=None, user__is_active=True)
        return rows.select_related("user").first()


class CalendarFeed(models.Model):
    """One address; it works until it is revoked.

    It carries the key of the row and our signature, so that neither a copy of the database nor
    the server's secret alone is enough to make one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    created_at = models.DateTimeField(_("made at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at=None), name="one_open_calendar_feed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"

    @property
    def token(self) -> str:
        return _signer().sign(str(self.pk))
