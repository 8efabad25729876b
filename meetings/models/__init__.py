from meetings.models.kinds import MeetingKind
from meetings.models.meeting import (
    MINUTES_WITHIN,
    SILENCE_APPROVES_AFTER,
    Meeting,
    MeetingParticipant,
    MeetingState,
)
from meetings.models.poll import PollAnswer, PollInvitation, ProposedTime, TimePoll
from meetings.models.rules import USUAL, KindRule, MeetingRule

__all__ = [
    "MINUTES_WITHIN",
    "SILENCE_APPROVES_AFTER",
    "USUAL",
    "KindRule",
    "Meeting",
    "MeetingKind",
    "MeetingParticipant",
    "MeetingRule",
    "MeetingState",
    "PollAnswer",
    "PollInvitation",
    "ProposedTime",
    "TimePoll",
]
