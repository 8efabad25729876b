"""Var det ett lärtillfälle? One question to each who came, for those who came, and no figure."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting
from organisations.prose import ProseField


class LearningAnswer(models.Model):
    """Never counted for a person, a unit or a case: it is read in the circle that it is about."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        PARTLY = "partly", _("In part")
        NO = "no", _("Not this time")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="learning")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="learning_answers"
    )
    answer = models.CharField(
        _("Was it an occasion for learning?"), max_length=10, choices=Answer.choices
    )
    word = ProseField(_("What did you learn, or miss?"), blank=True, max_length=1_000)

    class Meta:
        verbose_name = _("answer about learning")
        verbose_name_plural = _("answers about learning")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="one_answer_about_learning")
        ]

    def __str__(self) -> str:
        return str(self.get_answer_display())
