"""The calendar of a school authority: its school years, and the days on which nobody is there."""

import uuid
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.models.people import Organisation, Party
from organisations.prose import LineField

# What is longer is a slip of the hand, and would hold back the mail of a whole term.
LONGEST_BREAK = timedelta(days=100)
LONGEST_SCHOOL_YEAR = timedelta(days=366)


class PeriodQuerySet(models.QuerySet[Any]):
    """Rows from `first_day` to `last_day`, both days included."""

    def between(self, first: date, last: date) -> Self:
        """Those that share a day with the days from `first` to `last`."""
        return self.filter(first_day__lte=last, last_day__gte=first)


class Period(models.Model):
    """Days of one school authority; two of a kind never share a day (its actions see to it)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("school authority"),
        on_delete=models.PROTECT,
        limit_choices_to={"party": Party.ORGANISER},
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("first_day",)


class SchoolBreak(Period):
    """A lov, or other days on which the people of the school authority are away."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("School holiday")
        CLOSED = "closed", pgettext_lazy("school", "Closed")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.HOLIDAY)
    name = LineField(_("name"), max_length=100)

    class Meta(Period.Meta):
        verbose_name = _("school break")
        verbose_name_plural = _("school breaks")
        default_related_name = "school_breaks"
        constraints = [
            models.CheckConstraint(
                name="school_break_end_after_start", condition=Q(last_day__gte=F("first_day"))
            ),
            models.CheckConstraint(
                name="school_break_not_too_long",
                condition=Q(last_day__lt=F("first_day") + LONGEST_BREAK),
            ),
            models.CheckConstraint(
                name="school_break_kind_known", condition=Q(kind__in=["holiday", "closed"])
            ),
            # Two that began on the same day would share it.
            models.UniqueConstraint(
                fields=["organisation", "first_day"], name="one_school_break_begins_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SchoolYear(Period):
    """A läsår: from the first school day of the autumn to the last one before the summer."""

    class Meta(Period.Meta):
        verbose_name = _("school year")
        verbose_name_plural = _("school years")
        default_related_name = "school_years"
        constraints = [
            models.CheckConstraint(
                name="school_year_end_after_start", condition=Q(last_day__gt=F("first_day"))
            ),
            models.CheckConstraint(
                name="school_year_not_too_long",
                condition=Q(last_day__lt=F("first_day") + LONGEST_SCHOOL_YEAR),
            ),
            models.UniqueConstraint(
                fields=["organisation", "first_day"], name="one_school_year_begins_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return name_of_school_year(self.first_day.year)


def name_of_school_year(begins_in: int) -> str:
    """As people write it: 2026/27."""
    return f"{begins_in}/{(begins_in + 1) % 100:02}"
