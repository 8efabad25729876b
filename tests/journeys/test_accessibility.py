"""Every page for everybody: axe in light and dark, on desk and phone, and at 320 px."""

from collections.abc import Sequence
from http import HTTPStatus
from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import ConsoleMessage, Page, ViewportSize, expect

from organisations.models import User
from tests import factories
from tests.accessibility import assert_accessible
from tests.cast import Cast
from tests.conftest import WIDTH_AND_HEIGHT, OpenPage, Size
from tests.pages.catalogue import FORMS, PAGES, PageOfObject
from tests.pages.stage import Stage
from tests.pages.test_every_page import whoever_does

NARROWEST: ViewportSize = {"width": 320, "height": 640}
# 1280 pixels wide at 400 %.
ZOOMED: ViewportSize = {"width": 320, "height": 256}
Look = tuple[Size, Literal["light", "dark"]]
# Each size and each scheme once, since no colour depends on the size; `soak` tries all four.
LOOKS: Sequence[Look] = [("desk", "light"), ("phone", "dark")]
ALL_LOOKS: Sequence[Look] = list(product(("desk", "phone"), ("light", "dark")))
FOCUS_IS_HIDDEN = """() => {
    const focus = document.activeElement, box = focus.getBoundingClientRect();
    const x = box.left + Math.min(box.width / 2, 20), y = Math.max(box.top, 0) + 4;
    const above = document.elementFromPoint(x, y);
    const seen = above && (focus.contains(above) || above.contains(focus));
    return focus !== document.body && !seen ? focus.outerHTML : "";
}"""
# Each address once: what differs is who the page is opened as.
HOUSES = sorted({page.name.split(":")[0] for page in PAGES})
ENTRANCE = ("/konto/login/", "/konto/login/code/", "/konto/password/reset/", "/konto/signup/")
ACCOUNT = ("/konto/password/change/", "/konto/logout/")
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


def assert_for_everybody(page: Page, looks: Sequence[Look] = LOOKS) -> None:
    """The whole promise for one page, in light and dark, on desk, phone and a very narrow one."""
    assert page.locator("h1").count() == 1, page.url
    assert page.title().removesuffix(" – Trepart").strip(), page.url
    assert page.locator("html").get_attribute("lang") == "sv"
    for size, scheme in looks:
        width, height = WIDTH_AND_HEIGHT[size]
        page.set_viewport_size({"width": width, "height": height})
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


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(LOOKS, id="each look"),
        pytest.param(ALL_LOOKS, id="all looks", marks=pytest.mark.soak),
    ],
)
@pytest.mark.parametrize("house", HOUSES)
def test_every_page_is_for_everybody(
    house: str, looks: Sequence[Look], cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    browsers: dict[User, Page] = {}
    for page in PAGES:
        # Pages of staff alone have no reader in the cast.
        if page.name.split(":")[0] != house or page.is_file or not page.seen_by:
            continue
        reader = reader_of(page, cast)
        if reader not in browsers:
            browsers[reader] = open_page("/", person=reader)
        opened = browsers[reader]
        faults = Faults(opened)
        response = opened.goto(page.url(stage))
        assert response
        assert response.status == HTTPStatus.OK, page.id
        assert_for_everybody(opened, looks)
        assert faults.said == [], page.id


def test_the_red_thread_and_its_pictures_are_for_everybody(
    cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    ours = cast.ours
    for by, whose, level in (
        (ours.team_leader, "university", "well_under_way"),
        (ours.process_supporter, "agency", "not_begun"),
        (ours.process_supporter, "agreed", "achieved"),
    ):
        factories.rating(stage.goal, by=by, whose=whose, level=level, occasion="Trepartsavstämning")
    school = stage.collaboration.participations.get(unit=ours.school)
    page = open_page("/", person=ours.process_supporter)
    for address in (
        f"/mal/{stage.goal.pk}/",
        f"/mal/{stage.goal.pk}/farg/",
        f"/mote/{stage.held_meeting.pk}/farger/",
        f"/rod-trad/{school.pk}/",
        f"/samverkan/{stage.collaboration.pk}/bilder/",
    ):
        page.goto(address)
        unfold(page)
        assert_for_everybody(page)


def unfold(page: Page) -> None:
    page.locator("main details").evaluate_all("all => all.forEach(each => each.open = true)")


@pytest.mark.parametrize("form", ["log", "problem", "goal"])
def test_a_form_works_at_four_hundred_per_cent(
    form: str, cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    """Whatever has the focus is on the screen, and nothing lies upon it (WCAG 1.4.10, 2.4.11)."""
    person, address = {
        "log": (cast.ours.team_leader, f"/besok/{stage.planned_visit.pk}/logga/"),
        "problem": (cast.ours.preschool_principal, f"/problem/{stage.drafted_problem.pk}/"),
        "goal": (cast.ours.preschool_principal, f"/planerat-mal/{stage.drafted_goal.pk}/"),
    }[form]
    page = open_page(address, person=person)
    page.set_viewport_size(ZOOMED)
    unfold(page)
    page.get_by_role("main").get_by_role("textbox").first.fill("Något som behålls på enheten.")
    expect(page.locator("[data-draft-status]")).to_contain_text("Sparat på den här enheten")
    page.locator("main :is(input, select, textarea):visible").first.focus()
    reached = 0
    while page.evaluate("document.activeElement.closest('main') !== null"):
        hidden = page.evaluate(FOCUS_IS_HIDDEN)
        assert not hidden, f"{page.url}: {hidden} is not seen when it has the focus"
        page.keyboard.press("Tab")
        reached += 1
    assert reached > page.locator("main textarea").count()


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
