"""A real browser, a real server, mail that really arrives, and a clock that the test turns."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from notifications.clock import STOCKHOLM
from scripts.mailbox import Mailbox, part
from tests.cast import NOW, Cast
from tests.pages.stage import Stage, set_stage


class Clock:
    """What the product believes the time to be; every process reads it from the same file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set(NOW)

    def set(self, moment: datetime) -> None:
        shift = moment - datetime.now(STOCKHOLM)
        new = self.file.with_suffix(".new")
        new.write_text(str(shift.total_seconds()))
        new.replace(self.file)


@pytest.fixture(autouse=True)
def wall_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(tmp_path / "clock")
    monkeypatch.setenv("CLOCK_FILE", str(clock.file))
    return clock


@pytest.fixture
def stage(transactional_db: None, cast: Cast) -> Stage:
    return set_stage(cast.ours)


class Post:
    """The mail that has arrived."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    def deliver(self) -> None:
        """What beat and worker do every minute."""
        call_command("tick", verbosity=0)
        call_command("send", verbosity=0)

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.mailbox.messages() if address in str(letter["to"])]

    def last_to(self, address: str) -> str:
        """The text of the latest letter to somebody."""
        return part(self.to(address)[-1], "plain")

    def all_to(self, address: str) -> str:
        """The texts of all letters to somebody."""
        return "\n".join(part(letter, "plain") for letter in self.to(address))

    def link_to(self, address: str, path: str) -> str:
        """The latest address in a letter to somebody that leads to such a page."""
        found = re.findall(rf"https?://\S+{path}", self.all_to(address))
        assert found, self.all_to(address)
        return str(found[-1])


@pytest.fixture
def post(tmp_path: Path, settings, live_server: LiveServer) -> Iterator[Post]:
    mailbox = Mailbox(tmp_path / "mail")
    # In a thread of its own, since this one runs the event loop of the browser.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(mailbox.start).result()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
    settings.SITE_URL = live_server.url
    yield Post(mailbox)
    mailbox.stop()
