from reports.effects.reports import OPENS_BEFORE, add_months, deadlines, out_of_july

__all__ = ["OPENS_BEFORE", "add_months", "deadlines", "out_of_july"]
