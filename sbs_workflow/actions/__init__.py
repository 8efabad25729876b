from sbs_workflow.actions.cases import (
    add_unit,
    alone_with,
    assign,
    assign_or_invite,
    create_collaboration,
    describe_collaboration,
    end_assignment,
    let_unit_leave,
    open_for_writing,
    settle_promise,
    write,
)
from sbs_workflow.actions.gaps import keep_address_troubles, keep_vacancies
from sbs_workflow.actions.leaving import Left, hand_over
from sbs_workflow.actions.mending import fill_vacancy, mend_address
from sbs_workflow.actions.school_calendar import adopt_suggestion, keep_period, remove_period

__all__ = [
    "Left",
    "add_unit",
    "adopt_suggestion",
    "alone_with",
    "assign",
    "assign_or_invite",
    "create_collaboration",
    "describe_collaboration",
    "end_assignment",
    "fill_vacancy",
    "hand_over",
    "keep_address_troubles",
    "keep_period",
    "keep_vacancies",
    "let_unit_leave",
    "mend_address",
    "open_for_writing",
    "remove_period",
    "settle_promise",
    "write",
]
