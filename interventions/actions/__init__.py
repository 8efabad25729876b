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
from interventions.actions.earlier import (
    earlier_of_unit,
    keep_earlier_account,
    keep_earlier_insats,
    same_insats,
    take_back_earlier_insats,
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
    "earlier_of_unit",
    "finish_visit",
    "keep_earlier_account",
    "keep_earlier_insats",
    "link_intervention",
    "log_unplanned_visit",
    "log_visit",
    "move_visit",
    "next_assignment",
    "plan_visit",
    "revise_assignment",
    "same_insats",
    "take_back_earlier_insats",
    "write_agreement",
    "write_assignment",
    "write_outline",
    "write_payment_plan",
    "write_terms",
]
