"""Objects as they look in any state, built directly: never by walking transitions.

Every text that a guard asks for is filled, so that a test empties what it is about.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from assessments.models import (
    CapacityMapping,
    Dimension,
    DimensionRating,
    GovernmentReport,
    Round,
)
from interventions.effects import months_between
from interventions.models import (
    Agreement,
    AssignmentPlan,
    Deviation,
    EarlierAccount,
    EarlierInsats,
    InterimTask,
    Intervention,
    PlannedMonth,
    Terms,
    Touch,
    Visit,
)
from meetings.models import (
    AgendaPoint,
    ChangeProposal,
    Meeting,
    MeetingParticipant,
    PartyTask,
    TimePoll,
)
from notifications.clock import STOCKHOLM
from organisations.models import (
    Invitation,
    Membership,
    Organisation,
    Party,
    RegisterFile,
    Role,
    SchoolBreak,
    Unit,
    User,
)
from organisations.register import Row
from organisations.swedish import search_text
from plans.models import (
    ActionPlan,
    Cause,
    Evidence,
    Goal,
    GoalRating,
    PlannedGoal,
    Problem,
    SituationAnalysis,
    Whose,
)
from plans.queries import AnalysisSaid, PlanSaid, to_share
from reports.blanks import shipped
from reports.excel import write_workbook
from reports.layout import document_of
from reports.models import (
    CollaborationSynthesis,
    Cost,
    CostKind,
    Excerpt,
    FinancialCopy,
    FinancialInsats,
    FinancialReport,
    Passage,
    Question,
    Report,
    ReportTemplate,
    SubmittedCopy,
    TemplateField,
    UniversityReport,
    WrittenAnswer,
    WrittenReport,
)
from reports.queries import account_of, content_of
from reports.word import write_document
from sbs_workflow.models import (
    AddressTrouble,
    Assignment,
    Collaboration,
    Participation,
    Promise,
    Vacancy,
    WorkflowModel,
)

if TYPE_CHECKING:
    from tests.cast import Cast, Side

# A Tuesday in a month without days off.
TODAY = date(2026, 3, 10)
W = TypeVar("W", bound=WorkflowModel)
STOPPED = ("paused", "withdrawn", "terminated")


def collaboration(
    cast: "Cast", *, state: str = "active", side: "Side | None" = None, **fields: Any
) -> Collaboration:
    """One more collaboration of our side (or of ``side``), with the same units and people."""
    side = side or cast.ours
    return open_collaboration(
        agency=cast.agency,
        organiser=side.organiser,
        university=fields.pop("university", side.university),
        units=fields.pop("units", [side.administration, side.school, side.preschool]),
        assigned=[
            (side.process_supporter, Role.PROCESS_SUPPORTER),
            (side.second_process_supporter, Role.PROCESS_SUPPORTER),
            (side.team_leader, Role.TEAM_LEADER),
            (side.education_leader, Role.EDUCATION_LEADER),
        ],
        state=state,
        **fields,
    )


def open_collaboration(
    *,
    agency: Organisation,
    organiser: Organisation,
    university: Organisation | None,
    units: Sequence[Unit],
    assigned: Iterable[tuple[User, Role]],
    state: str = "active",
    today: date = TODAY,
    **fields: Any,
) -> Collaboration:
    """A collaboration that is a year old, with its units and people since its first day."""
    started_on = today - timedelta(days=365)
    created = Collaboration.objects.create(
        **{
            "name": organiser.name,
            "agency": agency,
            "organiser": organiser,
            "university": university,
            "state": state,
            "stopped_in": "active" if state in STOPPED else "",
            "due_on": today + timedelta(days=28) if state == "offered" else None,
            "selection_source": "Skolinspektionen 2025:114",
            "contact_person": "Sara Skolchef",
            "interventions_start_on": today - timedelta(days=90),
            "interventions_end_on": today + timedelta(days=640),
            "search_text": search_text([organiser.name, *(unit.name for unit in units)]),
            **fields,
        }
    )
    Participation.objects.bulk_create(
        Participation(collaboration=created, unit=unit, joined_on=started_on) for unit in units
    )
    Assignment.objects.bulk_create(
        Assignment(collaboration=created, user=user, role=role, starts_on=started_on)
        for user, role in assigned
    )
    return created


def put(instance: W, state: str, **fields: Any) -> W:
    """The same object, read anew, in another state: past the machine, as a test may."""
    if state in STOPPED and isinstance(instance, Collaboration):
        fields = {"stopped_in": "active", **fields}
    rows = type(instance)._default_manager.filter(pk=instance.pk)
    rows.update(state=state, **fields)
    return rows.get()


def analysis(
    collaboration: Collaboration,
    unit: Unit,
    *,
    state: str = "in_progress",
    with_problem: bool = True,
    **fields: Any,
) -> SituationAnalysis:
    """With a problem, its cause and its evidence; read by others as it is, once it is shared."""
    shared = state in ("shared", "concluded")
    created = SituationAnalysis.objects.create(
        **{
            "collaboration": collaboration,
            "unit": unit,
            "state": state,
            "text": "Eleverna når inte målen i matematik.",
            "participants": "Alla lärare, i två möten.",
            "views_of_children": "Eleverna vill ha mer hjälp i början av lektionen.",
            "priorities": "Undervisningens kvalitet\nTrygghet och delaktighet",
            "due_on": None if state == "concluded" else TODAY + timedelta(days=30),
            "shared_on": TODAY if shared else None,
            "concluded_on": TODAY if state == "concluded" else None,
            **fields,
        }
    )
    if with_problem:
        problem(created)
    if created.shared_on:
        _keep_as_shared(created, to_share(AnalysisSaid.of(created)))
    return created


def _keep_as_shared(document: SituationAnalysis | ActionPlan, parts: dict[str, Any]) -> None:
    document.as_shared = {name: getattr(document, name) for name in document.TEXTS} | parts
    document.save(update_fields=["as_shared"])


def problem(
    analysis: SituationAnalysis,
    *,
    causes: Sequence[str] = ("Lektionerna börjar olika i varje klass.",),
    with_evidence: bool = True,
    **fields: Any,
) -> Problem:
    created = Problem.objects.create(
        **{
            "analysis": analysis,
            "number": analysis.problems.count() + 1,
            "text": "Många elever förstår inte vad lektionen handlar om.",
            "development_area": "Undervisningens kvalitet",
            **fields,
        }
    )
    Cause.objects.bulk_create(
        Cause(problem=created, number=number, text=text) for number, text in enumerate(causes, 1)
    )
    if with_evidence:
        evidence(created)
    return created


def evidence(problem: Problem, **fields: Any) -> Evidence:
    return Evidence.objects.create(
        **{
            "problem": problem,
            "kind": Evidence.Kind.SURVEY,
            "voice": Evidence.Voice.CHILDREN,
            "noted_on": TODAY - timedelta(days=60),
            "text": "Fyra av tio elever svarar att de sällan vet vad de ska göra.",
            **fields,
        }
    )


def plan(
    collaboration: Collaboration,
    unit: Unit,
    *,
    state: str = "draft",
    with_goal: bool = True,
    **fields: Any,
) -> ActionPlan:
    """With a goal for the first problem of the unit's analysis, which is made if need be."""
    settled = state in ("adopted", "superseded")
    behind = SituationAnalysis.objects.filter(collaboration=collaboration, unit=unit).first()
    behind = behind or analysis(collaboration, unit, state="concluded")
    created = ActionPlan.objects.create(
        **{
            "collaboration": collaboration,
            "unit": unit,
            "state": state,
            "text": "Vi börjar varje lektion med ett gemensamt problem.",
            "participants": "Arbetslagen.",
            "follow_up": "Varje termin i ledningsgruppen.",
            "due_on": None if settled else TODAY + timedelta(days=30),
            "shared_on": None if state == "draft" else TODAY,
            "adopted_on": TODAY if settled else None,
            **fields,
        }
    )
    if with_goal and (first := behind.problems.first()):
        earlier = Goal.objects.filter(collaboration=collaboration, unit=unit).first()
        planned_goal(created, problem=first, goal=earlier)
    if created.shared_on:
        _keep_as_shared(created, to_share(PlanSaid.of(created)))
    return created


