"""What the phases of a collaboration bring with them for its units' documents."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from notifications.working_days import next_working_day
from plans.models import ActionPlan, SituationAnalysis
from plans.queries import AnalysisSaid, PlanSaid, to_share
from sbs_workflow.effects import Change, after, before
from sbs_workflow.engine import perform
from sbs_workflow.models import Collaboration

ANALYSIS_TAKES = timedelta(days=150)  # the first term or two: VAL, VIN
PLAN_TAKES = timedelta(days=60)  # months 8 to 11 of the default case: domain.md 2.1


@after((Collaboration, "start_analysis"))
def begin_analyses(change: Change) -> None:
    """One nulägesanalys for each unit and one for the administration."""
    due_on = next_working_day(change.instance.analysis_starts_on + ANALYSIS_TAKES)
    _give_each_unit_one(SituationAnalysis, change.instance, due_on)


@after((Collaboration, "start_planning"))
def begin_plans(change: Change) -> None:
    """One åtgärdsplan for each unit and one for the administration.

    A unit that joined late has its analysis too: the problems that the goals answer stand there.
    """
    due_on = next_working_day(change.today + PLAN_TAKES)
    _give_each_unit_one(SituationAnalysis, change.instance, due_on)
    _give_each_unit_one(ActionPlan, change.instance, due_on)


def _give_each_unit_one(
    model: type[SituationAnalysis] | type[ActionPlan], collaboration: Collaboration, due_on: date
) -> None:
    for participation in collaboration.participations.filter(left_on=None):
        model.objects.get_or_create(
            collaboration=collaboration,
            unit_id=participation.unit_id,
            defaults={"due_on": due_on},
        )


@before((SituationAnalysis, "share"))
def keep_what_is_shared(change: Change) -> None:
    """Others read the problems as they were shared, while they are reworked."""
    analysis: SituationAnalysis = change.instance
    analysis.as_shared |= to_share(AnalysisSaid.of(analysis))


@before((ActionPlan, "share"))
def keep_the_shared_goals(change: Change) -> None:
    plan: ActionPlan = change.instance
    plan.as_shared |= to_share(PlanSaid.of(plan))


@before((ActionPlan, "adopt"))
def replace_the_plan_in_force(change: Change) -> None:
    """The old version stays readable, with its goals."""
    in_force = ActionPlan.objects.filter(
        collaboration=change.instance.collaboration,
        unit=change.instance.unit_id,
        state=ActionPlan.State.ADOPTED,
    )
    for older in in_force:
        perform(
            older.supersede,
            by=change.by,
            now=change.now,
            reason=_("Replaced by version %(version)s.") % {"version": change.instance.version},
        )
