"""Doors that need to know no more than who somebody is; others stand in the houses above.

Every view says who may come in, and a view that says nothing lets nobody in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from notifications import clock
from organisations.models import Role, User
from organisations.permissions import HANDS_OUT, is_support
from organisations.queries import led_by

View = Callable[..., HttpResponse]


class PersonRequest(HttpRequest):
    """A request of somebody who is logged in: what every view behind a door is given."""

    user: User


def public(view: View) -> View:
    """Everybody may come in, logged in or not."""
    view.login_required = False  # type: ignore[attr-defined]
    view.door = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Everybody who is logged in may come in; what they see comes from ``visible_to``."""
    view.door = "signed in"  # type: ignore[attr-defined]
    return view


def before_second_factor(view: View) -> View:
    """Open to somebody who still owes a second factor, since it leads to setting one up."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def support(view: View) -> View:
    """Open to support alone, who need a second factor as on the admin pages: 404 for the others."""

    @wraps(view)
    def enter(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_support(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    enter.door = "support"  # type: ignore[attr-defined]
    enter.is_for_support = True  # type: ignore[attr-defined]
    return enter


@dataclass(frozen=True)
class Leading:
    """Says which roles the door lets through, for the table of who may come in."""

    roles: tuple[Role, ...] = tuple(HANDS_OUT)


def leads(view: View) -> View:
    """Hand the view the organisation that the URL's ``pk`` names, to who may let others in there.

    An organisation that somebody does not lead and one that does not exist look alike: 404.
    """

    @wraps(view)
    def enter(request: PersonRequest, pk: Any, **kwargs: Any) -> HttpResponse:
        organisation = get_object_or_404(led_by(request.user, clock.today()), pk=pk)
        return view(request, organisation, **kwargs)

    enter.door = "organisations.organisation + role"  # type: ignore[attr-defined]
    enter.may = Leading()  # type: ignore[attr-defined]
    return enter
