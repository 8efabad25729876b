"""What the law asks us to say."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from organisations.doors import public

# RFC 9116 wants less than a year. Counted from the day on which somebody made sure that the address
# is read, never from today: a server that everybody has forgotten must not renew its own promise.
SECURITY_TXT_GOOD_FOR = timedelta(days=364)


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "organisations/accessibility.html", {"contact": settings.CONTACT_EMAIL})


@public
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "organisations/privacy.html", {"contact": settings.CONTACT_EMAIL})


@public
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to tell about a hole (RFC 9116)."""
    expires_on = settings.SECURITY_CONFIRMED_ON + SECURITY_TXT_GOOD_FOR
    lines = [
        f"Contact: mailto:{settings.SECURITY_EMAIL}",
        f"Expires: {expires_on:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages: sv, en",
        f"Canonical: {settings.SITE_URL}{reverse('organisations:security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
