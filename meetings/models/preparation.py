"""What each party wants the others to know before they meet."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting
from organisations.models import Party
from organisations.prose import ProseField


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
