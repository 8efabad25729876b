"""The web server dies at any moment: what it has answered is stored, and nothing is stored by half.

Clients write down what they were answered (an ack log, as Jepsen keeps), and afterwards the
database is held against that.
"""

import http.client
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from meetings.models import Meeting, MeetingParticipant
from notifications import clock
from notifications.invariants import breaches
from notifications.models import OutboxMessage
from organisations.models import User
from sbs_workflow.models import TransitionRecord
from tests import factories
from tests.cast import Cast
from tests.harness.processes import begin
from tests.services import free_port

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 4
ANSWERS_WITHIN_SECONDS = 60
CSRF = "a" * 32


class WebServer:
    """Two processes that answer, and one that replaces whichever dies."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.port = free_port()
        command = [
            "gunicorn",
            "tests.harness.warm_wsgi",
            "--preload",
            "--bind",
            f"127.0.0.1:{self.port}",
        ]
        command += ["--workers", "2", "--worker-class", "gthread", "--threads", "2"]
        self.program = begin(command, folder / "web.log", **more)

    def post(self, url: str, answers: Mapping[str, object], session: str = "") -> int | None:
        """The status of the whole answer; None where none came, or not all of it."""
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        headers = {
            "Cookie": cookies,
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWERS_WITHIN_SECONDS)
        try:
            line.request("POST", url, urlencode(answers, doseq=True), headers)
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()
        return answer.status

    def wait(self) -> None:
        gives_up_at = time.monotonic() + ANSWERS_WITHIN_SECONDS
        while self.post("/", {}) is None:
            assert time.monotonic() < gives_up_at, "no page came"
            time.sleep(0.1)

    def kill_one(self, chance: random.Random) -> int:
        """How many were killed: one, or none where none was there."""
        parent = self.program.pid
        answering = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        if not answering:
            return 0
        with suppress(ProcessLookupError):
            os.kill(int(chance.choice(answering)), signal.SIGKILL)
        return 1


@contextmanager
def web_server(folder: Path, **more: str) -> Iterator[WebServer]:
    server = WebServer(folder, **more)
    try:
        server.wait()
        yield server
    finally:
        server.program.terminate()
        server.program.wait(timeout=ANSWERS_WITHIN_SECONDS)


def session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Booking(threading.Thread):
    """A client that books one meeting after the other, and writes down what it was answered."""

    def __init__(
        self,
        server: WebServer,
        by: User,
        invited: Sequence[User],
        meetings: "SimpleQueue[tuple[UUID, int]]",
    ) -> None:
        super().__init__(daemon=True)
        self.server, self.meetings, self.session = server, meetings, session_of(by)
        self.answers = {
            "seen_state": "needed",
            "starts": "09:00",
            "ends": "11:00",
            "form": "digital",
            "place": "Länken i kallelsen",
            "participants": [str(person.pk) for person in invited],
        }
        self.log: list[tuple[UUID, int | None]] = []

    def run(self) -> None:
        with suppress(Empty):
            while True:
                meeting, weeks = self.meetings.get_nowait()
                # Everybody has one meeting a week, so that none is in the way of another.
                day = clock.today() + timedelta(weeks=2 + weeks)
                answers = self.answers | {"day": day.isoformat()}
                answer = self.server.post(f"/mote/{meeting}/boka/", answers, self.session)
                self.log.append((meeting, answer))


def book_while_it_dies(
    cast: Cast, folder: Path, *, seed: int, meetings: int
) -> tuple[int, dict[UUID, int | None]]:
    """How often it was killed, and what was answered about each meeting."""
    chance, side = random.Random(seed), cast.ours
    waiting: SimpleQueue[tuple[UUID, int]] = SimpleQueue()
    for number in range(meetings):
        meeting = factories.meeting(factories.collaboration(cast), kind="quality")
        waiting.put((meeting.pk, number))
    kills = 0
    with web_server(folder) as server:
        invited = (side.process_supporter, side.head_of_authority, side.team_leader)
        clients = [
            Booking(server, side.process_supporter, invited, waiting) for _ in range(CLIENTS)
        ]
        connection.close()
        for client in clients:
            client.start()
        while any(client.is_alive() for client in clients):
            # After a few answers, or none: however fast this machine is.
            more = chance.randrange(8)
            answered = sum(len(client.log) for client in clients) + more
            while sum(len(client.log) for client in clients) < min(answered, meetings):
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.1))
            kills += server.kill_one(chance)
    return kills, dict(entry for client in clients for entry in client.log)


def assert_what_was_answered_is_stored(answers: dict[UUID, int | None]) -> None:
    """All of a booking or nothing of it; and all of it, where its answer was yes."""
    assert set(answers.values()) <= {HTTPStatus.FOUND, None}
    states = dict(Meeting.objects.filter(pk__in=answers).values_list("pk", "state"))
    steps = Counter(TransitionRecord.objects.values_list("object_id", flat=True))
    invited = Counter(MeetingParticipant.objects.values_list("meeting_id", flat=True))
    keys = OutboxMessage.objects.values_list("key", flat=True)
    told = Counter(UUID(key.split(":")[1]) for key in keys if key.startswith("meetings.booked:"))
    for meeting, answer in answers.items():
        found = (states[meeting], steps[meeting], invited[meeting], told[meeting])
        whole, nothing = ("booked", 1, 3, 3), ("needed", 0, 0, 0)
        assert found == whole if answer else found in (whole, nothing), (meeting, answer, found)
    assert breaches() == []


def test_the_web_server_dies_in_the_middle_of_answers(cast: Cast, tmp_path: Path):
    seed = random.randrange(10**6)
    kills, answers = book_while_it_dies(cast, tmp_path, seed=seed, meetings=60)
    cut_off = sum(answer is None for answer in answers.values())
    print(f"seed {seed}: {kills} kills, {cut_off} of {len(answers)} without an answer")  # noqa: T201
    assert 0 < cut_off < len(answers)
    assert_what_was_answered_is_stored(answers)


@pytest.mark.soak
def test_the_web_server_dies_a_thousand_times(cast: Cast, tmp_path: Path):
    kills = 0
    while kills < 1000:
        killed, answers = book_while_it_dies(
            cast, tmp_path, seed=random.randrange(10**6), meetings=300
        )
        assert_what_was_answered_is_stored(answers)
        kills += killed


def test_the_net_finds_a_booking_that_is_stored_by_half(cast: Cast):
    """A net that cannot fail proves nothing."""
    with transaction.atomic():
        half = factories.meeting(cast.ours.collaboration, kind="bilateral", state="booked")
    with pytest.raises(AssertionError):
        assert_what_was_answered_is_stored({half.pk: None})
