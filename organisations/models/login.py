"""Where the people of an organisation log in, and who must do so with a second factor."""

import uuid
from collections.abc import Collection
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.models.people import Organisation, Role
from organisations.prose import LineField
from organisations.swedish import search_text, search_words, sort_key


class IdentityProviderQuerySet(models.QuerySet["IdentityProvider"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)

    def serving(self, organisations: Collection[uuid.UUID]) -> Self:
        """Those that speak for one of the organisations, each once."""
        served = self.model.objects.filter(organisations__in=organisations)
        return self.filter(pk__in=served.values("pk"))

    def found_by(self, query: str) -> Self:
        """Those whose own name, or the name of an organisation they serve, has every word."""
        rows = self
        for word in search_words(query):
            rows = rows.filter(
                Q(search_text__contains=word)
                | Q(pk__in=self.model.objects.filter(organisations__search_text__contains=word))
            )
        return rows


def is_fit_for_secrets(address: str) -> bool:
    """Whether what is sent there stays secret: https, or this very machine in a trial."""
    parts = urlsplit(address)
    is_here = parts.hostname in ("localhost", "127.0.0.1") and not settings.PRODUCTION
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_here)
    )


class IdentityProvider(models.Model):
    """One place where people prove who they are: a server of their organisation, or a proxy.

    An account is known by ``issuer`` and the subject that the issuer names, never by an address.
    So neither ``issuer`` nor ``slug``, which is part of the addresses that the other side has
    registered, changes once somebody may have logged in.
    """

    class Protocol(models.TextChoices):
        OPENID_CONNECT = "openid_connect", _("OpenID Connect")
        SAML = "saml", _("SAML")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisations = models.ManyToManyField(
        Organisation, verbose_name=_("organisations"), related_name="identity_providers"
    )
    name = LineField(_("name"), max_length=150)
    protocol = models.CharField(_("protocol"), max_length=20, choices=Protocol)
    slug = models.SlugField(_("short name in addresses"), unique=True)
    # SAML calls it entity ID. As long as allauth's column for it.
    issuer = models.CharField(_("issuer"), max_length=200, unique=True)
    is_active = models.BooleanField(_("in use"), default=True)

    # OpenID Connect
    client_id = models.CharField(_("client ID"), max_length=190, blank=True)
    sealed_secret = models.TextField(editable=False, blank=True)

    # SAML
    sso_url = models.URLField(_("address for log-in"), blank=True)
    certificate = models.TextField(_("signing certificate"), blank=True)
    # Skolfederation: eduPersonPrincipalName; otherwise the subject-id, or a persistent NameID.
    subject_attribute = models.CharField(_("attribute of the subject"), max_length=200, blank=True)

    # What the provider says (acr, amr or AuthnContextClassRef, one on each line) when the person
    # has shown a second factor there.
    strong_contexts = models.TextField(_("contexts with a second factor"), blank=True)
    sort_key = models.CharField(max_length=200, editable=False)
    search_text = models.TextField(editable=False)

    objects = IdentityProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity provider")
        verbose_name_plural = _("identity providers")
        ordering = ("sort_key",)
        constraints = [
            models.CheckConstraint(
                name="identity_provider_complete",
                condition=(Q(protocol="openid_connect") & ~Q(client_id=""))
                | (Q(protocol="saml") & ~Q(sso_url="") & ~Q(certificate="")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = sort_key(self.name)
        self.search_text = search_text([self.name])
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Nothing that is sent there, and nothing that is read from there, travels in the open."""
        address = self.issuer if self.protocol == self.Protocol.OPENID_CONNECT else self.sso_url
        if not is_fit_for_secrets(address):
            raise ValidationError(_("The address must begin with https://."))

    @property
    def strong(self) -> set[str]:
        return set(self.strong_contexts.split())


class SecondFactorRule(models.Model):
    """Who must show a second factor: of one organisation or of all, in one role or in any."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="second_factor_rules",
        help_text=_("Leave empty for every organisation."),
    )
    role = models.CharField(
        _("role"),
        max_length=30,
        blank=True,
        choices=Role.choices,
        help_text=_("Leave empty for every role."),
    )

    class Meta:
        verbose_name = _("rule of second factors")
        verbose_name_plural = _("rules of second factors")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "role"], name="second_factor_rule_once_in_an_organisation"
            ),
            models.UniqueConstraint(
                fields=["role"],
                condition=Q(organisation__isnull=True),
                name="second_factor_rule_once_everywhere",
            ),
        ]

    def __str__(self) -> str:
        role = Role(self.role).label if self.role else _("Every role")
        return f"{self.organisation or _('Every organisation')}: {role}"
