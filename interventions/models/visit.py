"""Visits on site, planned and logged (domain.md 2.12)."""

import uuid
from datetime import date
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import formats
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import transition

from interventions.models.intervention import Intervention
from interventions.permissions import can_log_visit
from notifications.working_days import add_working_days
from organisations.models import Party, Role, Unit, User
from organisations.prose import ProseField
from plans.models import Goal
from sbs_workflow.headcounts import in_words
from sbs_workflow.models import (
    Collaboration,
    StateField,
    WorkflowModel,
    WorkflowQuerySet,
    state_constraint,
    step,
)
from sbs_workflow.permissions import holds, roles_held


class VisitState(models.TextChoices):
    NEEDED = "needed", _("To be planned")
    PLANNED = "planned", pgettext_lazy("visit", "Planned")
    CONFIRMED = "confirmed", pgettext_lazy("visit", "Confirmed")
    DONE = "done", pgettext_lazy("visit", "Done")
    LOGGED = "logged", pgettext_lazy("visit", "Logged")
    SHARED = "shared", pgettext_lazy("visit", "Shared")
    CANCELLED = "cancelled", pgettext_lazy("visit", "Cancelled")


UNIVERSITY_ROLES = (Role.TEAM_LEADER, Role.EDUCATION_LEADER, Role.UNIVERSITY_LEAD)
LOG_WITHIN = 3  # working days, R12 in domain.md 4.2


