"""Who owes which report, and who owes an answer to one."""

from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from meetings.models import AgendaPoint
from notifications.duties import after, days, duty, working_days
from organisations.models import Role
from reports.models import (
    ACCOUNTANTS,
    SENDERS,
    SIGNATORY,
    SYNTHESIS_WRITERS,
    CollaborationSynthesis,
    FinancialReport,
    Report,
    ReportKind,
    UniversityReport,
)
from sbs_workflow.duties import WHILE_LIVE, WHILE_TAKING_PART
from sbs_workflow.models import CollaborationState, WorkflowModel

R = TypeVar("R", bound=WorkflowModel)

State = Report.State
# When people are told (docs/rules.md): who writes and who then signs (R8 and R10), who completes
# what has come back (R9), and who reads what has come in (R11).
WRITE_INTERIM = (days(-30), days(-14), days(-7), days(-1), days(1), days(5))
WRITE_FINAL = (days(-60), *WRITE_INTERIM)
SIGN = (days(-7), days(-1), days(1), days(5))
COMPLETE = (working_days(-10), working_days(-5), working_days(-1))
READ = (working_days(-10), working_days(-5))
# R8 and R10: then nothing more is sent by itself, and people speak with each other.
LATE = (
    after(days(7), Role.PROCESS_SUPPORTER),
    after(days(14), Role.AGENCY_MANAGER, Role.HEAD_OF_AUTHORITY),
)
COMPLETED_LATE = (after(working_days(1), Role.HEAD_OF_AUTHORITY),)
READ_LATE = (after(working_days(0), Role.AGENCY_MANAGER),)


# A point of a meeting that takes up the avsteg of a report within their time, or has.
SETTLED = AgendaPoint.objects.filter(about=OuterRef("pk")).settled_by(OuterRef("due_on"))


def _owed(model: type[R], state: str, **only: str) -> QuerySet[R]:
    return model._default_manager.filter(state=state, due_on__isnull=False, **only)


@duty(
    "reports.write-interim-report",
    label=_("Write the interim report"),
    why=_("Every unit reports to the agency after each of the first terms."),
    owed_by=(Role.PRINCIPAL, Role.PROCESS_LEADER),
    opens=days(45),
    steps=WRITE_INTERIM,
    rule="R8",
    escalation=(after(days(1), Role.HEAD_OF_AUTHORITY), *LATE),
    formal=True,
    action="reports:report",
    standing=WHILE_TAKING_PART,
    unit="unit_id",
    subject=F("unit__name"),
)
def write_interim_report() -> QuerySet[Report]:
    """R8: the authors, then their skolchef, then the agency (inferred)."""
    return _owed(Report, State.OPEN, kind=ReportKind.INTERIM)


