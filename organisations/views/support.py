"""For support: to see Trepart as a person sees it, without being able to change anything."""

from http import HTTPStatus
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from notifications import clock
from organisations.actions import see_as, stop_seeing_as
from organisations.doors import PersonRequest, signed_in, support
from organisations.forms import SeeAsForm
from organisations.login import seeing_as
from organisations.models import User
from organisations.permissions import can_be_seen_as


@support
@reauthentication_required  # type: ignore[untyped-decorator]
def begin_seeing_as(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Say why, and what the person is told; 404 for an account that may do more than others."""
    person = get_object_or_404(User, pk=pk)
    if not can_be_seen_as(person, request.user):
        raise Http404
    form = SeeAsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        view = see_as(
            person=person, reason=form.cleaned_data["reason"], by=request.user, now=clock.now()
        )
        seeing_as.remember(request, view)
        return redirect(settings.LOGIN_REDIRECT_URL)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {
        "person": person,
        "form": form,
        "back": reverse("admin:organisations_user_change", args=[person.pk]),
    }
    return render(request, "organisations/see_as.html", context, status=status)


@signed_in
@require_POST
def stop_seeing(request: PersonRequest) -> HttpResponse:
    view = getattr(request, "seeing_as", None)
    seeing_as.forget(request)
    if view is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    stop_seeing_as(view=view, now=clock.now())
    messages.success(request, _("You see Trepart as yourself again."))
    return redirect("admin:organisations_user_change", view.person_id)
