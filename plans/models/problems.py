"""Problem, cause and evidence: what the red thread begins with.

A problem found here is the same row that the final report shows three years later.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.prose import LineField, ProseField
from plans.models.analysis import SituationAnalysis
from plans.models.documents import Part


class Problem(Part):
    """What does not work well enough, in the children's or pupils' education."""

    path_to_document = "analysis"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    analysis = models.ForeignKey(
        SituationAnalysis, on_delete=models.CASCADE, related_name="problems"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = ProseField(_("problem"))
    development_area = LineField(_("development area"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ("analysis", "number")
        constraints = [
            models.UniqueConstraint(fields=["analysis", "number"], name="problem_number_once"),
            models.CheckConstraint(name="problem_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return _("Problem %(number)s") % {"number": self.number}


class Cause(Part):
    """Why the problem is there: in the organisation, the teaching or the way of following up."""

    path_to_document = "problem__analysis"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="causes")
    number = models.PositiveSmallIntegerField(_("number"))
    text = ProseField(_("cause"))

    class Meta:
        verbose_name = _("cause")
        verbose_name_plural = _("causes")
        ordering = ("problem", "number")
        constraints = [
            models.UniqueConstraint(fields=["problem", "number"], name="cause_number_once"),
            models.CheckConstraint(name="cause_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text


class Evidence(Part):
    """What the unit knows it from: its kind, whose voice it is, and when."""

    path_to_document = "problem__analysis"

    class Kind(models.TextChoices):
        OBSERVATION = "observation", _("Observation")
        SURVEY = "survey", _("Survey")
        INTERVIEW = "interview", _("Interview")
        STATISTICS = "statistics", _("Statistics")
        DOCUMENT = "document", _("Document")

    class Voice(models.TextChoices):
        CHILDREN = "children", _("Children or pupils")
        GUARDIANS = "guardians", _("Guardians")
        STAFF = "staff", _("Staff")
        MANAGEMENT = "management", _("Management")
        POLITICS = "politics", _("Politics")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="evidence")
    # The cause that it speaks for; empty where it shows the problem itself.
    cause = models.ForeignKey(
        Cause, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    voice = models.CharField(_("whose voice"), max_length=20, choices=Voice.choices)
    noted_on = models.DateField(_("date"))
    text = ProseField(_("what it shows"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("problem", "noted_on", "id")
        constraints = [
            models.CheckConstraint(name="evidence_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="evidence_kind_known",
                condition=Q(
                    kind__in=["observation", "survey", "interview", "statistics", "document"]
                ),
            ),
            models.CheckConstraint(
                name="evidence_voice_known",
                condition=Q(voice__in=["children", "guardians", "staff", "management", "politics"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_voice_display()}"
