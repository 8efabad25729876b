"""Steps that time itself takes: upper houses declare theirs in ``automatic.py`` and ``tick`` runs them."""

from collections.abc import Callable
from datetime import datetime

Automatic = Callable[[datetime], int]
registry: list[Automatic] = []


def each_tick(function: Automatic) -> Automatic:
    """Declare a function of ``now`` to run at every tick; it returns how many steps it took."""
    registry.append(function)
    return function
