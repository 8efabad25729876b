"""Which meetings are owed, and what is owed after them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from meetings.models import ChangeProposal, Meeting, PartyTask, PollInvitation
from notifications.duties import after, days, duty, working_days
from organisations.models import Party, Role
from sbs_workflow.duties import WHILE_LIVE

Kind = Meeting.Kind
State = Meeting.State
EVERY_WEEK = tuple(days(7 * week) for week in range(8))


def _to_be_booked(*kinds: str) -> QuerySet[Meeting]:
    """A question about times is no meeting yet: whoever asks is reminded all the same."""
    waiting = [State.NEEDED, State.PROPOSED]
    return Meeting.objects.filter(
        state__in=waiting, kind__in=kinds, initiator="", due_on__isnull=False
    )


def _owed(state: str, *kinds: str) -> QuerySet[Meeting]:
    """Of the kinds that are called by the usual party."""
    return Meeting.objects.filter(state=state, kind__in=kinds, initiator="", due_on__isnull=False)


@duty(
    "meetings.book-quality-meeting",
    label=_("Book the next three-party meeting"),
    why=_("The process supporters see to it that the three parties meet once a term."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(45),
    steps=EVERY_WEEK,
    rule="R2",
    escalation=(after(working_days(10), Role.AGENCY_MANAGER, Role.TEAM_LEADER),),
    action="meetings:book",
    standing=WHILE_LIVE,
)
def book_quality_meeting() -> QuerySet[Meeting]:
    """R2: at least one a term and four in the period (KAU 2018; the numbers are inferred).

    When it is late the team leader is told, too, who may ask for it.
    """
    return _to_be_booked(Kind.QUALITY)


@duty(
    "meetings.hold-bilateral-talk",
    label=_("Book the next two-party talk"),
    why=_("Team leader and process supporters check their expectations at even intervals."),
    owed_by=(Role.TEAM_LEADER,),
    opens=days(21),
    steps=EVERY_WEEK,
    rule="R6",
    escalation=(after(days(28), Role.UNIVERSITY_LEAD),),
    action="meetings:book",
    standing=WHILE_LIVE,
)
def hold_bilateral_talk() -> QuerySet[Meeting]:
    """R6: every eight weeks, twelve at most (KAU 2018 says even intervals; numbers inferred)."""
    return _to_be_booked(Kind.BILATERAL)


@duty(
    "meetings.hold-expectation-talk",
    label=_("Book the expectation talk"),
    why=_("It is held before the university first meets the school authority."),
    owed_by=(Role.TEAM_LEADER,),
    opens=days(30),
    steps=(working_days(-12), working_days(-5), working_days(0)),
    rule="R1",
    escalation=(after(working_days(1), Role.UNIVERSITY_LEAD, Role.PROCESS_SUPPORTER),),
    action="meetings:book",
    standing=WHILE_LIVE,
)
def hold_expectation_talk() -> QuerySet[Meeting]:
    """R1: due three working days before the parties first meet (KAU 2018; days inferred)."""
    return _to_be_booked(Kind.EXPECTATION)


@duty(
    "meetings.book-introduction",
    label=_("Book the introductory meeting"),
    why=_("The agency brings the school authority and the university together."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(30),
    steps=(working_days(-10), working_days(0), working_days(5)),
    escalation=(after(working_days(10), Role.AGENCY_MANAGER),),
    action="meetings:book",
    standing=WHILE_LIVE,
)
def book_introduction() -> QuerySet[Meeting]:
    return _to_be_booked(Kind.INTRODUCTION)


@duty(
    "meetings.record-three-party-meeting",
    label=_("Record who came to the meeting"),
    why=_("The day of the meeting has passed."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=working_days(1),
    steps=(working_days(0), working_days(5)),
    escalation=(after(working_days(10), Role.AGENCY_MANAGER),),
    action="meetings:hold",
    standing=WHILE_LIVE,
)
def record_three_party_meeting() -> QuerySet[Meeting]:
    return _owed(State.BOOKED, Kind.QUALITY, Kind.INTRODUCTION)


@duty(
    "meetings.record-two-party-talk",
    label=_("Record who came to the talk"),
    why=_("The day of the talk has passed."),
    owed_by=(Role.TEAM_LEADER,),
    opens=working_days(1),
    steps=(working_days(0), working_days(5)),
    escalation=(after(working_days(10), Role.UNIVERSITY_LEAD),),
    action="meetings:hold",
    standing=WHILE_LIVE,
)
def record_two_party_talk() -> QuerySet[Meeting]:
    return _owed(State.BOOKED, Kind.BILATERAL, Kind.EXPECTATION)


@duty(
    "meetings.write-three-party-minutes",
    label=_("Write the minutes"),
    why=_("The minutes of a three-party meeting are written within five working days."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=working_days(5),
    steps=(working_days(0), working_days(3)),
    rule="R4",
    escalation=(after(working_days(5), Role.AGENCY_MANAGER),),
    action="meetings:meeting",
    standing=WHILE_LIVE,
)
def write_three_party_minutes() -> QuerySet[Meeting]:
    """R4: 5 and 8 working days after the meeting, 10 for the party's lead (inferred)."""
    return _owed(State.HELD, Kind.QUALITY, Kind.INTRODUCTION)


