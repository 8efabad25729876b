"""What is owed about a collaboration as a whole."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from notifications.duties import days, duty, working_days
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


def _cases(state: str) -> QuerySet[Collaboration]:
    return Collaboration.objects.filter(state=state, due_on__isnull=False)


@duty(
    "sbs_workflow.make-offer",
    label=_("Make the offer, or leave it"),
    why=_("The school authority is a candidate and has not heard from the agency."),
    owed_by=(Role.AGENCY_MANAGER,),
    opens=days(30),
    steps=(days(-7), days(7)),
    action="portfolio:collaboration",
    scope="id",
    scope_name=F("name"),
)
def make_offer() -> QuerySet[Collaboration]:
    return _cases(Collaboration.State.CANDIDATE)


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
    return _cases(Collaboration.State.OFFERED)


@duty(
    "sbs_workflow.start-analysis",
    label=_("Start the situation analysis"),
    why=_("The school authority has accepted and waits for the agency to begin."),
    owed_by=(Role.PROCESS_SUPPORTER, Role.AGENCY_MANAGER),
    opens=days(30),
    steps=(working_days(-5), working_days(5)),
    action="portfolio:collaboration",
    scope="id",
    scope_name=F("name"),
)
def start_analysis() -> QuerySet[Collaboration]:
    return _cases(Collaboration.State.ACCEPTED)


@duty(
    "sbs_workflow.start-interventions",
    label=_("Start the interventions"),
    why=_("All is agreed, and the units wait for the university."),
    owed_by=(Role.TEAM_LEADER, Role.UNIVERSITY_LEAD),
    opens=days(30),
    steps=(working_days(-5), working_days(5)),
    action="portfolio:collaboration",
    scope="id",
    scope_name=F("name"),
)
def start_interventions() -> QuerySet[Collaboration]:
    return _cases(Collaboration.State.AGREED)


@duty(
    "sbs_workflow.follow-up",
    label=_("Ask what still stands"),
    why=_("Half a year to a year after the end the agency asks what still stands."),
    owed_by=(Role.PROCESS_SUPPORTER, Role.AGENCY_MANAGER),
    opens=days(180),
    steps=(days(-30), days(14)),
    action="portfolio:collaboration",
    scope="id",
    scope_name=F("name"),
)
def follow_up() -> QuerySet[Collaboration]:
    """6 to 12 months after the end (inferred; ALV23)."""
    return _cases(Collaboration.State.CLOSED)
