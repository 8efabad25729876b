"""The next meeting exists as soon as it is owed (domain.md 4.2)."""

from datetime import date, timedelta

from meetings.actions import close_polls, lay_out_agenda, tell_of_minutes, tell_participants
from meetings.actions.minutes import owe_an_answer
from meetings.actions.poll import tell_those_who_answered
from meetings.actions.preparation import await_the_parties
from meetings.models import Meeting
from meetings.queries import first_joint_meeting, new_meeting, rule_for, rules_for
from notifications.working_days import add_working_days, next_working_day
from sbs_workflow.effects import Change, after
from sbs_workflow.models import Collaboration

EXPECTATION_TALK_WITHIN = timedelta(days=30)
OWED_AGAIN_WITHIN = 10  # working days, inferred
LAST_ONE_BEFORE_THE_END = timedelta(days=30)  # inferred
BEFORE_FIRST_MEETING = -3  # working days, R1
WAITING = (Meeting.State.NEEDED, Meeting.State.PROPOSED)
DONE_OR_BOOKED = (Meeting.State.BOOKED, *Meeting.WAS_HELD)


def owe_meeting(collaboration: Collaboration, kind: str, due_on: date) -> Meeting:
    """Make the missing meeting a row; one that is owed already stays as it is."""
    owed = Meeting.objects.filter(
        collaboration=collaboration, kind=kind, state=Meeting.State.NEEDED
    ).first()
    if owed is None:
        owed = new_meeting(collaboration, kind)
        owed.due_on = next_working_day(due_on)
        owed.save()
    return owed


@after((Collaboration, "start_planning"))
def owe_expectation_talk(change: Change) -> None:
    owe_meeting(change.instance, Meeting.Kind.EXPECTATION, change.today + EXPECTATION_TALK_WITHIN)


@after((Collaboration, "start_interventions"))
def owe_first_meetings(change: Change) -> None:
    for kind, rule in rules_for(change.instance).items():
        if rule.cadence_days:
            cadence = timedelta(days=rule.cadence_days)
            owe_meeting(change.instance, kind, change.instance.interventions_start_on + cadence)


@after((Meeting, "hold"))
def owe_next_meeting(change: Change) -> None:
    """As long as the interventions go on, the next one is owed a cadence after this one."""
    meeting: Meeting = change.instance
    rule = rule_for(meeting.collaboration, meeting.kind)
    if not rule.cadence_days or not meeting.collaboration.is_under_way or not meeting.held_on:
        return
    if meeting.no_next_because or _is_another_on_its_way(meeting):
        return
    due_on = meeting.held_on + timedelta(days=rule.cadence_days)
    ends_on = meeting.collaboration.interventions_end_on
    if ends_on is None:
        return
    if due_on > ends_on and _held_so_far(meeting) < (rule.at_least or 0):
        due_on = max(change.today, ends_on - LAST_ONE_BEFORE_THE_END)
    if due_on <= ends_on:
        owe_meeting(meeting.collaboration, meeting.kind, due_on)


def _is_another_on_its_way(meeting: Meeting) -> bool:
    return Meeting.objects.filter(
        collaboration=meeting.collaboration,
        kind=meeting.kind,
        state__in=[Meeting.State.NEEDED, Meeting.State.PROPOSED, Meeting.State.BOOKED],
    ).exists()


def _held_so_far(meeting: Meeting) -> int:
    """How many of the kind have counted in the case."""
    return Meeting.objects.filter(
        collaboration=meeting.collaboration, kind=meeting.kind, state__in=Meeting.WAS_HELD
    ).count()


@after((Meeting, "hold_without_quorum"), (Meeting, "cancel"))
def owe_meeting_again(change: Change) -> None:
    """It does not count: a meeting of that kind is still owed, unless another is on its way."""
    meeting: Meeting = change.instance
    if not _is_another_on_its_way(meeting):
        owe_meeting(
            meeting.collaboration,
            meeting.kind,
            add_working_days(change.today, OWED_AGAIN_WITHIN),
        )


@after((Meeting, "book"), (Meeting, "reschedule"))
def expect_before_first_meeting(change: Change) -> None:
    """The expectation talk comes before the university first meets the huvudman (KAU 2018, R1).

    It follows that meeting when it is moved, and is owed where nobody has called it.
    """
    case = change.instance.collaboration
    talks = Meeting.objects.filter(collaboration=case, kind=Meeting.Kind.EXPECTATION)
    first = first_joint_meeting(case)
    if first is None or first.held_on is None or talks.filter(state__in=DONE_OR_BOOKED).exists():
        return
    latest = add_working_days(first.held_on, BEFORE_FIRST_MEETING)
    if not talks.filter(state__in=WAITING).update(due_on=latest):
        owe_meeting(case, Meeting.Kind.EXPECTATION, latest)


@after((Meeting, "book"), (Meeting, "reschedule"))
def wait_for_the_parties(change: Change) -> None:
    """Each prepares a three-party meeting, and answers its invitation (R3)."""
    if change.instance.kind == Meeting.Kind.QUALITY:
        await_the_parties(change.instance, called_for=change.record.party, today=change.today)


@after((Meeting, "hold"), (Meeting, "hold_without_quorum"), (Meeting, "cancel"))
def wait_no_longer(change: Change) -> None:
    change.instance.party_tasks.all().delete()


@after((Meeting, "book"), (Meeting, "cancel"))
def stop_asking(change: Change) -> None:
    """Every personal link stops to work as soon as the time is settled or the meeting is gone."""
    if change.record.transition == "cancel":
        tell_those_who_answered(change.instance, by=change.by, now=change.now)
    close_polls(change.instance, change.now)


@after((Meeting, "cancel"))
def tell_that_it_is_cancelled(change: Change) -> None:
    if change.record.from_state == Meeting.State.BOOKED:
        tell_participants(change.instance, "cancelled", by=change.by, now=change.now)


@after((Collaboration, "start_reporting"), (Collaboration, "end_interventions"))
def owe_no_more_meetings(change: Change) -> None:
    recurring = [k for k, rule in rules_for(change.instance).items() if rule.cadence_days]
    Meeting.objects.filter(
        collaboration=change.instance, state__in=WAITING, kind__in=recurring
    ).update(due_on=None)


@after((Meeting, "propose"), (Meeting, "book"))
def give_it_an_agenda(change: Change) -> None:
    lay_out_agenda(change.instance)


@after((Meeting, "write_minutes"))
def owe_an_answer_to_the_change(change: Change) -> None:
    owe_an_answer(change.instance, today=change.today)


@after((Meeting, "write_minutes"))
def tell_that_minutes_are_written(change: Change) -> None:
    tell_of_minutes(change.instance, by=change.by, now=change.now)


@after((Meeting, "ask_for_correction"))
def confirm_again(change: Change) -> None:
    """What a party confirmed was another text."""
    change.instance.approvals.all().delete()
