"""Insatser: what is done, for whom and by whom (domain.md 2.8)."""

from datetime import date

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
from organisations.models import Role, Unit
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
    name = models.CharField(_("name"), max_length=200)
    development_area = models.CharField(_("development area"), max_length=200, blank=True)
    provider = models.CharField(
        _("provider"), max_length=20, choices=Provider.choices, default=Provider.UNIVERSITY
    )
    provider_name = models.CharField(_("name of the provider"), max_length=150, blank=True)
    participants = models.CharField(_("who takes part"), max_length=300, blank=True)
    units = models.ManyToManyField(Unit, verbose_name=_("units"), related_name="+")
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

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("interventions:intervention", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.COMPLETED, self.State.CANCELLED)

    @transition(
        field=state,
        source=State.PLANNED,
        target=State.READY,
        conditions=[
            Guard(lambda i: i.participants.strip(), _("Write who takes part first.")),
            Guard(
                lambda i: i.collaboration.state in (Collaboration.State.AGREED, *UNDER_WAY),
                _("The agreement must be in force first."),
            ),
        ],
        permission=can_lead_interventions,
        custom=step(_("Mark as ready")),
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
        custom=step(_("Note an adaptation"), needs_reason=True, is_exit=True),
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
        custom=step(_("Report a deviation"), needs_reason=True, is_exit=True),
    )
    def report_deviation(self) -> None:
        """The plan cannot be kept (DEL)."""

    @transition(
        field=state,
        source=State.DEVIATION_OPEN,
        target=State.RUNNING,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Settle the deviation"), needs_reason=True),
    )
    def settle_deviation(self) -> None:
        """Accepted as an avsteg, or met by an amendment."""

    @transition(
        field=state,
        source=[State.RUNNING, State.EXTENDED],
        target=State.EXTENDED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Extend the insats"), inputs=("ends_on",), needs_reason=True, is_exit=True),
    )
    def extend(self, *, ends_on: date) -> None:
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
        source=[State.PLANNED, State.READY, State.RUNNING, State.EXTENDED],
        target=State.CANCELLED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Cancel the insats"), needs_reason=True, is_exit=True),
    )
    def cancel(self) -> None:
        pass
