"""How far a goal has come, as each party sees it and as they agree (domain.md 3.2, KAU 2018)."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.models import Role, User
from organisations.prose import LineField, ProseField
from plans.models.goals import Goal
from plans.models.problems import Evidence


class Level(models.TextChoices):
    """Red means *påbörjat* and never failure (NOR); not yet begun is ours (domain.md 6.4)."""

    NOT_BEGUN = "not_begun", _("Not yet begun")
    STARTED = "started", _("Started")
    WELL_UNDER_WAY = "well_under_way", _("Well under way")
    ACHIEVED = "achieved", _("Achieved")


class Whose(models.TextChoices):
    """Whose picture it is: a party's own, or the one that all have agreed on."""

    ORGANISER = "organiser", _("School authority")
    UNIVERSITY = "university", _("University")
    AGENCY = "agency", _("National agency")
    AGREED = "agreed", _("Agreed")


class RatingSource(models.TextChoices):
    """Where a colour comes from; what is said here itself needs no word."""

    IMPORTED = "imported", _("Imported from an earlier report")


class GoalRatingQuerySet(models.QuerySet["GoalRating"]):
    def visible_to(self, user: User) -> Self:
        """All three read each other's: the differences are what the meeting is for."""
        return self.filter(goal__in=Goal.objects.visible_to(user))


class GoalRating(models.Model):
    """One statement about a goal at a time; it is never changed, only followed by another."""

    Level = Level
    Whose = Whose
    Source = RatingSource

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="ratings")
    whose = models.CharField(_("whose"), max_length=20, choices=Whose.choices)
    level = models.CharField(_("colour"), max_length=20, choices=Level.choices)
    justification = ProseField(_("why"))
    evidence_kind = models.CharField(
        _("kind of evidence"), max_length=20, choices=Evidence.Kind.choices, blank=True
    )
    evidence = ProseField(_("what it shows in"), blank=True)
    # Where it was agreed: the meeting or report and its name; empty for a party's own.
    agreed_in = models.UUIDField(null=True, blank=True, editable=False)
    # Of an imported one: the report that it stands in.
    occasion = LineField(_("agreed in"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=Source.choices, blank=True)
    rated_on = models.DateField(_("date"))
    rated_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role.choices)

    objects = GoalRatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal rating")
        verbose_name_plural = _("goal ratings")
        ordering = ("-rated_at",)
        constraints = [
            models.CheckConstraint(
                name="rating_level_known",
                condition=Q(level__in=["not_begun", "started", "well_under_way", "achieved"]),
            ),
            models.CheckConstraint(
                name="rating_whose_known",
                condition=Q(whose__in=["organiser", "university", "agency", "agreed"]),
            ),
            models.CheckConstraint(
                name="rating_source_known", condition=Q(source__in=["", "imported"])
            ),
            models.CheckConstraint(name="rating_is_justified", condition=~Q(justification="")),
            models.CheckConstraint(
                name="agreed_rating_has_an_occasion",
                condition=~Q(whose="agreed") | ~Q(occasion=""),
            ),
        ]
        indexes = [models.Index(fields=["goal", "whose", "-rated_at"], name="latest_rating")]

    def __str__(self) -> str:
        return f"{self.get_whose_display()}: {self.get_level_display()}"
