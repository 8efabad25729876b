"""The link in a reminder that ends them: signed, for one person, and good for nothing else."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "notifications.unsubscribing"


def link_for(person: UUID) -> str:
    """An absolute address; a POST to it ends the reminders that can be chosen away."""
    token = signing.dumps(str(person), salt=SALT)
    return settings.SITE_URL + reverse(settings.STOP_MAIL_VIEW, args=[token])


def person_of(token: str) -> UUID:
    """Raises BadSignature for a token that was not made here."""
    return UUID(signing.loads(token, salt=SALT))
