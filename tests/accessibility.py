"""WCAG 2.0-2.2, level A and AA, as axe-core sees a page."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# All that another colour scheme can break.
COLOURS = ["color-contrast", "link-in-text-block"]


def assert_accessible(page: Page, rules: list[str] = EVERYTHING) -> None:
    # Hundreds of kilobytes of script: read once by each document, however often it is asked.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"runOnly": rules, "resultTypes": ["violations"]}
    results = page.evaluate("options => axe.run(options)", options)
    found = [
        f"{violation['id']}: {violation['help']}: {node['html']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]
    assert not found, "\n".join(found)
