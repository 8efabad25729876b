"""What came of a meeting beside its colours and promises, and who has confirmed the minutes."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting
from organisations.models import Party
from organisations.prose import ProseField
from sbs_workflow.models import Collaboration, WorkflowQuerySet


class Decision(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    position = models.PositiveSmallIntegerField()
    text = ProseField(_("decision"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("position",)
        constraints = [
            models.CheckConstraint(name="decision_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text


class ChangeProposal(models.Model):
    """A change of the agreement that the parties want; see docs/decisions/0012.

    From the minutes on it is owed that somebody takes it up (domain.md 4.2, R5).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="+")
    # One text of each meeting, which may name several changes.
    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="change")
    text = ProseField(_("what should change, and why"))
    # The draft of a new version of the agreement that was begun from it, once it was.
    amendment = models.UUIDField(null=True, blank=True, editable=False)
    due_on = models.DateField(_("due"), null=True, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    settled_because = ProseField(_("what came of it"), blank=True, max_length=1_000)

    objects = WorkflowQuerySet.as_manager()

    class Meta:
        verbose_name = _("change proposal")
        verbose_name_plural = _("change proposals")
        constraints = [
            models.CheckConstraint(name="change_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="change_settled_is_not_owed",
                condition=Q(settled_on__isnull=True) | Q(due_on__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="change_due", condition=Q(due_on__isnull=False))
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("meetings:change", args=[self.pk])

    @property
    def collaboration_key(self) -> uuid.UUID:
        return self.collaboration_id


class MinutesApproval(models.Model):
    """A party has confirmed the minutes; a party without one was silent, and is shown so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="approvals")
    party = models.CharField(_("party"), max_length=20, choices=Party.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("approval of minutes")
        verbose_name_plural = _("approvals of minutes")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "party"], name="a_party_confirms_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_party_display()} {self.at:%Y-%m-%d}"
