"""Every page for everybody: axe in light and dark, on desk and phone, and at 320 px."""

from http import HTTPStatus

import pytest
from playwright.sync_api import ConsoleMessage, Page, ViewportSize

from organisations.models import User
from tests.accessibility import assert_accessible
from tests.cast import Cast
from tests.conftest import WIDTH_AND_HEIGHT, OpenPage
from tests.pages.catalogue import FORMS, PAGES, PageOfObject
from tests.pages.stage import Stage
from tests.pages.test_every_page import whoever_does

NARROWEST: ViewportSize = {"width": 320, "height": 640}
# Each address once: what differs is who the page is opened as.
HOUSES = sorted({page.name.split(":")[0] for page in PAGES})
ENTRANCE = ("/konto/login/", "/konto/login/code/", "/konto/password/reset/", "/konto/signup/")
ACCOUNT = ("/konto/password/change/", "/konto/logout/", "/konto/email/")
NOT_FOUND = "/samverkan/00000000-0000-4000-8000-000000000000/"


class Faults:
    """What the browser complains about on the page that is open."""

    def __init__(self, page: Page) -> None:
        self.said: list[str] = []
        page.on("console", self.note)

    def note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(message.text)


def reader_of(page: PageOfObject, cast: Cast) -> User:
    return next(person for role, person in cast.people.items() if role in page.seen_by)


def assert_for_everybody(page: Page) -> None:
    """The whole promise for one page, in light and dark, on desk, phone and a very narrow one."""
    assert page.locator("h1").count() == 1, page.url
    assert page.title().removesuffix(" – Trepart").strip(), page.url
    assert page.locator("html").get_attribute("lang") == "sv"
    for width, height in WIDTH_AND_HEIGHT.values():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            # Colours in the middle of a change are neither those before it nor those after it.
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert_accessible(page)
    page.set_viewport_size(NARROWEST)
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert too_wide <= 0, f"{page.url} scrolls {too_wide} px sideways"
    assert_focus_is_seen(page)


def assert_focus_is_seen(page: Page) -> None:
    page.keyboard.press("Tab")
    seen = page.evaluate(
        """() => {
            const style = getComputedStyle(document.activeElement);
            return document.activeElement !== document.body
                && (style.outlineStyle !== "none" || style.boxShadow !== "none");
        }"""
    )
    assert seen, f"{page.url}: the focus is not seen"


@pytest.mark.parametrize("house", HOUSES)
def test_every_page_is_for_everybody(
    house: str, cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    browsers: dict[User, Page] = {}
    for page in PAGES:
        if page.name.split(":")[0] != house:
            continue
        reader = reader_of(page, cast)
        if reader not in browsers:
            browsers[reader] = open_page("/", person=reader)
        opened = browsers[reader]
        faults = Faults(opened)
        response = opened.goto(page.url(stage))
        assert response
        assert response.status == HTTPStatus.OK, page.id
        assert_for_everybody(opened)
        assert faults.said == [], page.id


def test_the_entrance_and_the_account_are_for_everybody(cast: Cast, open_page: OpenPage) -> None:
    stranger, person = open_page("/konto/login/"), open_page("/", person=cast.ours.principal)
    for page, addresses in ((stranger, ENTRANCE), (person, ACCOUNT)):
        for address in addresses:
            page.goto(address)
            assert_for_everybody(page)


def test_refusals_and_corrections_are_for_everybody(
    cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    """404, 403, 409, and every kind of form with something to correct."""
    person = cast.ours.process_supporter
    page = open_page(NOT_FOUND, person=person)
    assert_for_everybody(page)
    page.goto(f"/besok/{stage.planned_visit.pk}/logga/")
    assert_for_everybody(page)
    page.goto(f"/steg/mote/{stage.needed_meeting.pk}/write_minutes/")
    assert_for_everybody(page)
    for form in FORMS:
        if form.name in ("meetings:book", "interventions:new_intervention"):
            page = open_page(form.url(stage), person=whoever_does(form, cast))
            page.get_by_role("main").get_by_role("button").last.click()
            page.get_by_role("alert").wait_for()
            assert_for_everybody(page)
