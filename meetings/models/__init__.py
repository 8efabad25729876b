from meetings.models.agenda import AgendaPoint
from meetings.models.feed import CalendarFeed
from meetings.models.kinds import MeetingKind
from meetings.models.learning import LearningAnswer
from meetings.models.meeting import (
    MINUTES_WITHIN,
    SILENCE_APPROVES_AFTER,
    Meeting,
    MeetingParticipant,
    MeetingState,
)
from meetings.models.minutes import ChangeProposal, Decision, MinutesApproval
from meetings.models.poll import PollAnswer, PollInvitation, ProposedTime, TimePoll
from meetings.models.preparation import PartyTask, PreparationLine
from meetings.models.rules import USUAL, KindRule, MeetingRule

__all__ = [
    "MINUTES_WITHIN",
    "SILENCE_APPROVES_AFTER",
    "USUAL",
    "AgendaPoint",
    "CalendarFeed",
    "ChangeProposal",
    "Decision",
    "KindRule",
    "LearningAnswer",
    "Meeting",
    "MeetingKind",
    "MeetingParticipant",
    "MeetingRule",
    "MeetingState",
    "MinutesApproval",
    "PartyTask",
    "PollAnswer",
    "PollInvitation",
    "PreparationLine",
    "ProposedTime",
    "TimePoll",
]
