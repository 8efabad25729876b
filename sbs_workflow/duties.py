"""What is owed about a collaboration as a whole."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from notifications.duties import after, days, duty, working_days
from organisations.models import Party, Role
from sbs_workflow.models import (
    LIVE,
    AddressTrouble,
    Collaboration,
    Participation,
    Vacancy,
)

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
    escalation=(after(days(14), Role.AGENCY_MANAGER),),
    formal=True,
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
    escalation=(after(working_days(10), Role.PROCESS_SUPPORTER),),
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


# --- people who are missing -------------------------------------------------------------------


def _vacancies(role: Role) -> QuerySet[Vacancy]:
    return Vacancy.objects.filter(role=role, due_on__isnull=False)


NAME_SOMEBODY: dict[str, Any] = {
    "why": _("Nobody holds the role, and what it owes falls to the party's lead until then."),
    "rule": "R16",
    "opens": days(30),
    "steps": (working_days(0), working_days(5)),
    "action": "sbs_workflow:vacancy",
}
# Fifteen working days after it was noticed: ten after it was due.
LATE = working_days(10)


@duty(
    "sbs_workflow.name-process-supporter",
    label=_("Name a new process supporter"),
    owed_by=(Role.AGENCY_MANAGER,),
    escalation=(after(LATE, Role.HEAD_OF_AUTHORITY, Role.UNIVERSITY_LEAD),),
    standing=WHILE_LIVE,
    **NAME_SOMEBODY,
)
def name_process_supporter() -> QuerySet[Vacancy]:
    return _vacancies(Role.PROCESS_SUPPORTER)


@duty(
    "sbs_workflow.name-principal",
    label=_("Name a new principal"),
    owed_by=(Role.HEAD_OF_AUTHORITY,),
    escalation=(after(LATE, Role.AGENCY_MANAGER, Role.UNIVERSITY_LEAD),),
    standing=WHILE_TAKING_PART,
    subject=F("unit__name"),
    **NAME_SOMEBODY,
)
def name_principal() -> QuerySet[Vacancy]:
    return _vacancies(Role.PRINCIPAL)


@duty(
    "sbs_workflow.name-team-leader",
    label=_("Name a new team leader"),
    owed_by=(Role.UNIVERSITY_LEAD,),
    escalation=(after(LATE, Role.AGENCY_MANAGER, Role.HEAD_OF_AUTHORITY),),
    standing=WHILE_LIVE,
    **NAME_SOMEBODY,
)
def name_team_leader() -> QuerySet[Vacancy]:
    return _vacancies(Role.TEAM_LEADER)


def _troubles(party: Party) -> QuerySet[AddressTrouble]:
    return AddressTrouble.objects.filter(party=party, due_on__isnull=False)


MEND_ADDRESS: dict[str, Any] = {
    "label": _("See to it that mail arrives"),
    "why": _("Mail to this person comes back, so they are not reminded of anything."),
    "rule": "R16",
    "opens": days(30),
    "steps": (working_days(0), working_days(5)),
    "action": "sbs_workflow:addresstrouble",
    "standing": WHILE_LIVE,
    "subject": F("user__name"),
}


@duty("sbs_workflow.mend-address-for-agency", owed_by=(Role.AGENCY_MANAGER,), **MEND_ADDRESS)
def mend_address_for_agency() -> QuerySet[AddressTrouble]:
    return _troubles(Party.AGENCY)


@duty("sbs_workflow.mend-address-for-organiser", owed_by=(Role.HEAD_OF_AUTHORITY,), **MEND_ADDRESS)
def mend_address_for_organiser() -> QuerySet[AddressTrouble]:
    return _troubles(Party.ORGANISER)


@duty("sbs_workflow.mend-address-for-university", owed_by=(Role.UNIVERSITY_LEAD,), **MEND_ADDRESS)
def mend_address_for_university() -> QuerySet[AddressTrouble]:
    return _troubles(Party.UNIVERSITY)
