"""What people do with the register, with data about people, and with what is old enough to go."""

from records.actions.people import (
    protect,
    pseudonymise,
    rectify,
    take_extract,
    unprotect,
)
from records.actions.register import register
from records.actions.retention import (
    carry_out,
    decide_thinning,
    lift_hold,
    place_hold,
    set_retention,
)

__all__ = [
    "carry_out",
    "decide_thinning",
    "lift_hold",
    "place_hold",
    "protect",
    "pseudonymise",
    "rectify",
    "register",
    "set_retention",
    "take_extract",
    "unprotect",
]
