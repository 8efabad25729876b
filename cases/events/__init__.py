"""The words in which a case file tells its story; one module for each part of the process."""

from cases.events import (
    agreement,
    collaboration,
    documents,
    meetings,
    reports,
    takeover,
    visits,
)
from cases.vocabulary import EVENTS, Told

__all__ = [
    "EVENTS",
    "Told",
    "agreement",
    "collaboration",
    "documents",
    "meetings",
    "reports",
    "takeover",
    "visits",
]
