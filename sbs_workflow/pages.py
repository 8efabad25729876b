"""What the pages about the objects of a collaboration have in common."""

from dataclasses import dataclass
from datetime import date

from notifications.duties import OpenDuty, open_duties
from organisations.models import User
from sbs_workflow.engine import Choice, choices
from sbs_workflow.models import Collaboration, TransitionRecord, WorkflowModel
from sbs_workflow.queries import Turn, whose_turn


@dataclass(frozen=True)
class ObjectPage:
    """What every page about one object of a collaboration shows around it."""

    collaboration: Collaboration
    duties: list[OpenDuty]
    turn: Turn | None
    choices: list[Choice]
    records: list[TransitionRecord]


def object_page(instance: WorkflowModel, user: User, today: date) -> ObjectPage:
    """The frame of a page about ``instance`` (two queries, and those of its open gates)."""
    collaboration = instance.collaboration
    duties = open_duties(today, scopes=[collaboration.pk])
    return ObjectPage(
        collaboration=collaboration,
        duties=duties,
        turn=whose_turn(collaboration.state, duties, today),
        choices=choices(instance, user, today),
        records=list(
            TransitionRecord.objects.filter(object_id=instance.pk).select_related("by")[:20]
        ),
    )
