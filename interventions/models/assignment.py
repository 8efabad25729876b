"""Uppdragsplan: what the lärosäte is to do, with whom and on how many days (domain.md 2.7)."""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import transition

from interventions.models.agreement import Agreement, agencys_own
from interventions.permissions import can_answer_assignment, can_propose_agreement
from organisations.models import User
from organisations.prose import ProseField
from sbs_workflow.models import (
    Collaboration,
    Guard,
    StateField,
    WorkflowModel,
    WorkflowQuerySet,
    state_constraint,
    step,
)


class AssignmentState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", pgettext_lazy("assignment", "Sent")
    RETURNED = "returned", _("Returned")
    CONFIRMED = "confirmed", pgettext_lazy("assignment", "Confirmed")
    SUPERSEDED = "superseded", _("Superseded")
    CLOSED = "closed", pgettext_lazy("assignment", "Closed")


class AssignmentPlanQuerySet(WorkflowQuerySet):
    def visible_to(self, user: User) -> Self:
        """A draft is the agency's own until it is sent (domain.md 2.2)."""
        sent = Q(sent_on__isnull=False)
        return super().visible_to(user).filter(agencys_own(user) | sent)


class AssignmentPlan(WorkflowModel):
    """One version of the uppdragsplan: the agency writes it, the lärosäte answers with its team."""

    machine_slug = "uppdragsplan"
    State = AssignmentState

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="assignment_plans"
    )
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = StateField(_("state"), choices=AssignmentState.choices, default=State.DRAFT)
    due_on = models.DateField(_("due"), null=True, blank=True)
    text = ProseField(_("what the university is to do"), blank=True)
    team = ProseField(_("team leader and team"), blank=True)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    objects = AssignmentPlanQuerySet.as_manager()

    class Meta(WorkflowModel.Meta):
        verbose_name = _("assignment plan")
        verbose_name_plural = _("assignment plans")
        ordering = ("-version",)
        constraints = [
            state_constraint("assignment", AssignmentState),
            models.UniqueConstraint(
                fields=["collaboration", "version"], name="assignment_version_once"
            ),
            models.UniqueConstraint(
                fields=["collaboration"],
                condition=Q(state="confirmed"),
                name="one_confirmed_assignment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"], name="assignment_due", condition=Q(due_on__isnull=False)
            )
        ]

    def __str__(self) -> str:
        if self.version == 1:
            return str(_("Assignment plan"))
        return _("Assignment plan, version %(version)s") % {"version": self.version}

    def get_absolute_url(self) -> str:
        return reverse("interventions:assignment", args=[self.pk])

    @property
    def is_open_for_writing(self) -> bool:
        """The agency writes what is to be done, until it is sent."""
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    @property
    def waits_for_an_answer(self) -> bool:
        """The lärosäte names its team and days, until it has confirmed."""
        return self.state == self.State.SENT

    @transition(
        field=state,
        source=[State.DRAFT, State.RETURNED],
        target=State.SENT,
        conditions=[
            Guard(lambda plan: plan.text, _("Write what the university is to do first.")),
            Guard(
                lambda plan: plan.collaboration.university_id,
                _("A university must be matched."),
            ),
        ],
        permission=can_propose_agreement,
        custom=step(_("Send to the university"), stamps=("sent_on",)),
    )
    def send(self, *, sent_on: date) -> None:
        self.sent_on = sent_on

    @transition(
        field=state,
        source=State.SENT,
        target=State.RETURNED,
        permission=can_answer_assignment,
        custom=step(
            _("Return with a comment"), needs_reason=True, reason_label=_("Comment"), is_exit=True
        ),
    )
    def return_with_comment(self) -> None:
        """Resources or content do not fit."""

    @transition(
        field=state,
        source=State.SENT,
        target=State.CONFIRMED,
        conditions=[
            Guard(lambda plan: plan.team, _("Name the team leader and the team first.")),
            Guard(
                lambda plan: plan.months.exists(),
                _("Plan the days of support for each month first."),
            ),
        ],
        permission=can_answer_assignment,
        custom=step(_("Confirm the assignment plan"), stamps=("confirmed_on",)),
    )
    def confirm(self, *, confirmed_on: date) -> None:
        """One team leader and a team (KAU 2018)."""
        self.confirmed_on = confirmed_on
        self.due_on = None

    @transition(
        field=state,
        source=[State.CONFIRMED],
        target=State.SUPERSEDED,
        permission=can_answer_assignment,
        custom=step(_("Replaced by a new version"), offered=False),
    )
    def supersede(self) -> None:
        """Taken when the next version is confirmed: see ``interventions.effects``."""

    @transition(
        field=state,
        source=State.CONFIRMED,
        target=State.CLOSED,
        permission=can_answer_assignment,
        custom=step(_("Close the assignment"), is_exit=True),
    )
    def close(self) -> None:
        """When the lärosäte has delivered its own report (KAU 2018)."""


class PlannedMonth(models.Model):
    """How many days of support a month is to have; they thin out toward the end (KAU 2018)."""

    assignment = models.ForeignKey(AssignmentPlan, on_delete=models.CASCADE, related_name="months")
    # The first day of the month.
    month = models.DateField(_("month"))
    days = models.DecimalField(
        _("days of support"),
        max_digits=3,
        decimal_places=1,
        validators=[MinValueValidator(0), MaxValueValidator(31)],
    )

    class Meta:
        verbose_name = _("planned month")
        verbose_name_plural = _("planned months")
        ordering = ("month",)
        constraints = [
            models.UniqueConstraint(fields=["assignment", "month"], name="month_planned_once"),
            models.CheckConstraint(
                name="planned_days_fit_a_month", condition=Q(days__gte=0, days__lte=31)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.days}"