def planned_goal(
    plan: ActionPlan, *, problem: Problem, goal: Goal | None = None, **fields: Any
) -> PlannedGoal:
    """What the plan says of the goal, or of a new one of the unit; nothing is missing in it."""
    created = PlannedGoal.objects.create(
        **{
            "plan": plan,
            "goal": goal or _new_goal(plan),
            "problem": problem,
            "text": "Varje lektion börjar med en tydlig start som eleverna känner igen.",
            "short_term_effect": "Eleverna vet vad de ska göra.",
            "long_term_effect": "Fler elever når målen i matematik.",
            "measure": "Elevenkäten och två observationer per termin.",
            "baseline": "Sex av tio elever vet vad de ska göra.",
            "target": "Nio av tio elever vet vad de ska göra.",
            "follow_up_on": TODAY + timedelta(days=200),
            "follow_up_by": "Ledningsgruppen",
            **fields,
        }
    )
    created.causes.set(problem.causes.all())
    return created


def _new_goal(plan: ActionPlan) -> Goal:
    number = Goal.objects.filter(collaboration=plan.collaboration_id, unit=plan.unit_id).count() + 1
    return Goal.objects.create(
        collaboration=plan.collaboration, unit_id=plan.unit_id, number=number
    )


def rating(goal: Goal, *, by: User, role: Role = Role.PRINCIPAL, **fields: Any) -> GoalRating:
    return GoalRating.objects.create(
        **{
            "goal": goal,
            "by": by,
            "role": role,
            "whose": Whose.ORGANISER,
            "level": GoalRating.Level.STARTED,
            "justification": "Hälften av klasserna har prövat.",
            "rated_on": TODAY,
            "rated_at": datetime.combine(TODAY, time(9), STOCKHOLM),
            **fields,
        }
    )


