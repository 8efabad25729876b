"""Who acts in the present transaction, in which role and why: what the trail wants to know.

An action says it once, where it asks its permission. It holds until the transaction that was open
then has ended, so that nothing is ever put down to whoever acted before.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from organisations.models import Role, User


@dataclass(frozen=True)
class Acting:
    """``by`` is None for what time itself does."""

    by: User | None
    role: Role | None
    now: datetime
    reason: str = ""


_said: ContextVar[tuple[Any, Acting] | None] = ContextVar("acting", default=None)


def act(*, by: User | None, role: Role | None, now: datetime, reason: str = "") -> None:
    """To be called in a transaction."""
    _said.set((_whole_transaction(), Acting(by, role, now, reason)))


def acting() -> Acting | None:
    """Who acts now, if any action has begun that has not ended."""
    said = _said.get()
    if said is None or not any(said[0] is block for block in connection.atomic_blocks):
        return None
    return said[1]


def _whole_transaction() -> Any:
    """The outermost block that is open, of which each action opens one at least.

    A test that undoes what it did wraps itself into blocks of its own; they do not count.
    """
    blocks: list[Any] = connection.atomic_blocks
    return next(block for block in blocks if not block._from_testcase)
