"""Mail that came back, and the addresses that take none."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.models.outbox import OutboxMessage


class Bounce(models.Model):
    """One kind of news that one message did not reach its address, however often it comes."""

    class Kind(models.TextChoices):
        HARD = "hard", _("The address does not exist")
        SOFT = "soft", _("The address took no mail this time")

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="bounces")
    # In lower case, as the message went to it.
    address = models.CharField(max_length=254, db_index=True)
    kind = models.CharField(max_length=4, choices=Kind)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "kind"], name="bounce_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["hard", "soft"]), name="bounce_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.kind}"


class UndeliverableAddressQuerySet(models.QuerySet["UndeliverableAddress"]):
    def standing(self) -> Self:
        return self.filter(cleared_at=None)


class UndeliverableAddress(models.Model):
    """An address that takes no mail, until somebody says that it does again.

    Somebody who gets another address is reached at once: the mark is the address's, not theirs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # In lower case.
    address = models.CharField(max_length=254)
    since = models.DateTimeField()
    # In the words of the mail server that refused.
    reason = models.CharField(max_length=500)
    # Of the message that met the refusal.
    message_id = models.CharField(max_length=100)
    cleared_at = models.DateTimeField(null=True, blank=True)
    # Nobody, when an operator did it on the command line.
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = UndeliverableAddressQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(cleared_at=None), name="address_marked_once"
            ),
        ]
        indexes = [models.Index(fields=["address"], name="undeliverable_address")]

    def __str__(self) -> str:
        return self.address
