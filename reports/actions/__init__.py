from reports.actions.blanks import activate_form, keep_form
from reports.actions.rounds import reply, return_report
from reports.actions.writing import Key, Said, write_answers

__all__ = [
    "Key",
    "Said",
    "activate_form",
    "keep_form",
    "reply",
    "return_report",
    "write_answers",
]
