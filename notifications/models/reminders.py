"""Planned reminders, and what people have said about them: later, not at all, other days."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Reminder(models.Model):
    """One step of one duty about one object: planned once, told once."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Reminder planned")
        TOLD = "told", _("Reminder told")
        SUPPRESSED = "suppressed", _("Reminder stopped")

    rule = models.CharField(max_length=100)
    object_id = models.UUIDField()
    scope_id = models.UUIDField()
    due_on = models.DateField()
    step = models.SmallIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    reason = models.CharField(max_length=200, blank=True)
    planned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_id", "due_on", "step", "rule"], name="reminder_told_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "told", "suppressed"]),
                name="reminder_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="reminder_planned", condition=Q(status="planned"))
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.object_id} {self.due_on} step {self.step}"


class ExemptionQuerySet(models.QuerySet["Exemption"]):
    def standing(self, today: date) -> "ExemptionQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=today))


class Exemption(models.Model):
    """One duty about one object that is let be: for a while (snoozed) or altogether (waived)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=100)
    object_id = models.UUIDField()
    scope_id = models.UUIDField(db_index=True)
    due_on = models.DateField()
    until = models.DateField(_("wait until"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_id", "due_on", "rule"], name="one_exemption_from_a_duty"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exemption_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.object_id} {self.due_on}"

    @property
    def is_waiver(self) -> bool:
        return self.until is None


class LeadTimes(models.Model):
    """When a rule reminds, where an administrator has changed it: everywhere or in one scope.

    Nothing needs to be stored for the rules to hold: a row only says what is different.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=100)
    scope_id = models.UUIDField(null=True, blank=True)
    # Distances from the due date as `Offset.written` has them: "-14", "5w".
    steps = models.CharField(max_length=200, blank=True)
    escalation = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "scope_id"], name="lead_times_once_in_a_scope"),
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(scope_id__isnull=True),
                name="lead_times_once_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.scope_id or ''}"


class MailChoice(models.Model):
    """How often somebody wants to be reminded by mail of what is not formal; daily unless said."""

    class Rhythm(models.TextChoices):
        NOW = "now", _("At once")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week, on Monday")
        NEVER = "never", _("Never")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    rhythm = models.CharField(
        _("reminders by mail"), max_length=10, choices=Rhythm, default=Rhythm.DAILY
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm__in=["now", "daily", "weekly", "never"]),
                name="mail_rhythm_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.rhythm}"
