"""A report as it was submitted: never changed, and proved by its hash."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.models.answers import ReportPartQuerySet
from reports.models.report import Report


class FrozenCopy(models.Model):
    """What the agency received in one round: the content as data, and the Word file of it.

    ``content`` is a ``reports.queries.Content`` as plain data, ``sha256`` the hash of ``file``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="copies")
    # 1 for the first submission, one more each time it has been completed.
    round = models.PositiveSmallIntegerField(_("round"))
    content = models.JSONField()
    file = models.BinaryField()
    sha256 = models.CharField(max_length=64, editable=False)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = ReportPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("frozen copy")
        verbose_name_plural = _("frozen copies")
        ordering = ("report", "round")
        constraints = [
            models.UniqueConstraint(fields=["report", "round"], name="one_copy_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.round}"
