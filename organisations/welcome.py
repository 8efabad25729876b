"""What somebody who accepts an invitation is given.

This house gives roles in organisations and units. An upper house declares in its own ``welcome.py``
how roles that it keeps are given; the modules are found when Trepart starts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from notifications.clock import local_date
from organisations.models import (
    ORGANISATION_ROLES,
    UNIT_ROLES,
    Invitation,
    Membership,
    Role,
    User,
)
from organisations.permissions import can_hand_out

May = Callable[[Invitation, User, date], bool]
Give = Callable[[Invitation, User, datetime], None]


@dataclass(frozen=True)
class Welcome:
    """How one role is given: who may hand it out, and what is written when it is accepted."""

    may: May
    give: Give


_WELCOMES: dict[Role, Welcome] = {}


def welcome(*roles: Role, may: May) -> Callable[[Give], Give]:
    """Declare how ``roles`` are given, and that ``may`` says who hands them out."""

    def declare(give: Give) -> Give:
        for role in roles:
            assert role not in _WELCOMES, f"{role} is given in two ways"
            _WELCOMES[role] = Welcome(may, give)
        return give

    return declare


def welcome_to(role: str) -> Welcome:
    return _WELCOMES[Role(role)]


Workplaces = Callable[[User, date], Iterable[UUID]]
_WORKPLACES: list[Workplaces] = []


def workplaces(find: Workplaces) -> Workplaces:
    """Declare where roles that a house keeps are held: the keys of the organisations."""
    _WORKPLACES.append(find)
    return find


def organisations_of(user: User, now: datetime) -> set[UUID]:
    """Where somebody holds a role, or is invited to one (a query for each house, and one)."""
    invited = Invitation.objects.open(now).filter(email=user.email)
    found = set(invited.values_list("organisation", flat=True))
    return found.union(*(find(user, local_date(now)) for find in _WORKPLACES))


@workplaces
def where_a_member(user: User, today: date) -> Iterable[UUID]:
    rows = Membership.objects.named(today).filter(user=user)
    return rows.values_list("organisation", flat=True)


def _may_name_member(invitation: Invitation, user: User, today: date) -> bool:
    return can_hand_out(
        user,
        Role(invitation.role),
        organisation=invitation.organisation,
        unit=invitation.unit,
        today=today,
    )


@welcome(*ORGANISATION_ROLES, *UNIT_ROLES, may=_may_name_member)
def give_membership(invitation: Invitation, user: User, now: datetime) -> None:
    """Who holds the role already keeps it as it is."""
    today = local_date(now)
    where = {
        "organisation": invitation.organisation,
        "unit": invitation.unit,
        "role": invitation.role,
    }
    if Membership.objects.current(today).filter(user=user, **where).exists():
        return
    Membership.objects.create(
        user=user,
        starts_on=invitation.first_day(today),
        is_deputy=invitation.is_deputy,
        **where,
    )
