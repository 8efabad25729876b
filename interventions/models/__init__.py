from interventions.models.agreement import (
    IN_FORCE,
    PENDING,
    Agreement,
    AgreementState,
    Instalment,
    ReportingDate,
)
from interventions.models.assignment import AssignmentPlan, AssignmentState, PlannedMonth
from interventions.models.earlier import EarlierAccount, EarlierInsats
from interventions.models.intervention import (
    Deviation,
    Intervention,
    InterventionState,
    Outline,
)
from interventions.models.task import InterimTask, TaskState
from interventions.models.terms import Terms
from interventions.models.visit import LOG_WITHIN, Touch, Visit, VisitState

__all__ = [
    "IN_FORCE",
    "LOG_WITHIN",
    "PENDING",
    "Agreement",
    "AgreementState",
    "AssignmentPlan",
    "AssignmentState",
    "Deviation",
    "EarlierAccount",
    "EarlierInsats",
    "Instalment",
    "InterimTask",
    "Intervention",
    "InterventionState",
    "Outline",
    "PlannedMonth",
    "ReportingDate",
    "TaskState",
    "Terms",
    "Touch",
    "Visit",
    "VisitState",
]
