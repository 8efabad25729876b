"""In a real browser: a passkey, two steps, and one person of each party, each in their own way."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from organisations.models import IdentityProvider, SecondFactorRule, User
from tests.accessibility import assert_accessible
from tests.cast import PASSWORD, Cast
from tests.conftest import OpenPage
from tests.login.test_second_factor import code_now, with_app

PROCESS = "/processen/"


@pytest.fixture(autouse=True)
def _really_stored(transactional_db: None) -> None:
    """The live server reads what the test wrote."""


def begin(open_page: OpenPage, path: str = "/konto/login/", **how: Any) -> Page:
    page = open_page(path, **how)
    # Colours in the middle of a change are neither those before it nor those after it.
    page.emulate_media(reduced_motion="reduce")
    return page


def is_for_everybody(page: Page) -> None:
    """Once its style has arrived."""
    page.wait_for_load_state("load")
    assert_accessible(page)


def type_password(page: Page, person: User) -> None:
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form").first.locator("button[type=submit]").click()


def is_logged_in_as(page: Page, person: User) -> None:
    page.goto(PROCESS)
    expect(page.locator("body")).to_contain_text(person.name)
    assert urlsplit(page.url).path == PROCESS


def log_out(page: Page) -> None:
    page.locator("details.account summary").click()
    page.locator("details.account button").click()
    expect(page.locator("input[name=login]")).to_be_visible()


def plug_in_authenticator(page: Page) -> None:
    """A fingerprint reader that always recognises its owner."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_who_must_have_two_steps_adds_a_passkey_and_logs_in_with_it_alone(
    cast: Cast, open_page: OpenPage
) -> None:
    person = cast.ours.principal
    SecondFactorRule.objects.create(role="principal")
    page = begin(open_page)
    plug_in_authenticator(page)
    type_password(page, person)

    expect(page).to_have_url(re.compile(reverse("organisations:second_factor")))
    is_for_everybody(page)
    page.locator(f"main a[href='{reverse('mfa_add_webauthn')}']").click()
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#passkey")).to_be_visible()
    is_for_everybody(page)
    page.get_by_role("checkbox").check()
    page.locator("#passkey").click()
    expect(page.locator("ul.codes li")).to_have_count(10)
    is_for_everybody(page)
    is_logged_in_as(page, person)

    log_out(page)
    page.locator("#passkey").click()
    expect(page.locator("details.account")).to_contain_text(person.name)
    is_logged_in_as(page, person)


def test_a_passkey_that_is_refused_is_told(cast: Cast, open_page: OpenPage) -> None:
    page = begin(open_page)
    plug_in_authenticator(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.locator("#passkey").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_focused()


def test_the_app_is_set_up_and_asked_for(cast: Cast, open_page: OpenPage) -> None:
    person = cast.ours.coordinator
    page = begin(open_page, reverse("organisations:account"), person=person, size="phone")
    page.locator(f"a[href='{reverse('mfa_index')}']").click()
    page.locator(f"main a[href='{reverse('mfa_activate_totp')}']").click()
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("img.qr")).to_be_visible()
    is_for_everybody(page)
    page.locator("input[name=code]").fill(code_now(page.locator("code.key").inner_text()))
    page.locator("main form button[type=submit]").click()
    expect(page.locator("ul.codes li")).to_have_count(10)
    recovery = page.locator("ul.codes li").first.inner_text()

    log_out(page)
    type_password(page, person)
    is_for_everybody(page)
    page.locator("input[name=code]").fill(recovery)
    page.locator("main form button[type=submit]").first.click()
    is_logged_in_as(page, person)


def test_one_of_each_party_logs_in_in_their_own_way(
    cast: Cast,
    open_page: OpenPage,
    live_server: LiveServer,
    municipality: IdentityProvider,
    university: IdentityProvider,
) -> None:
    agency, organiser, lead = cast.agency_manager, cast.ours.principal, cast.ours.university_lead
    secret = with_app(agency)
    SocialAccount.objects.create(user=organiser, provider=municipality.issuer, uid="rut-17")
    SocialAccount.objects.create(user=lead, provider=university.issuer, uid="linda-4")

    # Skolverket: a password and a code of the app.
    page = begin(open_page)
    type_password(page, agency)
    page.locator("input[name=code]").fill(code_now(secret))
    page.locator("main form button[type=submit]").first.click()
    is_logged_in_as(page, agency)
    log_out(page)

    # The huvudman: its own OpenID provider, found by name.
    page.locator(f"a[href^='{reverse('organisations:choose_provider')}']").click()
    page.locator("input[type=search]").fill("ådalen")
    page.keyboard.press("Enter")
    expect(page.locator("ul.rows li")).to_have_count(1)
    is_for_everybody(page)
    page.locator("ul.rows button").click()
    page.locator("input[name=sub]").fill("rut-17")
    page.locator("button").click()
    expect(page.locator("details.account")).to_contain_text(organiser.name)
    is_logged_in_as(page, organiser)
    log_out(page)

    # The lärosäte: its SAML provider, which asks for a host name with a dot.
    url = live_server.url.replace("localhost", "127.0.0.1")
    trusted = requests.get(f"{url}/konto/saml/norra/metadata/", timeout=10).content
    trust = university.sso_url.replace("/sso", "/trust")
    requests.post(trust, data=trusted, timeout=10).raise_for_status()
    page.goto(url + reverse("organisations:choose_provider"))
    page.locator(f"form[action$='/{university.slug}/'] button").click()
    page.locator("input[name=subject]").fill("linda-4")
    page.locator("button").click()
    expect(page.locator("details.account")).to_contain_text(lead.name)
    page.goto(url + PROCESS)
    expect(page.locator("details.account")).to_contain_text(lead.name)

    assert Authenticator.objects.filter(user__in=[organiser, lead]).count() == 0
