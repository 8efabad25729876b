"""What is owed of the mappings, and of the agency's report to the government."""

from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from assessments.models import CHECKS, CapacityMapping, GovernmentReport
from notifications.duties import after, days, duty
from organisations.models import Role
from sbs_workflow.duties import WHILE_LIVE

State = CapacityMapping.State
EVERY_OTHER_WEEK = tuple(days(14 * number) for number in range(5))


def _mappings(state: str) -> QuerySet[CapacityMapping]:
    return CapacityMapping.objects.filter(state=state, due_on__isnull=False)


@duty(
    "assessments.begin-mapping",
    label=_("Begin the mapping of improvement capacity"),
    why=_("It is done with the school authority at the start and again at the end."),
    owed_by=(Role.TEAM_LEADER,),
    opens=days(28),
    steps=EVERY_OTHER_WEEK,
    rule="R14",
    escalation=(after(days(28), Role.UNIVERSITY_LEAD),),
    action="assessments:mapping",
    standing=WHILE_LIVE,
)
def begin_mapping() -> QuerySet[CapacityMapping]:
    """R14: due 4 weeks after the start and 10 weeks before the end (inferred)."""
    return _mappings(State.NOT_BEGUN)


@duty(
    "assessments.finish-mapping",
    label=_("Finish the mapping of improvement capacity"),
    why=_("The mapping is begun. It helps all three once it is shared."),
    owed_by=(Role.TEAM_LEADER,),
    opens=days(42),
    steps=EVERY_OTHER_WEEK,
    rule="R14",
    escalation=(after(days(28), Role.UNIVERSITY_LEAD),),
    action="assessments:mapping",
    standing=WHILE_LIVE,
)
def finish_mapping() -> QuerySet[CapacityMapping]:
    """R14: six weeks after it was begun (inferred)."""
    return _mappings(State.BEGUN)


@duty(
    "assessments.check-data",
    label=_("Check the data for the report to the government"),
    why=_("What is missing in a collaboration is easier to find now than in March."),
    owed_by=(Role.AGENCY_MANAGER,),
    opens=days(14),
    steps=(days(0), days(7), days(14)),
    rule="R17",
    formal=True,
    action="assessments:government_report",
    scope="agency_id",
    scope_name=F("agency__name"),
    subject=Cast("year", CharField()),
)
def check_data() -> QuerySet[GovernmentReport]:
    """R17: 15 December, January and February; the manager is told at once (inferred)."""
    return GovernmentReport.objects.filter(checks_done__lt=len(CHECKS), due_on__isnull=False)


@duty(
    "assessments.submit-government-report",
    label=_("Send the report to the government"),
    why=_("The agency reports every year by 15 March."),
    owed_by=(Role.AGENCY_MANAGER,),
    opens=days(28),
    steps=(days(-28), days(-14), days(-7), days(-1), days(1), days(5)),
    rule="R17",
    formal=True,
    action="assessments:government_report",
    scope="agency_id",
    scope_name=F("agency__name"),
    subject=Cast("year", CharField()),
)
def submit_government_report() -> QuerySet[GovernmentReport]:
    """R17 (INT19; the steps are inferred)."""
    return GovernmentReport.objects.filter(checks_done=len(CHECKS), due_on__isnull=False)
