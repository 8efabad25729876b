"""Nulägesanalys and åtgärdsplan, one of each for every unit (domain.md 2.4 and 2.5)."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from organisations.models import Party, Role, Unit, User
from sbs_workflow.models import (
    Collaboration,
    Guard,
    StateField,
    WorkflowModel,
    WorkflowQuerySet,
    state_constraint,
    step,
)
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, holds, roles_held

AUTHORS = (Role.PRINCIPAL, Role.PROCESS_LEADER, Role.HEAD_OF_AUTHORITY, Role.COORDINATOR)
DECIDERS = (Role.PRINCIPAL, Role.HEAD_OF_AUTHORITY)

has_text = Guard(lambda document: document.text.strip(), _("Write the text first."))
names_participants = Guard(
    lambda document: document.participants.strip(), _("Note first who took part, and how.")
)


class OrganiserDocumentQuerySet(WorkflowQuerySet):
    def visible_to(self, user: User) -> Self:
        """A draft belongs to its unit and its huvudman until they share it (domain.md 2.2)."""
        held = roles_held(user)
        own = Q(unit__in=held.in_units) | Q(collaboration__organiser__in=held.in_organisations)
        return super().visible_to(user).filter(own | Q(shared_on__isnull=False))

    def of_present_units(self, collaboration: Collaboration) -> Self:
        """Those of the units that still take part."""
        present = collaboration.participations.filter(left_on=None)
        return self.filter(collaboration=collaboration, unit__in=present.values("unit"))


class OrganiserDocument(WorkflowModel):
    """A text that a unit or its huvudman writes, and shares when it wants to."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("text"), blank=True, max_length=20_000)
    participants = models.TextField(_("who took part, and how"), blank=True, max_length=5_000)
    due_on = models.DateField(_("due"), null=True, blank=True)
    # The day on which other parties could first read it; emptied when it is taken back.
    shared_on = models.DateField(_("shared on"), null=True, blank=True)

    # What the other parties read while it is reworked: the texts as they were shared.
    as_shared = models.JSONField(default=dict, blank=True, editable=False)

    TEXTS: ClassVar[tuple[str, ...]]

    objects = OrganiserDocumentQuerySet.as_manager()

    class Meta(WorkflowModel.Meta):
        abstract = True

    @property
    def is_open_for_writing(self) -> bool:
        raise NotImplementedError

    def texts_for(self, user: User) -> dict[str, str]:
        """The texts this person may read: the present ones, or those that were shared."""
        if self.is_open_for_writing and not self._is_own_side(user):
            return {name: str(self.as_shared.get(name, "")) for name in self.TEXTS}
        return {name: str(getattr(self, name)) for name in self.TEXTS}

    def _is_own_side(self, user: User) -> bool:
        return any(role.party == Party.ORGANISER for role in roles_held(user).for_object(self))

    def _share(self, shared_on: date) -> None:
        self.shared_on = shared_on
        self.as_shared = {name: getattr(self, name) for name in self.TEXTS}


class AnalysisState(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    SHARED = "shared", _("Shared")
    CONCLUDED = "concluded", _("Concluded")


class SituationAnalysis(OrganiserDocument):
    machine_slug = "nulagesanalys"
    State = AnalysisState
    TEXTS = ("text", "views_of_children", "participants")

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="analyses"
    )
    state = StateField(_("state"), choices=AnalysisState.choices, default=State.NOT_STARTED)
    views_of_children = models.TextField(
        _("the view of the children or pupils"), blank=True, max_length=5_000
    )
    concluded_on = models.DateField(_("concluded on"), null=True, blank=True)

    class Meta(OrganiserDocument.Meta):
        verbose_name = _("situation analysis")
        verbose_name_plural = _("situation analyses")
        constraints = [
            state_constraint("analysis", AnalysisState),
            models.UniqueConstraint(fields=["collaboration", "unit"], name="one_analysis_per_unit"),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"], name="analysis_due", condition=Q(due_on__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return _("Situation analysis, %(unit)s") % {"unit": self.unit}

    def get_absolute_url(self) -> str:
        return reverse("plans:analysis", args=[self.pk])

    @property
    def is_open_for_writing(self) -> bool:
        return self.state == self.State.IN_PROGRESS

    @transition(
        field=state,
        source=State.NOT_STARTED,
        target=State.IN_PROGRESS,
        permission=holds(*AUTHORS),
        custom=step(_("Start the analysis")),
    )
    def start(self) -> None:
        pass

    @transition(
        field=state,
        source=State.IN_PROGRESS,
        target=State.SHARED,
        conditions=[
            has_text,
            Guard(
                lambda analysis: analysis.views_of_children.strip(),
                _("Note the view of the children or pupils first."),
            ),
        ],
        permission=holds(*DECIDERS),
        custom=step(_("Share for comments"), stamps=("shared_on",)),
    )
    def share(self, *, shared_on: date) -> None:
        self._share(shared_on)

    @transition(
        field=state,
        source=State.SHARED,
        target=State.IN_PROGRESS,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Return with comments"), needs_reason=True, is_exit=True),
    )
    def return_with_comments(self) -> None:
        """What was shared stays readable while it is deepened."""

    @transition(
        field=state,
        source=State.SHARED,
        target=State.CONCLUDED,
        conditions=[names_participants],
        permission=holds(*DECIDERS),
        custom=step(_("Conclude the analysis"), stamps=("concluded_on",)),
    )
    def conclude(self, *, concluded_on: date) -> None:
        """Participation of the staff must be noted (VAL 2019)."""
        self.concluded_on = concluded_on
        self.due_on = None

    @transition(
        field=state,
        source=State.CONCLUDED,
        target=State.IN_PROGRESS,
        conditions=[
            Guard(
                lambda analysis: (
                    analysis.collaboration.state
                    in (Collaboration.State.ANALYSING, Collaboration.State.PLANNING)
                ),
                _("The analysis can be reopened only before the agreement."),
            )
        ],
        permission=holds(*DECIDERS, *EVERY_AGENCY_ROLE),
        custom=step(_("Reopen"), needs_reason=True, is_exit=True),
    )
    def reopen(self) -> None:
        self.concluded_on = None


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

    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = StateField(_("state"), choices=PlanState.choices, default=State.DRAFT)
    follow_up = models.TextField(_("how it will be followed up"), blank=True, max_length=5_000)
    revision_reason = models.TextField(_("why it is revised"), blank=True, max_length=2_000)
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

    @property
    def is_open_for_writing(self) -> bool:
        return self.state == self.State.DRAFT

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.SHARED,
        conditions=[
            has_text,
            Guard(
                lambda plan: plan.follow_up.strip(),
                _("Write how the plan will be followed up first."),
            ),
        ],
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
