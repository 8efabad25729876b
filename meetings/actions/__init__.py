from meetings.actions.booking import (
    book_meeting,
    call_meeting,
    reschedule_meeting,
    tell_participants,
)
from meetings.actions.holding import agree_on_colours, hold_meeting
from meetings.actions.poll import answer_poll, close_polls, open_poll

__all__ = [
    "agree_on_colours",
    "answer_poll",
    "book_meeting",
    "call_meeting",
    "close_polls",
    "hold_meeting",
    "open_poll",
    "reschedule_meeting",
    "tell_participants",
]
