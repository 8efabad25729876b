"""Insatser that redovisningar from before tell of: history of the case, and no agreement."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from organisations.prose import LineField, ProseField
from plans.models import ActionPlan, Goal
from plans.models.documents import Part


class EarlierInsats(Part):
    """An insats of a unit as its earlier redovisningar have it (docs/decisions/0015).

    It has no state, no steps and no money: what was agreed then was agreed elsewhere. It is as
    private as the version of the plan that it was brought in with.
    """

    path_to_document = "plan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="earlier_insatser")
    # As the agreement of then numbers it, where the report says so.
    number = models.PositiveSmallIntegerField(
        _("number"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    name = LineField(_("name"), max_length=200)
    development_area = LineField(_("development area"), max_length=200, blank=True)
    participants = ProseField(_("who took part"), blank=True)
    goals = models.ManyToManyField(
        Goal, verbose_name=_("goals"), related_name="earlier_insatser", blank=True
    )
    # Others have read it by then: it stays readable, and counts no more.
    taken_back_on = models.DateField(_("taken back"), null=True, blank=True)
    brought_at = models.DateTimeField()
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("insats of earlier reports")
        verbose_name_plural = _("insatser of earlier reports")
        ordering = ("number", "name")
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="earlier_insats_number_once"),
            models.CheckConstraint(name="earlier_insats_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}" if self.number else self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:earlier_insats", args=[self.pk])


class EarlierAccount(Part):
    """What one redovisning says of an insats; ``told_in`` is what people call the report."""

    path_to_document = "insats__plan"
    TEXTS = ("not_reached", "observed_effects", "lessons", "follow_up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    insats = models.ForeignKey(EarlierInsats, on_delete=models.CASCADE, related_name="accounts")
    told_in = LineField(_("report"), max_length=200)
    told_on = models.DateField(_("the day of the report"), null=True, blank=True)
    not_reached = ProseField(_("goals not reached, and why"), blank=True)
    observed_effects = ProseField(_("effects seen"), blank=True)
    lessons = ProseField(_("lessons"), blank=True)
    follow_up = ProseField(_("who took part in the follow-up, and how"), blank=True)

    class Meta:
        verbose_name = _("what an earlier report says of an insats")
        verbose_name_plural = _("what earlier reports say of insatser")
        ordering = ("-told_on", "told_in")
        constraints = [
            models.UniqueConstraint(fields=["insats", "told_in"], name="one_account_a_report"),
        ]

    def __str__(self) -> str:
        return self.told_in

    @property
    def day_to_add(self) -> date | None:
        """The day, where what people call the report does not say it."""
        is_said = self.told_on is not None and self.told_on.isoformat() in self.told_in
        return None if is_said else self.told_on

    @property
    def said(self) -> list[tuple[str, str]]:
        """What the report says, each text after what it is about."""
        texts = [(name, str(getattr(self, name))) for name in self.TEXTS]
        return [(self.label_of(name), text) for name, text in texts if text]

    @classmethod
    def label_of(cls, name: str) -> str:
        field: Any = cls._meta.get_field(name)
        return capfirst(str(field.verbose_name))
