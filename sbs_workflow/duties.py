"""What is owed about a collaboration as a whole."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from notifications.duties import days, duty
from organisations.models import Role
from sbs_workflow.models import LIVE, Collaboration, Participation

# The parts of a case are owed only while the case itself goes on; asked when a
# duty is shown or a reminder leaves, never when reminders are planned.
WHILE_LIVE = Q(collaboration__state__in=[state.value for state in LIVE])
# What a unit owes ends when the unit leaves.
WHILE_TAKING_PART = WHILE_LIVE & Q(
    Exists(
        Participation.objects.filter(
            collaboration=OuterRef("collaboration_id"), unit=OuterRef("unit_id"), left_on=None
        )
    )
)


@duty(
    "sbs_workflow.answer-offer",
    label=_("Answer the offer to take part"),
    why=_("The agency has offered your school authority to take part and waits for an answer."),
    owed_by=(Role.HEAD_OF_AUTHORITY,),
    opens=days(28),
    steps=(days(-14), days(-3), days(7)),
    action="portfolio:collaboration",
    scope="id",
    scope_name=F("name"),
)
def answer_offer() -> QuerySet[Collaboration]:
    """Reply within four weeks (inferred: domain.md 2.3)."""
    return Collaboration.objects.filter(state=Collaboration.State.OFFERED, due_on__isnull=False)
