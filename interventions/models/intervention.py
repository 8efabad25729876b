"""Insatser: what is done, for whom and by whom (domain.md 2.8)."""

import uuid
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from interventions.permissions import (
    can_lead_interventions,
    can_log_visit,
)
from organisations.models import Role, Unit, User
from organisations.prose import LineField, ProseField
from plans.models import Cause, Goal
from sbs_workflow.headcounts import in_words
from sbs_workflow.models import (
    UNDER_WAY,
    Collaboration,
    Guard,
    StateField,
    WorkflowModel,
    WorkflowQuerySet,
    state_constraint,
    step,
)
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, holds


class InterventionState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    READY = "ready", _("Ready to start")
    RUNNING = "running", _("Running")
    DEVIATION_OPEN = "deviation_open", _("Deviation to settle")
    EXTENDED = "extended", _("Extended")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class Intervention(WorkflowModel):
    """A numbered, named insats of the agreement; every report uses the same number (NOR)."""

    machine_slug = "insats"
    State = InterventionState

    class Provider(models.TextChoices):
        UNIVERSITY = "university", _("University")
        SPSM = "spsm", _("SPSM")
        CONSULTANT = "consultant", _("Consultant")

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="interventions"
    )
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    name = LineField(_("name"), max_length=200)
    development_area = LineField(_("development area"), max_length=200, blank=True)
    provider = models.CharField(
        _("provider"), max_length=20, choices=Provider.choices, default=Provider.UNIVERSITY
    )
    provider_name = LineField(_("name of the provider"), max_length=150, blank=True)
    # Function and number, as ``sbs_workflow.headcounts`` reads them.
    participants = models.JSONField(_("who takes part"), default=list, blank=True)
    units = models.ManyToManyField(Unit, verbose_name=_("units"), related_name="+")
    goals = models.ManyToManyField(
        Goal, verbose_name=_("goals"), related_name="interventions", blank=True
    )
    causes = models.ManyToManyField(
        Cause, verbose_name=_("causes"), related_name="interventions", blank=True
    )
    state = StateField(_("state"), choices=InterventionState.choices, default=State.PLANNED)
    due_on = models.DateField(_("due"), null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = WorkflowQuerySet.as_manager()

    class Meta(WorkflowModel.Meta):
        verbose_name = _("insats")
        verbose_name_plural = _("insatser")
        ordering = ("number",)
        constraints = [
            state_constraint("intervention", InterventionState),
            models.UniqueConstraint(
                fields=["collaboration", "number"], name="intervention_number_once"
            ),
            models.CheckConstraint(
                name="intervention_end_after_start",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"],
                name="intervention_due",
                condition=Q(due_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("interventions:intervention", args=[self.pk])

    @property
    def participants_in_words(self) -> str:
        return in_words(self.participants)

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.RUNNING, self.State.EXTENDED)

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.COMPLETED, self.State.CANCELLED)

    @transition(
        field=state,
        source=State.PLANNED,
        target=State.READY,
        conditions=[
            Guard(lambda i: i.participants, _("Write who takes part first.")),
            Guard(
                lambda i: i.collaboration.state in (Collaboration.State.AGREED, *UNDER_WAY),
                _("The agreement must be in force first."),
            ),
        ],
        permission=can_lead_interventions,
        custom=step(_("Mark as ready to start")),
    )
    def make_ready(self) -> None:
        pass

    @transition(
        field=state,
        source=State.READY,
        target=State.RUNNING,
        permission=can_lead_interventions,
        custom=step(_("Start the insats"), inputs=("starts_on",)),
    )
    def start(self, *, starts_on: date) -> None:
        self.starts_on = starts_on

    @transition(
        field=state,
        source=[State.RUNNING, State.EXTENDED],
        target=None,
        permission=can_log_visit,
        custom=step(
            _("Adapt the outline"), needs_reason=True, is_exit=True, page="interventions:adapt"
        ),
    )
    def adapt(self) -> None:
        """Adapting inside the agreement is expected; what and why is kept (KAU 2018)."""

    @transition(
        field=state,
        source=[State.RUNNING, State.EXTENDED],
        target=State.DEVIATION_OPEN,
        permission=holds(
            *EVERY_AGENCY_ROLE, Role.HEAD_OF_AUTHORITY, Role.TEAM_LEADER, Role.EDUCATION_LEADER
        ),
        custom=step(
            _("Report a deviation"),
            needs_reason=True,
            reason_label=_("What does not go as agreed, and why?"),
            is_exit=True,
        ),
    )
    def report_deviation(self) -> None:
        """The plan cannot be kept (DEL); the row of it is written by ``effects``."""

    @transition(
        field=state,
        source=State.DEVIATION_OPEN,
        target=State.RUNNING,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Accept the deviation"), needs_reason=True),
    )
    def settle_deviation(self) -> None:
        """It is accepted as an avsteg; otherwise the agreement is amended."""
        self.due_on = None

    @transition(
        field=state,
        source=State.DEVIATION_OPEN,
        target=State.RUNNING,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("The agreement is amended"), offered=False),
    )
    def meet_by_amendment(self) -> None:
        """Taken when the version that meets the deviation comes into force."""
        self.due_on = None

    @transition(
        field=state,
        source=[State.RUNNING, State.EXTENDED],
        target=State.EXTENDED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Extend the insats"), offered=False),
    )
    def extend(self, *, ends_on: date) -> None:
        """Taken when an amendment with a later end comes into force (NOR)."""
        self.ends_on = ends_on

    @transition(
        field=state,
        source=[State.RUNNING, State.EXTENDED],
        target=State.COMPLETED,
        permission=can_lead_interventions,
        custom=step(_("Complete the insats"), inputs=("ends_on",)),
    )
    def complete(self, *, ends_on: date) -> None:
        self.ends_on = ends_on

    @transition(
        field=state,
        source=[
            State.PLANNED,
            State.READY,
            State.RUNNING,
            State.EXTENDED,
            State.DEVIATION_OPEN,
        ],
        target=State.CANCELLED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Cancel the insats"), offered=False),
    )
    def cancel(self) -> None:
        """Taken when a version of the agreement without it comes into force."""
        self.due_on = None


class InterventionPartQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(intervention__in=Intervention.objects.visible_to(user))


class Outline(models.Model):
    """The light outline of an insats; an adaptation is a new row, and the old ones stay.

    Too much detail is warned against: it is adapted on the way (KAU 2018).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intervention = models.ForeignKey(
        Intervention, on_delete=models.CASCADE, related_name="outlines"
    )
    text = ProseField(_("outline"))
    reason = ProseField(_("why it is adapted"), blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = InterventionPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("outline")
        verbose_name_plural = _("outlines")
        ordering = ("-written_at",)

    def __str__(self) -> str:
        return self.text


class Deviation(models.Model):
    """An avsteg: what could not be kept, and what came of it (DEL)."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        AMENDED = "amended", _("The agreement was amended")
        CANCELLED = "cancelled", _("The insats was cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intervention = models.ForeignKey(
        Intervention, on_delete=models.PROTECT, related_name="deviations"
    )
    what = ProseField(_("what cannot be kept"))
    reported_on = models.DateField(_("reported on"))
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reported_as = models.CharField(max_length=30, choices=Role.choices)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    decision = ProseField(_("decision"), blank=True)

    objects = InterventionPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("deviation")
        verbose_name_plural = _("deviations")
        ordering = ("-reported_on", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["intervention"],
                condition=Q(settled_on__isnull=True),
                name="one_open_deviation",
            ),
            models.CheckConstraint(
                name="deviation_settled_has_outcome",
                condition=Q(settled_on__isnull=True, outcome="")
                | Q(settled_on__isnull=False) & ~Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return self.what
