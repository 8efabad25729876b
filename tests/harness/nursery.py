"""Loads the product once and forks senders on request: a killed one is replaced in milliseconds.

A line on stdin asks for one more; its process id is the answer. All die with this process.
With `--once` it sends what is due itself, and ends.
"""

import os
import signal
import sys
import time
from pathlib import Path

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


def send_for_ever() -> None:
    from notifications import clock
    from notifications.delivery import drain

    die_with_parent()
    while True:
        drain(clock.now, limit=FEW)
        time.sleep(0.02)


def skip_handing() -> None:
    """Take away the phase that tells a sent mail from one that was not: doubles must show."""
    from notifications.delivery import Batch

    Batch.commit_handing = lambda self, parcels: None  # type: ignore[method-assign]


def main() -> None:
    settings.TEMPLATES[0]["DIRS"] = [TEMPLATES]
    django.setup()
    if "--once" in sys.argv:
        send_once()
        return
    # Killed senders must not stay behind as zombies.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if "HARNESS_SKIPS_HANDING" in os.environ:
        skip_handing()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            send_for_ever()
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
