"""Filling a database with realistic cases for benchmarks, the same for the same seed."""

from collections.abc import Callable
from datetime import date
from random import Random

from django.db import transaction

from cases.bulk.rows import Rows
from cases.bulk.whole import write_case
from cases.bulk.world import MANAGER, World
from organisations.models import User

CASES_AT_ONCE = 200


class AlreadyThere(Exception):  # noqa: N818 - a refusal is no error of the program
    """The load has been made in this database before."""


def make_load(
    *, cases: int, seed: int, today: date, tell: Callable[[int], None] = lambda done: None
) -> None:
    """Add so many cases with people of their own; ``tell`` hears how many are done.

    Memory stays flat: each batch is written in a transaction of its own and forgotten.
    """
    if User.objects.filter(email=MANAGER).exists():
        raise AlreadyThere
    rows = Rows(Random(seed))
    world = World(rows, today)
    for first in range(0, cases, CASES_AT_ONCE):
        last = min(first + CASES_AT_ONCE, cases)
        for number in range(first, last):
            write_case(rows, world.open_case(number), today)
        with transaction.atomic():
            rows.write()
        tell(last)
