from meetings.actions.agenda import (
    add_point,
    change_point,
    drop_point,
    lay_out_agenda,
    move_point,
    prepare_meeting,
    send_point_on,
)
from meetings.actions.booking import (
    book_meeting,
    call_meeting,
    reschedule_meeting,
    tell_participants,
)
from meetings.actions.holding import agree_on_colours, hold_meeting
from meetings.actions.minutes import (
    Kept,
    PromiseMade,
    answer_about_learning,
    confirm_minutes,
    keep_notes,
    tell_of_minutes,
)
from meetings.actions.poll import answer_poll, close_polls, open_poll

__all__ = [
    "Kept",
    "PromiseMade",
    "add_point",
    "agree_on_colours",
    "answer_about_learning",
    "answer_poll",
    "book_meeting",
    "call_meeting",
    "change_point",
    "close_polls",
    "confirm_minutes",
    "drop_point",
    "hold_meeting",
    "keep_notes",
    "lay_out_agenda",
    "move_point",
    "open_poll",
    "prepare_meeting",
    "reschedule_meeting",
    "send_point_on",
    "tell_of_minutes",
    "tell_participants",
]
