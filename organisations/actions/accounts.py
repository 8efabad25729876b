"""The address by which somebody is known and logs in."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction

from notifications import outbox
from organisations.actions.invitations import is_untouched
from organisations.models import User
from organisations.queries import is_used_by_others

TEMPLATE = "organisations/address_changed"


class AddressTakenError(Exception):
    """Somebody else logs in with that address."""


@transaction.atomic
def change_address(*, person: User, email: str, now: datetime) -> User:
    """From now on only ``email`` lets in: codes go there, and whoever is logged in is logged out.

    Both addresses are told, unless nobody has ever used the account. The letter to the old one
    names nobody: it may belong to somebody else by now. AddressTakenError where others use it.
    """
    fresh = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    former, email = fresh.email, email.lower()
    if email == former:
        return fresh
    if is_used_by_others(email, fresh):
        raise AddressTakenError
    was_used = not is_untouched(fresh)
    fresh.email = email
    fresh.save(update_fields=["email"])
    EmailAddress.objects.filter(user=fresh).delete()
    for session in UserSession.objects.filter(user=fresh):
        session.end()
    if was_used:
        key = f"organisations.address:{fresh.pk}:{now.isoformat()}"
        outbox.enqueue(
            key=f"{key}:former",
            template=TEMPLATE,
            address=former,
            context={"is_former": True},
            now=now,
        )
        outbox.enqueue(
            key=f"{key}:new",
            template=TEMPLATE,
            recipient=fresh.pk,
            context={"is_former": False},
            now=now,
        )
    return fresh
