from reports.actions.blanks import activate_form, keep_form, name_questions, use_shipped_form
from reports.actions.deviations import Where, next_three_party_meeting, take_up_deviations
from reports.actions.finance import write_account, write_contact
from reports.actions.history import (
    Brought,
    BroughtAccount,
    BroughtColour,
    BroughtIn,
    BroughtInsats,
    import_history,
)
from reports.actions.rounds import reply, return_report
from reports.actions.synthesis import (
    choose_sentence,
    move_sentence,
    take_away_sentence,
    write_passage,
    write_synthesis,
)
from reports.actions.writing import Key, Said, write_answers

__all__ = [
    "Brought",
    "BroughtAccount",
    "BroughtColour",
    "BroughtIn",
    "BroughtInsats",
    "Key",
    "Said",
    "Where",
    "activate_form",
    "choose_sentence",
    "import_history",
    "keep_form",
    "move_sentence",
    "name_questions",
    "next_three_party_meeting",
    "reply",
    "return_report",
    "take_away_sentence",
    "take_up_deviations",
    "use_shipped_form",
    "write_account",
    "write_answers",
    "write_contact",
    "write_passage",
    "write_synthesis",
]
