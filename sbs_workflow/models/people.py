"""Which units and which people take part in a collaboration."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisations.models import (
    COLLABORATION_ROLES,
    DatedQuerySet,
    Unit,
    role_label,
)
from organisations.prose import ProseField
from sbs_workflow.models.workflow import (
    WorkflowQuerySet,
)


class Participation(models.Model):
    """A unit's place in a collaboration; a unit may leave while the case goes on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collaboration = models.ForeignKey(
        "sbs_workflow.Collaboration", on_delete=models.PROTECT, related_name="participations"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="participations")
    joined_on = models.DateField(_("joined"))
    left_on = models.DateField(_("left"), null=True, blank=True)
    leave_reason = ProseField(_("why it left"), blank=True)

    objects = WorkflowQuerySet.as_manager()

    class Meta:
        verbose_name = _("participating unit")
        verbose_name_plural = _("participating units")
        ordering = ("unit__sort_key",)
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "unit"], name="unit_once_per_collaboration"
            ),
            models.CheckConstraint(
                name="participation_left_after_joined",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class AssignmentQuerySet(DatedQuerySet, WorkflowQuerySet):  # type: ignore[override]
    pass


class Assignment(models.Model):
    """A role that a person holds in one collaboration, between two dates."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collaboration = models.ForeignKey(
        "sbs_workflow.Collaboration", on_delete=models.PROTECT, related_name="assignments"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments"
    )
    role = models.CharField(
        _("role"), max_length=30, choices=[(r.value, r.label) for r in COLLABORATION_ROLES]
    )
    is_deputy = models.BooleanField(
        _("deputy"),
        default=False,
        help_text=_("Has the same rights, and is reminded while nobody else holds the role."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.CheckConstraint(
                name="assignment_end_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            # One utbildningsledare is the contact point of a huvudman (KAU 2018).
            models.UniqueConstraint(
                fields=["collaboration"],
                condition=Q(role="team_leader", is_deputy=False, ends_on__isnull=True),
                name="one_team_leader_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["collaboration", "user", "role"],
                condition=Q(ends_on__isnull=True),
                name="assignment_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {role_label(self.role, is_deputy=self.is_deputy)}"
