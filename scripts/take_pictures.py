"""Take the pictures of the README from a running demo (`python3 dev.py up`).

.venv/bin/python -m scripts.take_pictures http://127.0.0.1:8000 http://127.0.0.1:8001
"""

import re
import shutil
import sys
from pathlib import Path

import django
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

django.setup()
from cases.accounts import DEMO_PASSWORD  # noqa: E402 - once Django is set up
from tests.conftest import BROWSER_ARGUMENTS  # noqa: E402

PICTURES = Path("docs/pictures")
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def main(site: str, mailbox: str) -> None:
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_ARGUMENTS)
        supporter = log_in(browser, site, "anna.bergqvist@skolverket.demo", DESK)
        take(supporter, f"{site}/", "start")
        take(supporter, f"{site}/samverkan/?avslutade=on", "portfolio")
        take(supporter, f"{site}/processen/", "process")
        open_case(supporter, site, "Älvsunda kommun")
        take(supporter, supporter.url, "collaboration")
        open_case(supporter, site, "Norrmyra kommun")
        supporter.get_by_role("link", name="Bekräfta att allt är överenskommet").click()
        take(supporter, supporter.url, "gate")
        open_case(supporter, site, "Vallentuna kommun", "?avslutade=on")
        thread = supporter.locator("a", has_text="Den röda tråden, Ormsta förskola").first
        supporter.goto(f"{site}{thread.get_attribute('href')}")
        take(supporter, supporter.url, "red-thread")
        leader = log_in(browser, site, "teamledare@karlstad.demo", PHONE)
        open_case(leader, site, "Älvsunda kommun")
        leader.get_by_role("link", name="Logga ett besök").click()
        take(leader, leader.url, "visit-phone")
        reader = browser.new_page(viewport=DESK)
        reader.goto(mailbox)
        reader.get_by_role("link", name=re.compile("att göra i Trepart")).first.click()
        take(reader, reader.url, "reminder")


def log_in(browser: Browser, site: str, email: str, viewport: ViewportSize) -> Page:
    page = browser.new_context(viewport=viewport, locale="sv-SE").new_page()
    page.goto(f"{site}/konto/login/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(DEMO_PASSWORD)
    page.locator("form.form button[type=submit]").click()
    page.wait_for_url(f"{site}/")
    return page


def open_case(page: Page, site: str, name: str, filters: str = "") -> None:
    page.goto(f"{site}/samverkan/{filters}")
    page.get_by_role("link", name=name, exact=True).click()


def take(page: Page, address: str, name: str) -> None:
    page.goto(address, wait_until="networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
