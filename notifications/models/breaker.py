"""Whether the mail server is left alone."""

from django.db import models
from django.db.models import Q


class CircuitBreaker(models.Model):
    """One row for the mail server; without it, and when it is closed, mail flows.

    It is a row, so that all senders agree and a restart forgets nothing.
    """

    class Cause(models.TextChoices):
        # Words for operators, who read them on the command line and in /health.
        SERVER = "server", "it lets nobody in"
        RECIPIENTS = "recipients", "it refuses every recipient"

    name = models.CharField(max_length=40, primary_key=True)
    # Empty while mail flows.
    opened_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=10, choices=Cause, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    # How often in a row it was tried in vain.
    failures = models.PositiveSmallIntegerField(default=0)
    probe_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(probe_at__isnull=False),
                name="open_breaker_is_probed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.reason or 'closed'}"
