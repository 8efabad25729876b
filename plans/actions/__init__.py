from plans.actions.documents import revise_plan, write_document
from plans.actions.goals import drop_goal, write_goal
from plans.actions.imports import import_colour, import_problem
from plans.actions.problems import note_evidence, remove_evidence, remove_problem, write_problem
from plans.actions.ratings import agree_on_colour, rate_goal

__all__ = [
    "agree_on_colour",
    "drop_goal",
    "import_colour",
    "import_problem",
    "note_evidence",
    "rate_goal",
    "remove_evidence",
    "remove_problem",
    "revise_plan",
    "write_document",
    "write_goal",
    "write_problem",
]
