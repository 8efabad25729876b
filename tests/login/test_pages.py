"""What the law asks us to say, and how providers are connected."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from organisations.login.secrets import unseal
from organisations.models import IdentityProvider
from tests.cast import Cast
from tests.login.conftest import Running, Visitor

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


@pytest.mark.parametrize("name", ["accessibility", "privacy"])
def test_the_footer_of_every_page_leads_to_them(client: Client, name: str):
    url = reverse(f"organisations:{name}")
    assert f'href="{url}"' in client.get("/konto/login/").content.decode()
    page = client.get(url)
    assert page.status_code == 200
    assert "mailto:" in page.content.decode()


def test_security_txt_says_what_rfc_9116_asks_for(client: Client, settings):
    settings.SECURITY_CONFIRMED_ON = date(2026, 11, 22)
    settings.SECURITY_EMAIL = "sakerhet@trepart.example"
    settings.SITE_URL = "https://trepart.example"
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert lines["Contact"] == "mailto:sakerhet@trepart.example"
    assert lines["Canonical"] == "https://trepart.example/.well-known/security.txt"
    expires = datetime.fromisoformat(lines["Expires"])
    assert (expires.date() - settings.SECURITY_CONFIRMED_ON).days == 364


def test_security_txt_does_not_renew_itself(client: Client, monkeypatch: pytest.MonkeyPatch):
    before = client.get("/.well-known/security.txt").content
    monkeypatch.setenv("CLOCK_OFFSET", str(400 * 24 * 60 * 60))
    assert client.get("/.well-known/security.txt").content == before


# --- connecting a provider --------------------------------------------------------------------


def test_an_openid_provider_is_connected_and_renewed(cast: Cast, tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("first\n")
    for name in ("Ådalens kommun", "Ådalens nya namn"):
        call_command(
            "identity_provider",
            "adalen",
            name=name,
            organisation=[cast.ours.organiser.name],
            issuer="https://idp.adalen.example",
            client_id="trepart",
            secret_file=secret,
            verbosity=0,
        )
    row = IdentityProvider.objects.get()
    assert (row.name, unseal(row.sealed_secret)) == ("Ådalens nya namn", "first")
    assert list(row.organisations.all()) == [cast.ours.organiser]


def test_no_short_name_changes_its_issuer(cast: Cast, municipality: IdentityProvider):
    with pytest.raises(CommandError, match="Choose another"):
        call_command(
            "identity_provider",
            municipality.slug,
            name="X",
            organisation=[cast.ours.organiser.name],
            issuer="https://elsewhere.example",
            client_id="x",
        )


def test_a_saml_provider_is_connected_by_its_metadata(
    cast: Cast, tmp_path: Path, visitor: Visitor, university: IdentityProvider, saml_server: Running
):
    metadata = tmp_path / "metadata.xml"
    certificate = "".join(university.certificate.splitlines()[1:-1])
    metadata.write_text(
        f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"
          entityID="{university.issuer}">
          <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
            <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">
              <X509Data><X509Certificate>{certificate}</X509Certificate></X509Data>
            </KeyInfo></KeyDescriptor>
            <SingleSignOnService Location="{university.sso_url}"
              Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"/>
          </IDPSSODescriptor>
        </EntityDescriptor>"""
    )
    university.delete()
    call_command(
        "identity_provider",
        "norra",
        name="Norra",
        organisation=[cast.ours.university.name],
        metadata=metadata,
        verbosity=0,
    )
    row = IdentityProvider.objects.get()
    answer = visitor.by_saml(row, subject="nobody-yet")
    assert answer.status_code == 403, "it is understood, and knows nobody"


@pytest.mark.parametrize(
    "options",
    [{}, {"issuer": "http://idp.example", "client_id": "x"}, {"issuer": "https://idp.example"}],
)
def test_what_is_missing_is_told(cast: Cast, options: dict[str, str]):
    with pytest.raises(CommandError):
        call_command(
            "identity_provider",
            "x",
            name="X",
            organisation=[cast.ours.organiser.name],
            **options,
        )
