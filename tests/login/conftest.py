"""Identity providers that really run: an OpenID provider (Authlib) and a SAML one (pysaml2)."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from organisations.login.secrets import seal
from organisations.models import IdentityProvider
from tests.cast import Cast
from tests.login.providers.claims import CLIENT_ID, CLIENT_SECRET

ROOT = Path(__file__).parents[2]
START_WITHIN_SECONDS = 30


@dataclass(frozen=True)
class Running:
    """A provider's process, and what we have to know of it."""

    url: str
    certificate: str = ""


def start(name: str, *arguments: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    module = f"tests.login.providers.{name}"
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", module, str(port), *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(START_WITHIN_SECONDS * 10):
            if process.poll() is not None:
                raise RuntimeError(f"{module} does not start")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def openid_server() -> Iterator[Running]:
    for url in start("openid"):
        yield Running(url)


@pytest.fixture(scope="session")
def saml_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("saml")
    certificate = write_key(folder)
    for url in start("saml", str(folder)):
        yield Running(url, certificate)


def write_key(folder: Path) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    written = certificate.public_bytes(pem)
    (folder / "certificate.pem").write_bytes(written)
    return written.decode()


@pytest.fixture
def municipality(cast: Cast, openid_server: Running) -> IdentityProvider:
    """Our huvudman's OpenID provider."""
    row = IdentityProvider.objects.create(
        name="Ådalens kommun",
        protocol="openid_connect",
        slug="adalen",
        issuer=openid_server.url,
        client_id=CLIENT_ID,
        sealed_secret=seal(CLIENT_SECRET),
        strong_contexts="http://id.elegnamnden.se/loa/1.0/loa3\nmfa",
    )
    row.organisations.add(cast.ours.organiser)
    return row


@pytest.fixture
def university(cast: Cast, saml_server: Running) -> IdentityProvider:
    """Our lärosäte's SAML provider."""
    row = IdentityProvider.objects.create(
        name="Norra universitetet",
        protocol="saml",
        slug="norra",
        issuer=f"{saml_server.url}/metadata",
        sso_url=f"{saml_server.url}/sso",
        certificate=saml_server.certificate,
        strong_contexts="https://refeds.org/profile/mfa",
    )
    row.organisations.add(cast.ours.university)
    return row


class Visitor(Client):
    """A browser of few words: it goes to the provider and comes back with its answer."""

    def __init__(self, **defaults: Any) -> None:
        # SAML refuses host names without a dot.
        super().__init__(headers={"host": "127.0.0.1"}, **defaults)

    def leave_for(self, row: IdentityProvider, **data: str) -> str:
        """The address at the provider that our page moves on to."""
        page = self.post(reverse("organisations:depart", args=[row.slug]), data)
        assert page.status_code == 200, page
        return str(page.headers["Refresh"]).removeprefix("0; url=")

    def by_openid(
        self, row: IdentityProvider, *, process: str = "", after: str = "", **claims: str
    ) -> HttpResponse:
        there = self.leave_for(row, process=process, next=after)
        requests.get(there, timeout=10).raise_for_status()
        back = requests.post(there, data=claims, timeout=10, allow_redirects=False)
        return self.come_back(back.headers["Location"])

    def come_back(self, url: str) -> Any:
        parts = urlsplit(url)
        return self.get(f"{parts.path}?{parts.query}")

    def saml_answer(
        self, row: IdentityProvider, *, process: str = "", after: str = "", **claims: str
    ) -> str:
        """What the provider hands the browser, to be posted to us."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(row.sso_url))
        metadata = self.get(f"/konto/saml/{row.slug}/metadata/").content
        requests.post(f"{origin}/trust", data=metadata, timeout=10).raise_for_status()
        form = requests.get(self.leave_for(row, process=process, next=after), timeout=10).text
        asked = unescape(hidden(form, "request"))
        said = {"request": asked, "name": "", "email": "", **claims}
        page = requests.post(f"{origin}/login", data=said, timeout=10)
        page.raise_for_status()
        return unescape(hidden(page.text, "SAMLResponse"))

    def hand_in(self, row: IdentityProvider, answer: str) -> Any:
        """The provider's answer, as the browser posts it; what comes of it."""
        url = reverse("saml_acs", args=[row.slug])
        return self.post(url, {"SAMLResponse": answer, "RelayState": ""}, follow=True)

    def by_saml(self, row: IdentityProvider, **said: str) -> Any:
        return self.hand_in(row, self.saml_answer(row, **said))

    @property
    def person(self) -> str | None:
        """Who is logged in here, by key."""
        return self.session.get("_auth_user_id")


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', page)
    assert found, page[:500]
    return found[1]


@pytest.fixture(autouse=True)
def _forget_tries() -> None:
    """What was counted against one test's address must not stop the next one's."""
    cache.clear()


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()
