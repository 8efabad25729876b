from sbs_workflow.models.collaboration import OFFER_WITHIN, Collaboration
from sbs_workflow.models.people import Assignment, Participation
from sbs_workflow.models.phases import (
    LIVE,
    UNDER_WAY,
    WORKING,
    CollaborationState,
    Phase,
    phase_of,
)
from sbs_workflow.models.promises import Promise
from sbs_workflow.models.records import TransitionRecord
from sbs_workflow.models.workflow import (
    Guard,
    StateField,
    Step,
    WorkflowModel,
    WorkflowQuerySet,
    state_constraint,
    step,
)

__all__ = [
    "LIVE",
    "OFFER_WITHIN",
    "UNDER_WAY",
    "WORKING",
    "Assignment",
    "Collaboration",
    "CollaborationState",
    "Guard",
    "Participation",
    "Phase",
    "Promise",
    "StateField",
    "Step",
    "TransitionRecord",
    "WorkflowModel",
    "WorkflowQuerySet",
    "phase_of",
    "state_constraint",
    "step",
]