class Visit(WorkflowModel):
    """A visit on site, about one day a month (KAU 2018); one visit may cover several units."""

    machine_slug = "besok"
    State = VisitState

    class Form(models.TextChoices):
        ON_SITE = "on_site", _("On site")
        DIGITAL = "digital", _("Digital")

    class Kind(models.TextChoices):
        INPUT = "input", _("Input")
        SUPERVISION = "supervision", _("Supervision")
        OBSERVATION = "observation", _("Observation")
        TALK = "talk", _("Talk")

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="visits"
    )
    # The first day of the month that the visit belongs to.
    month = models.DateField(_("month"))
    units = models.ManyToManyField(Unit, verbose_name=_("units"), related_name="+", blank=True)
    state = StateField(_("state"), choices=VisitState.choices, default=State.NEEDED)
    due_on = models.DateField(_("due"), null=True, blank=True)
    takes_place_on = models.DateField(_("date"), null=True, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(900)],
    )
    form = models.CharField(_("form"), max_length=20, choices=Form.choices, default=Form.ON_SITE)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, blank=True)
    # Function and number, as ``sbs_workflow.headcounts`` reads them.
    participants = models.JSONField(_("who took part"), default=list, blank=True)
    log = ProseField(_("what was done"), blank=True, max_length=20_000)
    next_steps = ProseField(_("until next time"), blank=True)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = WorkflowQuerySet.as_manager()

    class Meta(WorkflowModel.Meta):
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            state_constraint("visit", VisitState),
            models.CheckConstraint(
                name="visit_planned_has_date",
                condition=Q(state__in=["needed", "cancelled"]) | Q(takes_place_on__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_logged_has_log",
                condition=~Q(state__in=["logged", "shared"]) | ~Q(log=""),
            ),
            # The month's missing visit is one row, so that it is owed once (house.md 5).
            models.UniqueConstraint(
                fields=["collaboration", "month"],
                condition=Q(state="needed"),
                name="one_needed_visit_a_month",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"], name="visit_due", condition=Q(due_on__isnull=False)
            ),
            models.Index(fields=["collaboration", "takes_place_on"], name="visit_of_collaboration"),
        ]

    def __str__(self) -> str:
        if self.takes_place_on is None:
            return _("Visit in %(month)s") % {"month": formats.date_format(self.month, "F Y")}
        return _("Visit %(date)s") % {"date": formats.date_format(self.takes_place_on, "j F Y")}

    def get_absolute_url(self) -> str:
        return reverse("interventions:visit", args=[self.pk])

    @cached_property
    def unit_keys(self) -> list[UUID]:
        """A visit is confirmed by whoever is visited."""
        return [unit.pk for unit in self.units.all()]

    def log_is_open_to(self, user: User) -> bool:
        """The log is the university's own until it is shared (domain.md 2.2)."""
        if self.state == self.State.SHARED:
            return True
        return any(role.party == Party.UNIVERSITY for role in roles_held(user).for_object(self))

    def _set_date(self, takes_place_on: date) -> None:
        self.takes_place_on = takes_place_on
        # Once the day has passed the log is owed.
        self.due_on = add_working_days(takes_place_on, LOG_WITHIN)

    @property
    def as_seen(self) -> str:
        """A planned visit can be moved and is still planned."""
        return f"{self.state} {self.takes_place_on}" if self.takes_place_on else str(self.state)

    def lies_ahead(self, today: date) -> bool:
        """Today's visit still does: its page is read on the way to the school."""
        is_planned = self.state in (self.State.PLANNED, self.State.CONFIRMED)
        return is_planned and self.takes_place_on is not None and self.takes_place_on >= today

    @property
    def participants_in_words(self) -> str:
        return in_words(self.participants)

    @transition(
        field=state,
        source=State.NEEDED,
        target=State.PLANNED,
        permission=can_log_visit,
        custom=step(_("Plan the visit"), page="interventions:plan_visit"),
    )
    def plan(self, *, takes_place_on: date) -> None:
        self._set_date(takes_place_on)

    @transition(
        field=state,
        source=State.PLANNED,
        target=State.CONFIRMED,
        permission=holds(
            Role.PRINCIPAL, Role.PROCESS_LEADER, Role.HEAD_OF_AUTHORITY, Role.COORDINATOR
        ),
        custom=step(_("Confirm the visit")),
    )
    def confirm(self) -> None:
        pass

    @transition(
        field=state,
        source=[State.PLANNED, State.CONFIRMED, State.DONE],
        target=State.LOGGED,
        permission=can_log_visit,
        custom=step(_("Log the visit"), page="interventions:log_visit"),
    )
    def write_log(self, *, logged_by: User, **log: Any) -> None:
        self._write(logged_by, log)

    @transition(
        field=state,
        source=[State.PLANNED, State.CONFIRMED, State.DONE],
        target=State.SHARED,
        permission=can_log_visit,
        custom=step(_("Log the visit"), page="interventions:log_visit", offered=False),
    )
    def write_shared_log(self, *, logged_by: User, **log: Any) -> None:
        """Logged and shared with all three in one step, as most visits are."""
        self._write(logged_by, log)

    def _write(self, logged_by: User, log: dict[str, Any]) -> None:
        self.logged_by = logged_by
        for name, value in log.items():
            setattr(self, name, value)
        self.due_on = None

    @transition(
        field=state,
        source=[State.PLANNED, State.CONFIRMED],
        target=State.DONE,
        permission=can_log_visit,
        custom=step(_("Done, the log comes later"), page="interventions:finish_visit"),
    )
    def finish(self) -> None:
        """The log can wait some days; it is still owed."""

    @transition(
        field=state,
        source=[State.PLANNED, State.CONFIRMED],
        target=State.PLANNED,
        permission=can_log_visit,
        custom=step(_("Move the visit"), page="interventions:move_visit", is_exit=True),
    )
    def move(self, *, takes_place_on: date) -> None:
        self._set_date(takes_place_on)

    @transition(
        field=state,
        source=State.LOGGED,
        target=State.SHARED,
        permission=can_log_visit,
        custom=step(_("Share the log")),
    )
    def share(self) -> None:
        """Until then the log is the university's own (domain.md 2.2)."""

    @transition(
        field=state,
        source=[State.PLANNED, State.CONFIRMED],
        target=State.CANCELLED,
        permission=can_log_visit,
        custom=step(_("Cancel the visit"), needs_reason=True, is_exit=True),
    )
    def cancel(self) -> None:
        """The month's visit is owed again: see ``interventions.effects``."""
        self.due_on = None

    @transition(
        field=state,
        source=State.NEEDED,
        target=State.CANCELLED,
        permission=can_log_visit,
        custom=step(_("No visit this month"), needs_reason=True, is_exit=True),
    )
    def skip(self) -> None:
        """A month without a visit is a valid entry: the support tapers off (KAU 2018)."""
        self.due_on = None


class TouchQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """What a log says belongs to the university until it is shared."""
        visits = Visit.objects.visible_to(user)
        held = roles_held(user)
        assigned, organisations, _units = held.scopes_of(UNIVERSITY_ROLES)
        own = Q(visit__collaboration__in=assigned) | Q(
            visit__collaboration__university__in=organisations
        )
        shared = Q(visit__state=Visit.State.SHARED)
        return self.filter(own | shared, visit__in=visits)


class Touch(models.Model):
    """An insats or a goal that a visit was about, as its log says."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="touches")
    intervention = models.ForeignKey(
        Intervention, on_delete=models.CASCADE, related_name="touches", null=True, blank=True
    )
    goal = models.ForeignKey(
        Goal, on_delete=models.CASCADE, related_name="touches", null=True, blank=True
    )

    objects = TouchQuerySet.as_manager()

    class Meta:
        verbose_name = _("touch")
        verbose_name_plural = _("touches")
        constraints = [
            models.CheckConstraint(
                name="touch_is_one_of_both",
                condition=Q(intervention__isnull=True) ^ Q(goal__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["visit", "intervention"],
                condition=Q(intervention__isnull=False),
                name="intervention_touched_once",
            ),
            models.UniqueConstraint(
                fields=["visit", "goal"],
                condition=Q(goal__isnull=False),
                name="goal_touched_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.intervention_id or self.goal_id}"
