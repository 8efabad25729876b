"""Logging in at one's own organisation."""

from http import HTTPStatus

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.saml.utils import build_saml_config
from allauth.socialaccount.providers.saml.views import finish_acs
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from lxml.etree import XMLSyntaxError
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from requests import RequestException

from notifications import clock
from organisations.doors import public
from organisations.login.providers import app_of
from organisations.models import IdentityProvider, User
from organisations.welcome import organisations_of

PROVIDERS_ON_A_PAGE = 50


@public
def choose_provider(request: HttpRequest) -> HttpResponse:
    """Where people of each organisation log in, found by name."""
    query = request.GET.get("sok", "")[:100]
    rows = IdentityProvider.objects.in_use().found_by(query).prefetch_related("organisations")
    connecting = _is_connecting(request, request.GET)
    if connecting and isinstance(request.user, User):
        rows = rows.serving(organisations_of(request.user, clock.now()))
    found = list(rows[: PROVIDERS_ON_A_PAGE + 1])
    context = {
        "query": query,
        "providers": found[:PROVIDERS_ON_A_PAGE],
        "more": len(found) > PROVIDERS_ON_A_PAGE,
        "next": request.GET.get("next", ""),
        "process": "connect" if connecting else "",
    }
    return render(request, "organisations/choose_provider.html", context)


def _is_connecting(request: HttpRequest, said: QueryDict) -> bool:
    """Whether somebody who is logged in links a further way to do so."""
    return said.get("process") == "connect" and request.user.is_authenticated


@public
@require_POST
def depart(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the person to their identity provider, by way of a page of ours.

    A form that is answered with a redirect to another site is stopped by our content security
    policy (form-action), which also holds for every address that the provider redirects to. A page
    that moves on by itself is no form, so the policy can stay as strict as it is.
    """
    row = get_object_or_404(IdentityProvider.objects.in_use(), slug=slug)
    provider = get_adapter().get_provider(request, row.slug)
    try:
        connecting = _is_connecting(request, request.POST)
        answer = provider.redirect(
            request,
            process=AuthProcess.CONNECT if connecting else AuthProcess.LOGIN,
            next_url=_own_address(request, request.POST.get("next", "")),
        )
    except RequestException:
        context = {"provider": row}
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return render(request, "organisations/provider_silent.html", context, status=status)
    if "Location" not in answer.headers:
        return answer
    url = answer.headers["Location"]
    page = render(request, "organisations/departure.html", {"provider": row, "url": url})
    page.headers["Refresh"] = f"0; url={url}"
    return page


def _own_address(request: HttpRequest, address: str) -> str | None:
    is_ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else None


@public
def saml_metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """What the identity provider needs to know of us; as allauth says it, without single log-out.

    Anybody can write a request to log out that nobody has signed, so we answer none.
    """
    row = get_object_or_404(
        IdentityProvider.objects.in_use().filter(protocol=IdentityProvider.Protocol.SAML),
        slug=organization_slug,
    )
    config = build_saml_config(request, app_of(row).settings, row.slug)
    del config["sp"]["singleLogoutService"]
    metadata = OneLogin_Saml2_Settings(config, sp_validation_only=True).get_sp_metadata()
    return HttpResponse(metadata, content_type="application/samlmetadata+xml")


@public
def finish_saml(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """allauth's view, which lets an answer that is no XML, or has a DTD, end in an error 500."""
    try:
        answer: HttpResponse = finish_acs(request, organization_slug=organization_slug)
    except (XMLSyntaxError, ValueError):
        status = HTTPStatus.UNAUTHORIZED
        return render(request, "socialaccount/authentication_error.html", status=status)
    return answer


@public
def no_single_logout(request: HttpRequest, organization_slug: str) -> HttpResponse:
    raise Http404
