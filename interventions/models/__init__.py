from interventions.models.agreement import IN_FORCE, PENDING, Agreement, AgreementState
from interventions.models.intervention import Intervention, InterventionState
from interventions.models.visit import LOG_WITHIN, Visit, VisitState

__all__ = [
    "IN_FORCE",
    "LOG_WITHIN",
    "PENDING",
    "Agreement",
    "AgreementState",
    "Intervention",
    "InterventionState",
    "Visit",
    "VisitState",
]