@duty(
    "meetings.write-two-party-note",
    label=_("Write a note of the talk"),
    why=_("A note of the talk is written within five working days."),
    owed_by=(Role.TEAM_LEADER,),
    opens=working_days(5),
    steps=(working_days(0), working_days(3)),
    rule="R4",
    escalation=(after(working_days(5), Role.UNIVERSITY_LEAD),),
    action="meetings:meeting",
    standing=WHILE_LIVE,
)
def write_two_party_note() -> QuerySet[Meeting]:
    """R4: as the minutes of all three (inferred)."""
    return _owed(State.HELD, Kind.BILATERAL, Kind.EXPECTATION)


# Where an administrator lets another party call a kind of meeting, it is that party's to see to.
SEE_TO_THE_MEETING: dict[str, Any] = {
    "label": _("See to the meeting"),
    "why": _("In this collaboration it is your party that calls this meeting."),
    "opens": days(45),
    "steps": (working_days(-10), working_days(0), working_days(5)),
    "action": "meetings:meeting",
    "standing": WHILE_LIVE,
}


def _called_by(party: Party) -> QuerySet[Meeting]:
    waiting = [State.NEEDED, State.PROPOSED, State.BOOKED, State.HELD]
    return Meeting.objects.filter(state__in=waiting, initiator=party, due_on__isnull=False)


@duty(
    "meetings.see-to-as-agency",
    owed_by=(Role.PROCESS_SUPPORTER,),
    escalation=(after(working_days(10), Role.AGENCY_MANAGER),),
    **SEE_TO_THE_MEETING,
)
def see_to_as_agency() -> QuerySet[Meeting]:
    return _called_by(Party.AGENCY)


@duty(
    "meetings.see-to-as-organiser",
    owed_by=(Role.HEAD_OF_AUTHORITY,),
    escalation=(after(working_days(10), Role.PROCESS_SUPPORTER),),
    **SEE_TO_THE_MEETING,
)
def see_to_as_organiser() -> QuerySet[Meeting]:
    return _called_by(Party.ORGANISER)


@duty(
    "meetings.see-to-as-university",
    owed_by=(Role.TEAM_LEADER,),
    escalation=(after(working_days(10), Role.UNIVERSITY_LEAD),),
    **SEE_TO_THE_MEETING,
)
def see_to_as_university() -> QuerySet[Meeting]:
    return _called_by(Party.UNIVERSITY)


@duty(
    "meetings.take-up-change",
    label=_("Take up the change that was proposed"),
    why=_("The parties proposed a change of the agreement. It is agreed on, or left as it is."),
    owed_by=(Role.PROCESS_SUPPORTER, Role.HEAD_OF_AUTHORITY),
    opens=days(60),
    steps=(working_days(-10), working_days(0)),
    rule="R5",
    # 30 days after the minutes, which is two after the twenty working days.
    escalation=(after(days(2), Role.AGENCY_MANAGER, Role.HEAD_OF_AUTHORITY),),
    action="meetings:change",
    standing=WHILE_LIVE,
)
def take_up_change() -> QuerySet[ChangeProposal]:
    """R5: 10 and 20 working days after the minutes, and after 30 days (inferred)."""
    return ChangeProposal.objects.filter(due_on__isnull=False)


