"""Long questions that PostgreSQL plans once for each connection, and not each time they are asked.

To plan what is owed takes it ten times as long as to answer it (docs/benchmarks.md).
"""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper

# What each connection knows: the name that it gave to a question. A plan ends with its connection.
_known: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def ask_planned(
    cursor: CursorWrapper, question: str, *, types: str, parameters: Sequence[Any]
) -> None:
    """Let the cursor ask a question whose ``parameters`` stand in it as $1, $2 and so on.

    ``types`` are theirs in SQL, with commas between them. PostgreSQL plans anew by itself when a
    table changes or is analysed.
    """
    known = _known.setdefault(connection.connection, {})
    if question not in known:
        name = f"planned_{len(known)}"
        cursor.execute(f"PREPARE {name} ({types}) AS {question}")
        known[question] = name
    places = ", ".join(["%s"] * len(parameters))
    cursor.execute(f"EXECUTE {known[question]} ({places})", parameters)
