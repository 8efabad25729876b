"""Delredovisning and slutredovisning, one of each kind for every unit (domain.md 2.9 and 2.10)."""

from datetime import date, datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from organisations.models import Party, Role, Unit, User
from reports.models.submitted import MAY_BE_RETURNED, QUESTIONS_ARE_ANSWERED
from reports.models.written import WrittenReport
from sbs_workflow.models import (
    Collaboration,
    Guard,
    StateField,
    WorkflowQuerySet,
    state_constraint,
    step,
)
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, holds, roles_held, time_itself

# Who sends the report of a unit to the agency, or back to the unit.
SENDERS = (Role.HEAD_OF_AUTHORITY, Role.COORDINATOR)
WRITERS = (Role.PRINCIPAL, Role.PROCESS_LEADER, *SENDERS)


class ReportState(models.TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    OPEN = "open", _("Open for writing")
    UNIT_READY = "unit_ready", _("Ready in the unit")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for completion")
    ACCEPTED = "accepted", _("Accepted")
    WAIVED = "waived", _("Waived")


class ReportQuerySet(WorkflowQuerySet):
    def visible_to(self, user: User) -> Self:
        """Until it is submitted a report belongs to its unit and its huvudman."""
        held = roles_held(user)
        own = Q(unit__in=held.in_units) | Q(collaboration__organiser__in=held.in_organisations)
        return super().visible_to(user).filter(own | ~Q(state__in=Report.UNSUBMITTED))


class Report(WrittenReport):
    machine_slug = "redovisning"
    State = ReportState
    WRITTEN_BY = Party.ORGANISER
    # The states in which a report belongs to its unit and its huvudman.
    UNSUBMITTED: ClassVar[tuple[str, ...]] = (State.OPEN, State.UNIT_READY)
    BEING_WRITTEN: ClassVar[tuple[str, ...]] = (*UNSUBMITTED, State.RETURNED)
    RELATED: ClassVar[tuple[str, ...]] = ("unit",)

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="reports"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = StateField(_("state"), choices=ReportState.choices, default=State.SCHEDULED)
    returned_on = models.DateField(_("returned on"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta(WrittenReport.Meta):
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            state_constraint("report", ReportState),
            models.UniqueConstraint(
                fields=["collaboration", "unit", "kind", "number"], name="report_once"
            ),
            models.CheckConstraint(
                name="report_submitted_was_received",
                condition=~Q(state__in=["submitted", "returned", "accepted"])
                | Q(received_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"], name="report_due", condition=Q(due_on__isnull=False)
            ),
            models.Index(fields=["collaboration", "deadline_on"], name="report_of_collaboration"),
        ]

    def __str__(self) -> str:
        if self.kind == self.Kind.FINAL:
            return _("Final report, %(unit)s") % {"unit": self.unit}
        return _("Interim report %(number)s, %(unit)s") % {"number": self.number, "unit": self.unit}

    @property
    def signed_by(self) -> str:
        return self.unit.name

    @property
    def unit_kind(self) -> str:
        return self.unit.kind

    @property
    def by_the_same(self) -> ReportQuerySet:
        return Report.objects.filter(collaboration=self.collaboration_id, unit=self.unit_id)

    def has_open_questions(self) -> bool:
        return bool(self.questions.filter(round=self.rounds, reply="").exists())

    @property
    def is_open_for_writing(self) -> bool:
        return self.state in (self.State.OPEN, self.State.RETURNED)

    @transition(
        field=state,
        source=State.SCHEDULED,
        target=State.OPEN,
        permission=time_itself,
        custom=step(_("The report opens")),
    )
    def open(self) -> None:
        self.due_on = self.deadline_on

    @transition(
        field=state,
        source=State.OPEN,
        target=State.UNIT_READY,
        conditions=[Guard(lambda report: report.has_an_answer(), _("Write the report first."))],
        permission=holds(Role.PRINCIPAL, Role.HEAD_OF_AUTHORITY),
        custom=step(_("Mark as ready")),
    )
    def mark_ready(self) -> None:
        pass

    @transition(
        field=state,
        source=State.UNIT_READY,
        target=State.OPEN,
        permission=holds(*SENDERS),
        custom=step(_("Send back to the unit"), needs_reason=True, is_exit=True),
    )
    def send_back(self) -> None:
        pass

    @transition(
        field=state,
        source=[State.UNIT_READY, State.RETURNED],
        target=State.SUBMITTED,
        conditions=[QUESTIONS_ARE_ANSWERED],
        permission=holds(*SENDERS),
        custom=step(_("Submit to the agency"), stamps=("received_at",)),
    )
    def submit(self, *, received_at: datetime) -> None:
        self._receive(received_at)

    @transition(
        field=state,
        source=State.SUBMITTED,
        target=State.RETURNED,
        conditions=[MAY_BE_RETURNED],
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(
            _("Return for completion"),
            stamps=("returned_on",),
            needs_reason=True,
            is_exit=True,
            page="reports:return",
        ),
    )
    def return_for_completion(self, *, returned_on: date) -> None:
        self.returned_on = returned_on
        self._return(returned_on)

    @transition(
        field=state,
        source=State.SUBMITTED,
        target=State.ACCEPTED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Accept the report")),
    )
    def accept(self) -> None:
        self.due_on = None

    @transition(
        field=state,
        source=[State.SCHEDULED, State.OPEN],
        target=State.WAIVED,
        permission=holds(Role.AGENCY_MANAGER),
        custom=step(_("Waive the report"), needs_reason=True, is_exit=True),
    )
    def waive(self) -> None:
        self.due_on = None
