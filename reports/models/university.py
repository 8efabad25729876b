"""The own del- och slutrapport of the lärosäte (domain.md 2.10, KAU 2018)."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import transition

from organisations.models import Party, Role, User
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

# The team leader writes it, and the rest of the team may help.
UNIVERSITY_WRITERS = (Role.TEAM_LEADER, Role.EDUCATION_LEADER, Role.UNIVERSITY_LEAD)


class UniversityReportState(models.TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    CLOSED = "closed", pgettext_lazy("university report", "Read and closed")
    WAIVED = "waived", _("Waived")


class UniversityReportQuerySet(WorkflowQuerySet):
    def visible_to(self, user: User) -> Self:
        """A draft is the lärosäte's own until it has been submitted (domain.md 2.2)."""
        cases, organisations, _units = roles_held(user).scopes_of(UNIVERSITY_WRITERS)
        own = Q(collaboration__in=cases) | Q(collaboration__university__in=organisations)
        never_shared = Q(state=UniversityReportState.DRAFT, received_at__isnull=True)
        return super().visible_to(user).filter(own | ~never_shared)


class UniversityReport(WrittenReport):
    """What the lärosäte itself has done and seen; not the same as the huvudman's redovisning."""

    machine_slug = "larosatesrapport"
    State = UniversityReportState
    WRITTEN_BY = Party.UNIVERSITY
    BEING_WRITTEN: ClassVar[tuple[str, ...]] = (State.DRAFT,)
    DELIVERED: ClassVar[tuple[str, ...]] = (State.SUBMITTED, State.CLOSED)
    PREFIX = "university_"
    TEMPLATE = "reports/university_report.html"

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="university_reports"
    )
    state = StateField(_("state"), choices=UniversityReportState.choices, default=State.SCHEDULED)

    objects = UniversityReportQuerySet.as_manager()

    class Meta(WrittenReport.Meta):
        verbose_name = _("university's report")
        verbose_name_plural = _("university's reports")
        constraints = [
            state_constraint("university_report", UniversityReportState),
            models.UniqueConstraint(
                fields=["collaboration", "kind", "number"], name="university_report_once"
            ),
            models.CheckConstraint(
                name="university_report_submitted_was_received",
                condition=~Q(state__in=["submitted", "closed"]) | Q(received_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"],
                name="university_report_due",
                condition=Q(due_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        if self.kind == self.Kind.FINAL:
            return str(_("The university's final report"))
        return _("The university's interim report %(number)s") % {"number": self.number}

    @property
    def signed_by(self) -> str:
        university = self.collaboration.university
        return university.name if university else ""

    @property
    def by_the_same(self) -> Any:
        return UniversityReport.objects.filter(collaboration=self.collaboration_id)

    @property
    def is_open_for_writing(self) -> bool:
        return self.state == self.State.DRAFT

    @transition(
        field=state,
        source=State.SCHEDULED,
        target=State.DRAFT,
        permission=time_itself,
        custom=step(_("The university's report opens")),
    )
    def open(self) -> None:
        self.due_on = self.deadline_on

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.SUBMITTED,
        conditions=[Guard(lambda report: report.has_an_answer(), _("Write in the report first."))],
        permission=holds(Role.TEAM_LEADER, Role.UNIVERSITY_LEAD),
        custom=step(_("Submit to all three parties"), stamps=("received_at",)),
    )
    def submit(self, *, received_at: datetime) -> None:
        """From now on the huvudman and the agency read it."""
        self._receive(received_at)

    @transition(
        field=state,
        source=State.SUBMITTED,
        target=State.DRAFT,
        permission=holds(Role.TEAM_LEADER, Role.UNIVERSITY_LEAD),
        custom=step(_("Take back and mend"), needs_reason=True, is_exit=True),
    )
    def take_back(self) -> None:
        """What was submitted stays readable until the mended report is submitted."""
        self.rounds += 1
        self.due_on = self.deadline_on

    @transition(
        field=state,
        source=State.SUBMITTED,
        target=State.CLOSED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Note that the report is read")),
    )
    def close(self) -> None:
        self.due_on = None

    @transition(
        field=state,
        source=[State.SCHEDULED, State.DRAFT],
        target=State.WAIVED,
        permission=holds(Role.AGENCY_MANAGER),
        custom=step(_("Do without the report"), needs_reason=True, is_exit=True),
    )
    def waive(self) -> None:
        """The agency has commissioned it, and may do without it."""
        self.due_on = None
