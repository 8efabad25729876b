"""One object for every page, each in the state in which the page has most to offer."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta

from django.db.models import Model

from assessments.models import CapacityMapping, GovernmentReport
from interventions.models import (
    Agreement,
    AssignmentPlan,
    Deviation,
    EarlierInsats,
    InterimTask,
    Intervention,
    Terms,
    Visit,
)
from meetings.models import AgendaPoint, ChangeProposal, Meeting, PartyTask, PollInvitation
from notifications.clock import STOCKHOLM
from organisations.models import (
    Invitation,
    Membership,
    Organisation,
    Party,
    RegisterFile,
    Role,
    SchoolBreak,
    SchoolYear,
    User,
)
from plans.models import (
    ActionPlan,
    Cause,
    Evidence,
    Goal,
    GoalRating,
    PlannedGoal,
    Problem,
    SituationAnalysis,
)
from reports.models import (
    CollaborationSynthesis,
    FinancialReport,
    Question,
    Report,
    ReportTemplate,
    UniversityReport,
)
from sbs_workflow.models import (
    AddressTrouble,
    Assignment,
    Collaboration,
    Participation,
    Promise,
    Vacancy,
    WorkflowModel,
)
from tests import factories
from tests.cast import TODAY, Side


@dataclass(frozen=True)
class Stage:
    collaboration: Collaboration
    analysis: SituationAnalysis
    drafted_analysis: SituationAnalysis
    problem: Problem
    cause: Cause
    evidence: Evidence
    drafted_problem: Problem
    drafted_cause: Cause
    drafted_evidence: Evidence
    unanswered_problem: Problem
    plan: ActionPlan
    drafted_plan: ActionPlan
    revised_plan: ActionPlan
    goal: Goal
    planned_goal: PlannedGoal
    drafted_goal: PlannedGoal
    rating: GoalRating
    agreement: Agreement
    drafted_agreement: Agreement
    terms: Terms
    drafted_terms: Terms
    confirmed_assignment: AssignmentPlan
    sent_assignment: AssignmentPlan
    drafted_assignment: AssignmentPlan
    intervention: Intervention
    planned_intervention: Intervention
    deviating_intervention: Intervention
    deviation: Deviation
    needed_visit: Visit
    planned_visit: Visit
    shared_visit: Visit
    unshared_visit: Visit
    task: InterimTask
    reported_task: InterimTask
    earlier_insats: EarlierInsats
    drafted_earlier_insats: EarlierInsats
    promise: Promise
    unshared_promise: Promise
    needed_meeting: Meeting
    proposed_meeting: Meeting
    question: PollInvitation
    booked_meeting: Meeting
    held_meeting: Meeting
    minuted_meeting: Meeting
    point: AgendaPoint
    preparing: PartyTask
    unanswered: PartyTask
    change: ChangeProposal
    started_mapping: CapacityMapping
    begun_mapping: CapacityMapping
    government_report: GovernmentReport
    open_report: Report
    submitted_report: Report
    returned_report: Report
    report_question: Question
    report_form: ReportTemplate
    returned_accounts: FinancialReport
    drafted_university_report: UniversityReport
    submitted_university_report: UniversityReport
    synthesis: CollaborationSynthesis
    participation: Participation
    assignment: Assignment
    membership: Membership
    leaver: User
    organiser: Organisation
    invitation: Invitation
    school_break: SchoolBreak
    school_year: SchoolYear
    vacancy: Vacancy
    address_trouble: AddressTrouble
    register_file: RegisterFile

    @property
    def objects(self) -> dict[str, Model]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def machines(self) -> list[WorkflowModel]:
        """Those of the objects that have a state."""
        return [each for each in self.objects.values() if isinstance(each, WorkflowModel)]


def set_stage(side: Side) -> Stage:
    case = side.collaboration
    people = [
        (side.process_supporter, "agency"),
        (side.head_of_authority, "organiser"),
        (side.team_leader, "university"),
    ]
    analysis = factories.analysis(case, side.school, state="concluded")
    drafted_analysis = factories.analysis(case, side.preschool)
    problem, drafted_problem = analysis.problems.get(), drafted_analysis.problems.get()
    factories.plan(case, side.administration, state="superseded")
    plan = factories.plan(case, side.school, state="adopted")
    drafted_plan = factories.plan(case, side.preschool)
    planned_goal = plan.planned_goals.get()
    agreement = factories.agreement(case, state="signed")
    drafted_agreement = factories.agreement(case, state="draft", version=2)
    intervention = factories.intervention(
        case,
        state="running",
        units=[side.school],
        goals=[planned_goal.goal],
        causes=problem.causes.all(),
    )
    deviating = factories.intervention(case, state="deviation_open", units=[side.school])
    returned_report = factories.report(case, side.administration, state="returned")
    submitted_report = factories.report(case, side.preschool, state="submitted")
    shared_visit = factories.visit(
        case,
        state="shared",
        units=[side.school],
        interventions=[intervention],
        goals=[planned_goal.goal],
    )
    unshared_visit = factories.visit(
        case, state="logged", units=[side.school], interventions=[intervention]
    )
    booked_meeting = factories.meeting(
        case,
        state="booked",
        participants=people,
        starts_at=datetime.combine(TODAY, time(8), STOCKHOLM),
        ends_at=datetime.combine(TODAY, time(9), STOCKHOLM),
    )
    proposed_meeting = factories.meeting(case, kind="bilateral", state="proposed")
    poll = factories.poll(proposed_meeting, [people[0], people[2]], by=side.team_leader)
    synthesis = factories.synthesis(case, state="shared")
    factories.passage(synthesis, by=side.coordinator)
    factories.excerpt(synthesis, submitted_report, by=side.coordinator)
    minuted_meeting = factories.meeting(case, state="minuted", participants=people)
    return Stage(
        collaboration=case,
        analysis=analysis,
        drafted_analysis=drafted_analysis,
        problem=problem,
        cause=problem.causes.get(),
        evidence=problem.evidence.get(),
        drafted_problem=drafted_problem,
        drafted_cause=drafted_problem.causes.get(),
        drafted_evidence=drafted_problem.evidence.get(),
        unanswered_problem=factories.problem(drafted_analysis),
        plan=plan,
        drafted_plan=drafted_plan,
        revised_plan=factories.plan(case, side.administration, state="adopted", version=2),
        goal=planned_goal.goal,
        planned_goal=planned_goal,
        drafted_goal=drafted_plan.planned_goals.get(),
        rating=factories.rating(planned_goal.goal, by=side.principal),
        agreement=agreement,
        drafted_agreement=drafted_agreement,
        terms=agreement.terms.get(),
        drafted_terms=drafted_agreement.terms.get(),
        confirmed_assignment=factories.assignment_plan(case, state="confirmed"),
        sent_assignment=factories.assignment_plan(case, state="sent", version=2),
        drafted_assignment=factories.assignment_plan(case, version=3),
        intervention=intervention,
        planned_intervention=factories.intervention(case, units=[side.school]),
        deviating_intervention=deviating,
        deviation=factories.deviation(deviating, by=side.team_leader),
        needed_visit=factories.visit(case),
        planned_visit=factories.visit(case, state="planned", units=[side.school]),
        shared_visit=shared_visit,
        unshared_visit=unshared_visit,
        task=factories.task(shared_visit, side.school),
        reported_task=factories.task(shared_visit, side.school, state="reported"),
        earlier_insats=factories.earlier_insats(plan, by=side.principal, goals=[planned_goal.goal]),
        drafted_earlier_insats=factories.earlier_insats(drafted_plan, by=side.coordinator),
        promise=factories.promise(shared_visit),
        unshared_promise=factories.promise(unshared_visit, is_shared=False),
        needed_meeting=factories.meeting(case),
        proposed_meeting=proposed_meeting,
        question=poll.invitations.get(user=side.team_leader),
        booked_meeting=booked_meeting,
        point=factories.agenda_point(booked_meeting),
        preparing=factories.party_task(booked_meeting, "organiser"),
        unanswered=factories.party_task(booked_meeting, "organiser", "reply"),
        change=factories.change_proposal(minuted_meeting),
        held_meeting=factories.meeting(case, state="held", participants=people),
        minuted_meeting=minuted_meeting,
        open_report=factories.report(case, side.school, due_on=TODAY + timedelta(days=20)),
        submitted_report=submitted_report,
        returned_report=returned_report,
        report_question=factories.question(returned_report, by=side.process_supporter),
        synthesis=synthesis,
        report_form=factories.report_form(by=side.process_supporter),
        returned_accounts=factories.financial_report(case, state="returned"),
        drafted_university_report=factories.university_report(case),
        submitted_university_report=factories.university_report(
            case, kind="final", state="submitted"
        ),
        started_mapping=factories.mapping(case, state="done"),
        begun_mapping=factories.mapping(case, round=2),
        government_report=factories.government_report(case.agency),
        participation=case.participations.get(unit=side.preschool),
        assignment=case.assignments.get(user=side.education_leader),
        membership=side.process_leader.memberships.get(),
        leaver=side.process_leader,
        organiser=side.organiser,
        school_break=factories.school_break(side.organiser),
        school_year=SchoolYear.objects.create(
            organisation=side.organiser, first_day=date(2026, 8, 18), last_day=date(2027, 6, 11)
        ),
        vacancy=factories.vacancy(case, Role.TEAM_LEADER),
        register_file=factories.register_file(by=side.process_supporter),
        address_trouble=factories.address_trouble(case, side.education_leader, Party.UNIVERSITY),
        invitation=factories.invitation(side.organiser, side.school, by=side.head_of_authority),
    )
