"""Letting people in: an invitation, its answer, and the account that comes of it."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications import outbox
from notifications.clock import local_date
from organisations.models import Invitation, Organisation, Role, Unit, User
from organisations.welcome import welcome_to

INVITED_FOR = timedelta(days=7)
SAME_PRESS = timedelta(minutes=1)


class InvitationClosedError(Exception):
    """The invitation cannot be accepted; says why, in words for the person who holds it."""


class KnownPersonError(Exception):
    """Somebody logs in with that address already: they do so first, and accept then."""


def digest(key: str) -> str:
    """What is stored of the key in a letter."""
    return sha256(key.encode()).hexdigest()


@transaction.atomic
def invite(
    *,
    by: User,
    email: str,
    name: str,
    role: Role,
    organisation: Organisation,
    starts_on: date,
    now: datetime,
    unit: Unit | None = None,
    is_deputy: bool = False,
    scope_id: UUID | None = None,
    scope_name: str = "",
) -> Invitation:
    """Offer a role to whoever reads mail at ``email``; the letter leaves by the outbox.

    PermissionDenied unless ``by`` may hand out that role there. An earlier invitation of the same
    address to the same role is replaced, so that one letter counts: the last. One that the same
    person sent a moment ago is the same press of the button, and stays.
    """
    key = token_urlsafe(32)
    invitation = Invitation(
        email=email.lower(),
        name=name,
        role=role,
        organisation=organisation,
        unit=unit,
        is_deputy=is_deputy,
        scope_id=scope_id,
        scope_name=scope_name,
        starts_on=starts_on,
        key_digest=digest(key),
        invited_by=by,
        invited_at=now,
        expires_at=now + INVITED_FOR,
    )
    if not welcome_to(role).may(invitation, by, local_date(now)):
        raise PermissionDenied
    for earlier in Invitation.objects.waiting().filter(
        email=invitation.email, role=role, organisation=organisation, unit=unit, scope_id=scope_id
    ):
        if earlier.invited_by_id == by.pk and earlier.invited_at > now - SAME_PRESS:
            return earlier
        _withdraw(earlier, by=by, now=now)
    invitation.save()
    outbox.enqueue(
        key=_letter(invitation),
        template="organisations/invitation",
        address=invitation.email,
        context={
            "name": invitation.name,
            "inviter": by.name,
            "organisation": organisation.name,
            "role": invitation.role_text,
            "path": reverse("organisations:welcome_link", args=[key]),
            "expires_at": invitation.expires_at,
        },
        confidential=True,
        valid_until=invitation.expires_at,
        now=now,
    )
    return invitation


@transaction.atomic
def revoke(*, invitation: Invitation, by: User, now: datetime) -> Invitation:
    """Withdraw an invitation; one that is answered or withdrawn stays as it is.

    PermissionDenied unless ``by`` may hand out the role.
    """
    fresh = _alone_with(invitation)
    if not welcome_to(fresh.role).may(fresh, by, local_date(now)):
        raise PermissionDenied
    if fresh.accepted_at is None and fresh.revoked_at is None:
        _withdraw(fresh, by=by, now=now)
    return fresh


@transaction.atomic
def accept(*, invitation: Invitation, by: User, now: datetime) -> Invitation:
    """Take the role that the letter offers; accepting again changes nothing.

    InvitationClosedError when it has run out, was withdrawn or was accepted by somebody else, or
    when whoever wrote it may not hand out the role any more.
    """
    # One who answers two letters at once holds a role once.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    fresh = _alone_with(invitation)
    if fresh.accepted_by == by:
        return fresh
    if fresh.state(now) != Invitation.State.OPEN:
        raise InvitationClosedError(_("The invitation no longer holds."))
    welcome = welcome_to(fresh.role)
    if not welcome.may(fresh, fresh.invited_by, local_date(now)):
        raise InvitationClosedError(
            _("Whoever invited you can no longer hand out this role. Ask for a new invitation.")
        )
    welcome.give(fresh, by, now)
    fresh.accepted_by, fresh.accepted_at = by, now
    fresh.save(update_fields=["accepted_by", "accepted_at"])
    outbox.enqueue(
        key=f"organisations.accepted:{fresh.pk}",
        template="organisations/accepted",
        recipient=fresh.invited_by_id,
        # Another address than the letter went to is the person's own, and may be protected.
        context={
            "name": by.name,
            "email": fresh.email,
            "is_another": by.email != fresh.email,
            "role": fresh.role_text,
        },
        now=now,
    )
    return fresh


@transaction.atomic
def enter_invited_person(*, invitation: Invitation, name: str, password: str | None = None) -> User:
    """The account of somebody who has opened the letter, which nobody else reads.

    KnownPersonError where somebody already logs in with that address, in whatever way: the letter
    must not get past a password or a second factor.
    """
    fresh = _alone_with(invitation)
    known = User.objects.filter(email=fresh.email).first()
    if known is None:
        return User.objects.create_user(fresh.email, password, name=name or fresh.name)
    if not is_untouched(known):
        raise KnownPersonError
    if password:
        known.set_password(password)
        known.save(update_fields=["password"])
    return known


def is_untouched(user: User) -> bool:
    """Whether nobody has ever logged in to the account, nor prepared to."""
    return (
        user.is_active
        and not user.is_staff
        and user.last_login is None
        and not user.has_usable_password()
        and not SocialAccount.objects.filter(user=user).exists()
        and not Authenticator.objects.filter(user=user).exists()
    )


def _alone_with(invitation: Invitation) -> Invitation:
    """The invitation as it stands now, held until the transaction ends."""
    return Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)


def _withdraw(invitation: Invitation, *, by: User, now: datetime) -> None:
    invitation.revoked_by, invitation.revoked_at = by, now
    invitation.save(update_fields=["revoked_by", "revoked_at"])
    outbox.cancel(key_prefix=_letter(invitation), reason="withdrawn", now=now)


def _letter(invitation: Invitation) -> str:
    return f"organisations.invitation:{invitation.pk}"
