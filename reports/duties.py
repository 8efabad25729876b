"""Who owes which report, and who owes an answer to one."""

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from notifications.duties import after, days, duty, working_days
from organisations.models import Role
from reports.models import CollaborationSynthesis, FinancialReport, Report, UniversityReport
from sbs_workflow.duties import WHILE_LIVE, WHILE_TAKING_PART
from sbs_workflow.models import CollaborationState

State = Report.State
# R8 and R10: then nothing more is sent by itself, and people speak with each other.
LATE = (
    after(days(7), Role.PROCESS_SUPPORTER),
    after(days(14), Role.AGENCY_MANAGER, Role.HEAD_OF_AUTHORITY),
)


def _reports(state: str, *kinds: str) -> QuerySet[Report]:
    return Report.objects.filter(
        state=state, kind__in=kinds or Report.Kind.values, due_on__isnull=False
    )


@duty(
    "reports.write-interim-report",
    label=_("Write the interim report"),
    why=_("Every unit reports to the agency after each of the first terms."),
    owed_by=(Role.PRINCIPAL, Role.PROCESS_LEADER),
    opens=days(45),
    steps=(days(-30), days(-14), days(-7), days(-1), days(1), days(5)),
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
    return _reports(State.OPEN, Report.Kind.INTERIM)


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
    standing=WHILE_LIVE,
    subject=F("unit__name"),
)
def take_up_deviations() -> QuerySet[Report]:
    """R5: 10 and 20 working days after it is accepted, and after 30 days (inferred)."""
    return _reports(State.ACCEPTED)


