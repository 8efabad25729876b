"""What is done with people, organisations and units: one function for each intention."""

from organisations.actions.accounts import AddressTakenError, change_address
from organisations.actions.invitations import (
    INVITED_FOR,
    InvitationClosedError,
    KnownPersonError,
    accept,
    digest,
    enter_invited_person,
    invite,
    is_untouched,
    revoke,
)
from organisations.actions.register import bring_register, take_in
from organisations.actions.support import see_as, stop_seeing_as

__all__ = [
    "INVITED_FOR",
    "AddressTakenError",
    "InvitationClosedError",
    "KnownPersonError",
    "accept",
    "bring_register",
    "change_address",
    "digest",
    "enter_invited_person",
    "invite",
    "is_untouched",
    "revoke",
    "see_as",
    "stop_seeing_as",
    "take_in",
]
