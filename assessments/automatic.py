"""The report to the government exists before its first check is due."""

from datetime import date, datetime

from assessments.models import CHECKS, GovernmentReport
from notifications.automatic import each_tick
from notifications.clock import local_date
from organisations.models import Organisation, Party


@each_tick
def open_government_reports(now: datetime) -> int:
    """One for every agency and year; where the system comes late, the checks begin next year."""
    first_check = date(local_date(now).year, *CHECKS[0])
    if local_date(now) > first_check:
        first_check = first_check.replace(year=first_check.year + 1)
    year = first_check.year + 1
    without = Organisation.objects.filter(party=Party.AGENCY).exclude(government_reports__year=year)
    reports = [GovernmentReport(agency=each, year=year, due_on=first_check) for each in without]
    GovernmentReport.objects.bulk_create(reports, ignore_conflicts=True)
    return len(reports)