def agreement(
    collaboration: Collaboration, *, state: str = "draft", with_terms: bool = True, **fields: Any
) -> Agreement:
    """With the terms of one insats, which are those of the first ``intervention``."""
    created = Agreement.objects.create(
        **{
            "collaboration": collaboration,
            "state": state,
            "kind": Agreement.Kind.DECISION if state == "decided" else Agreement.Kind.AGREEMENT,
            "reference": "Dnr 2026:118",
            "starts_on": TODAY,
            "ends_on": TODAY + timedelta(days=730),
            "proposed_on": None if state == "draft" else TODAY,
            "due_on": TODAY + timedelta(days=20),
            **fields,
        }
    )
    if with_terms:
        terms(created)
    return created


AGREED = {
    "name": "Undervisning i matematik",
    "development_area": "Undervisningens kvalitet",
    "participants": [["lärare", 24], ["rektor", 1]],
    "starts_on": TODAY,
    "ends_on": TODAY + timedelta(days=300),
}


def terms(agreement: Agreement, *, units: Sequence[Unit] = (), **fields: Any) -> Terms:
    created = Terms.objects.create(
        **{"agreement": agreement, "number": agreement.terms.count() + 1, **AGREED, **fields}
    )
    created.units.set(units)
    return created


def assignment_plan(
    collaboration: Collaboration, *, state: str = "draft", **fields: Any
) -> AssignmentPlan:
    """A day a month for a year; the agreement behind it is made if need be."""
    behind = Agreement.objects.filter(collaboration=collaboration).first()
    is_confirmed = state in ("confirmed", "superseded", "closed")
    created = AssignmentPlan.objects.create(
        **{
            "collaboration": collaboration,
            "agreement": behind or agreement(collaboration, state="signed"),
            "state": state,
            "text": "Handledning i matematik på Älvskolan, ungefär en dag i månaden.",
            "team": "Ture Teamledare och Ulla Utbildningsledare.",
            "due_on": None if is_confirmed else TODAY + timedelta(days=15),
            "sent_on": None if state == "draft" else TODAY,
            "confirmed_on": TODAY if is_confirmed else None,
            **fields,
        }
    )
    plan_months(created, dict.fromkeys(months_between(TODAY, TODAY + timedelta(days=365)), 1))
    return created


