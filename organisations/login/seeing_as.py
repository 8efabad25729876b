"""The look of support that goes on in this browser, until it ends."""

from datetime import datetime

from django.http import HttpRequest

from organisations.models import SupportView
from organisations.permissions import can_be_seen_as

_KEY = "seeing_as"


def remember(request: HttpRequest, view: SupportView) -> None:
    request.session[_KEY] = str(view.pk)


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def going_on(request: HttpRequest, now: datetime) -> SupportView | None:
    """The look that this session has begun, if it still may (none or two queries)."""
    if _KEY not in request.session:
        return None
    rows = SupportView.objects.going_on(now).select_related("person", "by")
    view = rows.filter(pk=request.session[_KEY]).first()
    if view is None or view.by != request.user or not can_be_seen_as(view.person, view.by):
        forget(request)
        return None
    return view