@duty(
    "reports.take-up-deviations",
    label=_("Take up the avsteg of the report"),
    why=_("An accepted report tells of avsteg. It becomes an amendment or a point of a meeting."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(30),
    steps=(days(-16), days(-2)),
    rule="R5",
    escalation=(after(days(0), Role.AGENCY_MANAGER, Role.HEAD_OF_AUTHORITY),),
    action="reports:take_up",
    standing=WHILE_LIVE & ~Q(Exists(SETTLED)),
    subject=F("unit__name"),
)
def take_up_deviations() -> QuerySet[Report]:
    """R5: 10 and 20 working days after it is accepted, and after 30 days (inferred).

    They must be decided within 30 days (domain.md 2.9): a point of a later meeting is none.
    """
    return _owed(Report, State.ACCEPTED)


@duty(
    "reports.write-final-report",
    label=_("Write the final report"),
    why=_("Every unit reports to the agency when the interventions are over."),
    owed_by=(Role.PRINCIPAL, Role.PROCESS_LEADER),
    opens=days(60),
    steps=WRITE_FINAL,
    rule="R10",
    escalation=(after(days(-7), Role.HEAD_OF_AUTHORITY), *LATE),
    formal=True,
    action="reports:report",
    standing=WHILE_TAKING_PART,
    unit="unit_id",
    subject=F("unit__name"),
)
def write_final_report() -> QuerySet[Report]:
    """R10: the skolchef hears of it a week before, as the case ends with it (inferred)."""
    return _owed(Report, State.OPEN, kind=ReportKind.FINAL)


@duty(
    "reports.submit-report",
    label=_("Submit the report to the agency"),
    why=_("The unit is ready with its report, and the school authority submits it."),
    owed_by=SENDERS,
    opens=days(60),
    steps=SIGN,
    rule="R8",
    escalation=LATE,
    formal=True,
    action="reports:report",
    standing=WHILE_LIVE,
    subject=F("unit__name"),
)
def submit_report() -> QuerySet[Report]:
    """R8, and R10 for final reports: the same ladder (inferred)."""
    return _owed(Report, State.UNIT_READY)


@duty(
    "reports.complete-report",
    label=_("Complete the report"),
    why=_("The agency has read the report and asks for more."),
    owed_by=(Role.PRINCIPAL,),
    opens=days(60),
    steps=COMPLETE,
    rule="R9",
    escalation=COMPLETED_LATE,
    formal=True,
    action="reports:report",
    standing=WHILE_TAKING_PART,
    unit="unit_id",
    subject=F("unit__name"),
)
def complete_report() -> QuerySet[Report]:
    """R9: at once, then five days and one before it is due (inferred)."""
    return _owed(Report, State.RETURNED)


@duty(
    "reports.read-report",
    label=_("Read the report and answer"),
    why=_("A submitted report is answered within twenty working days."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(60),
    steps=READ,
    rule="R11",
    escalation=READ_LATE,
    formal=True,
    action="reports:report",
    standing=WHILE_LIVE,
    subject=F("unit__name"),
)
def read_report() -> QuerySet[Report]:
    """R11: 10 and 15 working days after it was received, the manager after 20 (inferred)."""
    return _owed(Report, State.SUBMITTED)


@duty(
    "reports.finish-synthesis",
    label=_("Finish the synthesis"),
    why=_("The school authority sums up what its units have learnt."),
    owed_by=SYNTHESIS_WRITERS,
    opens=days(30),
    steps=(days(-14), days(1)),
    action="reports:written_synthesis",
    standing=WHILE_LIVE,
)
def finish_synthesis() -> QuerySet[CollaborationSynthesis]:
    """A month after the final reports are due; nobody else is told if it is late (inferred)."""
    return CollaborationSynthesis.objects.exclude(
        state=CollaborationSynthesis.State.PUBLISHED
    ).filter(due_on__isnull=False)


# --- the reports of the lärosäte ------------------------------------------------------------


@duty(
    "reports.write-university-interim-report",
    label=_("Write the university's interim report"),
    why=_("The university tells the other two what it has done and seen, in each round."),
    owed_by=(Role.TEAM_LEADER,),
    opens=days(45),
    steps=WRITE_INTERIM,
    rule="R8",
    escalation=(after(days(1), Role.UNIVERSITY_LEAD),),
    formal=True,
    action="reports:university_report",
    standing=WHILE_LIVE,
)
def write_university_interim_report() -> QuerySet[UniversityReport]:
    """As R8, and it escalates to the university's own lead (KAU 2018; the times are inferred)."""
    return _owed(UniversityReport, UniversityReport.State.DRAFT, kind=ReportKind.INTERIM)


@duty(
    "reports.write-university-final-report",
    label=_("Write the university's final report"),
    why=_("The university sums up what it has done, and how the capacity to improve has grown."),
    owed_by=(Role.TEAM_LEADER,),
    opens=days(60),
    steps=WRITE_FINAL,
    rule="R10",
    escalation=(after(days(-7), Role.UNIVERSITY_LEAD),),
    formal=True,
    action="reports:university_report",
    standing=WHILE_LIVE,
)
def write_university_final_report() -> QuerySet[UniversityReport]:
    """As R10, and it escalates to the university's own lead (KAU 2018; the times are inferred)."""
    return _owed(UniversityReport, UniversityReport.State.DRAFT, kind=ReportKind.FINAL)


@duty(
    "reports.read-university-report",
    label=_("Read the university's report"),
    why=_("The university has told what it has done and seen, and wants to know that it is read."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(60),
    steps=READ,
    rule="R11",
    escalation=READ_LATE,
    action="reports:university_report",
    standing=WHILE_LIVE,
)
def read_university_report() -> QuerySet[UniversityReport]:
    """R11: 10 and 15 working days after it was received, the manager after 20 (inferred)."""
    return _owed(UniversityReport, UniversityReport.State.SUBMITTED)


# --- the money -------------------------------------------------------------------------------

Money = FinancialReport.State
# Money is accounted for and repaid although the work has ended, early or not (domain.md 2.3).
UNLESS_PAUSED = ~Q(collaboration__state=CollaborationState.PAUSED)


@duty(
    "reports.write-financial-report",
    label=_("Write the financial report"),
    why=_("The agency has granted money, and the school authority says what became of it."),
    owed_by=ACCOUNTANTS,
    opens=days(60),
    steps=WRITE_FINAL,
    rule="R10",
    escalation=LATE,
    formal=True,
    action="reports:finance",
    standing=UNLESS_PAUSED,
)
def write_financial_report() -> QuerySet[FinancialReport]:
    """R10: the finance contact and the skolchef, then the agency (inferred)."""
    return _owed(FinancialReport, Money.OPEN)


@duty(
    "reports.certify-financial-report",
    label=_("Certify and submit the financial report"),
    why=_("It is prepared, and a signatory of the school authority stands for its numbers."),
    owed_by=(SIGNATORY,),
    opens=days(60),
    steps=SIGN,
    rule="R10",
    escalation=LATE,
    formal=True,
    action="reports:finance",
    standing=UNLESS_PAUSED,
)
def certify_financial_report() -> QuerySet[FinancialReport]:
    """R10: the second of the two who sign (inferred: domain.md 3.6)."""
    return _owed(FinancialReport, Money.PREPARED)


@duty(
    "reports.complete-financial-report",
    label=_("Complete the financial report"),
    why=_("The agency has read the financial report and asks for more."),
    owed_by=ACCOUNTANTS,
    opens=days(60),
    steps=COMPLETE,
    rule="R9",
    escalation=COMPLETED_LATE,
    formal=True,
    action="reports:finance",
    standing=UNLESS_PAUSED,
)
def complete_financial_report() -> QuerySet[FinancialReport]:
    """R9, as for the other reports (inferred)."""
    return _owed(FinancialReport, Money.RETURNED)


@duty(
    "reports.read-financial-report",
    label=_("Read the financial report and answer"),
    why=_("A submitted report is answered within twenty working days."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(60),
    steps=READ,
    rule="R11",
    escalation=READ_LATE,
    formal=True,
    action="reports:finance",
    standing=UNLESS_PAUSED,
)
def read_financial_report() -> QuerySet[FinancialReport]:
    """R11, as for the other reports (inferred)."""
    return _owed(FinancialReport, Money.SUBMITTED)


@duty(
    "reports.request-repayment",
    label=_("Ask for repayment of what was not used"),
    why=_("More was paid out than the school authority has used."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(60),
    steps=READ,
    escalation=READ_LATE,
    action="reports:finance",
    standing=UNLESS_PAUSED,
)
def request_repayment() -> QuerySet[FinancialReport]:
    """Only an accepted report with something to repay has a day (inferred: domain.md 2.11)."""
    return _owed(FinancialReport, Money.ACCEPTED)


@duty(
    "reports.repay",
    label=_("Repay what was not used"),
    why=_("The agency has asked for money back, and its invoice has a day."),
    owed_by=(Role.HEAD_OF_AUTHORITY, Role.COORDINATOR),
    opens=days(60),
    steps=(days(-14), days(-7), days(-1), days(1), days(5)),
    # The agency sees the money come in, and notes it.
    escalation=(after(days(1), Role.PROCESS_SUPPORTER), after(days(14), Role.AGENCY_MANAGER)),
    formal=True,
    action="reports:finance",
    standing=UNLESS_PAUSED,
)
def repay() -> QuerySet[FinancialReport]:
    return _owed(FinancialReport, Money.REPAYMENT_REQUESTED)
