"""Places where a test may kill, stop, delay or break the process: FAILPOINT=name:action[:nth].

Actions are `kill`, `stop`, `sleep=seconds` and `raise`; `nth` counts passages of this process.
"""

import os
import signal
import time
from collections import Counter

from django.conf import settings

NAMES = (
    "after_claim",
    "before_data",
    "after_354",
    "after_dot",
    "before_commit",
    "after_commit",
    "in_transition",
    "after_outbox",
    "on_commit",
)
_passages: Counter[str] = Counter()


class FailpointError(Exception):
    """What the action `raise` raises."""


def reach(name: str) -> None:
    """Act here if FAILPOINT names this place; without it, and in production, nothing happens."""
    assert name in NAMES, name
    order = os.environ.get("FAILPOINT")
    if not order or settings.PRODUCTION:
        return
    wanted, action, *nth = order.split(":")
    if wanted not in NAMES:
        raise ValueError(f"FAILPOINT names {wanted!r}, which is none of {', '.join(NAMES)}")
    if wanted != name:
        return
    _passages[order] += 1
    if nth and _passages[order] != int(nth[0]):
        return
    _act(action)


def _act(action: str) -> None:
    match action.partition("="):
        case ("kill", _, _):
            os.kill(os.getpid(), signal.SIGKILL)
        case ("stop", _, _):
            os.kill(os.getpid(), signal.SIGSTOP)
        case ("sleep", _, seconds):
            time.sleep(float(seconds))
        case ("raise", _, _):
            raise FailpointError(action)
        case _:
            raise ValueError(f"FAILPOINT asks for {action!r}, which is no action")