def plan_months(assignment: AssignmentPlan, days: Mapping[date, float]) -> None:
    PlannedMonth.objects.bulk_create(
        PlannedMonth(assignment=assignment, month=month, days=count)
        for month, count in days.items()
    )


def intervention(
    collaboration: Collaboration,
    *,
    state: str = "planned",
    units: Sequence[Unit] = (),
    goals: Iterable[Goal] = (),
    causes: Iterable[Cause] = (),
    **fields: Any,
) -> Intervention:
    number = Intervention.objects.filter(collaboration=collaboration).count() + 1
    created = Intervention.objects.create(
        **{"collaboration": collaboration, "number": number, "state": state, **AGREED, **fields}
    )
    created.units.set(units)
    created.goals.set(goals)
    created.causes.set(causes)
    return created


def deviation(intervention: Intervention, *, by: User, **fields: Any) -> Deviation:
    return Deviation.objects.create(
        **{
            "intervention": intervention,
            "what": "Handledaren är sjuk hela terminen.",
            "reported_on": TODAY,
            "reported_by": by,
            "reported_as": Role.TEAM_LEADER,
            **fields,
        }
    )


def visit(
    collaboration: Collaboration,
    *,
    state: str = "needed",
    units: Sequence[Unit] = (),
    interventions: Iterable[Intervention] = (),
    goals: Iterable[Goal] = (),
    **fields: Any,
) -> Visit:
    """The visit of this month; a planned one took place the day before yesterday.

    ``interventions`` and ``goals`` are what its log was about.
    """
    has_day = state not in ("needed", "cancelled")
    is_logged = state in ("logged", "shared")
    created = Visit.objects.create(
        **{
            "collaboration": collaboration,
            "month": TODAY.replace(day=1),
            "state": state,
            "takes_place_on": TODAY - timedelta(days=2) if has_day else None,
            "due_on": None if is_logged or state == "cancelled" else TODAY + timedelta(days=1),
            "log": "Handledning i två grupper." if is_logged else "",
            "participants": [["lärare", 12]] if is_logged else [],
            **fields,
        }
    )
    created.units.set(units)
    Touch.objects.bulk_create(Touch(visit=created, intervention=each) for each in interventions)
    Touch.objects.bulk_create(Touch(visit=created, goal=goal) for goal in goals)
    return created


def task(visit: Visit, unit: Unit, *, state: str = "given", **fields: Any) -> InterimTask:
    """Given at the visit; a reported one was done."""
    was_reported = state in ("reported", "discussed")
    return InterimTask.objects.create(
        **{
            "collaboration": visit.collaboration,
            "visit": visit,
            "unit": unit,
            "state": state,
            "text": "Pröva den gemensamma starten i två klasser.",
            "course": InterimTask.Course.DONE if was_reported else "",
            "report": "Eleverna kom i gång snabbare." if was_reported else "",
            "reported_on": TODAY if was_reported else None,
            "due_on": None if was_reported else TODAY + timedelta(days=7),
            **fields,
        }
    )


def vacancy(collaboration: Collaboration, role: Role, **fields: Any) -> Vacancy:
    """Noticed five working days ago."""
    return Vacancy.objects.create(
        **{
            "collaboration": collaboration,
            "role": role,
            "since": TODAY - timedelta(days=7),
            "due_on": TODAY,
            **fields,
        }
    )


def address_trouble(collaboration: Collaboration, user: User, party: Party) -> AddressTrouble:
    """Noticed five working days ago."""
    return AddressTrouble.objects.create(
        collaboration=collaboration,
        user=user,
        party=party,
        since=TODAY - timedelta(days=7),
        due_on=TODAY,
    )


def school_break(authority: Organisation, **fields: Any) -> SchoolBreak:
    return SchoolBreak.objects.create(
        **{
            "organisation": authority,
            "name": "Höstlov",
            "first_day": date(2026, 10, 26),
            "last_day": date(2026, 10, 30),
            **fields,
        }
    )


