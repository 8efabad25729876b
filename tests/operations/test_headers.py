import pytest
from django.test import Client

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
