from reports.effects.finance import accounts_due
from reports.effects.reports import OPENS_BEFORE, add_months, deadlines, out_of_july
from reports.effects.synthesis import begin_the_synthesis
from reports.effects.university import schedule_university_reports

__all__ = [
    "OPENS_BEFORE",
    "accounts_due",
    "add_months",
    "begin_the_synthesis",
    "deadlines",
    "out_of_july",
    "schedule_university_reports",
]
