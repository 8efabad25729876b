"""Taking over a case that is already under way (docs/decisions/0007-taking-over-a-case.md)."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from cases.dates import MORNING
from cases.events.agreement import TERMS, write
from cases.events.analyses import PROBLEMS, write_problems
from cases.events.assignment import ANSWER, answer
from cases.events.collaboration import match
from cases.events.insatser import begin
from cases.events.meetings import LASTS, invite
from cases.events.plans import GOALS, write_goals
from cases.reading import Key, Reader, choice, short
from cases.story import Story
from cases.vocabulary import Told, event
from interventions.actions import write_assignment
from interventions.models import Agreement, AssignmentPlan, Visit
from interventions.permissions import can_propose_agreement
from meetings.actions import book_meeting, hold_meeting
from meetings.models import Meeting
from meetings.permissions import can_run_meeting
from notifications.clock import STOCKHOLM
from organisations.models import User
from plans.actions import note_evidence, write_document, write_goal, write_problem
from plans.models import ActionPlan, Evidence, Problem, SituationAnalysis
from plans.permissions import can_write
from reports.models import Report, UniversityReport
from sbs_workflow.models import Collaboration


class TakenOverIn(TextChoices):
    ANALYSING = "analysing"
    PLANNING = "planning"
    AGREED = "agreed"
    ACTIVE = "active"


@event(
    "take over",
    Key("state", choice(TakenOverIn), required=True),
    # Where the documents from before are kept: the recorded reason of every step.
    Key("documents", Reader.text, required=True),
    Key("channel", choice(Collaboration.OfferChannel), required=True),
    Key("mandate", short(200), required=True),
    Key("offered", Reader.day),
    Key("analysis_from", Reader.day),
    Key("expectation_talk", Reader.day),
    PROBLEMS,
    GOALS,
    *TERMS,
    *ANSWER,
)
def take_over(story: Story, told: Told) -> None:
    """Take every step up to the present state on one day, saying where its documents are."""
    _begin(story, told)
    if told["state"] == TakenOverIn.ANALYSING:
        return
    _plan(story, told)
    if told["state"] == TakenOverIn.PLANNING:
        return
    _agree(story, told)
    if told["state"] == TakenOverIn.ACTIVE:
        _start(story, told)


def _step(story: Story, told: Told, transition: Any, **inputs: Any) -> None:
    story.take(transition, told, reason=told["documents"], past_gates=True, **inputs)


def _begin(story: Story, told: Told) -> None:
    _step(
        story,
        told,
        story.collaboration.offer,
        offered_on=told["offered"] or told.day,
        offer_channel=told["channel"],
    )
    _step(story, told, story.collaboration.accept, mandate_reference=told["mandate"])
    _step(
        story,
        told,
        story.collaboration.start_analysis,
        analysis_starts_on=told["analysis_from"] or told.day,
    )


def _plan(story: Story, told: Told) -> None:
    for analysis in SituationAnalysis.objects.filter(
        collaboration=story.collaboration
    ).select_related("unit"):
        started = story.take(analysis.start, told)
        _refer(story, told, started, "text", "views_of_children", "participants", "priorities")
        write_problems(story, told, started)
        if not started.problems.exists():
            _refer_to_problem(story, told, started)
        _step(story, told, started.share)
        story.take(started.conclude, told)
    _step(story, told, story.collaboration.start_planning)
    if story.university:
        match(story, told)


def _refer(story: Story, told: Told, document: Any, *fields: str) -> None:
    """The text of a document from before says where it is kept."""
    by = story.somebody(can_write, document, told)
    texts = dict.fromkeys(fields, told["documents"])
    write_document(document=document, by=by, now=story.now, **texts)


def _refer_to_problem(story: Story, told: Told, analysis: SituationAnalysis) -> None:
    """Where the file retells no problem: one that says where they are kept."""
    where, by = told["documents"], story.somebody(can_write, analysis, told)
    problem = write_problem(
        analysis=analysis,
        text=where,
        development_area="",
        causes=[(None, where)],
        by=by,
        now=story.now,
    )
    note_evidence(
        problem=problem,
        kind=Evidence.Kind.DOCUMENT,
        voice=Evidence.Voice.MANAGEMENT,
        noted_on=told.day,
        text=where,
        by=by,
        now=story.now,
    )


def _refer_to_goal(story: Story, told: Told, plan: ActionPlan) -> None:
    problem = Problem.objects.filter(
        analysis__collaboration=plan.collaboration_id, analysis__unit=plan.unit_id
    )[0]
    write_goal(
        plan=plan,
        problem=problem,
        causes=problem.causes.all(),
        text=told["documents"],
        by=story.somebody(can_write, plan, told),
        now=story.now,
    )


def _agree(story: Story, told: Told) -> None:
    for plan in ActionPlan.objects.filter(collaboration=story.collaboration).select_related("unit"):
        _refer(story, told, plan, "text", "follow_up")
        write_goals(story, told, plan)
        if not plan.planned_goals.exists():
            _refer_to_goal(story, told, plan)
        _step(story, told, plan.share)
        story.take(plan.discuss, told)
        story.take(plan.adopt, told)
    write(story, told)
    agreement = Agreement.objects.get(collaboration=story.collaboration)
    _step(story, told, agreement.propose)
    if agreement.kind == Agreement.Kind.DECISION:
        _step(story, told, agreement.decide)
    else:
        _step(story, told, agreement.sign_for_organiser)
        _step(story, told, agreement.sign_for_agency)
    if told["team"] and told["days"]:
        _give_assignment(story, told, agreement)
    if told["expectation_talk"]:
        _hold_expectation_talk(story, told)
    _step(story, told, story.collaboration.agree)


def _give_assignment(story: Story, told: Told, agreement: Agreement) -> None:
    assignment = AssignmentPlan.objects.get(agreement=agreement)
    by = story.somebody(can_propose_agreement, assignment, told)
    write_assignment(assignment=assignment, text=told["documents"], by=by, now=story.now)
    sent = story.take(assignment.send, told)
    answer(story, told)
    _step(story, told, sent.confirm)


def _hold_expectation_talk(story: Story, told: Told) -> None:
    talk = Meeting.objects.get(collaboration=story.collaboration, kind=Meeting.Kind.EXPECTATION)
    starts_at = datetime.combine(told["expectation_talk"], MORNING, STOCKHOLM)
    by: User = story.somebody(can_run_meeting, talk, told)
    people = invite(story, Meeting.Kind.EXPECTATION)
    booked = book_meeting(
        meeting=talk,
        participants=people,
        starts_at=starts_at,
        ends_at=starts_at + LASTS,
        form=Meeting.Form.ON_SITE,
        place="",
        by=by,
        now=story.now,
    )
    held = hold_meeting(meeting=booked, present=people, by=by, now=story.now)
    _step(story, told, held.write_minutes, minutes=told["documents"])


def _start(story: Story, told: Told) -> None:
    """What lies before the day of taking over is not owed here any more."""
    _step(
        story,
        told,
        story.collaboration.start_interventions,
        interventions_start_on=told["from"] or told.day,
        interventions_end_on=told["to"],
    )
    begin(story, told, past_gates=told["documents"])
    for visit in Visit.objects.filter(
        collaboration=story.collaboration, month__lt=told.day.replace(day=1)
    ).order_by("month"):
        _step(story, told, visit.skip)
    before = {"collaboration": story.collaboration, "deadline_on__lt": told.day}
    for report in Report.objects.filter(**before).select_related("unit"):
        _step(story, told, report.waive)
    for of_university in UniversityReport.objects.filter(**before):
        _step(story, told, of_university.waive)
