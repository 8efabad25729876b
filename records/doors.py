"""Doors to what is no object of a case: the register of an authority, and a person's data.

As at every door, what is not there for somebody looks as if it did not exist: 404.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from notifications import clock
from organisations.doors import View
from records.queries import people_answered_for, registered_organisations
from sbs_workflow.doors import PersonRequest, signed_in


def _door(rows: Callable[[Any], Any]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def enter(request: PersonRequest, key: Any) -> HttpResponse:
            return view(request, get_object_or_404(rows(request.user), pk=key))

        return enter

    return decorate


# The authority whose register this person keeps.
keeps_register = _door(registered_organisations)
# Somebody for whose data this person answers.
answers_for = _door(lambda user: people_answered_for(user, clock.today()))
