from reminders.queries.coming import CHOSEN_OUT, ComingRow, coming_to, preview
from reminders.queries.owed import LetBe, exemptions_from, let_be_in, owed_about, owes, waits_of
from reminders.queries.rows import (
    DutyRow,
    OwnDutyRow,
    PartyDutyRow,
    duties_of,
    number_of_duties,
    party_owing,
)
from reminders.queries.rules import RuleRow, in_words, role_names, rules

__all__ = [
    "CHOSEN_OUT",
    "ComingRow",
    "DutyRow",
    "LetBe",
    "OwnDutyRow",
    "PartyDutyRow",
    "RuleRow",
    "coming_to",
    "duties_of",
    "exemptions_from",
    "in_words",
    "let_be_in",
    "number_of_duties",
    "owed_about",
    "owes",
    "party_owing",
    "preview",
    "role_names",
    "rules",
    "waits_of",
]
