"""What is owed about the agreement, the insatser and the visits."""

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from interventions.models import (
    IN_FORCE,
    Agreement,
    AssignmentPlan,
    InterimTask,
    Intervention,
    Visit,
)
from notifications.duties import after, days, duty, working_days
from organisations.models import Role
from sbs_workflow.duties import WHILE_LIVE


def _agreements(*states: str) -> QuerySet[Agreement]:
    return Agreement.objects.filter(state__in=states, due_on__isnull=False)


@duty(
    "interventions.propose-agreement",
    label=_("Propose the agreement"),
    why=_("The agency proposes the agreement on insatser."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(60),
    steps=(days(-14), days(1)),
    escalation=(after(days(14), Role.AGENCY_MANAGER),),
    action="interventions:agreement",
    standing=WHILE_LIVE,
)
def propose_agreement() -> QuerySet[Agreement]:
    return _agreements(Agreement.State.DRAFT, Agreement.State.RETURNED)


@duty(
    "interventions.sign-for-organiser",
    label=_("Read and sign the agreement"),
    why=_("The agency has proposed an agreement and waits for your signature."),
    owed_by=(Role.HEAD_OF_AUTHORITY,),
    opens=days(60),
    steps=(working_days(-15), working_days(-3), working_days(3)),
    escalation=(after(working_days(10), Role.PROCESS_SUPPORTER),),
    formal=True,
    action="interventions:agreement",
    standing=WHILE_LIVE,
)
def sign_for_organiser() -> QuerySet[Agreement]:
    return _agreements(Agreement.State.PROPOSED)


@duty(
    "interventions.sign-for-agency",
    label=_("Sign the agreement"),
    why=_("The school authority has signed the agreement."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(60),
    steps=(working_days(-15), working_days(-3), working_days(3)),
    escalation=(after(working_days(10), Role.AGENCY_MANAGER),),
    formal=True,
    action="interventions:agreement",
    standing=WHILE_LIVE,
)
def sign_for_agency() -> QuerySet[Agreement]:
    return _agreements(Agreement.State.COUNTERSIGNED)


@duty(
    "interventions.extend-or-end",
    label=_("Extend the agreement, or let it end"),
    why=_("The agreement comes to its end. Whoever wants to go on says so in time."),
    owed_by=(Role.PROCESS_SUPPORTER, Role.HEAD_OF_AUTHORITY, Role.TEAM_LEADER),
    opens=days(90),
    steps=(days(-90), days(-60), days(-30)),
    rule="R15",
    escalation=(after(days(-30), Role.AGENCY_MANAGER),),
    action="interventions:agreement",
    standing=WHILE_LIVE,
)
def extend_or_end() -> QuerySet[Agreement]:
    """R15 (inferred); an agreement in force is due when it ends, until its end is confirmed."""
    return _agreements(*IN_FORCE)


@duty(
    "interventions.plan-visit",
    label=_("Plan the month's visit"),
    why=_("The university is on site about one day a month."),
    owed_by=(Role.TEAM_LEADER,),
    opens=days(20),
    steps=(days(-10),),
    rule="R7",
    escalation=(after(days(0), Role.UNIVERSITY_LEAD),),
    action="interventions:plan_visit",
    standing=WHILE_LIVE,
)
def plan_visit() -> QuerySet[Visit]:
    """R7: on the 15th of the month before, and on the 25th the lead (KAU 2018; days inferred)."""
    return Visit.objects.filter(state=Visit.State.NEEDED, due_on__isnull=False)


@duty(
    "interventions.log-visit",
    label=_("Log the visit"),
    why=_("The day of the visit has passed. What is logged now need not be remembered later."),
    owed_by=(Role.EDUCATION_LEADER, Role.TEAM_LEADER),
    opens=working_days(3),
    steps=(working_days(0), working_days(4)),
    rule="R12",
    escalation=(after(working_days(7), Role.TEAM_LEADER),),
    action="interventions:log_visit",
    standing=WHILE_LIVE,
)
def log_visit() -> QuerySet[Visit]:
    """R12: 3 and 7 working days after the visit, 10 for the team leader alone (inferred).

    The team leader is one of the education leaders (KAU 2018).
    """
    return Visit.objects.filter(
        state__in=[Visit.State.PLANNED, Visit.State.CONFIRMED, Visit.State.DONE],
        due_on__isnull=False,
    )


@duty(
    "interventions.send-assignment",
    label=_("Send the assignment plan"),
    why=_("The university needs to know what it is to do, and on how many days."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(60),
    steps=(working_days(-5), working_days(1)),
    escalation=(after(working_days(10), Role.AGENCY_MANAGER),),
    action="interventions:assignment",
    standing=WHILE_LIVE,
)
def send_assignment() -> QuerySet[AssignmentPlan]:
    states = [AssignmentPlan.State.DRAFT, AssignmentPlan.State.RETURNED]
    return AssignmentPlan.objects.filter(state__in=states, due_on__isnull=False)


@duty(
    "interventions.confirm-assignment",
    label=_("Confirm the assignment plan"),
    why=_("The agency has sent an assignment plan and waits for your team and days."),
    owed_by=(Role.TEAM_LEADER, Role.UNIVERSITY_LEAD),
    opens=days(60),
    steps=(working_days(-15), working_days(-3), working_days(3)),
    escalation=(after(working_days(10), Role.PROCESS_SUPPORTER),),
    action="interventions:assignment",
    standing=WHILE_LIVE,
)
def confirm_assignment() -> QuerySet[AssignmentPlan]:
    return AssignmentPlan.objects.filter(state=AssignmentPlan.State.SENT, due_on__isnull=False)


@duty(
    "interventions.settle-deviation",
    label=_("Settle the deviation"),
    why=_("A deviation from the agreement is accepted, or the agreement is amended."),
    owed_by=(Role.PROCESS_SUPPORTER, Role.HEAD_OF_AUTHORITY),
    opens=days(60),
    steps=(working_days(-10), working_days(0)),
    rule="R5",
    escalation=(after(days(2), Role.AGENCY_MANAGER, Role.HEAD_OF_AUTHORITY),),
    action="interventions:intervention",
    standing=WHILE_LIVE,
    subject=F("name"),
)
def settle_deviation() -> QuerySet[Intervention]:
    """R5: 10 and 20 working days after it was reported, and after 30 days (inferred)."""
    return Intervention.objects.filter(
        state=Intervention.State.DEVIATION_OPEN, due_on__isnull=False
    )


@duty(
    "interventions.report-task",
    label=_("Tell how the task went"),
    why=_("What you have tried since the last visit is where the next one begins."),
    owed_by=(Role.PROCESS_LEADER, Role.PRINCIPAL),
    opens=days(14),
    steps=(days(-14), working_days(-3)),
    rule="R13",
    action="interventions:task",
    standing=WHILE_LIVE,
    unit="unit_id",
    subject=F("unit__name"),
)
def report_task() -> QuerySet[InterimTask]:
    """R13: halfway to the next visit and three working days before it; nobody is told further."""
    states = [InterimTask.State.GIVEN, InterimTask.State.IN_PROGRESS]
    return InterimTask.objects.filter(state__in=states, due_on__isnull=False)
