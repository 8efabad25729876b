from reports.effects.finance import accounts_due, accounts_due_early
from reports.effects.schedule import OPENS_BEFORE, add_months, deadlines, out_of_july
from reports.effects.synthesis import begin_the_synthesis

__all__ = [
    "OPENS_BEFORE",
    "accounts_due",
    "accounts_due_early",
    "add_months",
    "begin_the_synthesis",
    "deadlines",
    "out_of_july",
]
