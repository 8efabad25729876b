"""A report as it was submitted: never changed, and proved by its hash."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.models.answers import ReportPartQuerySet
from reports.models.report import Report
from reports.models.university import UniversityReport


class SubmittedCopy(models.Model):
    """What was received in one round: the content as data, and the Word file of it.

    ``content`` is a ``reports.queries.Content`` as plain data, ``sha256`` the hash of ``file``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report: Any
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
        abstract = True
        ordering = ("report", "round")

    def __str__(self) -> str:
        return f"{self.report_id} {self.round}"  # type: ignore[attr-defined]


class FrozenCopy(SubmittedCopy):
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="copies")

    class Meta(SubmittedCopy.Meta):
        verbose_name = _("frozen copy")
        verbose_name_plural = _("frozen copies")
        constraints = [
            models.UniqueConstraint(fields=["report", "round"], name="one_copy_a_round"),
        ]


class UniversityCopy(SubmittedCopy):
    report = models.ForeignKey(UniversityReport, on_delete=models.PROTECT, related_name="copies")

    class Meta(SubmittedCopy.Meta):
        verbose_name = _("frozen copy of the university's report")
        verbose_name_plural = _("frozen copies of the university's reports")
        constraints = [
            models.UniqueConstraint(fields=["report", "round"], name="one_university_copy_a_round"),
        ]
