"""When support has looked at Trepart as a person sees it."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisations.models.people import User
from organisations.prose import LineField


class SupportViewQuerySet(models.QuerySet["SupportView"]):
    def going_on(self, now: datetime) -> Self:
        return self.filter(ended_at=None, until__gt=now)


class SupportView(models.Model):
    """Support reads what a person may read, and changes nothing, for a reason and a while."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        User,
        verbose_name=_("as whom"),
        on_delete=models.PROTECT,
        related_name="seen_by_support",
    )
    by = models.ForeignKey(User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    reason = LineField(_("reason"), max_length=300)
    began_at = models.DateTimeField(_("began"))
    until = models.DateTimeField(_("until at the latest"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = SupportViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("look by support")
        verbose_name_plural = _("looks by support")
        ordering = ("-began_at",)
        constraints = [
            models.CheckConstraint(
                name="support_view_as_somebody_else", condition=~Q(person=F("by"))
            ),
            models.CheckConstraint(name="support_view_for_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.by} → {self.person}"
