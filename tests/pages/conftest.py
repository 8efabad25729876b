from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from notifications.clock import STOCKHOLM
from organisations.models import User
from tests.cast import NOW, Cast
from tests.pages.stage import Stage, set_stage


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's clock shows the cast's today, so that what is due in the stage is due."""
    shift = NOW - datetime.now(STOCKHOLM)
    monkeypatch.setenv("CLOCK_OFFSET", str(shift.total_seconds()))


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast.ours)


@pytest.fixture
def log_in(db: None) -> Callable[[User | None], Client]:
    def log_in(person: User | None) -> Client:
        client = Client()
        if person:
            client.force_login(person)
        return client

    return log_in
