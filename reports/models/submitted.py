"""What every report has in common, of the work or of the money."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.working_days import add_working_days
from sbs_workflow.models import Guard, WorkflowModel

READ_WITHIN = 20  # working days, domain.md 2.9
COMPLETE_WITHIN = 10  # working days, domain.md 2.9
ROUNDS_AT_MOST = 2  # then a meeting, domain.md 2.9


class SubmittedReport(WorkflowModel):
    """One party writes it and the others read what they have received, frozen in its ``copies``."""

    # The states in which it is written; the others then read what they have received, if anything.
    BEING_WRITTEN: ClassVar[tuple[str, ...]]

    # The day the report itself is due; ``due_on`` is when whatever comes next is owed.
    deadline_on = models.DateField(_("deadline"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    # How often it has come back to whoever writes it.
    rounds = models.PositiveSmallIntegerField(_("times returned"), default=0)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)

    copies: Any

    class Meta(WorkflowModel.Meta):
        abstract = True

    @property
    def is_being_written(self) -> bool:
        return self.state in self.BEING_WRITTEN

    def _receive(self, received_at: datetime) -> None:
        """Received the day it reaches whoever reads it (domain.md 6.1)."""
        self.received_at = received_at
        self.due_on = add_working_days(timezone.localtime(received_at).date(), READ_WITHIN)

    def _return(self, returned_on: date) -> None:
        self.rounds += 1
        self.due_on = add_working_days(returned_on, COMPLETE_WITHIN)


MAY_BE_RETURNED = Guard(
    lambda report: report.rounds < ROUNDS_AT_MOST,
    _("It has been returned twice. Talk about it in a meeting instead."),
)
QUESTIONS_ARE_ANSWERED = Guard(
    lambda report: not report.has_open_questions(),
    _("Reply to the questions of the agency first."),
)
