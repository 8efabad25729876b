"""WCAG 2.0-2.2, level A and AA, as axe-core sees a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def assert_accessible(page: Page) -> None:
    results = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    found = [
        f"{violation['id']}: {violation['help']}: {node['html']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]
    assert not found, "\n".join(found)
