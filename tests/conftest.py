"""What every test may ask for: a database of its own and pages in a real browser.

The people who play in the tests stand in tests/cast.py.
"""

import gc
import os
import shutil
from collections.abc import Iterator
from typing import Literal, Protocol

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from organisations.models import User
from records import triggers
from tests.emptying import empty_the_database

# Playwright's synchronous interface runs an event loop in the thread of the test.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytest_plugins = ["tests.cast"]

# No test asserts a duration: the machine may be busy with others.
hypothesis_settings.register_profile(
    "trepart", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("trepart")
PATIENCE_IN_MILLISECONDS = 30_000
expect.set_options(timeout=PATIENCE_IN_MILLISECONDS)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Size = Literal["desk", "phone"]
WIDTH_AND_HEIGHT: dict[Size, tuple[int, int]] = {"desk": (1280, 900), "phone": (390, 844)}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marked as soon as it is found, so that tests can be chosen by it."""
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.browser)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers come last: once one runs, its event loop keeps the thread from running another."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_collection_finish() -> None:
    """What is loaded by now lives to the end: looking for garbage in it took a tenth of it all."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _settings_for_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Static files of no earlier run, and passwords that cost nothing to check."""
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Gives each run its own SQLite file, and no connection that outlives its thread."""
    database = connections.settings["default"]
    database["CONN_MAX_AGE"] = 0
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Without the triggers that keep the trail: on SQLite they would keep a test from tidying up.

    ``tests/records`` makes them where it tries them.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for statement in triggers.statements_to_undo(connection.vendor):
            cursor.execute(statement)


@pytest.fixture(scope="session", autouse=True)
def _what_was_written_is_taken_away_quickly() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_the_database)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        # Without a browser on PATH Playwright looks for the one that it has installed itself.
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


class OpenPage(Protocol):
    def __call__(
        self,
        path: str = "/",
        *,
        person: User | None = None,
        size: Size = "desk",
        dark: bool = False,
        javascript: bool = True,
    ) -> Page:
        """A page in a browser of its own, logged in as ``person``, opened at ``path``."""
        ...


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def note_refusal(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def open_page(
        path: str = "/",
        *,
        person: User | None = None,
        size: Size = "desk",
        dark: bool = False,
        javascript: bool = True,
    ) -> Page:
        width, height = WIDTH_AND_HEIGHT[size]
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            has_touch=size == "phone",
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(PATIENCE_IN_MILLISECONDS)
        contexts.append(context)
        if person:
            log_in(context, person, live_server.url)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", note_refusal)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def log_in(context: BrowserContext, person: User, url: str) -> None:
    """Hands the browser a session, so that only the tests of log-in walk through log-in."""
    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": session.key, "value": session.value, "url": url}])
