"""Who acts in the present transaction, in which role and why: what the trail wants to know.

An action says it once, where it asks its permission. It holds until the transaction (or the
savepoint) that was open then has ended, so that nothing is ever put down to whoever acted before.
"""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from organisations.models import Role, User
from sbs_workflow.models import TransitionRecord


@dataclass(frozen=True)
class Acting:
    """``by`` is None for what time itself does."""

    by: User | None
    role: Role | None
    now: datetime
    reason: str = ""


_said: ContextVar[tuple[tuple[Any, Acting], ...]] = ContextVar("acting", default=())


def act(*, by: User | None, role: Role | None, now: datetime, reason: str = "") -> None:
    """To be called in a transaction."""
    _said.set((*_that_hold(), (connection.atomic_blocks[-1], Acting(by, role, now, reason))))


def acting() -> Acting | None:
    """Who acts now, if any action has begun that has not ended."""
    said = _that_hold()
    return said[-1][1] if said else None


def _that_hold() -> tuple[tuple[Any, Acting], ...]:
    open_blocks = {id(block) for block in connection.atomic_blocks}
    return tuple(each for each in _said.get() if id(each[0]) in open_blocks)


Listener = Callable[[Sequence[TransitionRecord]], None]
_listeners: list[Listener] = []


def on_record(listener: Listener) -> Listener:
    """Declare what an upper house does with each new row of the trail, in the same transaction."""
    _listeners.append(listener)
    return listener


def tell_recorded(records: Sequence[TransitionRecord]) -> None:
    for listener in _listeners:
        listener(records)