def promise(visit: Visit, **fields: Any) -> Promise:
    """Made at a visit, whose log everybody reads."""
    return Promise.objects.create(
        **{
            "collaboration": visit.collaboration,
            "made_in": visit.pk,
            "made_on": visit.takes_place_on or TODAY,
            "party": Party.ORGANISER,
            "what": "Rektor frigör tid för kollegialt lärande.",
            "due_on": TODAY + timedelta(days=30),
            "written_by": Party.UNIVERSITY,
            **fields,
        }
    )


def meeting(
    collaboration: Collaboration,
    *,
    kind: str = "quality",
    state: str = "needed",
    participants: Iterable[tuple[User, str]] = (),
    **fields: Any,
) -> Meeting:
    """A meeting owed in a month, or one that was set to yesterday at ten."""
    has_time = state not in ("needed", "cancelled")
    starts_at = datetime.combine(TODAY - timedelta(days=1), time(10), STOCKHOLM)
    created = Meeting.objects.create(
        **{
            "collaboration": collaboration,
            "kind": kind,
            "state": state,
            "starts_at": starts_at if has_time else None,
            "ends_at": starts_at + timedelta(hours=2) if has_time else None,
            "form": Meeting.Form.ON_SITE if has_time else "",
            "place": "Kommunhuset, Bryggan" if has_time else "",
            "due_on": TODAY + timedelta(days=30) if state in ("needed", "proposed") else TODAY,
            "minutes": "Alla mål är på god väg." if state in ("minuted", "approved") else "",
            **fields,
        }
    )
    MeetingParticipant.objects.bulk_create(
        MeetingParticipant(meeting=created, user=user, party=party) for user, party in participants
    )
    return created


