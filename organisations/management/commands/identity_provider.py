"""Connects an organisation's own log-in, or renews what is known of it (see docs/login.md)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser

from organisations.login.secrets import seal
from organisations.models import IdentityProvider, Organisation

OWN_FIELDS = ("sort_key", "search_text")


class Command(BaseCommand):
    help = "Adds an identity provider, or renews one of the same short name and issuer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name in addresses, such as norra")
        parser.add_argument("--name", required=True, help="as the chooser shows it")
        parser.add_argument(
            "--organisation", action="append", required=True, help="its name; may be repeated"
        )
        parser.add_argument("--issuer", help="OpenID Connect: the issuer's address")
        parser.add_argument("--client-id", default="")
        parser.add_argument("--secret-file", type=Path, help="holds the client secret")
        parser.add_argument("--metadata", type=Path, help="SAML: metadata that you have checked")
        parser.add_argument("--entity-id", help="SAML: which one, where the file holds several")
        parser.add_argument("--subject-attribute", default="", help="SAML: instead of subject-id")
        parser.add_argument(
            "--strong", action="append", default=[], help="a context with a second factor"
        )

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        if bool(options["issuer"]) is bool(options["metadata"]):
            raise CommandError("Say either --issuer or --metadata.")
        facts = _openid_connect(options) if options["issuer"] else _saml(options)
        row = IdentityProvider.objects.filter(slug=options["slug"]).first()
        if row is None:
            row = IdentityProvider(slug=options["slug"], issuer=facts["issuer"])
        elif row.issuer != facts["issuer"]:
            raise CommandError(
                f"{row.slug} is {row.issuer}: accounts are known by it. Choose another short name."
            )
        facts |= {"name": options["name"], "strong_contexts": "\n".join(options["strong"])}
        for field, value in facts.items():
            setattr(row, field, value)
        try:
            row.full_clean(exclude=OWN_FIELDS)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        row.save()
        row.organisations.set([_organisation(name) for name in options["organisation"]])
        self.stdout.write(f"{row.name}: {row.issuer}")


def _organisation(name: str) -> Organisation:
    try:
        return Organisation.objects.get(name=name)
    except Organisation.DoesNotExist:
        raise CommandError(f"There is no organisation called {name}.") from None


def _openid_connect(options: dict[str, Any]) -> dict[str, str]:
    facts = {
        "protocol": IdentityProvider.Protocol.OPENID_CONNECT,
        "issuer": options["issuer"],
        "client_id": options["client_id"],
    }
    if options["secret_file"]:
        facts["sealed_secret"] = seal(options["secret_file"].read_text().strip())
    return facts


def _saml(options: dict[str, Any]) -> dict[str, str]:
    """What we need of the metadata; CommandError when it is not there."""
    found = OneLogin_Saml2_IdPMetadataParser.parse(
        options["metadata"].read_bytes(), entity_id=options["entity_id"]
    ).get("idp", {})
    several = found.get("x509certMulti", {}).get("signing", [""])
    certificate = found.get("x509cert") or several[0]
    if not (certificate and "singleSignOnService" in found):
        raise CommandError("The metadata names no identity provider with HTTP-Redirect.")
    return {
        "protocol": IdentityProvider.Protocol.SAML,
        "issuer": found["entityId"],
        "sso_url": found["singleSignOnService"]["url"],
        "certificate": certificate,
        "subject_attribute": options["subject_attribute"],
    }
