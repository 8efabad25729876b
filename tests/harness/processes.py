"""Runs the product in processes that may be killed, against the database of the running test."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from dev import die_with_parent

ROOT = Path(__file__).resolve().parents[2]
WORKER = ["worker", "--pool", "threads", "--concurrency", "1", "--without-gossip"]
STOPS_WITHIN_SECONDS = 40


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


def begin(command: Sequence[str], log: Path, **more: str) -> "subprocess.Popen[bytes]":
    """A module of Python that goes on until it is stopped, or this process ends."""
    with log.open("wb") as written:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment(VAR_DIR=str(log.parent), **more),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent,
        )


@contextmanager
def workers(more: dict[str, str], send: int, tick: int = 0) -> Iterator["Workers"]:
    """So many senders and schedulers until the block ends, with `more` in their environment."""
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.harness.nursery"],
        cwd=ROOT,
        env=environment(**more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Workers(nursery, ["send"] * send + ["tick"] * tick)
    finally:
        nursery.kill()
        nursery.communicate()


class Workers:
    """Living processes, each with its work; one is killed now and then, and replaced at once."""

    def __init__(self, nursery: subprocess.Popen[str], works: list[str]) -> None:
        self.nursery = nursery
        self.works = works
        self.kills = 0
        self.alive = [self._born(work) for work in works]

    def _born(self, work: str) -> int:
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write(f"{work}\n")
        self.nursery.stdin.flush()
        return int(self.nursery.stdout.readline())

    def kill_one(self, chance: random.Random, pause: tuple[float, float] = (0.02, 0.25)) -> None:
        time.sleep(chance.uniform(*pause))
        place = chance.randrange(len(self.alive))
        os.kill(self.alive[place], signal.SIGKILL)
        self.kills += 1
        self.alive[place] = self._born(self.works[place])


@contextmanager
def beat_and_worker(folder: Path, **more: str) -> Iterator[None]:
    """Both programs against the database of the test, until the story ends."""
    programs = []
    try:
        for arguments in (WORKER, ["beat"]):
            command = ["celery", "--quiet", "--app", "config", *arguments]
            programs.append(begin(command, folder / f"{arguments[0]}.log", **more))
        yield
    finally:
        for program in programs:
            program.terminate()
        for program in programs:
            program.wait(timeout=STOPS_WITHIN_SECONDS)
