"""What this house stores: organisations, units, people, their roles, and how they log in."""

from organisations.models.people import (
    COLLABORATION_ROLES,
    ORGANISATION_ROLES,
    PARTY_OF_ROLE,
    UNIT_ROLES,
    DatedQuerySet,
    Membership,
    Organisation,
    Party,
    Role,
    Unit,
    User,
    UserManager,
    validate_organisation_number,
)

__all__ = [
    "COLLABORATION_ROLES",
    "ORGANISATION_ROLES",
    "PARTY_OF_ROLE",
    "UNIT_ROLES",
    "DatedQuerySet",
    "Membership",
    "Organisation",
    "Party",
    "Role",
    "Unit",
    "User",
    "UserManager",
    "validate_organisation_number",
]
