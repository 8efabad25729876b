"""What a party's lead does about a role that nobody holds, and about an address without mail."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from notifications import bounces
from notifications.clock import local_date
from organisations.actions import AddressTakenError, change_address, invite, is_untouched
from organisations.models import Membership, Role, Unit, User
from organisations.permissions import can_hand_out
from organisations.queries import led_by
from organisations.welcome import organisations_of
from sbs_workflow.actions.cases import alone_with, assign_or_invite
from sbs_workflow.actions.gaps import end_vacancies
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import AddressTrouble, Collaboration, Vacancy
from sbs_workflow.permissions import can_fill_vacancy, can_mend_address
from sbs_workflow.queries import colleague_with


@transaction.atomic
def fill_vacancy(
    *, vacancy: Vacancy, email: str, name: str, starts_on: date, by: User, now: datetime
) -> Collaboration:
    """Name a colleague for the role, or invite whoever is new in the organisation to it.

    TransitionRefused when the person to be invited has no name.
    """
    fresh: Vacancy = alone_with(vacancy, may=can_fill_vacancy, by=by, now=now)
    case: Collaboration = fresh.collaboration
    if fresh.unit is not None:
        _name_principal(fresh.unit, email=email, name=name, starts_on=starts_on, by=by, now=now)
    else:
        assign_or_invite(
            collaboration=case,
            email=email,
            name=name,
            role=Role(fresh.role),
            starts_on=starts_on,
            by=by,
            now=now,
        )
    return case


def _name_principal(
    unit: Unit, *, email: str, name: str, starts_on: date, by: User, now: datetime
) -> None:
    where: dict[str, Any] = {"organisation": unit.organiser, "unit": unit, "role": Role.PRINCIPAL}
    today = local_date(now)
    if not can_hand_out(by, Role.PRINCIPAL, organisation=unit.organiser, unit=unit, today=today):
        raise PermissionDenied
    colleague = colleague_with(email, unit.organiser, today)
    if colleague is not None:
        Membership.objects.get_or_create(
            user=colleague, **where, ends_on=None, defaults={"starts_on": starts_on}
        )
        end_vacancies(today)
    elif name:
        invite(by=by, email=email, name=name, starts_on=starts_on, now=now, **where)
    else:
        raise TransitionRefused(_("Write the name too: the person is new in the organisation."))


@transaction.atomic
def mend_address(*, trouble: AddressTrouble, email: str, by: User, now: datetime) -> AddressTrouble:
    """Say that the address works again, or write the right one.

    TransitionRefused where others use the new address, the account is in use already, or it opens
    something in an organisation that ``by`` does not lead: whoever decides over its address could
    log in to it.
    """
    fresh: AddressTrouble = alone_with(trouble, may=can_mend_address, by=by, now=now)
    person = User.objects.select_for_update().get(pk=fresh.user_id)
    if email.lower() == person.email.lower():
        bounces.clear(address=person.email, by=by, now=now)
    else:
        _correct_address(person, email, by, now)
    fresh.ended_on, fresh.due_on = local_date(now), None
    fresh.save(update_fields=["ended_on", "due_on"])
    return fresh


def _correct_address(person: User, email: str, by: User, now: datetime) -> None:
    if not is_untouched(person):
        raise TransitionRefused(
            _(
                "%(name)s has logged in with this address, so only %(name)s may change it. Invite"
                " them anew at the right address if they no longer can."
            )
            % {"name": person.name}
        )
    led = set(led_by(by, local_date(now)).values_list("pk", flat=True))
    if organisations_of(person, now) - led:
        raise TransitionRefused(_("Only support may change this address."))
    try:
        change_address(person=person, email=email, now=now)
    except AddressTakenError:
        raise TransitionRefused(_("Somebody else logs in with that address.")) from None
