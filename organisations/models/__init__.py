"""What this house stores: organisations, units, people, their roles, and how they log in."""

from organisations.models.invitations import Invitation
from organisations.models.login import IdentityProvider, SecondFactorRule
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
    role_label,
    validate_organisation_number,
)
from organisations.models.register import RegisterFile, TakenIn, UnitSuccession
from organisations.models.school_calendar import (
    LONGEST_BREAK,
    LONGEST_SCHOOL_YEAR,
    SchoolBreak,
    SchoolYear,
    name_of_school_year,
)
from organisations.models.support import SupportView

__all__ = [
    "COLLABORATION_ROLES",
    "LONGEST_BREAK",
    "LONGEST_SCHOOL_YEAR",
    "ORGANISATION_ROLES",
    "PARTY_OF_ROLE",
    "UNIT_ROLES",
    "DatedQuerySet",
    "IdentityProvider",
    "Invitation",
    "Membership",
    "Organisation",
    "Party",
    "RegisterFile",
    "Role",
    "SchoolBreak",
    "SchoolYear",
    "SecondFactorRule",
    "SupportView",
    "TakenIn",
    "Unit",
    "UnitSuccession",
    "User",
    "UserManager",
    "name_of_school_year",
    "role_label",
    "validate_organisation_number",
]
