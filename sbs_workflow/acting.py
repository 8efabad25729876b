"""Who acts in the present transaction, in which role and why: what the trail wants to know.

An action says it once, where it asks its permission. It holds until the transaction that was open
then has ended, so that nothing is ever put down to whoever acted before.
"""

import copy
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from organisations.models import Role, User

# Rows as they stand in the database, by model and key.
Rows = dict[tuple[type[Model], Any], Model]


@dataclass(frozen=True)
class Acting:
    """``by`` is None for what time itself does.

    ``rows`` are known in this transaction, so that the trail need not ask for them.
    """

    by: User | None
    role: Role | None
    now: datetime
    reason: str = ""
    rows: Rows = field(default_factory=dict)


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def act(
    *, by: User | None, role: Role | None, now: datetime, reason: str = "", about: Any = None
) -> None:
    """To be called in a transaction, with the row that it has just read under the lock of its case.

    ``about`` must not have been changed yet.
    """
    assert connection.in_atomic_block, "What is done without a transaction has no end."
    before = acting()
    rows = before.rows if before else {}
    for row in (about, getattr(about, "collaboration", None)):
        if isinstance(row, Model):
            rows[type(row), row.pk] = copy.copy(row)
    _acting.set(Acting(by, role, now, reason, rows))


def acting() -> Acting | None:
    """Who acts now, if any action has begun in the present transaction."""
    return _acting.get()


def end_acting() -> None:
    """The transaction has ended, as its connection tells (``records.database``)."""
    _acting.set(None)


def forget_rows() -> None:
    """A part of the transaction was undone, and nobody knows which rows it had written."""
    if said := acting():
        said.rows.clear()
