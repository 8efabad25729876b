"""Nulägesanalys: one of each for every unit, the förvaltning included (domain.md 2.4)."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from organisations.prose import ProseField
from plans.models.documents import AUTHORS, DECIDERS, OrganiserDocument
from sbs_workflow.models import Collaboration, Guard, StateField, state_constraint, step
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, holds


class AnalysisState(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    SHARED = "shared", _("Shared")
    CONCLUDED = "concluded", _("Concluded")


class SituationAnalysis(OrganiserDocument):
    machine_slug = "nulagesanalys"
    State = AnalysisState
    TEXTS = ("text", "views_of_children", "participants", "priorities")
    OPEN_STATES = (State.IN_PROGRESS,)

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="analyses"
    )
    state = StateField(_("state"), choices=AnalysisState.choices, default=State.NOT_STARTED)
    text = ProseField(_("the present situation"), blank=True)
    views_of_children = ProseField(_("the view of the children or pupils"), blank=True)
    participants = ProseField(_("who took part, and how"), blank=True)
    # One a line, the most important first.
    priorities = ProseField(_("prioritised development areas"), blank=True)
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
    def prioritised_areas(self) -> list[str]:
        return [line.strip() for line in self.priorities.splitlines() if line.strip()]

    def names_a_problem_with_a_cause(self) -> bool:
        return self.problems.filter(causes__isnull=False).exists()

    def lists_evidence(self) -> bool:
        return self.problems.filter(evidence__isnull=False).exists()

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
            Guard(
                lambda analysis: analysis.names_a_problem_with_a_cause(),
                _("Name at least one problem and a cause of it first."),
            ),
            Guard(
                lambda analysis: analysis.lists_evidence(),
                _("Note the evidence first: what does the problem show in?"),
            ),
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
        custom=step(
            _("Return with comments"), needs_reason=True, reason_label=_("Comments"), is_exit=True
        ),
    )
    def return_with_comments(self) -> None:
        """What was shared stays readable while it is deepened."""

    @transition(
        field=state,
        source=State.SHARED,
        target=State.CONCLUDED,
        conditions=[
            Guard(
                lambda analysis: analysis.participants.strip(),
                _("Note first who took part, and how."),
            ),
            Guard(
                lambda analysis: analysis.prioritised_areas,
                _("Name the prioritised development areas first."),
            ),
        ],
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