def poll(
    meeting: Meeting, people: Iterable[tuple[User, str]], *, by: User, **fields: Any
) -> TimePoll:
    """Two times at nine, in two weeks, that the people are asked about since this morning."""
    nine = datetime.combine(TODAY, time(9), STOCKHOLM)
    created = TimePoll.objects.create(
        **{
            "meeting": meeting,
            "answers_by": TODAY + timedelta(days=7),
            "opened_by": by,
            "opened_at": nine - timedelta(hours=1),
            **fields,
        }
    )
    for days in (14, 15):
        starts_at = nine + timedelta(days=days)
        created.times.create(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    for user, party in people:
        created.invitations.create(
            collaboration=meeting.collaboration, user=user, party=party, due_on=created.answers_by
        )
    return created


def party_task(meeting: Meeting, party: str, kind: str = "prepare", **fields: Any) -> PartyTask:
    """What a meeting in ten working days waits for."""
    return PartyTask.objects.create(
        **{
            "collaboration": meeting.collaboration,
            "meeting": meeting,
            "party": party,
            "kind": kind,
            "due_on": TODAY + timedelta(days=14),
            **fields,
        }
    )


def change_proposal(meeting: Meeting, **fields: Any) -> ChangeProposal:
    """Owed since the minutes of ``meeting``."""
    return ChangeProposal.objects.create(
        **{
            "collaboration": meeting.collaboration,
            "meeting": meeting,
            "text": "En insats till, om lärmiljöer.",
            "due_on": TODAY + timedelta(days=20),
            **fields,
        }
    )


def mapping(
    collaboration: Collaboration, *, state: str = "begun", **fields: Any
) -> CapacityMapping:
    """With a level for every dimension from the day it is begun."""
    was_begun = state in ("begun", "done")
    created = CapacityMapping.objects.create(
        **{
            "collaboration": collaboration,
            "round": Round.START,
            "state": state,
            "due_on": TODAY + timedelta(days=21) if state in ("not_begun", "begun") else None,
            "mapped_on": TODAY if was_begun else None,
            "method": "Samtal med ledningsgruppen." if was_begun else "",
            "begun_on": TODAY if was_begun else None,
            "done_on": TODAY if state == "done" else None,
            **fields,
        }
    )
    if was_begun:
        DimensionRating.objects.bulk_create(
            DimensionRating(
                mapping=created, dimension=each, level=2, note="Det syns i arbetslagens möten."
            )
            for each in Dimension
        )
    return created


def government_report(agency: Organisation, **fields: Any) -> GovernmentReport:
    """Of next year; none of its checks is made. There is one a year for all cases of an agency."""
    year = fields.pop("year", TODAY.year + 1)
    report, _is_new = GovernmentReport.objects.get_or_create(
        agency=agency, year=year, defaults={"due_on": date(TODAY.year, 12, 15)} | fields
    )
    return report


def agenda_point(meeting: Meeting, **fields: Any) -> AgendaPoint:
    """A point that is still to be talked about."""
    return AgendaPoint.objects.create(
        **{"meeting": meeting, "position": 1, "title": "Hur insatserna har landat", **fields}
    )


def report(
    collaboration: Collaboration,
    unit: Unit,
    *,
    kind: str = "interim",
    state: str = "open",
    **fields: Any,
) -> Report:
    """With an answer to what the form does not do without, and frozen if it was received."""
    was_received = state in ("submitted", "returned", "accepted")
    deadline = TODAY + timedelta(days=40)
    said = fields.pop("text", "Insatsen har lett till nya rutiner.")
    report = Report.objects.create(
        **{
            "collaboration": collaboration,
            "unit": unit,
            "kind": kind,
            "state": state,
            "deadline_on": deadline,
            "due_on": None if state in ("accepted", "waived") else deadline,
            "rounds": 1 if state == "returned" else 0,
            "received_at": datetime.combine(TODAY, time(8), STOCKHOLM) if was_received else None,
            **fields,
        }
    )
    if said.strip():
        _answer(report, said)
    if was_received:
        freeze_copy(report)
    return report


def financial_report(
    collaboration: Collaboration, *, state: str = "open", with_costs: bool = True, **fields: Any
) -> FinancialReport:
    """Of one insats with 300 000 kr granted, paid and used; certified if it was received."""
    has_been_prepared = state not in ("scheduled", "open")
    was_received = has_been_prepared and state != "prepared"
    held = Membership.objects.filter(organisation=collaboration.organiser)
    preparer = held.filter(role=Role.COORDINATOR).select_related("user").first()
    signatory = held.filter(role=Role.HEAD_OF_AUTHORITY).select_related("user").first()
    assert preparer is not None
    assert signatory is not None
    deadline = TODAY + timedelta(days=40)
    repays = state in ("repayment_requested", "settled")
    report = FinancialReport.objects.create(
        **{
            "collaboration": collaboration,
            "state": state,
            "deadline_on": deadline,
            "due_on": None if state in ("accepted", "settled") else deadline,
            "agreed": GRANTED,
            "invoice_contact": "Ekonomienheten, 012-345 67",
            "rounds": 1 if state == "returned" else 0,
            "question": "Vad består resorna av?" if state == "returned" else "",
            "reply": "Tåg till två seminarier." if state == "returned" else "",
            "prepared_on": TODAY if has_been_prepared else None,
            "prepared_by": preparer.user if has_been_prepared else None,
            "certified_by": signatory.user if was_received else None,
            "received_at": datetime.combine(TODAY, time(8), STOCKHOLM) if was_received else None,
            "repayment_amount": Decimal("20000") if repays else None,
            "repayment_due_on": TODAY + timedelta(days=30) if repays else None,
            **fields,
        }
    )
    financial_insats(report, with_costs=with_costs)
    if was_received:
        freeze_account(report)
    return report


GRANTED = Decimal("300000")


def financial_insats(
    report: FinancialReport, *, with_costs: bool = True, **fields: Any
) -> FinancialInsats:
    """Used to the last öre, so that nothing has to be explained."""
    insats = FinancialInsats.objects.create(
        **{
            "report": report,
            "number": report.insatser.count() + 1,
            "name": AGREED["name"],
            "granted": GRANTED,
            "paid": GRANTED,
            **fields,
        }
    )
    used = {CostKind.SUBSTITUTES: insats.granted}
    if with_costs:
        Cost.objects.bulk_create(
            Cost(insats=insats, kind=kind, used=used.get(kind, 0), own_share=0) for kind in CostKind
        )
    return insats


def freeze_account(report: FinancialReport, *, number: int = 1) -> FinancialCopy:
    """What was received in that round, as a certification would have kept it."""
    account = account_of(report)
    file = write_workbook(report, account)
    assert report.certified_by is not None
    assert report.received_at is not None
    return FinancialCopy.objects.create(
        report=report,
        round=number,
        content=account.plain(),
        file=file,
        sha256=sha256(file).hexdigest(),
        frozen_at=report.received_at,
        frozen_by=report.certified_by,
    )


def _answer(report: Report, said: str) -> None:
    """By the head of the unit's huvudman, in every matrix that the report has."""
    writer = User.objects.filter(memberships__organisation=report.unit.organiser).first()
    assert writer is not None
    for matrix in content_of(report).matrices:
        for field in ("lessons", "follow_up"):
            if matrix.line(field):
                answer(report, field, matrix.row, by=writer, text=said)
        improvements = matrix.line("improvements")
        assert improvements is not None
        for cell in improvements.cells:
            level = cell.level or "well_under_way"
            answer(report, cell.field, cell.row, by=writer, text=said, level=level)
        answer(report, "not_reached", matrix.row, by=writer, text=said)


def university_report(
    collaboration: Collaboration, *, kind: str = "interim", state: str = "draft", **fields: Any
) -> UniversityReport:
    """With an answer to what the form does not do without, and frozen if it was received."""
    was_received = state in ("submitted", "closed")
    deadline = TODAY + timedelta(days=40)
    said = fields.pop("text", "Lärgrupperna träffas nu utan oss.")
    report = UniversityReport.objects.create(
        **{
            "collaboration": collaboration,
            "kind": kind,
            "state": state,
            "deadline_on": deadline,
            "due_on": None if state in ("closed", "waived") else deadline,
            "received_at": datetime.combine(TODAY, time(8), STOCKHOLM) if was_received else None,
            **fields,
        }
    )
    if said.strip():
        writer = User.objects.filter(memberships__organisation=collaboration.university).first()
        assert writer is not None
        for line in content_of(report).lines:
            if line.demanded:
                answer(report, line.field, by=writer, text=said)
    if was_received:
        freeze_copy(report)
    return report


def answer(
    report: WrittenReport, field: str, row: str = "", *, by: User, **fields: Any
) -> WrittenAnswer:
    written: WrittenAnswer = report.answers.create(
        **{
            "field": field,
            "row": row,
            "text": "Vi ser att rutinerna används.",
            "written_at": datetime.combine(TODAY, time(7), STOCKHOLM),
            "written_by": by,
            **fields,
        }
    )
    return written


def question(report: Report, *, by: User, **fields: Any) -> Question:
    return Question.objects.create(
        **{
            "report": report,
            "round": 1,
            "field": "lessons",
            "row": "1",
            "text": "Vilka lärdomar tar ni med er?",
            "asked_at": datetime.combine(TODAY, time(9), STOCKHOLM),
            "asked_by": by,
            **fields,
        }
    )


def earlier_insats(
    plan: ActionPlan, *, by: User, goals: Iterable[Goal] = (), **fields: Any
) -> EarlierInsats:
    """As an earlier delredovisning tells of it."""
    insats = EarlierInsats.objects.create(
        **{
            "plan": plan,
            "number": 1 + EarlierInsats.objects.filter(plan=plan).count(),
            "name": "Kollegialt lärande",
            "development_area": "Styrning och utveckling av verksamheten",
            "participants": "lärare 24, rektor 1",
            "brought_at": datetime.combine(TODAY, time(7), STOCKHOLM),
            "brought_by": by,
            **fields,
        }
    )
    insats.goals.set(goals)
    EarlierAccount.objects.create(
        insats=insats,
        told_in="Delredovisning 2025-06-12",
        told_on=date(2025, 6, 12),
        lessons="Börja i elevsvaren.",
    )
    return insats


def report_form(*, by: User, **fields: Any) -> ReportTemplate:
    """A version of the final form that asks one question less, and so is not in use."""
    form = shipped("final")
    template = ReportTemplate.objects.create(
        **{
            "kind": "final",
            # The first is the one that is shipped.
            "version": ReportTemplate.objects.filter(kind="final").count() + 2,
            "introduction": [["title", form.title], *map(list, form.introduction)],
            "uploaded_at": datetime.combine(TODAY, time(7), STOCKHOLM),
            "uploaded_by": by,
            **fields,
        }
    )
    TemplateField.objects.bulk_create(
        TemplateField(template=template, slug=question.id, label=question.label, position=place)
        for place, question in enumerate(form.questions[:-1])
    )
    return template


def freeze_copy(report: WrittenReport, *, round_: int = 1) -> SubmittedCopy:
    """As it was submitted, with the file that was received."""
    content = content_of(report)
    file = write_document(document_of(content))
    case = report.collaboration
    written_by = case.university if isinstance(report, UniversityReport) else case.organiser
    sender = User.objects.filter(memberships__organisation=written_by).first()
    assert report.received_at is not None
    assert sender is not None
    copy: SubmittedCopy = report.copies.create(
        round=round_,
        content=content.plain(),
        file=file,
        sha256=sha256(file).hexdigest(),
        frozen_at=report.received_at,
        frozen_by=sender,
    )
    return copy


def synthesis(
    collaboration: Collaboration, *, state: str = "draft", **fields: Any
) -> CollaborationSynthesis:
    """With an introduction. There is one a case."""
    moment = datetime.combine(TODAY, time(8), STOCKHOLM)
    return CollaborationSynthesis.objects.create(
        **{
            "collaboration": collaboration,
            "state": state,
            "due_on": None if state == "published" else TODAY + timedelta(days=30),
            "introduction": "Vi har gått från enstaka insatser till strukturer som håller.",
            "shared_on": TODAY if state in ("shared", "published") else None,
            "published_at": moment if state == "published" else None,
            **fields,
        }
    )


def passage(synthesis: CollaborationSynthesis, *, by: User, **fields: Any) -> Passage:
    """About a theme, unless another section is named."""
    return Passage.objects.create(
        **{
            "synthesis": synthesis,
            "kind": "theme",
            "name": "collegial",
            "text": "Kollegialt lärande är det som har förändrat mest.",
            "written_at": datetime.combine(TODAY, time(8), STOCKHOLM),
            "written_by": by,
            **fields,
        }
    )


def excerpt(
    synthesis: CollaborationSynthesis, report: Report, *, by: User, **fields: Any
) -> Excerpt:
    """As the factory's report says it, chosen for a theme unless another section is named."""
    return Excerpt.objects.create(
        **{
            "synthesis": synthesis,
            "report": report,
            "kind": "theme",
            "name": "documentation",
            "field": "lessons",
            "text": "Insatsen har lett till nya rutiner.",
            "position": 1,
            "chosen_at": datetime.combine(TODAY, time(8), STOCKHOLM),
            "chosen_by": by,
            **fields,
        }
    )


def invitation(
    organisation: Organisation, unit: Unit | None = None, *, by: User, **fields: Any
) -> Invitation:
    """An invitation that nobody has answered, to lead processes in the unit unless said."""
    sent = datetime.combine(TODAY, time(9), STOCKHOLM)
    return Invitation.objects.create(
        organisation=organisation,
        unit=unit,
        invited_by=by,
        **{
            "email": "nils@adalen.example",
            "name": "Nils Nybörjare",
            "role": Role.PROCESS_LEADER,
            "starts_on": TODAY,
            "key_digest": "0" * 64,
            "invited_at": sent,
            "expires_at": sent + timedelta(days=7),
            **fields,
        },
    )


def register_file(*, by: User, **fields: Any) -> RegisterFile:
    """What was read of a file of the register of schools: one unit of an organiser elsewhere."""
    row = Row("12345678", "Bortskolan", organisation_number="212000-0068", organiser="Bort")
    return RegisterFile.objects.create(
        brought_by=by,
        **{
            "name": "skolenheter.json",
            "brought_at": datetime.combine(TODAY, time(8), STOCKHOLM),
            "rows": [row.as_data()],
            **fields,
        },
    )
