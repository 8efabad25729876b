"""Who writes a report, and who asks about one."""

from organisations.models import Role
from reports.models import (
    ACCOUNTANTS,
    SYNTHESIS_WRITERS,
    UNIVERSITY_WRITERS,
    WRITERS,
    UniversityReport,
    WrittenReport,
)
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, Permission, holds

can_write_report = holds(*WRITERS)
can_write_university_report = holds(*UNIVERSITY_WRITERS)
can_return_report = holds(*EVERY_AGENCY_ROLE)
can_take_up_deviations = holds(Role.PROCESS_SUPPORTER)
can_write_synthesis = holds(*SYNTHESIS_WRITERS)
can_keep_accounts = holds(*ACCOUNTANTS)


def can_write(report: WrittenReport) -> Permission:
    """Who writes this one: the unit and its huvudman, or the team of the lärosäte."""
    is_of_university = isinstance(report, UniversityReport)
    return can_write_university_report if is_of_university else can_write_report
