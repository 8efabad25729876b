"""Which meetings are owed, and what is owed after them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting, PollInvitation
from notifications.duties import days, duty, working_days
from organisations.models import Party, Role
from sbs_workflow.duties import WHILE_LIVE

Kind = Meeting.Kind
State = Meeting.State


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
    steps=(working_days(-10), working_days(0), working_days(5), working_days(10)),
    action="meetings:book",
    standing=WHILE_LIVE,
)
def book_quality_meeting() -> QuerySet[Meeting]:
    """R2: at least one a term and four in the period (KAU 2018; the numbers are inferred)."""
    return _to_be_booked(Kind.QUALITY)


@duty(
    "meetings.hold-bilateral-talk",
    label=_("Book the next two-party talk"),
    why=_("Team leader and process supporters check their expectations at even intervals."),
    owed_by=(Role.TEAM_LEADER,),
    opens=days(21),
    steps=(working_days(-5), working_days(0), working_days(5), working_days(10)),
    action="meetings:book",
    standing=WHILE_LIVE,
)
def hold_bilateral_talk() -> QuerySet[Meeting]:
    """R6: every eight weeks (KAU 2018 says even intervals; the number is inferred)."""
    return _to_be_booked(Kind.BILATERAL)


@duty(
    "meetings.hold-expectation-talk",
    label=_("Book the expectation talk"),
    why=_("It is held before the university first meets the school authority."),
    owed_by=(Role.TEAM_LEADER,),
    opens=days(30),
    steps=(working_days(-15), working_days(-8), working_days(-3), working_days(1)),
    action="meetings:book",
    standing=WHILE_LIVE,
)
def hold_expectation_talk() -> QuerySet[Meeting]:
    """R1 (KAU 2018)."""
    return _to_be_booked(Kind.EXPECTATION)


@duty(
    "meetings.book-introduction",
    label=_("Book the introductory meeting"),
    why=_("The agency brings the school authority and the university together."),
    owed_by=(Role.PROCESS_SUPPORTER,),
    opens=days(30),
    steps=(working_days(-10), working_days(0), working_days(5)),
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
    steps=(working_days(0), working_days(3), working_days(5)),
    action="meetings:meeting",
    standing=WHILE_LIVE,
)
def write_three_party_minutes() -> QuerySet[Meeting]:
    """R4: 5 and 8 working days after the meeting (inferred)."""
    return _owed(State.HELD, Kind.QUALITY, Kind.INTRODUCTION)


@duty(
    "meetings.write-two-party-note",
    label=_("Write a note of the talk"),
    why=_("A note of the talk is written within five working days."),
    owed_by=(Role.TEAM_LEADER,),
    opens=working_days(5),
    steps=(working_days(0), working_days(3), working_days(5)),
    action="meetings:meeting",
    standing=WHILE_LIVE,
)
def write_two_party_note() -> QuerySet[Meeting]:
    """R4 (inferred)."""
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


@duty("meetings.see-to-as-agency", owed_by=(Role.PROCESS_SUPPORTER,), **SEE_TO_THE_MEETING)
def see_to_as_agency() -> QuerySet[Meeting]:
    return _called_by(Party.AGENCY)


@duty("meetings.see-to-as-organiser", owed_by=(Role.HEAD_OF_AUTHORITY,), **SEE_TO_THE_MEETING)
def see_to_as_organiser() -> QuerySet[Meeting]:
    return _called_by(Party.ORGANISER)


@duty("meetings.see-to-as-university", owed_by=(Role.TEAM_LEADER,), **SEE_TO_THE_MEETING)
def see_to_as_university() -> QuerySet[Meeting]:
    return _called_by(Party.UNIVERSITY)


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
