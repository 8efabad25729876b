"""What the units owe: their nulägesanalys and their åtgärdsplan."""

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from notifications.duties import after, days, duty
from organisations.models import Role
from plans.models import ActionPlan, SituationAnalysis
from sbs_workflow.duties import WHILE_TAKING_PART

STEPS = (days(-30), days(-7), days(1), days(14))
# No rule of domain.md 4.2: as in the rules of reports, one's own party is told first (inferred).
LADDER = (after(days(14), Role.HEAD_OF_AUTHORITY), after(days(28), Role.PROCESS_SUPPORTER))


@duty(
    "plans.share-analysis",
    label=_("Share the situation analysis"),
    why=_("The situation analysis of your unit is to be shared before the action plan begins."),
    owed_by=(Role.PRINCIPAL,),
    opens=days(150),
    steps=STEPS,
    escalation=LADDER,
    action="plans:analysis",
    standing=WHILE_TAKING_PART,
    unit="unit_id",
    subject=F("unit__name"),
)
def share_analysis() -> QuerySet[SituationAnalysis]:
    return SituationAnalysis.objects.filter(
        state__in=[SituationAnalysis.State.NOT_STARTED, SituationAnalysis.State.IN_PROGRESS],
        due_on__isnull=False,
    )


@duty(
    "plans.adopt-plan",
    label=_("Adopt the action plan"),
    why=_("The action plan of your unit is to be adopted before the agreement is made."),
    owed_by=(Role.PRINCIPAL,),
    opens=days(60),
    steps=STEPS,
    escalation=LADDER,
    action="plans:plan",
    standing=WHILE_TAKING_PART,
    unit="unit_id",
    subject=F("unit__name"),
)
def adopt_plan() -> QuerySet[ActionPlan]:
    return ActionPlan.objects.filter(
        state__in=[ActionPlan.State.DRAFT, ActionPlan.State.SHARED, ActionPlan.State.DISCUSSED],
        due_on__isnull=False,
    )
