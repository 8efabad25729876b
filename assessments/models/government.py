"""Skolverket's yearly report to the government, due on 15 March (INT19; domain.md 4.2, R17)."""

import uuid
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation, Party, Role, User
from organisations.prose import LineField, ProseField
from sbs_workflow.permissions import roles_held

# Month and day of the checks of data before it; December is of the year before (inferred).
CHECKS = ((12, 15), (1, 15), (2, 15))
DUE = (3, 15)


class ReportProgress(models.TextChoices):
    COLLECTING = "collecting", _("Data is being checked")
    CHECKED = "checked", _("All data is checked")
    SUBMITTED = "submitted", _("Sent to the government")


class GovernmentReportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Of the agency's own managers only."""
        _cases, agencies, _units = roles_held(user).scopes_of([Role.AGENCY_MANAGER])
        return self.filter(agency__in=agencies)


class GovernmentReport(models.Model):
    """How far the agency has come with the report of one year.

    It belongs to no collaboration, so that its progress is derived (docs/decisions/0052).
    """

    Progress = ReportProgress

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="government_reports",
        limit_choices_to={"party": Party.AGENCY},
    )
    # The year in which it is due; it tells of the year before.
    year = models.PositiveSmallIntegerField(_("year"))
    checks_done = models.PositiveSmallIntegerField(default=0, editable=False)
    # The day of the next check, and then of the report itself.
    due_on = models.DateField(_("due"), null=True, blank=True)
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True)
    reference = LineField(_("case reference"), max_length=50, blank=True)

    objects = GovernmentReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report to the government")
        verbose_name_plural = _("reports to the government")
        ordering = ("-year",)
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="government_report_once"),
            models.CheckConstraint(
                name="government_report_checks_known",
                condition=Q(checks_done__lte=len(CHECKS)),
            ),
            models.CheckConstraint(
                name="government_report_submitted_once_checked",
                condition=Q(submitted_on__isnull=True)
                | Q(due_on__isnull=True, checks_done=len(CHECKS)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["checks_done", "due_on"],
                name="government_report_due",
                condition=Q(due_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return _("Report to the government %(year)s") % {"year": self.year}

    def get_absolute_url(self) -> str:
        return reverse("assessments:government_report", args=[self.pk])

    @property
    def progress(self) -> ReportProgress:
        if self.submitted_on:
            return ReportProgress.SUBMITTED
        if self.checks_done == len(CHECKS):
            return ReportProgress.CHECKED
        return ReportProgress.COLLECTING

    def next_due(self) -> date:
        """The day of the next check, or of the report when all checks are made."""
        month, day = (*CHECKS, DUE)[self.checks_done]
        return date(self.year - (month == 12), month, day)


class DataCheck(models.Model):
    """One of the checks before the report: what was missing then, and what is done about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(GovernmentReport, on_delete=models.CASCADE, related_name="checks")
    number = models.PositiveSmallIntegerField()
    checked_on = models.DateField(_("checked on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # How many collaborations lacked something on that day.
    incomplete = models.PositiveIntegerField(_("incomplete collaborations"))
    note = ProseField(_("what is done about it"), blank=True, max_length=2_000)

    class Meta:
        verbose_name = _("check of data")
        verbose_name_plural = _("checks of data")
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="data_check_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.checked_on}"
