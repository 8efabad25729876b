"""How long things are kept, what stops thinning out, and what was decided (domain.md 6.2)."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from organisations.prose import LineField, ProseField
from records.models.trail import AppendOnly
from sbs_workflow.models import WorkflowQuerySet


class RecordKind(models.TextChoices):
    """What is kept for a time of its own."""

    AGREEMENT = "agreement", _("Agreements and assignment plans")
    PLAN = "plan", _("Situation analyses and action plans")
    FINAL_REPORT = "final_report", _("Final reports")
    INTERIM_REPORT = "interim_report", _("Interim reports")
    FINANCIAL_REPORT = "financial_report", _("Financial reports")
    MINUTES = "minutes", _("Minutes of meetings")
    VISIT_LOG = "visit_log", _("Logs of visits")
    TRAIL = "trail", _("The history of the case")
    LETTER = "letter", _("Letters that were sent")
    REMINDER = "reminder", _("Reminders")
    READING = "reading", _("Who has read what")


class RetentionRule(models.Model):
    """An organisation's own decision about a kind, where it differs from the programme's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=RecordKind.choices)
    # Whole years after the case was closed; empty for what is kept for good (bevaras).
    years = models.PositiveSmallIntegerField(
        _("years after the end"), null=True, blank=True, validators=[MaxValueValidator(150)]
    )
    decision = LineField(_("decision"), max_length=200, help_text=_("Such as KS 2026:114 § 12."))

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"], name="one_retention_rule_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_kind_display()}"


class LegalHold(models.Model):
    """Nothing of the case is thinned out while this stands, whatever the rules say."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collaboration = models.ForeignKey(
        "sbs_workflow.Collaboration", on_delete=models.PROTECT, related_name="legal_holds"
    )
    reason = ProseField(_("why nothing may be thinned out"), max_length=1_000)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)

    objects = WorkflowQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration"],
                condition=Q(lifted_at__isnull=True),
                name="one_standing_hold",
            )
        ]

    def __str__(self) -> str:
        return self.reason


class ThinningDecision(AppendOnly):
    """Who decided to thin out what, and when: written before anything is removed.

    ``items`` lists every row, as {kind, case, model, pk, name}; ``sha256`` is the hash of the list
    that the person saw, so that nothing else is removed than what was decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    decision = LineField(_("decision"), max_length=200)
    items = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("decision to thin out")
        verbose_name_plural = _("decisions to thin out")
        ordering = ("-decided_at",)

    def __str__(self) -> str:
        return self.decision


class Thinned(AppendOnly):
    """A document whose words were taken away by the decision; that it was there stays.

    Others point at its row: what it led to, the steps that were taken, the chain of the trail.
    """

    decision = models.ForeignKey(ThinningDecision, on_delete=models.PROTECT, related_name="+")
    # Such as ``plans.actionplan``.
    model = models.CharField(max_length=60, editable=False)
    object_id = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("document that was thinned out")
        verbose_name_plural = _("documents that were thinned out")

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class ThinningDone(AppendOnly):
    """The decision was carried out: from now on nothing more is removed by it."""

    decision = models.OneToOneField(ThinningDecision, on_delete=models.PROTECT, related_name="done")
    removed = models.PositiveIntegerField()
    done_at = models.DateTimeField()

    class Meta:
        verbose_name = _("thinning out that is done")
        verbose_name_plural = _("thinnings out that are done")

    def __str__(self) -> str:
        return str(self.decision)
