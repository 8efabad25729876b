from sbs_workflow.models.authorities import SchoolAuthority
from sbs_workflow.models.collaboration import OFFER_WITHIN, Collaboration
from sbs_workflow.models.gaps import NEEDED_ROLES, AddressTrouble, Vacancy, due_when_noticed
from sbs_workflow.models.handover import Handover
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
    "NEEDED_ROLES",
    "OFFER_WITHIN",
    "UNDER_WAY",
    "WORKING",
    "AddressTrouble",
    "Assignment",
    "Collaboration",
    "CollaborationState",
    "Guard",
    "Handover",
    "Participation",
    "Phase",
    "Promise",
    "SchoolAuthority",
    "StateField",
    "Step",
    "TransitionRecord",
    "Vacancy",
    "WorkflowModel",
    "WorkflowQuerySet",
    "due_when_noticed",
    "phase_of",
    "state_constraint",
    "step",
]