@duty(
    "reports.write-final-report",
    label=_("Write the final report"),
    why=_("Every unit reports to the agency when the interventions are over."),
    owed_by=(Role.PRINCIPAL, Role.PROCESS_LEADER),
    opens=days(60),
    steps=(days(-60), days(-30), days(-14), days(-7), days(-1), days(1), days(5)),
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
    return _reports(State.OPEN, Report.Kind.FINAL)


@duty(
    "reports.submit-report",
    label=_("Submit the report to the agency"),
    why=_("The unit is ready with its report, and the school authority submits it."),
    owed_by=(Role.HEAD_OF_AUTHORITY, Role.COORDINATOR),
    opens=days(60),
    steps=(days(-7), days(-1), days(1), days(5)),
    rule="R8",
    escalation=LATE,
    formal=True,
    action="reports:report",
    standing=WHILE_LIVE,
    subject=F("unit__name"),
)
def submit_report() -> QuerySet[Report]:
    """R8, and R10 for final reports: the same ladder (inferred)."""
    return _reports(State.UNIT_READY)


@duty(
    "reports.complete-report",
    label=_("Complete the report"),
    why=_("The agency has read the report and asks for more."),
    owed_by=(Role.PRINCIPAL,),
    opens=days(60),
    steps=(working_days(-10), working_days(-5), working_days(-1)),
    rule="R9",
    escalation=(after(working_days(1), Role.HEAD_OF_AUTHORITY),),
    formal=True,
    action="reports:report",
    standing=WHILE_TAKING_PART,
    unit="unit_id",
    subject=F("unit__name"),
)
def complete_report() -> QuerySet[Report]:
    """R9: at once, then five days and one before it is due (inferred)."""
    return _reports(State.RETURNED)


@duty(
    "reports.read-report",
    label=_("Read the report and answer"),
    why=_("A submitted report is answered within twenty working days."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(60),
    steps=(working_days(-10), working_days(-5)),
    rule="R11",
    escalation=(after(working_days(0), Role.AGENCY_MANAGER),),
    formal=True,
    action="reports:report",
    standing=WHILE_LIVE,
    subject=F("unit__name"),
)
def read_report() -> QuerySet[Report]:
    """R11: 10 and 15 working days after it was received, the manager after 20 (inferred)."""
    return _reports(State.SUBMITTED)


@duty(
    "reports.finish-synthesis",
    label=_("Finish the synthesis"),
    why=_("The school authority sums up what its units have learnt."),
    owed_by=(Role.HEAD_OF_AUTHORITY, Role.COORDINATOR),
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


def _university_reports(state: str, *kinds: str) -> QuerySet[UniversityReport]:
    return UniversityReport.objects.filter(
        state=state, kind__in=kinds or Report.Kind.values, due_on__isnull=False
    )


@duty(
    "reports.write-university-interim-report",
    label=_("Write the university's interim report"),
    why=_("The university tells the other two what it has done and seen, in each round."),
    owed_by=(Role.TEAM_LEADER,),
    opens=days(45),
    steps=(days(-30), days(-14), days(-7), days(-1), days(1), days(5)),
    rule="R8",
    escalation=(after(days(1), Role.UNIVERSITY_LEAD),),
    formal=True,
    action="reports:university_report",
    standing=WHILE_LIVE,
)
def write_university_interim_report() -> QuerySet[UniversityReport]:
    """As R8, and it escalates to the university's own lead (KAU 2018; the times are inferred)."""
    return _university_reports(UniversityReport.State.DRAFT, Report.Kind.INTERIM)


@duty(
    "reports.write-university-final-report",
    label=_("Write the university's final report"),
    why=_("The university sums up what it has done, and how the capacity to improve has grown."),
    owed_by=(Role.TEAM_LEADER,),
    opens=days(60),
    steps=(days(-60), days(-30), days(-14), days(-7), days(-1), days(1), days(5)),
    rule="R10",
    escalation=(after(days(-7), Role.UNIVERSITY_LEAD),),
    formal=True,
    action="reports:university_report",
    standing=WHILE_LIVE,
)
def write_university_final_report() -> QuerySet[UniversityReport]:
    """As R10, and it escalates to the university's own lead (KAU 2018; the times are inferred)."""
    return _university_reports(UniversityReport.State.DRAFT, Report.Kind.FINAL)


@duty(
    "reports.read-university-report",
    label=_("Read the university's report"),
    why=_("The university has told what it has done and seen, and wants to know that it is read."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(60),
    steps=(working_days(-10), working_days(-5)),
    rule="R11",
    escalation=(after(working_days(0), Role.AGENCY_MANAGER),),
    action="reports:university_report",
    standing=WHILE_LIVE,
)
def read_university_report() -> QuerySet[UniversityReport]:
    """R11: 10 and 15 working days after it was received, the manager after 20 (inferred)."""
    return _university_reports(UniversityReport.State.SUBMITTED)


# --- the money -------------------------------------------------------------------------------

Money = FinancialReport.State
# Money is accounted for and repaid although the work has ended, early or not (domain.md 2.3).
UNLESS_PAUSED = ~Q(collaboration__state=CollaborationState.PAUSED)


def _accounts(state: str) -> QuerySet[FinancialReport]:
    return FinancialReport.objects.filter(state=state, due_on__isnull=False)


@duty(
    "reports.write-financial-report",
    label=_("Write the financial report"),
    why=_("The agency has granted money, and the school authority says what became of it."),
    owed_by=(Role.COORDINATOR, Role.HEAD_OF_AUTHORITY),
    opens=days(60),
    steps=(days(-60), days(-30), days(-14), days(-7), days(-1), days(1), days(5)),
    rule="R10",
    escalation=LATE,
    formal=True,
    action="reports:finance",
    standing=UNLESS_PAUSED,
)
def write_financial_report() -> QuerySet[FinancialReport]:
    """R10: the finance contact and the skolchef, then the agency (inferred)."""
    return _accounts(Money.OPEN)


@duty(
    "reports.certify-financial-report",
    label=_("Certify and submit the financial report"),
    why=_("It is prepared, and a signatory of the school authority stands for its numbers."),
    owed_by=(Role.HEAD_OF_AUTHORITY,),
    opens=days(60),
    steps=(days(-7), days(-1), days(1), days(5)),
    rule="R10",
    escalation=LATE,
    formal=True,
    action="reports:finance",
    standing=UNLESS_PAUSED,
)
def certify_financial_report() -> QuerySet[FinancialReport]:
    """R10: the second of the two who sign (inferred: domain.md 3.6)."""
    return _accounts(Money.PREPARED)


@duty(
    "reports.complete-financial-report",
    label=_("Complete the financial report"),
    why=_("The agency has read the financial report and asks for more."),
    owed_by=(Role.COORDINATOR, Role.HEAD_OF_AUTHORITY),
    opens=days(60),
    steps=(working_days(-10), working_days(-5), working_days(-1)),
    rule="R9",
    escalation=(after(working_days(1), Role.HEAD_OF_AUTHORITY),),
    formal=True,
    action="reports:finance",
    standing=UNLESS_PAUSED,
)
def complete_financial_report() -> QuerySet[FinancialReport]:
    """R9, as for the other reports (inferred)."""
    return _accounts(Money.RETURNED)


@duty(
    "reports.read-financial-report",
    label=_("Read the financial report and answer"),
    why=_("A submitted report is answered within twenty working days."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(60),
    steps=(working_days(-10), working_days(-5)),
    rule="R11",
    escalation=(after(working_days(0), Role.AGENCY_MANAGER),),
    formal=True,
    action="reports:finance",
    standing=UNLESS_PAUSED,
)
def read_financial_report() -> QuerySet[FinancialReport]:
    """R11, as for the other reports (inferred)."""
    return _accounts(Money.SUBMITTED)


@duty(
    "reports.request-repayment",
    label=_("Ask for repayment of what was not used"),
    why=_("More was paid out than the school authority has used."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(60),
    steps=(working_days(-10), working_days(-5)),
    escalation=(after(working_days(0), Role.AGENCY_MANAGER),),
    action="reports:finance",
    standing=UNLESS_PAUSED,
)
def request_repayment() -> QuerySet[FinancialReport]:
    """Only an accepted report with something to repay has a day (inferred: domain.md 2.11)."""
    return _accounts(Money.ACCEPTED)


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
    return _accounts(Money.REPAYMENT_REQUESTED)
