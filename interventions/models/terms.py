"""What one version of the agreement says of each insats (domain.md 3.5)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from interventions.models.agreement import Agreement, AgreementPart
from interventions.models.intervention import Intervention
from organisations.models import Unit
from organisations.prose import LineField
from plans.models import Cause, Goal
from sbs_workflow.headcounts import in_words


class Terms(AgreementPart):
    """An insats as agreed in one version: applied to ``Intervention`` when that comes into force.

    The number is what people know it by, through every version and report (NOR).
    """

    # What the insats itself takes over from the version in force.
    FIELDS = (
        "name",
        "development_area",
        "provider",
        "provider_name",
        "participants",
        "starts_on",
        "ends_on",
    )
    LINKS = ("units", "goals", "causes")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    name = LineField(_("name"), max_length=200)
    development_area = LineField(_("development area"), max_length=200, blank=True)
    provider = models.CharField(
        _("provider"),
        max_length=20,
        choices=Intervention.Provider.choices,
        default=Intervention.Provider.UNIVERSITY,
    )
    provider_name = LineField(_("name of the provider"), max_length=150, blank=True)
    participants = models.JSONField(_("who takes part"), default=list, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    amount = models.DecimalField(
        _("amount in kronor"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    units = models.ManyToManyField(Unit, verbose_name=_("units"), related_name="+")
    goals = models.ManyToManyField(Goal, verbose_name=_("goals"), related_name="+", blank=True)
    causes = models.ManyToManyField(Cause, verbose_name=_("causes"), related_name="+", blank=True)

    class Meta:
        verbose_name = _("terms of an insats")
        verbose_name_plural = _("terms of insatser")
        ordering = ("agreement", "number")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="terms_number_once"),
            models.CheckConstraint(
                name="terms_end_after_start",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    @property
    def participants_in_words(self) -> str:
        return in_words(self.participants)
