"""Who must show a second factor, and who has."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.http import HttpRequest

from organisations.login.secrets import seal, unseal
from organisations.models import SecondFactorRule, User

_AT_PROVIDER = "second_factor_at_provider"
NAME_OF_SITE = "Trepart"
# Recovery codes come with one of these and are no factor of their own.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of apps and recovery codes are sealed, and the site has one name."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return NAME_OF_SITE

    def _get_site_name(self) -> str:
        return NAME_OF_SITE


def note_provider(request: HttpRequest, user: User, *, strong: bool) -> None:
    """Remember, for this session and this person, that the provider saw a second factor."""
    if strong:
        request.session[_AT_PROVIDER] = str(user.pk)
    else:
        request.session.pop(_AT_PROVIDER, None)


def is_shown(request: HttpRequest, user: User) -> bool:
    """Whether a second factor was shown when this session began (no query)."""
    here = any(record["method"] == "mfa" for record in get_authentication_records(request, user))
    return here or request.session.get(_AT_PROVIDER) == str(user.pk)


def is_set_up(user: User) -> bool:
    """Whether the person has one; allauth then asks for it at every log-in (one query)."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def is_there(request: HttpRequest, user: User) -> bool:
    return is_shown(request, user) or is_set_up(user)


def is_owed(request: HttpRequest, user: User, held: Q) -> bool:
    """Whether a rule asks for a second factor and none is there.

    ``held`` selects the rules that speak of this person's roles. None to two queries.
    """
    if is_shown(request, user):
        return False
    rules = SecondFactorRule.objects.filter(held | Q(organisation=None, role=""))
    return rules.exists() and not is_set_up(user)
