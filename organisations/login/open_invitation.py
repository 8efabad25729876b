"""The invitation that somebody has opened in this browser, until it is answered."""

from datetime import datetime

from django.db import IntegrityError
from django.http import HttpRequest

from notifications import clock
from organisations.actions import KnownPersonError, digest, enter_invited_person
from organisations.models import IdentityProvider, Invitation, User

_KEY = "invitation"


def remember(request: HttpRequest, key: str) -> None:
    """Keep the key in the session, so that it need not stand in any further address."""
    request.session[_KEY] = digest(key)


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def opened(request: HttpRequest) -> Invitation | None:
    """The invitation that was opened here, whatever has become of it since."""
    return (
        Invitation.objects.filter(key_digest=request.session.get(_KEY, ""))
        .select_related("organisation", "unit", "invited_by", "accepted_by")
        .first()
    )


def still_open(request: HttpRequest, now: datetime) -> Invitation | None:
    invitation = opened(request)
    if invitation is None or invitation.state(now) != Invitation.State.OPEN:
        return None
    return invitation


def person_who_was_invited(
    request: HttpRequest, *, by_way_of: IdentityProvider, name: str
) -> User | None:
    """The account that an identity new to us may be linked to, if an invitation is open here.

    Only a provider of the organisation that invites will do, and only for an account that nobody
    logs in to yet: whoever has one logs in first and links from there.
    """
    invitation = still_open(request, clock.now())
    if invitation is None:
        return None
    if not by_way_of.organisations.filter(pk=invitation.organisation_id).exists():
        return None
    try:
        return enter_invited_person(invitation=invitation, name=name)
    except (KnownPersonError, IntegrityError):
        return None
