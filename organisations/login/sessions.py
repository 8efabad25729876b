"""Where somebody is logged in, since when, and in words that people use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.internal import flows
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from notifications import clock
from organisations.doors import PersonRequest

_USED_AT = "used_at"
# Exact enough to know one's own doings again, and seldom enough to cost nothing.
NOTED_EVERY = timedelta(minutes=5)
# What stands in the line by which a browser presents itself, and what people call it. The first
# that fits counts: most of them also claim to be one of those further down.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Vivaldi": "Vivaldi",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
DEVICES = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "Chromebook",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Place:
    """One browser in which somebody is logged in."""

    session: UserSession
    device: str
    is_current: bool


def sessions_of(request: PersonRequest) -> list[Place]:
    """The one that is used now first, then those that were used last."""
    places = [
        Place(session, device(session.user_agent), session.is_current())
        for session in UserSession.objects.purge_and_list(request.user)
    ]
    places.sort(key=lambda place: place.session.last_seen_at, reverse=True)
    return sorted(places, key=lambda place: not place.is_current)


def end_session(request: PersonRequest, session: UserSession) -> None:
    """Nobody is logged in there from the next request; the one that is used now is logged out."""
    flows.sessions.end_sessions(request, [session])


def end_others(request: PersonRequest) -> None:
    flows.sessions.end_other_sessions(request, request.user)


def device(user_agent: str) -> str:
    """Such as *Firefox on Windows*; its own words where nobody knows them."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), "")
    machine = next((name for sign, name in DEVICES.items() if sign in user_agent), "")
    if browser and machine:
        return _("%(browser)s on %(device)s") % {"browser": browser, "device": machine}
    return browser or machine or user_agent[:90] or _("A browser that does not say what it is")


class LastUseMiddleware:
    """Notes when each session was last used, every few minutes at most.

    When that was is remembered in the session, which is read anyway: other requests cost nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            note_use(request, clock.now())
        return self.get_response(request)


def note_use(request: HttpRequest, now: datetime) -> None:
    session = request.session
    used_at = session.get(_USED_AT) or _begun_at(request)
    if used_at is None or abs(now.timestamp() - used_at) < NOTED_EVERY.total_seconds():
        return
    session[_USED_AT] = now.timestamp()
    rows = UserSession.objects.filter(session_key=session.session_key)
    rows.update(last_seen_at=datetime.fromtimestamp(now.timestamp(), UTC))


def _begun_at(request: HttpRequest) -> float | None:
    """When the person showed who they are, in seconds since 1970; None where no log-in began it."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or [{}]
    begun: float | None = records[0].get("at")
    return begun
