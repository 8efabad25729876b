"""What a meeting waits for from its parties, and what each wants the others to know."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting
from organisations.models import Party
from organisations.prose import ProseField
from sbs_workflow.models import Collaboration, WorkflowQuerySet


class PreparationLine(models.Model):
    """A party's line of preparation; the same for all who work for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="preparation")
    party = models.CharField(_("party"), max_length=20, choices=Party.choices)
    text = ProseField(_("what we want to bring up"), blank=True, max_length=1_000)

    class Meta:
        verbose_name = _("line of preparation")
        verbose_name_plural = _("lines of preparation")
        ordering = ("party",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "party"], name="one_line_of_a_party")
        ]

    def __str__(self) -> str:
        return self.text


class PartyTask(models.Model):
    """What a booked meeting of all three waits for from one of them (domain.md 4.2, R3).

    ``due_on`` is the day of the meeting, and empty once nothing is waited for.
    """

    class Kind(models.TextChoices):
        PREPARE = "prepare", _("prepare the meeting")
        REPLY = "reply", _("answer the invitation")
        SAY_YES = "say_yes", _("somebody comes")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collaboration = models.ForeignKey(Collaboration, on_delete=models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="party_tasks")
    party = models.CharField(_("party"), max_length=20, choices=Party.choices)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    due_on = models.DateField(_("due"), null=True, blank=True)

    objects = WorkflowQuerySet.as_manager()

    class Meta:
        verbose_name = _("task before a meeting")
        verbose_name_plural = _("tasks before a meeting")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "party", "kind"], name="party_is_asked_once_before_a_meeting"
            ),
            models.CheckConstraint(
                name="party_task_kind_known", condition=Q(kind__in=["prepare", "reply", "say_yes"])
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "party", "due_on"],
                name="party_task_due",
                condition=Q(due_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_party_display()}: {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()
