"""Both mappings exist as soon as the interventions do (domain.md 4.2, R14)."""

from datetime import date, timedelta

from assessments.models import CapacityMapping, Round
from notifications.working_days import next_working_day
from sbs_workflow.effects import Change, after
from sbs_workflow.models import Collaboration

AFTER_THE_START = timedelta(weeks=4)
BEFORE_THE_END = timedelta(weeks=10)


@after((Collaboration, "start_interventions"))
def owe_both_mappings(change: Change) -> None:
    case: Collaboration = change.instance
    assert case.interventions_start_on is not None
    assert case.interventions_end_on is not None
    due = {
        Round.START: next_working_day(case.interventions_start_on + AFTER_THE_START),
        Round.END: before_the_end(case.interventions_end_on),
    }
    for number, due_on in due.items():
        CapacityMapping.objects.get_or_create(
            collaboration=case, round=number, defaults={"due_on": due_on}
        )


def before_the_end(ends_on: date) -> date:
    return next_working_day(ends_on - BEFORE_THE_END)


@after((Collaboration, "extend"))
def follow_the_new_end(change: Change) -> None:
    CapacityMapping.objects.filter(
        collaboration=change.instance,
        round=Round.END,
        state=CapacityMapping.State.NOT_BEGUN,
    ).update(due_on=before_the_end(change.instance.interventions_end_on))
