"""What people write in a report, cell by cell, and what the agency asks about a cell."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.models import User
from organisations.prose import ProseField
from plans.models import Level
from reports.models.report import Report
from reports.models.university import UniversityReport
from sbs_workflow.models import Collaboration

ANSWER_LENGTH = 50_000
ROW_LENGTH = 20


class ReportPartQuerySet(models.QuerySet[Any]):
    """Rows of a report, which have no pages of their own: seen by whoever sees the report."""

    def visible_to(self, user: User) -> Self:
        reports: Any = self.model._meta.get_field("report").related_model
        return self.filter(report__in=reports.objects.visible_to(user))


class ReportPart(models.Model):
    """A row about one cell: ``field`` is the stable id of its question, ``row`` says which of them.

    ``row`` is empty for a question that is asked once, ``3`` for insats 3 and ``3/2`` for goal 2
    in it.
    """

    path_to_document = "report"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report: Any
    field = models.SlugField(max_length=40)
    row = models.CharField(max_length=ROW_LENGTH, blank=True, editable=False)

    objects = ReportPartQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        url: str = self.report.get_absolute_url()
        return url

    @property
    def collaboration(self) -> Collaboration:
        collaboration: Collaboration = self.report.collaboration
        return collaboration

    @property
    def unit_keys(self) -> Any:
        return self.report.unit_keys


LEVEL_KNOWN = Q(level__in=["", "not_begun", "started", "well_under_way", "achieved"])


class WrittenAnswer(ReportPart):
    """What people have written in a cell; what nobody has touched is read from the work itself.

    ``text`` is the small Markdown of ``reports.richtext``. ``level`` is the colour of a goal.
    """

    text = ProseField(_("text"), blank=True, max_length=ANSWER_LENGTH)
    level = models.CharField(_("colour"), max_length=20, choices=Level.choices, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True
        ordering = ("report", "field", "row")

    def __str__(self) -> str:
        return self.text


class Answer(WrittenAnswer):
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="answers")

    class Meta(WrittenAnswer.Meta):
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["report", "field", "row"], name="one_answer_a_cell"),
            models.CheckConstraint(name="answer_level_known", condition=LEVEL_KNOWN),
        ]


class UniversityAnswer(WrittenAnswer):
    report = models.ForeignKey(UniversityReport, on_delete=models.CASCADE, related_name="answers")

    class Meta(WrittenAnswer.Meta):
        verbose_name = _("answer of the university")
        verbose_name_plural = _("answers of the university")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "field", "row"], name="one_university_answer_a_cell"
            ),
            models.CheckConstraint(name="university_answer_level_known", condition=LEVEL_KNOWN),
        ]


class Question(ReportPart):
    """What the agency wants to know more about before it accepts, and what it was told."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="questions")
    # The round in which it is asked: 1 after the first submission.
    round = models.PositiveSmallIntegerField()
    text = ProseField(_("question"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reply = ProseField(_("reply"), blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = _("question about a report")
        verbose_name_plural = _("questions about reports")
        ordering = ("round", "asked_at", "id")
        constraints = [
            models.CheckConstraint(name="report_question_has_text", condition=~Q(text="")),
            models.UniqueConstraint(
                fields=["report", "round", "field", "row"], name="one_question_a_cell_and_round"
            ),
        ]

    def __str__(self) -> str:
        return self.text
