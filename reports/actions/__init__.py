from reports.actions.blanks import activate_form, keep_form
from reports.actions.finance import write_account, write_contact
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
    "Key",
    "Said",
    "activate_form",
    "choose_sentence",
    "keep_form",
    "move_sentence",
    "reply",
    "return_report",
    "take_away_sentence",
    "write_account",
    "write_answers",
    "write_contact",
    "write_passage",
    "write_synthesis",
]
