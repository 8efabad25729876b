import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from notifications.clock import STOCKHOLM
from organisations.models import User
from tests.cast import NOW, Cast, build_cast
from tests.pages.stage import Stage, set_stage


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's clock shows the cast's today, so that what is due in the stage is due."""
    shift = NOW - datetime.now(STOCKHOLM)
    monkeypatch.setenv("CLOCK_OFFSET", str(shift.total_seconds()))


@dataclass(frozen=True)
class Theatre:
    """Cast and stage as they are before a test, and the session of everybody who is logged in."""

    as_built: bytes
    sessions: dict[User, str]


@pytest.fixture(scope="module")
def theatre(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Theatre]:
    """Built once for all tests of a module, each of which undoes what it did there.

    Nothing is ever committed: a test that commits stands in a module without it.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        cast = build_cast()
        stage = set_stage(cast.ours)
        people = (*cast.ours.everybody, *cast.theirs.everybody)
        others = (cast.agency_manager, cast.outsider, cast.deactivated)
        sessions = {person: session_of(person) for person in (*people, *others)}
        yield Theatre(pickle.dumps((cast, stage)), sessions)
        transaction.set_rollback(True)


def session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def cast_on_stage(theatre: Theatre, db: None) -> tuple[Cast, Stage]:
    """Objects of its own for each test, since tests change them."""
    return pickle.loads(theatre.as_built)


@pytest.fixture
def cast(cast_on_stage: tuple[Cast, Stage]) -> Cast:
    return cast_on_stage[0]


@pytest.fixture
def stage(cast_on_stage: tuple[Cast, Stage]) -> Stage:
    return cast_on_stage[1]


@pytest.fixture
def log_in(theatre: Theatre, db: None) -> Callable[[User | None], Client]:
    def log_in(person: User | None) -> Client:
        client = Client()
        if person:
            client.cookies[settings.SESSION_COOKIE_NAME] = theatre.sessions[person]
        return client

    return log_in
