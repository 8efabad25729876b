from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings

from scripts.mailbox import Mailbox
from tests.harness.nursery import TEMPLATES


@pytest.fixture
def mailbox(tmp_path, settings) -> Iterator[Mailbox]:
    """The mail server whose journal tells what really arrived."""
    server = Mailbox(tmp_path / "mailbox").start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.TEMPLATES = [
        {**django_settings.TEMPLATES[0], "DIRS": [TEMPLATES]},
    ]
    yield server
    server.stop()
