"""Handovers: who took over a role from whom, and what was said where nobody did."""

import uuid
from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation, Role, Unit, User
from organisations.prose import ProseField
from sbs_workflow.models.collaboration import Collaboration
from sbs_workflow.models.people import Participation

# How long the page of a case leads a successor to where it stands (inferred).
SHOWN_FOR = timedelta(days=60)


class HandoverQuerySet(models.QuerySet["Handover"]):
    def to(self, user: User, today: date) -> Self:
        """What this person has taken over of late."""
        return self.filter(successor=user, at__date__gt=today - SHOWN_FOR)

    def about(self, collaboration: Collaboration) -> Self:
        """Roles in the case, of its parties and of the units that take part in it."""
        taking_part = Participation.objects.filter(collaboration=collaboration, left_on=None)
        parties = [
            collaboration.agency_id,
            collaboration.organiser_id,
            collaboration.university_id,
        ]
        return self.filter(
            Q(collaboration=collaboration)
            | Q(unit__in=taking_part.values("unit"))
            | Q(organisation__in=[p for p in parties if p], collaboration=None, unit=None)
        )


class Handover(models.Model):
    """One role that somebody has left, in a case, a unit or an organisation."""

    # The assignment or membership that has ended: there is one handover of each.
    held = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, null=True, blank=True, related_name="handovers"
    )
    leaver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Empty where nobody holds the role yet, with a word about what happens meanwhile.
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    word = ProseField(_("a word about it"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(
                name="handover_to_somebody_or_with_a_word",
                condition=Q(successor__isnull=False) | ~Q(word=""),
            )
        ]
        indexes = [models.Index(fields=["successor", "at"], name="handover_of_successor")]

    def __str__(self) -> str:
        return f"{Role(self.role).label}: {self.leaver} → {self.successor or '–'}"
