"""Messages on their way out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.context import ContextDecoder, ContextEncoder


class OutboxMessage(models.Model):
    """One mail to one recipient: the database, not a broker, is the truth about it.

    `due -> claimed -> handing -> sent`; `handing` is committed between the mail server's 354 and
    the body, so what dies before it is sent again and what dies after it is `in_doubt`, never
    resent blindly.
    """

    class Status(models.TextChoices):
        DUE = "due", _("Mail waiting to be sent")
        CLAIMED = "claimed", _("Mail taken by a sender")
        HANDING = "handing", _("Mail being handed over")
        SENT = "sent", _("Mail sent")
        FAILED = "failed", _("Mail failed")
        CANCELLED = "cancelled", _("Mail cancelled")
        SUPPRESSED = "suppressed", _("Mail stopped")
        HELD = "held", _("Mail held back")
        IN_DOUBT = "in_doubt", _("Mail in doubt")

    key = models.CharField(max_length=250)
    message_id = models.CharField(max_length=100)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Of a recipient without a user; for users, where the mail went.
    address = models.CharField(max_length=254, blank=True)
    template = models.CharField(max_length=100)
    context = models.JSONField(
        default=dict, blank=True, encoder=ContextEncoder, decoder=ContextDecoder
    )
    # An iCalendar file as the enqueuing house wrote it; it travels beside the words.
    calendar = models.TextField(blank=True)
    scope_id = models.UUIDField(null=True, blank=True)
    confidential = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.DUE)
    reason = models.CharField(max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # When it was sent, failed, cancelled or suppressed.
    closed_at = models.DateTimeField(null=True, blank=True)

    # As it went out: a sent mail is a public record (allmän handling).
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="outbox_key_once"),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | ~Q(address=""), name="outbox_has_recipient"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "due",
                        "claimed",
                        "handing",
                        "sent",
                        "failed",
                        "cancelled",
                        "suppressed",
                        "held",
                        "in_doubt",
                    ]
                ),
                name="outbox_status_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["claimed", "handing"],
                    token__isnull=False,
                    lease_until__isnull=False,
                )
                | (
                    ~Q(status__in=["claimed", "handing"])
                    & Q(token__isnull=True, lease_until__isnull=True)
                ),
                name="outbox_claim_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(closed_at__isnull=False),
                name="outbox_sent_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], name="outbox_due", condition=Q(status="due")),
            models.Index(
                fields=["lease_until"],
                name="outbox_under_way",
                condition=Q(lease_until__isnull=False),
            ),
            # A notice of the mail server names the message it is about.
            models.Index(fields=["message_id"], name="outbox_message_id"),
            # One status each: SQLite uses a partial index for an equal condition only.
            models.Index(fields=["id"], name="outbox_failed", condition=Q(status="failed")),
            models.Index(fields=["id"], name="outbox_in_doubt", condition=Q(status="in_doubt")),
        ]

    def __str__(self) -> str:
        return f"{self.key} ({self.status})"
