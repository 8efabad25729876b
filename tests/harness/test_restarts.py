"""Services go away in the middle of the work, and several do the same work: nothing shows it."""

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path

import psycopg
import pytest
from django.test import Client
from redis import Redis

from notifications import clock, outbox
from notifications.invariants import breaches
from notifications.models import OutboxMessage, Reminder
from scripts.mailbox import Mailbox
from tests import factories
from tests.cast import TODAY, Cast
from tests.harness.processes import beat_and_worker, environment, workers
from tests.harness.test_kills import OPEN, enqueue, lost_and_doubled
from tests.harness.test_web_kills import web_server
from tests.services import Server, postgres_programs, postgres_server, valkey_server

pytestmark = pytest.mark.django_db(transaction=True)
GIVES_UP_AFTER_SECONDS = 90
MESSAGES = 150


def wait_until(is_so: Callable[[], bool]) -> None:
    gives_up_at = time.monotonic() + GIVES_UP_AFTER_SECONDS
    while not is_so():
        assert time.monotonic() < gives_up_at, "it never came to be so"
        time.sleep(0.1)


# --- PostgreSQL ------------------------------------------------------------------------------


@pytest.fixture
def own_database() -> Iterator[Server]:
    """A server of its own with what the database of the test holds at this moment."""
    enqueue(MESSAGES)
    programs = postgres_programs()
    source = environment()["DATABASE_URL"]
    dump = subprocess.run([programs / "pg_dump", source], capture_output=True, check=True).stdout
    with postgres_server() as server:
        load = [str(programs / "psql"), "--quiet", "-v", "ON_ERROR_STOP=1", server.address]
        subprocess.run(load, input=dump, check=True, stdout=subprocess.DEVNULL)
        yield server


def have_arrived(mailbox: Mailbox, count: int) -> bool:
    return len(mailbox.deliveries()) >= count


def statuses(server: Server) -> dict[str, str]:
    with psycopg.connect(server.address) as database:
        rows = database.execute("SELECT message_id, status FROM notifications_outboxmessage")
        return dict(rows.fetchall())


def test_the_database_restarts_in_the_middle_of_delivery(mailbox: Mailbox, own_database: Server):
    mailbox.latency = 0.05
    settings = {
        "DATABASE_URL": own_database.address,
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "OUTBOX_LEASE_SECONDS": "3",
        "SMTP_CONNECTIONS": "3",
    }
    with workers(settings, send=2):
        for begun in (15, 30, 45):
            wait_until(partial(have_arrived, mailbox, begun))
            # An immediate stop: what was not committed is gone.
            own_database.stop(signal.SIGQUIT)
            own_database.start()
        assert len(mailbox.deliveries()) < MESSAGES, "the restarts came too late to prove anything"
        wait_until(lambda: not {"due", "claimed", "handing"} & set(statuses(own_database).values()))
    arrived = Counter(it["message_id"] for it in mailbox.deliveries())
    found = statuses(own_database)
    assert len(found) == MESSAGES
    assert max(arrived.values()) == 1
    assert {arrived[name] for name, status in found.items() if status == "sent"} == {1}
    assert {status for name, status in found.items() if not arrived[name]} <= {"in_doubt"}


def test_pages_say_that_they_are_soon_back_and_are(
    cast: Cast, own_database: Server, tmp_path: Path
):
    log_in = {"login": "nobody@norrby.example", "password": "not-the-password"}
    with web_server(tmp_path, DATABASE_URL=own_database.address) as server:
        assert server.post("/konto/login/", log_in) == HTTPStatus.OK
        own_database.stop(signal.SIGQUIT)
        assert server.post("/konto/login/", log_in) == HTTPStatus.SERVICE_UNAVAILABLE
        own_database.start()
        assert server.post("/konto/login/", log_in) == HTTPStatus.OK


# --- the broker ------------------------------------------------------------------------------


@pytest.fixture
def own_broker() -> Iterator[Server]:
    with valkey_server() as server:
        yield server


@pytest.mark.soak
def test_the_broker_forgets_everything_and_dies(
    mailbox: Mailbox, own_broker: Server, tmp_path: Path, settings
):
    def all_have_left() -> bool:
        return not OutboxMessage.objects.filter(status__in=OPEN).exists()

    settings.CELERY_BROKER_URL = own_broker.address
    mail = {"EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}", "BROKER_URL": own_broker.address}
    with beat_and_worker(tmp_path, **mail):
        for number in range(3):
            tell(5, first=5 * number)
            Redis.from_url(own_broker.address).flushall()
            wait_until(all_have_left)
        own_broker.stop(signal.SIGKILL)
        tell(5, first=15)
        answer = Client().get("/health")
        assert (answer.status_code, answer.json()["redis"]) == (200, False)
        own_broker.start()
        wait_until(all_have_left)
    assert lost_and_doubled(mailbox) == (0, 0)


def tell(count: int, first: int) -> None:
    for number in range(first, first + count):
        outbox.enqueue(
            key=f"told:{number}",
            address=f"person{number}@norrby.example",
            template="notifications/alert",
            context={"silent": "tick", "since": clock.now()},
            now=clock.now(),
        )


# --- several of each -------------------------------------------------------------------------


def test_two_schedulers_and_two_senders_tell_each_person_once(
    cast: Cast, mailbox: Mailbox, tmp_path: Path
):
    for side in (cast.ours, cast.theirs):
        for kind in ("bilateral", "quality"):
            factories.meeting(side.collaboration, kind=kind, due_on=TODAY, state="needed")
    morning = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC)
    shift = tmp_path / "clock"
    shift.write_text(str((morning - clock.now()).total_seconds()))
    settings = {"EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}", "CLOCK_FILE": str(shift)}
    with workers(settings, send=2, tick=2):
        wait_until(lambda: OutboxMessage.objects.filter(status="sent").exists())
        wait_until(
            lambda: (
                not OutboxMessage.objects.filter(status__in=OPEN).exists()
                and not Reminder.objects.filter(status="planned", reason="").exists()
            )
        )
    told = Counter(it["recipient"] for it in mailbox.deliveries())
    assert told
    assert set(told.values()) == {1}
    assert breaches() == []
