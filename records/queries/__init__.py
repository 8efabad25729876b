"""Reads of the trail, of the register and of what is stored about a person."""

from records.queries.people import (
    Extract,
    as_told_to,
    decisions_about,
    extract_of,
    led_organisations,
    people_answered_for,
)
from records.queries.register import (
    Entry,
    RegisterList,
    entries_of,
    entry_of,
    own_authorities,
    papers_of,
    register_of,
    registered_organisations,
)
from records.queries.retention import (
    Item,
    as_listed,
    hash_of,
    items_due,
    rules_of,
    thinnings_due,
)
from records.queries.trail import (
    TrailChoices,
    TrailFilters,
    choices_of,
    readings_of,
    trail_of,
)

__all__ = [
    "Entry",
    "Extract",
    "Item",
    "RegisterList",
    "TrailChoices",
    "TrailFilters",
    "as_listed",
    "as_told_to",
    "choices_of",
    "decisions_about",
    "entries_of",
    "entry_of",
    "extract_of",
    "hash_of",
    "items_due",
    "led_organisations",
    "own_authorities",
    "papers_of",
    "people_answered_for",
    "readings_of",
    "register_of",
    "registered_organisations",
    "rules_of",
    "thinnings_due",
    "trail_of",
]
