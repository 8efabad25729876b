"""Kartläggning av förbättringskapacitet, at the start and at the end (KAU 2018, domain.md 3.7)."""

import uuid
from datetime import date, timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import transition

from assessments.permissions import can_lead_mapping
from notifications.working_days import next_working_day
from organisations.models import Role, User
from organisations.prose import LineField, ProseField
from sbs_workflow.models import (
    Collaboration,
    Guard,
    StateField,
    WorkflowModel,
    WorkflowQuerySet,
    state_constraint,
    step,
)
from sbs_workflow.permissions import holds, roles_held

FINISHED_WITHIN = timedelta(weeks=6)  # inferred


class Round(models.IntegerChoices):
    START = 1, _("At the start")
    END = 2, _("At the end")


class MappingState(models.TextChoices):
    NOT_BEGUN = "not_begun", pgettext_lazy("mapping", "Not begun")
    BEGUN = "begun", pgettext_lazy("mapping", "Begun")
    DONE = "done", pgettext_lazy("mapping", "Done")
    WAIVED = "waived", pgettext_lazy("mapping", "Waived")


class Dimension(models.TextChoices):
    """After Blossing and Scherp, by neutral names (KAU 2018; the division is inferred)."""

    INFRASTRUCTURE = "infrastructure", _("Infrastructure")
    PROCESSES = "processes", _("Improvement processes")
    ROLES = "roles", _("Improvement roles")
    HISTORY = "history", _("Improvement history")
    LEARNING = "learning", _("A shared idea and learning in everyday work")


class Level(models.IntegerChoices):
    """1 to 4 (the scale is inferred). It compares a huvudman with itself over time only."""

    EARLY = 1, _("only just begun")
    PARTLY = 2, _("in some places")
    MOSTLY = 3, _("in most places")
    LASTING = 4, _("lasting, whoever comes and goes")


class MappingQuerySet(WorkflowQuerySet):
    def visible_to(self, user: User) -> Self:
        """While it is written it belongs to the university and the huvudman (domain.md 1.2)."""
        held = roles_held(user)
        cases, organisations, _units = held.scopes_of(CapacityMapping.WRITTEN_BY)
        own = (
            Q(collaboration__in=cases)
            | Q(collaboration__organiser__in=organisations)
            | Q(collaboration__university__in=organisations)
        )
        return super().visible_to(user).filter(own | ~Q(state=MappingState.BEGUN))


class CapacityMapping(WorkflowModel):
    machine_slug = "kartlaggning"
    State = MappingState
    Round = Round
    # Whoever reads it while it is written.
    WRITTEN_BY = (
        Role.TEAM_LEADER,
        Role.EDUCATION_LEADER,
        Role.UNIVERSITY_LEAD,
        Role.HEAD_OF_AUTHORITY,
        Role.COORDINATOR,
    )

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="capacity_mappings"
    )
    round = models.PositiveSmallIntegerField(_("round"), choices=Round.choices)
    state = StateField(_("state"), choices=MappingState.choices, default=State.NOT_BEGUN)
    due_on = models.DateField(_("due"), null=True, blank=True)
    mapped_on = models.DateField(_("date of the mapping"), null=True, blank=True)
    method = LineField(_("how it was done"), max_length=200, blank=True)
    begun_on = models.DateField(_("begun on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    objects = MappingQuerySet.as_manager()

    class Meta(WorkflowModel.Meta):
        verbose_name = _("mapping of improvement capacity")
        verbose_name_plural = _("mappings of improvement capacity")
        ordering = ("round",)
        constraints = [
            state_constraint("mapping", MappingState),
            models.UniqueConstraint(fields=["collaboration", "round"], name="mapping_round_once"),
            models.CheckConstraint(name="mapping_round_known", condition=Q(round__in=Round.values)),
            models.CheckConstraint(
                name="mapping_done_has_date",
                condition=~Q(state="done") | Q(mapped_on__isnull=False, done_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"], name="mapping_due", condition=Q(due_on__isnull=False)
            )
        ]

    def __str__(self) -> str:
        if self.round == Round.START:
            return str(_("Improvement capacity at the start"))
        return str(_("Improvement capacity at the end"))

    def get_absolute_url(self) -> str:
        return reverse("assessments:mapping", args=[self.pk])

    @property
    def is_open_for_writing(self) -> bool:
        return bool(self.state == self.State.BEGUN)

    @property
    def has_every_level(self) -> bool:
        return set(self.ratings.values_list("dimension", flat=True)) == set(Dimension.values)

    @transition(
        field=state,
        source=State.NOT_BEGUN,
        target=State.BEGUN,
        permission=can_lead_mapping,
        custom=step(_("Begin the mapping"), stamps=("begun_on",)),
    )
    def begin(self, *, begun_on: date) -> None:
        self.begun_on = begun_on
        self.due_on = next_working_day(begun_on + FINISHED_WITHIN)

    @transition(
        field=state,
        source=State.BEGUN,
        target=State.DONE,
        conditions=[
            Guard(lambda m: m.mapped_on and m.method, _("Write when and how it was done first.")),
            Guard(lambda m: m.has_every_level, _("Choose a level for every part first.")),
        ],
        permission=can_lead_mapping,
        custom=step(_("Share the mapping with all three"), stamps=("done_on",)),
    )
    def finish(self, *, done_on: date) -> None:
        self.done_on = done_on
        self.due_on = None

    @transition(
        field=state,
        source=[State.NOT_BEGUN, State.BEGUN],
        target=State.WAIVED,
        permission=holds(Role.UNIVERSITY_LEAD),
        custom=step(_("Do without the mapping"), needs_reason=True, is_exit=True),
    )
    def waive(self) -> None:
        self.due_on = None


class DimensionRating(models.Model):
    """What one mapping says of one part of the capacity to improve."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mapping = models.ForeignKey(CapacityMapping, on_delete=models.CASCADE, related_name="ratings")
    dimension = models.CharField(_("part"), max_length=20, choices=Dimension.choices)
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Level.choices, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    note = ProseField(_("what it shows in"), blank=True, max_length=2_000)

    class Meta:
        verbose_name = _("level of a part")
        verbose_name_plural = _("levels of parts")
        constraints = [
            models.UniqueConstraint(
                fields=["mapping", "dimension"], name="dimension_once_a_mapping"
            ),
            models.CheckConstraint(
                name="dimension_known", condition=Q(dimension__in=Dimension.values)
            ),
            models.CheckConstraint(
                name="capacity_level_known", condition=Q(level__in=Level.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()}: {self.get_level_display()}"
