"""Runs the product in processes that may be killed, against the database of the running test."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def environment(**more: str) -> dict[str, str]:
    """This process's environment, with the database that the test uses."""
    return (
        os.environ
        | {"DATABASE_URL": _database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"}
        | more
    )


def _database_url() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def send_once(**more: str) -> "subprocess.Popen[bytes]":
    """A sender that ends when nothing is due, or where a failpoint ends it."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.harness.nursery", "--once"],
        cwd=ROOT,
        env=environment(**more),
    )


@contextmanager
def senders(count: int, **more: str) -> Iterator["Senders"]:
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.harness.nursery"],
        cwd=ROOT,
        env=environment(**more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Senders(nursery, count)
    finally:
        nursery.kill()
        nursery.communicate()


class Senders:
    """So many living senders; one is killed now and then, and replaced at once."""

    def __init__(self, nursery: subprocess.Popen[str], count: int) -> None:
        self.nursery = nursery
        self.kills = 0
        self.alive = [self._born() for _ in range(count)]

    def _born(self) -> int:
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write("\n")
        self.nursery.stdin.flush()
        return int(self.nursery.stdout.readline())

    def kill_one(self, chance: random.Random) -> None:
        time.sleep(chance.uniform(0.020, 0.250))
        place = chance.randrange(len(self.alive))
        os.kill(self.alive[place], signal.SIGKILL)
        self.kills += 1
        self.alive[place] = self._born()
