"""WCAG 2.0-2.2, level A and AA, as axe-core sees a page."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def assert_accessible(page: Page) -> None:
    # Hundreds of kilobytes of script: sent once to each page, for all documents that it opens.
    if not page.evaluate("'axe' in window"):
        page.add_init_script(AXE_SCRIPT)
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"runOnly": EVERYTHING, "resultTypes": ["violations"]}
    results = page.evaluate("options => axe.run(options)", options)
    found = [
        f"{violation['id']}: {violation['help']}: {node['html']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]
    assert not found, "\n".join(found)
