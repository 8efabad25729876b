"""Åtgärdsplan, and its versions (domain.md 2.5)."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from organisations.models import Role
from organisations.prose import ProseField
from plans.models.documents import DECIDERS, OrganiserDocument
from sbs_workflow.models import Collaboration, Guard, StateField, state_constraint, step
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, holds


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SHARED = "shared", _("Shared")
    DISCUSSED = "discussed", _("Discussed")
    ADOPTED = "adopted", _("Adopted")
    SUPERSEDED = "superseded", _("Superseded")


class ActionPlan(OrganiserDocument):
    """One version of a unit's åtgärdsplan; a revision is a new version and the old one stays."""

    machine_slug = "atgardsplan"
    State = PlanState
    TEXTS = ("text", "follow_up", "participants")
    OPEN_STATES = (State.DRAFT,)

    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = StateField(_("state"), choices=PlanState.choices, default=State.DRAFT)
    text = ProseField(_("what the plan builds on"), blank=True)
    participants = ProseField(_("who took part, and how"), blank=True)
    follow_up = ProseField(_("how the plan will be followed up"), blank=True)
    revision_reason = ProseField(_("why it is revised"), blank=True)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)

    class Meta(OrganiserDocument.Meta):
        verbose_name = _("action plan")
        verbose_name_plural = _("action plans")
        constraints = [
            state_constraint("plan", PlanState),
            models.UniqueConstraint(
                fields=["collaboration", "unit", "version"], name="plan_version_once"
            ),
            models.UniqueConstraint(
                fields=["collaboration", "unit"],
                condition=Q(state="adopted"),
                name="one_adopted_plan_per_unit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"], name="plan_due", condition=Q(due_on__isnull=False)
            )
        ]

    def __str__(self) -> str:
        if self.version == 1:
            return _("Action plan, %(unit)s") % {"unit": self.unit}
        return _("Action plan, %(unit)s, version %(version)s") % {
            "unit": self.unit,
            "version": self.version,
        }

    def get_absolute_url(self) -> str:
        return reverse("plans:plan", args=[self.pk])

    def names_a_goal(self) -> bool:
        return self.planned_goals.exists()

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.SHARED,
        conditions=[Guard(lambda plan: plan.names_a_goal(), _("Write at least one goal first."))],
        permission=holds(*DECIDERS),
        custom=step(_("Share the plan"), stamps=("shared_on",)),
    )
    def share(self, *, shared_on: date) -> None:
        self._share(shared_on)

    @transition(
        field=state,
        source=State.SHARED,
        target=State.DISCUSSED,
        permission=holds(*EVERY_AGENCY_ROLE, Role.TEAM_LEADER),
        custom=step(_("Note that it is discussed")),
    )
    def discuss(self) -> None:
        """The university questions how problems and causes hang together (KAU 2018)."""

    @transition(
        field=state,
        source=[State.SHARED, State.DISCUSSED],
        target=State.DRAFT,
        permission=holds(*DECIDERS),
        custom=step(_("Take back and rework"), needs_reason=True, is_exit=True),
    )
    def rework(self) -> None:
        """What was shared stays readable while it is reworked."""

    @transition(
        field=state,
        source=State.DISCUSSED,
        target=State.ADOPTED,
        permission=holds(*DECIDERS),
        custom=step(_("Adopt the plan"), stamps=("adopted_on",)),
    )
    def adopt(self, *, adopted_on: date) -> None:
        self.adopted_on = adopted_on
        self.due_on = None

    @transition(
        field=state,
        source=State.ADOPTED,
        target=State.SUPERSEDED,
        permission=holds(*DECIDERS),
        custom=step(_("Replaced by a new version"), offered=False),
    )
    def supersede(self) -> None:
        """Taken by ``adopt_plan`` when the next version is adopted."""
