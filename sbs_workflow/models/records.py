"""The trail: one row for each transition, written by ``perform`` and never changed."""

from datetime import datetime
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Party, Role
from organisations.prose import ProseField
from sbs_workflow.models.workflow import WorkflowModel, WorkflowQuerySet


class TransitionRecordQuerySet(WorkflowQuerySet):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("transition records are append-only")

    def delete(self) -> NoReturn:
        raise TypeError("transition records are append-only")


class TransitionRecord(models.Model):
    """Who took which step, in which role, from where to where, when and why."""

    collaboration = models.ForeignKey(
        "sbs_workflow.Collaboration", on_delete=models.PROTECT, related_name="records"
    )
    machine = models.CharField(max_length=30)
    object_id = models.UUIDField()
    object_name = models.CharField(max_length=300)
    transition = models.CharField(max_length=50)
    from_state = models.CharField(max_length=30)
    to_state = models.CharField(max_length=30)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    party = models.CharField(max_length=20, choices=Party.choices, blank=True)
    occurred_at = models.DateTimeField()
    reason = ProseField(blank=True)
    # The open gates that somebody went past, each as the person read it.
    overridden = models.JSONField(default=list, blank=True)

    objects = TransitionRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("transition record")
        verbose_name_plural = _("transition records")
        # Steps of the same moment stand in the order in which they were taken.
        ordering = ("-occurred_at", "-id")
        indexes = [
            models.Index(
                fields=["collaboration", "-occurred_at"], name="record_collaboration_time"
            ),
            models.Index(fields=["object_id", "-occurred_at"], name="record_object_time"),
        ]

    def __str__(self) -> str:
        return f"{self.object_name}: {self.from_state} → {self.to_state}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("transition records are append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("transition records are append-only")

    @property
    def sentence(self) -> str:
        """What happened, in words: the new state, or the step where the state stays the same."""
        machine = next(m for m in WorkflowModel.machines() if m.machine_slug == self.machine)
        if self.from_state == self.to_state:
            taken = (t for t in machine.declared_transitions() if t.name == self.transition)
            what = str(next(taken).custom["step"].label)
        else:
            what = machine.state_labels()[self.to_state]
        return f"{self.object_name}: {what[:1].lower()}{what[1:]}"

    @property
    def moment(self) -> datetime:
        return self.occurred_at

    @property
    def party_label(self) -> str:
        return self.get_party_display()

    @property
    def role_label(self) -> str:
        """The role held at that moment, and by whom."""
        return f"{self.get_role_display()} {self.by}" if self.by else ""