# --- R3: before a three-party meeting ------------------------------------------------------


def _waited_for(kind: str, *parties: str) -> QuerySet[PartyTask]:
    return PartyTask.objects.filter(
        kind=kind, party__in=parties or Party.values, due_on__isnull=False
    )


PREPARE: dict[str, Any] = {
    "label": _("Prepare the three-party meeting"),
    "opens": working_days(10),
    "steps": (working_days(-10), working_days(-3), working_days(-1)),
    "rule": "R3",
    "action": "meetings:before",
    "standing": WHILE_LIVE,
}


@duty(
    "meetings.prepare-for-agency",
    why=_("Look through the agenda, and write what the agency wants to bring up."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    **PREPARE,
)
def prepare_for_agency() -> QuerySet[PartyTask]:
    return _waited_for(PartyTask.Kind.PREPARE, Party.AGENCY)


@duty(
    "meetings.prepare-for-organiser",
    why=_("Look through the colours of your goals, and write what you want to bring up."),
    owed_by=(Role.HEAD_OF_AUTHORITY, Role.COORDINATOR),
    **PREPARE,
)
def prepare_for_organiser() -> QuerySet[PartyTask]:
    return _waited_for(PartyTask.Kind.PREPARE, Party.ORGANISER)


@duty(
    "meetings.prepare-for-university",
    why=_("Look through the visits since last time, and write what you want to bring up."),
    owed_by=(Role.TEAM_LEADER,),
    **PREPARE,
)
def prepare_for_university() -> QuerySet[PartyTask]:
    return _waited_for(PartyTask.Kind.PREPARE, Party.UNIVERSITY)


REPLY: dict[str, Any] = {
    "label": _("See to it that your party answers the invitation"),
    "why": _("The meeting is near, and nobody of your party has said whether they come."),
    "opens": working_days(5),
    "steps": (working_days(-5),),
    "rule": "R3",
    "action": "meetings:before",
    "standing": WHILE_LIVE,
}


@duty("meetings.reply-for-agency", owed_by=(Role.AGENCY_MANAGER,), **REPLY)
def reply_for_agency() -> QuerySet[PartyTask]:
    return _waited_for(PartyTask.Kind.REPLY, Party.AGENCY)


@duty("meetings.reply-for-organiser", owed_by=(Role.HEAD_OF_AUTHORITY,), **REPLY)
def reply_for_organiser() -> QuerySet[PartyTask]:
    return _waited_for(PartyTask.Kind.REPLY, Party.ORGANISER)


@duty("meetings.reply-for-university", owed_by=(Role.UNIVERSITY_LEAD,), **REPLY)
def reply_for_university() -> QuerySet[PartyTask]:
    return _waited_for(PartyTask.Kind.REPLY, Party.UNIVERSITY)


@duty(
    "meetings.find-somebody-who-comes",
    label=_("Make sure that all three come"),
    why=_("The meeting is near, and nobody of one party has said that they come."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=working_days(3),
    steps=(working_days(-3),),
    rule="R3",
    action="meetings:before",
    standing=WHILE_LIVE,
)
def find_somebody_who_comes() -> QuerySet[PartyTask]:
    return _waited_for(PartyTask.Kind.SAY_YES)


@duty(
    "meetings.answer-which-times",
    label=_("Answer which times suit you"),
    why=_("Somebody who wants to meet you has asked, and the others wait for a time."),
    owed_by=tuple(Role),
    opens=days(90),
    steps=(),
    action="meetings:answer",
    person="user_id",
    standing=WHILE_LIVE,
)
def answer_which_times() -> QuerySet[PollInvitation]:
    """Those who are silent get a letter with their link instead of a line in the digest."""
    return PollInvitation.objects.filter(due_on__isnull=False)
