import pytest
from django.test import Client

from tests.operations.environments import GOOD, read_settings

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


@pytest.mark.parametrize("path", ["/", "/no-such-page/"])
def test_every_response_carries_the_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "no-store" in headers["Cache-Control"]


def test_production_speaks_tls_only() -> None:
    settings = read_settings(GOOD)
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_HSTS_SECONDS"] >= 365 * 24 * 60 * 60
    assert settings["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True


def test_cookies_are_kept_close_in_production() -> None:
    settings = read_settings(GOOD)
    for name in ("SESSION", "CSRF"):
        assert settings[f"{name}_COOKIE_SECURE"] is True
        assert settings[f"{name}_COOKIE_HTTPONLY"] is True
        assert settings[f"{name}_COOKIE_SAMESITE"] == "Lax"
        assert settings[f"{name}_COOKIE_NAME"].startswith("__Host-")
