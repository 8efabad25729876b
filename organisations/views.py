"""Logging in at one's own organisation, letting people in, and what the law asks us to say."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.saml.utils import build_saml_config
from allauth.socialaccount.providers.saml.views import finish_acs
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from lxml.etree import XMLSyntaxError
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from requests import RequestException

from notifications import clock
from organisations.actions import (
    InvitationClosedError,
    KnownPersonError,
    accept,
    enter_invited_person,
    invite,
    is_untouched,
    revoke,
)
from organisations.doors import PersonRequest, before_second_factor, leads, public, signed_in
from organisations.forms import InviteForm, NewAccountForm
from organisations.login import open_invitation, second_factor
from organisations.login.providers import app_of
from organisations.models import IdentityProvider, Invitation, Organisation, User
from organisations.permissions import roles_handed_out_by
from organisations.queries import led_by, members_of, waiting_invitations
from organisations.welcome import welcome_to

PROVIDERS_ON_A_PAGE = 50
# RFC 9116 wants less than a year. Counted from the day on which somebody made sure that the address
# is read, never from today: a server that everybody has forgotten must not renew its own promise.
SECURITY_TXT_GOOD_FOR = timedelta(days=364)


# --- one's own account ------------------------------------------------------------------------


@before_second_factor
@signed_in
def account(request: PersonRequest) -> HttpResponse:
    """Every way to log in that this person has, and where they let others in."""
    factors = Authenticator.objects.filter(user=request.user)
    kinds = set(factors.values_list("type", flat=True))
    context = {
        "has_password": request.user.has_usable_password(),
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "identities": SocialAccount.objects.filter(user=request.user).count(),
        "providers": IdentityProvider.objects.in_use().exists(),
        "organisations": led_by(request.user, clock.today()),
    }
    return render(request, "organisations/account.html", context)


@before_second_factor
@signed_in
def second_factor_page(request: PersonRequest) -> HttpResponse:
    """Why the person is led here instead of where they were going, and what to do."""
    if second_factor.is_there(request, request.user):
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "organisations/second_factor.html")


# --- at one's own organisation ----------------------------------------------------------------


@public
def choose_provider(request: HttpRequest) -> HttpResponse:
    """Where people of each organisation log in, found by name."""
    query = request.GET.get("sok", "")[:100]
    rows = IdentityProvider.objects.in_use().found_by(query).prefetch_related("organisations")
    found = list(rows[: PROVIDERS_ON_A_PAGE + 1])
    context = {
        "query": query,
        "providers": found[:PROVIDERS_ON_A_PAGE],
        "more": len(found) > PROVIDERS_ON_A_PAGE,
        "next": request.GET.get("next", ""),
        "process": "connect" if _is_connecting(request, request.GET) else "",
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


# --- letting people in ------------------------------------------------------------------------


@leads
def people(request: PersonRequest, organisation: Organisation) -> HttpResponse:
    today = clock.today()
    context = {
        "organisation": organisation,
        "members": members_of(organisation, today),
        "waiting": waiting_invitations(organisation, request.user, today),
        "now": clock.now(),
    }
    return render(request, "organisations/people.html", context)


@leads
def invite_person(request: PersonRequest, organisation: Organisation) -> HttpResponse:
    handed_out = roles_handed_out_by(request.user, organisation, clock.today())
    form = InviteForm(request.POST or None, organisation=organisation, handed_out=handed_out)
    if request.method == "POST" and form.is_valid():
        invite(
            by=request.user,
            organisation=organisation,
            starts_on=clock.today(),
            now=clock.now(),
            **form.cleaned_data,
        )
        messages.success(
            request,
            _("An invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]},
        )
        return redirect("organisations:people", pk=organisation.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"organisation": organisation, "form": form}
    return render(request, "organisations/invite.html", context, status=status)


@signed_in
def revoke_invitation(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask once, and withdraw; for who may hand out the role, and 404 for everybody else."""
    rows = Invitation.objects.filter(accepted_at=None).select_related("organisation", "unit")
    invitation = get_object_or_404(rows, pk=pk)
    if not welcome_to(invitation.role).may(invitation, request.user, clock.today()):
        raise Http404
    leads_there = led_by(request.user, clock.today()).filter(pk=invitation.organisation_id).exists()
    back = (
        reverse("organisations:people", args=[invitation.organisation_id])
        if leads_there
        else reverse(settings.LOGIN_REDIRECT_URL)
    )
    if request.method == "POST":
        revoke(invitation=invitation, by=request.user, now=clock.now())
        messages.success(request, _("The invitation is withdrawn."))
        return redirect(back)
    context = {"invitation": invitation, "back": back, "form": Form()}
    return render(request, "organisations/revoke.html", context)


@public
def welcome_link(request: HttpRequest, key: str) -> HttpResponse:
    """The link in the letter: it changes nothing, since programs that look through mail follow it.

    The key goes on in the session, so that no further address, log or Referer carries it.
    """
    open_invitation.remember(request, key)
    return redirect("organisations:welcome")


@public
def welcome(request: HttpRequest) -> HttpResponse:
    """What is offered, and every way to say yes to it."""
    invitation = open_invitation.opened(request)
    is_mine = invitation is not None and invitation.accepted_by == request.user
    if invitation is None or not (
        is_mine or invitation.state(clock.now()) == Invitation.State.OPEN
    ):
        return render(request, "organisations/invitation_closed.html", status=HTTPStatus.GONE)
    if isinstance(request.user, User):
        return _answer_invitation(request, invitation, request.user)
    return _come_in(request, invitation)


def _answer_invitation(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    context = {"invitation": invitation, "other": invitation.email != user.email}
    if request.method != "POST":
        return render(request, "organisations/accept.html", context)
    try:
        accept(invitation=invitation, by=user, now=clock.now())
    except InvitationClosedError as closed:
        context = {"reason": str(closed)}
        status = HTTPStatus.GONE
        return render(request, "organisations/invitation_closed.html", context, status=status)
    open_invitation.forget(request)
    messages.success(request, _("Welcome. The role is yours."))
    return redirect(settings.LOGIN_REDIRECT_URL)


def _come_in(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """For somebody who is not logged in: log in, or become known here."""
    known = User.objects.filter(email=invitation.email).first()
    is_new = known is None or is_untouched(known)
    form = NewAccountForm(
        request.POST or None, email=invitation.email, initial={"name": invitation.name}
    )
    if request.method == "POST" and is_new:
        if refused := ratelimit.consume_or_429(request, action="invitation"):
            return refused
        if form.is_valid():
            return _make_account(request, invitation, form.cleaned_data)
    context: dict[str, Any] = {
        "invitation": invitation,
        "form": form,
        "is_new": is_new,
        "providers": invitation.organisation.identity_providers.in_use(),
        "next": reverse("organisations:welcome"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "organisations/come_in.html", context, status=status)


def _make_account(
    request: HttpRequest, invitation: Invitation, data: dict[str, Any]
) -> HttpResponse:
    """The account, logged in; the role is accepted on the next page, by who knows what it is."""
    try:
        person = enter_invited_person(
            invitation=invitation, name=data["name"], password=data["password"] or None
        )
    except KnownPersonError:
        return redirect("organisations:welcome")
    answer: HttpResponse = perform_login(
        request, person, redirect_url=reverse("organisations:welcome")
    )
    return answer


# --- what the law asks us to say --------------------------------------------------------------


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
