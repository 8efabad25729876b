"""Nobody learns by trying which addresses have an account, and nobody tries for long."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications import clock
from notifications.models import OutboxMessage
from organisations.actions import invite
from organisations.models import Role
from tests.cast import PASSWORD, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

CODE, LOGIN = reverse("account_request_login_code"), reverse("account_login")
RESET = reverse("account_reset_password")
UNKNOWN = "nils.nobody@adalen.example"
Ask = Callable[[Client, str], Any]


def ask_for_code(client: Client, email: str) -> Any:
    return client.post(CODE, {"email": email})


def guess_password(client: Client, email: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": "gissad-av-en-främling"})


def ask_for_new_password(client: Client, email: str) -> Any:
    return client.post(RESET, {"email": email})


def as_told(ask: Ask, email: str) -> tuple[Any, ...]:
    """Everything that a stranger can see: the answer, the next page, and whether a mail leaves.

    And what takes time: the queries, of the same kinds in the same order.
    """
    client, before = Client(), OutboxMessage.objects.count()
    with CaptureQueriesContext(connection) as asked:
        answer = ask(client, email)
    after = client.get(answer.headers["Location"]) if "Location" in answer.headers else answer
    words = re.sub(r"[A-Za-z0-9]{64}", "", after.content.decode()).replace(email, "")
    kinds = [re.sub(r"'[^']*'|\d+", "", query["sql"])[:60] for query in asked]
    mails = OutboxMessage.objects.count() - before
    return answer.status_code, answer.headers.get("Location"), words, mails, sorted(kinds)


@pytest.mark.parametrize("ask", [ask_for_code, guess_password, ask_for_new_password])
def test_known_unknown_and_closed_accounts_are_told_the_same(cast: Cast, ask: Ask):
    known = as_told(ask, cast.ours.principal.email)
    for email in (UNKNOWN, cast.deactivated.email):
        status, location, words, mails, queries = as_told(ask, email)
        assert (status, location, words, mails) == known[:4], email
        assert queries == known[4], email


class CountingHasher(MD5PasswordHasher):
    """The hasher of the tests, which counts what takes the time."""

    algorithm = "md5"
    times = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).times += 1
        return super().encode(password, salt)


def test_a_password_is_hashed_for_unknown_addresses_too(cast: Cast, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    counted = []
    for email in (cast.ours.principal.email, UNKNOWN):
        CountingHasher.times = 0
        guess_password(Client(), email)
        counted.append(CountingHasher.times)
    assert counted[0] == counted[1] > 0


# --- not for long --------------------------------------------------------------------------


def test_a_password_is_guessed_five_times_and_then_not_even_the_right_one_is_heard(cast: Cast):
    email = cast.ours.principal.email
    for _try in range(5):
        guess_password(Client(), email)
    browser = Client()
    answer = browser.post(LOGIN, {"login": email, "password": PASSWORD})
    assert answer.status_code == HTTPStatus.OK
    assert "_auth_user_id" not in browser.session
    others = Client()
    others.post(LOGIN, {"login": cast.ours.coordinator.email, "password": PASSWORD})
    assert others.session["_auth_user_id"] == str(cast.ours.coordinator.pk)


@pytest.mark.parametrize("email", ["rut.rektor@adalen.example", UNKNOWN])
def test_codes_are_asked_for_three_times_a_minute(cast: Cast, email: str):
    answers = [ask_for_code(Client(), email).status_code for _try in range(4)]
    assert answers == [HTTPStatus.FOUND] * 3 + [HTTPStatus.OK]
    assert OutboxMessage.objects.count() == 3


def test_a_code_is_guessed_three_times(cast: Cast):
    browser = Client()
    ask_for_code(browser, cast.ours.principal.email)
    page = reverse("account_confirm_login_code")
    for _try in range(3):
        browser.post(page, {"code": "000000"})
    assert browser.get(page).status_code == HTTPStatus.FOUND, "one must ask for another code"
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize(("url", "field", "limit"), [(LOGIN, "login", 30), (RESET, "email", 20)])
def test_one_address_on_the_net_tries_so_many_times_a_minute(
    cast: Cast, url: str, field: str, limit: int
):
    answers = [
        Client().post(url, {field: f"{number}@example.com", "password": "x"}).status_code
        for number in range(limit + 1)
    ]
    assert HTTPStatus.TOO_MANY_REQUESTS not in answers[:limit]
    assert answers[limit] == HTTPStatus.TOO_MANY_REQUESTS


def test_a_second_factor_is_guessed_a_few_times(cast: Cast):
    from tests.login.test_second_factor import with_app

    with_app(cast.ours.principal)
    browser = Client()
    browser.post(LOGIN, {"login": cast.ours.principal.email, "password": PASSWORD})
    page = reverse("mfa_authenticate")
    words = [browser.post(page, {"code": f"{n:06}"}).content.decode() for n in range(12)]
    assert words[0] != words[-1], "it says that there were too many"
    assert "_auth_user_id" not in browser.session


def test_whoever_is_behind_a_proxy_is_counted_by_their_own_address(settings):
    """What a client claims of itself is not believed: only what our own proxy has added."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [
        Client()
        .post(
            LOGIN,
            {"login": f"{number}@example.com", "password": "x"},
            headers={"x-forwarded-for": f"10.0.0.{number}, 192.0.2.7"},
        )
        .status_code
        for number in range(31)
    ]
    assert answers[30] == HTTPStatus.TOO_MANY_REQUESTS


# --- what a page leads to, and what a session was before -----------------------------------------


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)",
        "https:evil.example", "\t//evil.example",
    ],
)  # fmt: skip
def test_no_page_leads_to_another_site(cast: Cast, elsewhere: str):
    browser = Client()
    for name, said in (
        ("account_login", {"login": cast.ours.principal.email, "password": PASSWORD}),
        ("set_language", {"language": "en"}),
        ("account_logout", {}),
    ):
        answer = browser.post(reverse(name), {**said, "next": elsewhere})
        assert answer.status_code == HTTPStatus.FOUND, name
        assert answer.headers["Location"].startswith("/"), name
        assert "evil" not in answer.headers["Location"], name


def test_a_session_that_somebody_else_has_laid_out_is_not_logged_in(cast: Cast):
    """Neither by a password, nor by the letter of an invitation that was opened in it."""
    laid_out = Client()
    invitation = invite(
        by=cast.ours.head_of_authority,
        email="ny@adalen.example",
        name="Nils Ny",
        role=Role.COORDINATOR,
        organisation=cast.ours.organiser,
        starts_on=TODAY,
        now=clock.now(),
    )
    letter = OutboxMessage.objects.get(key=f"organisations.invitation:{invitation.pk}")
    laid_out.get(letter.context["path"])
    before = laid_out.session.session_key
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = before or ""
    victim.post(reverse("organisations:welcome"), {"name": "Nils Ny", "password": ""})
    assert victim.session.session_key != before
    assert laid_out.get("/").headers["Location"].startswith(reverse("account_login"))
    assert victim.get("/").status_code == HTTPStatus.OK
