"""The words in which a case file tells its story; one module for each part of the process."""

from cases.events import (
    agreement,
    analyses,
    assignment,
    collaboration,
    finance,
    insatser,
    mapping,
    meetings,
    mellanrum,
    plans,
    ratings,
    reports,
    synthesis,
    takeover,
    university,
    visits,
)
from cases.vocabulary import EVENTS, Told

__all__ = [
    "EVENTS",
    "Told",
    "agreement",
    "analyses",
    "assignment",
    "collaboration",
    "finance",
    "insatser",
    "mapping",
    "meetings",
    "mellanrum",
    "plans",
    "ratings",
    "reports",
    "synthesis",
    "takeover",
    "university",
    "visits",
]
