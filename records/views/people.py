"""What is stored about a person: for themself, and for who answers for them."""

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from notifications import clock
from organisations.models import User
from records.actions import protect, pseudonymise, rectify, take_extract, unprotect
from records.doors import answers_for
from records.forms import NameForm, NamelessForm, ReasonForm
from records.models import ProtectedIdentity
from records.queries import Extract, decisions_about, people_answered_for
from sbs_workflow.doors import PersonRequest, signed_in
from sbs_workflow.pages import carry_out
from sbs_workflow.successors import may_end, roles_everywhere, roles_to_leave


@signed_in
@require_safe
def my_data(request: PersonRequest) -> HttpResponse:
    extract = take_extract(person=request.user, by=request.user, now=clock.now())
    return render(request, "records/extract.html", {"extract": extract, "is_own": True})


@signed_in
@require_safe
def my_data_file(request: PersonRequest) -> HttpResponse:
    return _as_file(take_extract(person=request.user, by=request.user, now=clock.now()))


@signed_in
def my_name(request: PersonRequest) -> HttpResponse:
    """For a name that is spelt wrongly, or has changed; the address is changed by support."""
    own = ProtectedIdentity.objects.filter(user=request.user).first() or request.user
    form = NameForm(request.POST or None, initial={"name": own.name})
    return carry_out(
        request,
        form,
        about=None,
        title=_("Correct your name"),
        lead=_(
            "It changes wherever your name stands in Trepart, also in the history. Letters and "
            "documents that are official stay as they are."
        ),
        submit=_("Save"),
        done=_("Your name is changed."),
        cancel_url=reverse("records:my_data"),
        action=lambda: _to_my_data(
            rectify(name=form.cleaned_data["name"], by=request.user, now=clock.now())
        ),
    )


@signed_in
@require_safe
def people(request: PersonRequest) -> HttpResponse:
    """Everybody for whom this person answers, with what can be done about their data."""
    found = people_answered_for(request.user, clock.today()).order_by("name")
    context = {"people": found.select_related("protected_identity")}
    return render(request, "records/people.html", context)


@answers_for
@require_safe
def person(request: PersonRequest, who: User) -> HttpResponse:
    context = {
        "person": who,
        "extract": take_extract(person=who, by=request.user, now=clock.now()),
        "protected": ProtectedIdentity.objects.filter(user=who).first(),
        "decisions": decisions_about(who, request.user)[:20],
        "is_self": who == request.user,
    }
    return render(request, "records/person.html", context)


@answers_for
@require_safe
def person_file(request: PersonRequest, who: User) -> HttpResponse:
    return _as_file(take_extract(person=who, by=request.user, now=clock.now()))


@answers_for
def protect_person(request: PersonRequest, who: User) -> HttpResponse:
    """Put the role in the place of the name, or give the name back."""
    is_protected = ProtectedIdentity.objects.filter(user=who).exists()
    form = ReasonForm(request.POST or None)
    change: Any = unprotect if is_protected else protect
    return carry_out(
        request,
        form,
        about=None,
        title=_("End the protection of the name") if is_protected else _("Protect the name"),
        lead=_("Everybody reads the name again.")
        if is_protected
        else _(
            "Everybody else reads the role instead: on pages, in letters and in files. "
            "The name stays with your own organisation. What is written already is not changed."
        ),
        submit=_("End the protection") if is_protected else _("Protect the name"),
        done=_("Done."),
        cancel_url=reverse("records:person", args=[who.pk]),
        action=lambda: _and_back(
            change(person=who, reason=form.cleaned_data["reason"], by=request.user, now=clock.now())
        ),
    )


@answers_for
def pseudonymise_person(request: PersonRequest, who: User) -> HttpResponse:
    """Close the account for good and take the name out of it; its roles are handed over."""
    today = clock.today()
    # What they do elsewhere is nobody's business here, and lets the account stay.
    ending = [held for held in roles_everywhere(who, today) if may_end(request.user, held, today)]
    roles = roles_to_leave(ending, today)
    form = NamelessForm(request.POST or None, roles=roles)
    return carry_out(
        request,
        form,
        about=None,
        title=_("Close the account and take the name away"),
        lead=_(
            "%(name)s can no longer log in and loses every role. The history keeps the role. "
            "Documents and letters that are official stay as they are."
        )
        % {"name": who.name},
        submit=_("Close the account"),
        done=_("The account is closed and nameless."),
        cancel_url=reverse("records:person", args=[who.pk]),
        action=lambda: _and_back(
            pseudonymise(
                person=who,
                roles=form.left(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=clock.now(),
            )
        ),
        template="sbs_workflow/handover.html",
        leaver=who,
        rows=form.rows(),
        today=today,
    )


def _to_my_data(_done: object) -> str:
    return reverse("records:my_data")


def _and_back(_done: object) -> str:
    return reverse("records:people")


def _as_file(extract: Extract) -> HttpResponse:
    return HttpResponse(
        json.dumps(extract.as_data(), ensure_ascii=False, indent=2),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="registerutdrag.json"'},
    )
