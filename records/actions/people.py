"""What is done with a person's data: an extract, a protected name, a closed account."""

from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from meetings.actions.feed import revoke_calendar_feed
from notifications.clock import local_date
from notifications.models import MailChoice, OutboxMessage
from organisations.models import Invitation, Organisation, User
from records.models import PersonDecision, ProtectedIdentity
from records.queries.people import (
    Extract,
    extract_of,
    former_name,
    is_protected_by,
    last_role_of,
    led_organisations,
    name_in_place,
    people_answered_for,
    works_elsewhere,
)
from sbs_workflow.actions import Left, hand_over
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.queries import load_roles
from sbs_workflow.successors import roles_everywhere

What = PersonDecision.What
# A top-level domain that never exists (RFC 2606): nothing is ever sent there.
NOWHERE = "borttagen.invalid"


@transaction.atomic
def take_extract(*, person: User, by: User, now: datetime) -> Extract:
    """Everything that is stored about a person, for themself or for who answers for them.

    Whoever answers for them reads nothing of other organisations. That somebody else has read it is
    written down, and stands in the person's own extract.
    """
    if person == by:
        return extract_of(person, now)
    _note(person, What.EXTRACT, "", by, _answer_for(person, by, now), now)
    own = led_organisations(by).values_list("pk", flat=True)
    return extract_of(person, now, answered_for=set(own))


@transaction.atomic
def rectify(*, name: str, by: User, now: datetime) -> User:
    """Correct one's own name, wherever it stands; that it was done is written down.

    The name before is not: it may be what somebody wants to leave behind. A protected name stays
    where it is moved to.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    kept = ProtectedIdentity.objects.filter(user=person).first()
    named: User | ProtectedIdentity = kept or person
    if named.name == name:
        return person
    named.name = name
    named.save(update_fields=["name"])
    PersonDecision.objects.create(person=person, what=What.RECTIFY, by=by, at=now)
    return person


@transaction.atomic
def protect(*, person: User, reason: str, by: User, now: datetime) -> ProtectedIdentity:
    """Move the name out of reach of everybody but the own party; again changes nothing."""
    organisation = _answer_for(person, by, now)
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    known = ProtectedIdentity.objects.filter(user=person).first()
    if known:
        return known
    kept = ProtectedIdentity.objects.create(
        user=person, name=person.name, noted_by=by, noted_at=now
    )
    with override(settings.LANGUAGE_CODE):
        person.name = name_in_place(last_role_of(person))
    person.save(update_fields=["name"])
    Invitation.objects.filter(email=person.email).update(name=person.name)
    _note(person, What.PROTECT, reason, by, organisation, now)
    return kept


@transaction.atomic
def unprotect(*, person: User, reason: str, by: User, now: datetime) -> User:
    """Give the account its name back.

    TransitionRefused where another organisation, for which the person still works, protects it.
    """
    organisation = _answer_for(person, by, now)
    if works_elsewhere(person, by, local_date(now)) and not is_protected_by(person, by):
        raise TransitionRefused(_("Another organisation has decided on the protection."))
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    known = ProtectedIdentity.objects.filter(user=person).first()
    if known is None:
        return person
    person.name = known.name
    person.save(update_fields=["name"])
    known.delete()
    _note(person, What.UNPROTECT, reason, by, organisation, now)
    return person


@transaction.atomic
def pseudonymise(
    *, person: User, roles: Sequence[Left], reason: str, by: User, now: datetime
) -> User:
    """Close the account and take the name out of it; what was done stays under its role.

    Each of the person's ``roles`` goes to a successor, or a word says what happens meanwhile.
    Documents and letters that are official stay as they are, since the archive law says so.
    TransitionRefused while the person also works for an organisation that ``by`` does not lead,
    and where a role is left out.
    """
    organisation = _answer_for(person, by, now)
    if person == by:
        raise TransitionRefused(_("Somebody else must close your account."))
    if person.is_staff or person.is_superuser:
        raise TransitionRefused(_("The account of support is closed by support."))
    if works_elsewhere(person, by, local_date(now)):
        raise TransitionRefused(_("The person works for another organisation too."))
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    address = person.email
    _hand_over_all(person, roles, by, now)
    _forget_how_to_log_in(person, now)
    with override(settings.LANGUAGE_CODE):
        person.name = former_name(last_role_of(person))
    person.email = f"{person.pk}@{NOWHERE}"
    person.is_active = person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.save()
    _forget_address(person, address)
    _note(person, What.PSEUDONYMISE, reason, by, organisation, now)
    return person


def _answer_for(person: User, by: User, now: datetime) -> Organisation:
    """The organisation for which ``by`` answers for the person. PermissionDenied without one."""
    load_roles(by, local_date(now))
    if not people_answered_for(by, local_date(now)).filter(pk=person.pk).exists():
        raise PermissionDenied
    return led_organisations(by)[0]


def _hand_over_all(person: User, roles: Sequence[Left], by: User, now: datetime) -> None:
    today = local_date(now)
    if {held.pk for held in roles_everywhere(person, today)} != {left.held.pk for left in roles}:
        raise TransitionRefused(_("The roles have changed meanwhile. Look at the page again."))
    if roles:
        hand_over(roles=roles, ends_on=today, starts_on=today, by=by, now=now, close_account=True)


def _forget_how_to_log_in(person: User, now: datetime) -> None:
    for model in (EmailAddress, Authenticator, SocialAccount, UserSession):
        model.objects.filter(user=person).delete()
    revoke_calendar_feed(by=person, now=now)


def _forget_address(person: User, address: str) -> None:
    """Where the address stands outside the account; letters keep what was written in them."""
    ProtectedIdentity.objects.filter(user=person).delete()
    MailChoice.objects.filter(user=person).delete()
    OutboxMessage.objects.filter(recipient=person).update(address="")
    Invitation.objects.filter(email=address).update(email=person.email, name=person.name)


def _note(
    person: User, what: str, reason: str, by: User, organisation: Organisation, now: datetime
) -> None:
    PersonDecision.objects.create(
        person=person, what=what, reason=reason, by=by, organisation=organisation, at=now
    )
