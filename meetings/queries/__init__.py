from meetings.queries.agenda import Agenda, agenda_of
from meetings.queries.minutes import (
    Confirmation,
    confirmations_of,
    load_participants,
    proposed_minutes,
    was_there,
)
from meetings.queries.rules import new_meeting, rule_for, rules_for

__all__ = [
    "Agenda",
    "Confirmation",
    "agenda_of",
    "confirmations_of",
    "load_participants",
    "new_meeting",
    "proposed_minutes",
    "rule_for",
    "rules_for",
    "was_there",
]
