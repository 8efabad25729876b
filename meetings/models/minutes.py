"""What came of a meeting beside its colours and promises, and who has confirmed the minutes."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting
from organisations.models import Party
from organisations.prose import ProseField


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
    """A change of the agreement that the parties want; see docs/decisions/0012."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # One text of each meeting, which may name several changes.
    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="change")
    text = ProseField(_("what should change, and why"))
    # The draft of a new version of the agreement that was begun from it, once it was.
    amendment = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("change proposal")
        verbose_name_plural = _("change proposals")
        constraints = [
            models.CheckConstraint(name="change_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text


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
