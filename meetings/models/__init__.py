from meetings.models.meeting import (
    MINUTES_WITHIN,
    SILENCE_APPROVES_AFTER,
    Meeting,
    MeetingKind,
    MeetingParticipant,
    MeetingState,
)

__all__ = [
    "MINUTES_WITHIN",
    "SILENCE_APPROVES_AFTER",
    "Meeting",
    "MeetingKind",
    "MeetingParticipant",
    "MeetingState",
]
