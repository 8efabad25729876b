"""Steps that time itself takes: upper houses declare theirs in `automatic.py`."""

from collections.abc import Callable
from datetime import datetime

Automatic = Callable[[datetime], int]
registry: list[Automatic] = []


def each_tick(function: Automatic) -> Automatic:
    """Run this every minute, in a transaction of its own; it returns how many steps it took."""
    registry.append(function)
    return function
