"""Letting people in: who holds a role, who is invited, and how they say yes."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

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
from organisations.doors import PersonRequest, leads, public, signed_in
from organisations.forms import InviteForm, NewAccountForm
from organisations.login import open_invitation
from organisations.models import Invitation, Organisation, Role, User
from organisations.permissions import is_handed_out, roles_handed_out_by
from organisations.queries import led_by, members_of, waiting_invitations
from organisations.welcome import welcome_to


@leads
def people(request: PersonRequest, organisation: Organisation) -> HttpResponse:
    today = clock.today()
    # Whoever may give a role may also see to it that it ends.
    handed_out = roles_handed_out_by(request.user, organisation, today)
    context = {
        "organisation": organisation,
        "members": [
            (member, is_handed_out(Role(member.role), member.unit, handed_out))
            for member in members_of(organisation, today)
        ],
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
    # Somebody who was invited twice may have answered both letters at the same moment.
    except (KnownPersonError, IntegrityError):
        return redirect("organisations:welcome")
    answer: HttpResponse = perform_login(
        request, person, redirect_url=reverse("organisations:welcome")
    )
    return answer
