"""Mail by beat, broker and worker as programs of their own, and log-in without a password."""

import re
from pathlib import Path

from django.core.management import call_command
from playwright.sync_api import expect

from tests import factories
from tests.cast import TODAY, Cast
from tests.conftest import OpenPage
from tests.harness.processes import beat_and_worker
from tests.journeys.conftest import Post


def test_a_worker_sends_the_reminder_and_the_code_to_log_in_with(
    cast: Cast, open_page: OpenPage, post: Post, live_server, tmp_path: Path
) -> None:
    leader = cast.ours.team_leader
    owed = factories.meeting(
        cast.ours.collaboration, kind="bilateral", due_on=TODAY, state="needed"
    )
    call_command("tick", verbosity=0)
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{post.mailbox.port}", "SITE_URL": live_server.url}
    with beat_and_worker(tmp_path, **mail):
        page = open_page("/konto/login/")
        expect_letters(page, post, leader.email, 1)
        page.goto(post.link_to(leader.email, f"/mote/{owed.pk}/boka/"))
        page.get_by_role("link", name="Skicka en kod till mig").click()
        page.get_by_label("E-postadress").fill(leader.email)
        page.get_by_role("main").get_by_role("button").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Skriv koden")
        expect_letters(page, post, leader.email, 2)
        code = re.search(
            r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)\s*$", post.last_to(leader.email), re.M
        )
        assert code, post.last_to(leader.email)
        page.locator("input[name=code]").fill(code[1])
        page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Boka mötet")


def expect_letters(page, post: Post, address: str, count: int) -> None:
    """Wait until so many letters have arrived; beat wakes the sender every five seconds."""
    for _ in range(900):  # programs that start take their time on a busy machine
        if len(post.to(address)) >= count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{count} letters to {address} did not arrive")
