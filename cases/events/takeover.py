"""Taking over a case that is already under way (docs/decisions/0007-taking-over-a-case.md)."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from cases.dates import MORNING
from cases.events.agreement import TERMS, start, write_terms
from cases.events.collaboration import match
from cases.events.documents import adopt_plan, conclude_analysis, discuss_plan
from cases.events.meetings import LASTS, invite
from cases.reading import Key, Reader, choice, short
from cases.story import Story
from cases.vocabulary import Told, event
from interventions.models import Agreement, Visit
from meetings.actions import book_meeting, hold_meeting
from meetings.models import Meeting
from meetings.permissions import can_run_meeting
from notifications.clock import STOCKHOLM
from organisations.models import User
from plans.actions import can_write, write_document
from plans.models import ActionPlan, SituationAnalysis
from reports.models import Report
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
    *TERMS,
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
        _refer(story, told, started, "text", "views_of_children", "participants")
        _step(story, told, started.share)
    conclude_analysis(story, told)
    _step(story, told, story.collaboration.start_planning)
    if story.university:
        match(story, told)


def _refer(story: Story, told: Told, document: Any, *fields: str) -> None:
    """The text of a document from before says where it is kept."""
    by = story.somebody(can_write, document, told)
    texts = dict.fromkeys(fields, told["documents"])
    write_document(document=document, by=by, now=story.now, **texts)


def _agree(story: Story, told: Told) -> None:
    for plan in ActionPlan.objects.filter(collaboration=story.collaboration).select_related("unit"):
        _refer(story, told, plan, "text", "follow_up")
        _step(story, told, plan.share)
    discuss_plan(story, told)
    adopt_plan(story, told)
    write_terms(story, told)
    agreement = Agreement.objects.get(collaboration=story.collaboration)
    _step(story, told, agreement.propose)
    if agreement.kind == Agreement.Kind.DECISION:
        _step(story, told, agreement.decide)
    else:
        _step(story, told, agreement.sign_for_organiser)
        _step(story, told, agreement.sign_for_agency)
    if told["expectation_talk"]:
        _hold_expectation_talk(story, told)
    _step(story, told, story.collaboration.agree)


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
    start(story, told)
    for visit in Visit.objects.filter(
        collaboration=story.collaboration, month__lt=told.day.replace(day=1)
    ).order_by("month"):
        _step(story, told, visit.skip)
    for report in Report.objects.filter(
        collaboration=story.collaboration, deadline_on__lt=told.day
    ).select_related("unit"):
        _step(story, told, report.waive)
