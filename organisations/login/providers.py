"""allauth's two protocols, made to believe only what an issuer has signed about its own subjects.

allauth knows an account by a name that we give the provider; here that name is the issuer itself.
"""

from functools import partial
from typing import Any

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.core.exceptions import PermissionDenied
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml2

from organisations.login.secrets import unseal
from organisations.models import IdentityProvider

SUBJECT_ID = "urn:oasis:names:tc:SAML:attribute:subject-id"
PAIRWISE_ID = "urn:oasis:names:tc:SAML:attribute:pairwise-id"
# As federations name them; only to greet somebody who is new here.
NAMES = ("urn:oid:2.16.840.1.113730.3.1.241", "urn:oid:2.5.4.3", "displayName", "cn")


class OpenIDConnect(OpenIDConnectProvider):
    """The subject is the one in the ID token, and what userinfo adds must be about the same."""

    @property
    def sub_id(self) -> str:
        issuer: str = self.app.settings["issuer"]
        return issuer

    def extract_uid(self, data: Any) -> str:
        token = data.get("id_token") or {}
        if token.get("iss") != self.sub_id:
            raise OAuth2Error("The ID token is missing or comes from another issuer.")
        subject = str(token["sub"])
        if "userinfo" in data and data["userinfo"].get("sub") != subject:
            raise OAuth2Error("Userinfo is about somebody else than the ID token.")
        return subject

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """How the person logged in and nothing else: what is not stored need not be protected."""
        token = data.get("id_token") or {}
        return {"contexts": [token.get("acr"), *token.get("amr", [])]}

    def extract_email_addresses(self, data: Any) -> list[Any]:
        """None: an address is what its organisation says, and proves nothing to us."""
        return []

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        return {"name": (data.get("userinfo") or data.get("id_token") or {}).get("name", "")}


class Saml(SAMLProvider):
    """The subject is an attribute that the issuer promises to keep, or a persistent NameID."""

    @property
    def sub_id(self) -> str:
        issuer: str = self.app.settings["issuer"]
        return issuer

    def extract_uid(self, data: Any) -> str:
        attributes = data.get_attributes()
        chosen = self.app.settings["subject_attribute"]
        for attribute in [chosen] if chosen else [SUBJECT_ID, PAIRWISE_ID]:
            if values := attributes.get(attribute):
                return str(values[0])
        if not chosen and data.get_nameid_format() == Saml2.NAMEID_PERSISTENT:
            return str(data.get_nameid())
        # A transient NameID is somebody else tomorrow, and an address may be.
        raise PermissionDenied("The assertion names no lasting subject.")

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        return {"contexts": data.get_last_authn_contexts()}

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        attributes = data.get_attributes()
        names = (attributes[name][0] for name in NAMES if attributes.get(name))
        return {"name": next(names, "")}


def app_of(provider: IdentityProvider) -> SocialApp:
    """The row as allauth wants it: an application that is never stored."""
    make = {IdentityProvider.Protocol.SAML: _saml}.get(provider.protocol, _openid_connect)  # type: ignore[call-overload]
    app: SocialApp = make(provider)
    app.provider_id = provider.slug
    app.settings |= {"issuer": provider.issuer, "row": str(provider.pk)}
    return app


def _openid_connect(provider: IdentityProvider) -> SocialApp:
    app = SocialApp(
        provider=OpenIDConnect.id,
        name=provider.name[:40],
        client_id=provider.client_id,
        secret=unseal(provider.sealed_secret) if provider.sealed_secret else "",
        settings={"server_url": provider.issuer.rstrip("/"), "oauth_pkce_enabled": True},
    )
    # allauth would look in its own register of classes.
    app.get_provider = partial(OpenIDConnect, app=app)
    return app


def _saml(provider: IdentityProvider) -> SocialApp:
    app = SocialApp(
        provider=Saml.id,
        name=provider.name[:40],
        client_id=provider.slug,
        settings={
            "subject_attribute": provider.subject_attribute,
            "idp": {
                "entity_id": provider.issuer,
                "sso_url": provider.sso_url,
                "x509cert": provider.certificate,
            },
            "advanced": {
                "strict": True,
                "want_assertion_signed": True,
                "want_attribute_statement": False,
                "reject_deprecated_algorithm": True,
                "reject_idp_initiated_sso": True,
                "name_id_format": Saml2.NAMEID_PERSISTENT,
                **_own_key(),
            },
        },
    )
    app.get_provider = partial(Saml, app=app)
    return app


def _own_key() -> dict[str, Any]:
    """With a key of our own, requests are signed and assertions may come encrypted."""
    if not settings.SAML_PRIVATE_KEY:
        return {}
    return {
        "private_key": settings.SAML_PRIVATE_KEY,
        "x509cert": settings.SAML_CERTIFICATE,
        "authn_request_signed": True,
        "metadata_signed": True,
    }
