from interventions.actions.agreement import (
    amend_agreement,
    drop_terms,
    write_agreement,
    write_payment_plan,
    write_terms,
)
from interventions.actions.assignment import (
    answer_assignment,
    next_assignment,
    revise_assignment,
    write_assignment,
)
from interventions.actions.interventions import adapt_outline, link_intervention, write_outline
from interventions.actions.visits import (
    Log,
    PromiseMade,
    TaskGiven,
    finish_visit,
    log_unplanned_visit,
    log_visit,
    move_visit,
    plan_visit,
)

__all__ = [
    "Log",
    "PromiseMade",
    "TaskGiven",
    "adapt_outline",
    "amend_agreement",
    "answer_assignment",
    "drop_terms",
    "finish_visit",
    "link_intervention",
    "log_unplanned_visit",
    "log_visit",
    "move_visit",
    "next_assignment",
    "plan_visit",
    "revise_assignment",
    "write_agreement",
    "write_assignment",
    "write_outline",
    "write_payment_plan",
    "write_terms",
]
