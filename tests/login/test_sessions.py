"""Where somebody is logged in: each place in plain words, and a button that ends it."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from notifications import clock
from organisations.login.sessions import device
from organisations.models import User
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

SESSIONS = reverse("organisations:sessions")
PAGE = "/processen/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36"
)


def logged_in(person: User, user_agent: str = FIREFOX) -> Client:
    browser = Client(headers={"user-agent": user_agent})
    browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get(PAGE).status_code == 200


def row_of(browser: Client) -> UserSession:
    return UserSession.objects.get(session_key=browser.session.session_key)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (EDGE, "Edge on Windows"),
        (IPHONE, "Safari on iPhone"),
        (ANDROID, "Chrome on Android"),
        ("Bibliotekets dator", "Bibliotekets dator"),
        ("", "A browser that does not say what it is"),
    ],
)
def test_a_browser_is_named_as_people_name_it(user_agent: str, words: str):
    with translation.override("en"):
        assert device(user_agent) == words


def test_the_list_begins_with_the_one_that_is_used_now(cast: Cast):
    here = logged_in(cast.ours.principal, FIREFOX)
    logged_in(cast.ours.principal, IPHONE)
    page = here.get(SESSIONS)
    assert [place.device for place in page.context["sessions"]] == [device(FIREFOX), device(IPHONE)]
    assert device(IPHONE) in page.content.decode()


def test_one_of_them_is_ended_and_the_others_go_on(cast: Cast):
    here, phone, edge = (logged_in(cast.ours.principal, a) for a in (FIREFOX, IPHONE, EDGE))
    answer = here.post(SESSIONS, {"session": row_of(phone).pk})
    assert answer.headers["Location"] == SESSIONS
    assert not is_in(phone)
    assert is_in(here)
    assert is_in(edge)


def test_to_end_ones_own_is_to_log_out(cast: Cast):
    here, phone = logged_in(cast.ours.principal), logged_in(cast.ours.principal, IPHONE)
    answer = here.post(SESSIONS, {"session": row_of(here).pk})
    assert answer.headers["Location"] == reverse("account_login")
    assert not is_in(here)
    assert is_in(phone)


def test_nobody_ends_a_session_of_others(cast: Cast):
    """Neither does a number that means nothing end all the others."""
    here, phone = logged_in(cast.ours.principal), logged_in(cast.ours.principal, IPHONE)
    stranger = logged_in(cast.ours.coordinator)
    for number in (row_of(stranger).pk, 10**9, "x"):
        assert here.post(SESSIONS, {"session": number}).status_code == 302
    assert is_in(stranger)
    assert is_in(phone)


def test_all_the_others_are_ended_at_once(cast: Cast):
    here, phone = logged_in(cast.ours.principal), logged_in(cast.ours.principal, IPHONE)
    stranger = logged_in(cast.ours.coordinator)
    here.post(SESSIONS)
    assert is_in(here)
    assert not is_in(phone)
    assert is_in(stranger)


def test_when_it_was_last_used_is_noted_every_few_minutes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    browser = logged_in(cast.ours.principal)
    at_first = row_of(browser).last_seen_at
    is_in(browser)
    assert row_of(browser).last_seen_at == at_first, "a moment later costs no write"
    monkeypatch.setenv("CLOCK_OFFSET", str(timedelta(minutes=6).total_seconds()))
    is_in(browser)
    assert row_of(browser).last_seen_at > clock.now() - timedelta(minutes=1)
    with CaptureQueriesContext(connection) as asked:
        is_in(browser)
    assert not [query for query in asked if query["sql"].startswith("UPDATE")]
