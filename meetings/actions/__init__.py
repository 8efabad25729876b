from meetings.actions.booking import (
    book_meeting,
    call_meeting,
    propose_meeting,
    reschedule_meeting,
    tell_participants,
)
from meetings.actions.holding import agree_on_colours, hold_meeting

__all__ = [
    "agree_on_colours",
    "book_meeting",
    "call_meeting",
    "hold_meeting",
    "propose_meeting",
    "reschedule_meeting",
    "tell_participants",
]
