"""Entering people."""

from django.utils.translation import gettext as _

from organisations.models import User


class UnknownPersonError(Exception):
    """Nobody has that address, and no name was given to enter them with."""

    def __init__(self) -> None:
        super().__init__(_("Nobody has this address yet. Write the name too."))


def find_or_enter_person(*, email: str, name: str) -> User:
    """The person with that address, or a new one, who logs in with a code by mail.

    Somebody who is known keeps their name. UnknownPersonError when neither is there.
    """
    known = User.objects.filter(email=email.lower()).first()
    if known is not None:
        return known
    if not name.strip():
        raise UnknownPersonError
    return User.objects.create_user(email, name=name.strip())
