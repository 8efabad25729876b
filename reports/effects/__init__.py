from reports.effects.finance import accounts_due
from reports.effects.schedule import OPENS_BEFORE, add_months, deadlines, out_of_july
from reports.effects.synthesis import begin_the_synthesis

__all__ = [
    "OPENS_BEFORE",
    "accounts_due",
    "add_months",
    "begin_the_synthesis",
    "deadlines",
    "out_of_july",
]
