"""Loads the product once and forks workers on request: a killed one is replaced in milliseconds.

A line on stdin, `send` or `tick`, asks for one more; its process id is the answer. All die with
this process. With `--once` it sends what is due itself, and ends.
"""

import os
import random
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import django
from django.conf import settings

from dev import die_with_parent

# So that what a killed sender held is not much, and is free again before the test grows long.
FEW = 12
TEMPLATES = Path(__file__).parent / "templates"


def send_once() -> None:
    from notifications import clock
    from notifications.delivery import drain

    drain(clock.now)


def work_for_ever(work: str) -> None:
    """As Celery does it: a call that breaks is forgotten, and the next has a whole connection."""
    from django.db import DatabaseError, close_old_connections

    from notifications import clock, ticks
    from notifications.delivery import drain

    die_with_parent()
    while True:
        with suppress(DatabaseError):
            close_old_connections()
            if work == "tick":
                ticks.run(clock.now())
            else:
                drain(clock.now, limit=FEW)
        time.sleep(0.02)


def skip_handing() -> None:
    """Take away the phase that tells a sent mail from one that was not: doubles must show."""
    from notifications.delivery import Batch

    Batch.commit_handing = lambda self, parcels: None  # type: ignore[method-assign]


def skip_lock() -> None:
    """Take away the lock on what is claimed, and dawdle where it matters: doubles must show."""
    from django.db.models import QuerySet

    from notifications import delivery

    def dawdle() -> UUID:
        time.sleep(random.uniform(0, 0.3))
        return uuid4()

    QuerySet.select_for_update = lambda self, **_options: self  # type: ignore[method-assign]
    # Drawn between the reading of what is due and the marking of it as claimed.
    delivery.uuid4 = dawdle  # type: ignore[attr-defined]


def main() -> None:
    [ours] = settings.TEMPLATES
    settings.TEMPLATES = [{**ours, "DIRS": [settings.BASE_DIR / "templates", TEMPLATES]}]
    django.setup()
    if "--once" in sys.argv:
        send_once()
        return
    # Killed senders must not stay behind as zombies.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if "HARNESS_SKIPS_HANDING" in os.environ:
        skip_handing()
    if "HARNESS_SKIPS_LOCK" in os.environ:
        skip_lock()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            random.seed()
            work_for_ever(line.strip())
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
