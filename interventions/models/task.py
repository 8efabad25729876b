"""The tasks of the mellanrum: what a unit tries between two visits (KAU 2018, domain.md 2.12)."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from interventions.models.visit import Visit
from interventions.permissions import can_log_visit, can_report_task
from organisations.models import Unit
from organisations.prose import ProseField
from sbs_workflow.models import (
    Collaboration,
    StateField,
    WorkflowModel,
    WorkflowQuerySet,
    state_constraint,
    step,
)


class TaskState(models.TextChoices):
    GIVEN = "given", _("Given")
    IN_PROGRESS = "in_progress", _("In progress")
    REPORTED = "reported", _("Reported")
    DISCUSSED = "discussed", _("Discussed")


class InterimTask(WorkflowModel):
    """Given at a visit, reported by the process leader in two minutes, first thing next time."""

    machine_slug = "uppgift"
    State = TaskState

    class Course(models.TextChoices):
        """How it went: a word to begin the talk with, and no grade."""

        DONE = "done", _("We have done it")
        PARTLY = "partly", _("We have done some of it")
        CHANGED = "changed", _("We did something else instead")
        NOT_DONE = "not_done", _("It was not done")

    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="tasks")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="tasks")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = StateField(_("state"), choices=TaskState.choices, default=State.GIVEN)
    text = ProseField(_("task"))
    # The next visit to the unit; then it is talked about.
    due_on = models.DateField(_("until"), null=True, blank=True)
    course = models.CharField(_("how it went"), max_length=20, choices=Course.choices, blank=True)
    report = ProseField(_("what we saw"), blank=True)
    reported_on = models.DateField(_("reported on"), null=True, blank=True)

    objects = WorkflowQuerySet.as_manager()

    class Meta(WorkflowModel.Meta):
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ("due_on", "id")
        constraints = [
            state_constraint("task", TaskState),
            models.CheckConstraint(name="task_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="task_reported_has_course",
                condition=~Q(state="reported") | ~Q(course=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"], name="task_due", condition=Q(due_on__isnull=False)
            ),
            models.Index(fields=["collaboration", "unit"], name="task_of_unit"),
        ]

    def __str__(self) -> str:
        return Truncator(self.text).words(8)

    def get_absolute_url(self) -> str:
        return reverse("interventions:task", args=[self.pk])

    @transition(
        field=state,
        source=State.GIVEN,
        target=State.IN_PROGRESS,
        permission=can_report_task,
        custom=step(_("We have begun"), is_exit=True),
    )
    def begin(self) -> None:
        pass

    @transition(
        field=state,
        source=[State.GIVEN, State.IN_PROGRESS],
        target=State.REPORTED,
        permission=can_report_task,
        custom=step(_("Tell how it went"), inputs=("course", "report"), stamps=("reported_on",)),
    )
    def report_back(self, *, course: str, report: str, reported_on: date) -> None:
        self.course = course
        self.report = report
        self.reported_on = reported_on
        self.due_on = None

    @transition(
        field=state,
        source=[State.GIVEN, State.IN_PROGRESS, State.REPORTED],
        target=State.DISCUSSED,
        permission=can_log_visit,
        custom=step(_("Note that we have talked about it")),
    )
    def discuss(self) -> None:
        """What was never reported is talked about all the same: trust comes first (R13)."""
        self.due_on = None
