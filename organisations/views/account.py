"""A person's own account: every way to log in, and where they are logged in."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from notifications import clock
from organisations.doors import PersonRequest, before_second_factor, public, signed_in
from organisations.forms import EndSessionForm
from organisations.login import second_factor
from organisations.login.sessions import end_others, end_session, sessions_of
from organisations.models import IdentityProvider
from organisations.permissions import keeps_schools
from organisations.queries import led_by


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
        "keeps_schools": keeps_schools(request.user, clock.today()),
    }
    return render(request, "organisations/account.html", context)


@public
def no_addresses(request: HttpRequest) -> HttpResponse:
    """Nobody adds an address to their account: it would let in, and be written to, unconfirmed."""
    raise Http404


@before_second_factor
@signed_in
def second_factor_page(request: PersonRequest) -> HttpResponse:
    """Why the person is led here instead of where they were going, and what to do."""
    if second_factor.is_there(request, request.user):
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "organisations/second_factor.html")


@before_second_factor
@signed_in
def sessions(request: PersonRequest) -> HttpResponse:
    """Every browser in which this person is logged in; each may be logged out, or all the others.

    To end the one that is used now is to log out.
    """
    own = UserSession.objects.filter(user=request.user)
    if request.method != "POST":
        context = {"sessions": sessions_of(request)}
        return render(request, "usersessions/usersession_list.html", context)
    form = EndSessionForm(request.POST, own=own)
    if not form.is_valid():
        # Whoever presses a button of an old page means a session that has ended already.
        messages.info(request, _("You are logged out there already."))
        return redirect("organisations:sessions")
    chosen = form.cleaned_data["session"]
    if chosen is None:
        end_others(request)
        messages.success(request, _("You are logged out everywhere else."))
        return redirect("organisations:sessions")
    is_own = chosen.is_current()
    end_session(request, chosen)
    if is_own:
        return redirect(settings.LOGIN_URL)
    messages.success(request, _("You are logged out there."))
    return redirect("organisations:sessions")
