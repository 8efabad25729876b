from meetings.queries.agenda import Agenda, agenda_of
from meetings.queries.guests import first_joint_meeting
from meetings.queries.minutes import (
    Confirmation,
    confirmations_of,
    load_participants,
    proposed_change,
    proposed_minutes,
    was_there,
)
from meetings.queries.rules import kinds_called_by, new_meeting, rule_for, rules_for

__all__ = [
    "Agenda",
    "Confirmation",
    "agenda_of",
    "confirmations_of",
    "first_joint_meeting",
    "kinds_called_by",
    "load_participants",
    "new_meeting",
    "proposed_change",
    "proposed_minutes",
    "rule_for",
    "rules_for",
    "was_there",
]
