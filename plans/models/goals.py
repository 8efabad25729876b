"""Goals: a number that never changes, and what each version of the plan says of it."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisations.models import Unit, User
from organisations.prose import LineField, ProseField
from plans.models.documents import Part
from plans.models.plan import ActionPlan
from plans.models.problems import Cause, Problem
from sbs_workflow.models import Collaboration, WorkflowQuerySet
from sbs_workflow.permissions import roles_held


class GoalQuerySet(WorkflowQuerySet):
    def visible_to(self, user: User) -> Self:
        """A goal that no shared plan has named yet belongs to its unit and huvudman."""
        held = roles_held(user)
        own = Q(unit__in=held.in_units) | Q(collaboration__organiser__in=held.in_organisations)
        named = PlannedGoal.objects.filter(goal=OuterRef("pk"), plan__shared_on__isnull=False)
        return super().visible_to(user).filter(own | Exists(named))


class Goal(models.Model):
    """A goal of a unit: insatser, visits, ratings and reports all point at this row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="goals")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("number"))

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ("unit__sort_key", "number")
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "unit", "number"], name="goal_number_once"
            )
        ]

    def __str__(self) -> str:
        return _("Goal %(number)s, %(unit)s") % {"number": self.number, "unit": self.unit}

    def get_absolute_url(self) -> str:
        return reverse("portfolio:goal", args=[self.pk])

    @property
    def unit_keys(self) -> tuple[uuid.UUID]:
        """Whose roles in the unit count for the goal."""
        return (self.unit_id,)


class PlannedGoal(Part):
    """What one version of an åtgärdsplan says of a goal (domain.md 3.4)."""

    path_to_document = "plan"
    TEXTS = (
        "text",
        "short_term_effect",
        "long_term_effect",
        "measure",
        "baseline",
        "target",
        "follow_up_by",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(ActionPlan, on_delete=models.CASCADE, related_name="planned_goals")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="plannings")
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="+")
    causes = models.ManyToManyField(Cause, verbose_name=_("causes"), related_name="+", blank=True)
    text = ProseField(_("goal"))
    short_term_effect = ProseField(_("expected effect, short term"), blank=True)
    long_term_effect = ProseField(_("expected effect, long term"), blank=True)
    measure = ProseField(_("what shows that it is reached"), blank=True)
    baseline = ProseField(_("how it is now"), blank=True)
    target = ProseField(_("how it is to be"), blank=True)
    follow_up_on = models.DateField(_("to be followed up on"), null=True, blank=True)
    follow_up_by = LineField(_("followed up by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("planned goal")
        verbose_name_plural = _("planned goals")
        ordering = ("plan", "goal__number")
        constraints = [
            models.UniqueConstraint(fields=["plan", "goal"], name="goal_once_in_a_plan"),
            models.CheckConstraint(name="planned_goal_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return _("Goal %(number)s") % {"number": self.goal.number}
