"""Figures as ratios: the sides take turns, and a side's figure is the median of its rounds."""

import argparse
import gc
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import django
import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

ROUNDS = 7


class Goal(NamedTuple):
    """A bound for a row's ratio, or for its value where it is compared with nothing."""

    sign: str
    bound: float

    def is_met_by(self, figure: float) -> bool:
        return figure <= self.bound if self.sign == "≤" else figure >= self.bound

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g}"


def at_most(bound: float) -> Goal:
    return Goal("≤", bound)


def at_least(bound: float) -> Goal:
    return Goal("≥", bound)


@dataclass(frozen=True)
class Row:
    """One figure: ``n`` is how much there is, ``k`` how much of it the work is about."""

    what: str
    n: int | None
    k: int | None
    value: float
    unit: str
    against: str = ""
    ratio: float | None = None
    goal: Goal | None = None

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        figure = self.value if self.ratio is None else self.ratio
        return f"{self.goal} {'met' if self.goal.is_met_by(figure) else 'MISSED'}"

    @property
    def cells(self) -> tuple[str, ...]:
        return (
            self.what,
            "" if self.n is None else f"{self.n:,}",
            "" if self.k is None else f"{self.k:,}",
            f"{self.value:,.3g}" if self.value < 100 else f"{self.value:,.0f}",
            self.unit,
            self.against,
            "" if self.ratio is None else f"{self.ratio:.3g}",
            self.verdict,
        )

    def published(self) -> dict[str, Any]:
        names = ("what", "n", "k", "value", "unit", "against", "ratio")
        return {name: getattr(self, name) for name in names}


Seconds = list[float]


def in_turns(
    sides: Mapping[str, Callable[[], object]],
    *,
    before: Callable[[str], object] | None = None,
    after: Callable[[str], object] | None = None,
    rounds: int = ROUNDS,
) -> dict[str, Seconds]:
    """The seconds that each side takes in each round.

    Untimed, ``before`` prepares its turn and ``after`` checks it. One round more than asked for is
    run first, for caches and connections. Every round begins with another side.
    """
    seconds: dict[str, Seconds] = {name: [] for name in sides}
    names = list(sides)
    for number in range(rounds + 1):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            if before is not None:
                before(name)
            taken = _time(sides[name])
            if after is not None:
                after(name)
            if number > 0:
                seconds[name].append(taken)
    return seconds


def _time(work: Callable[[], object]) -> float:
    gc.collect()
    gc.disable()
    try:
        started_at = time.perf_counter()
        work()
        return time.perf_counter() - started_at
    finally:
        gc.enable()


def ratio(seconds: Seconds, others: Seconds) -> float:
    """Round against round, so that what else the machine did meanwhile weighs on both."""
    return median(one / other for one, other in zip(seconds, others, strict=True))


def duration(
    what: str,
    n: int,
    k: int,
    seconds: Seconds,
    *,
    against: str = "",
    others: Seconds | None = None,
    goal: Goal | None = None,
) -> Row:
    """A row in milliseconds: a ratio above 1 is slower than the other side."""
    compared = ratio(seconds, others) if others is not None else None
    return Row(what, n, k, median(seconds) * 1000, "ms", against, compared, goal)


def rate(
    what: str,
    n: int,
    seconds: Seconds,
    *,
    against: str = "",
    others: Seconds | None = None,
    goal: Goal | None = None,
) -> Row:
    """A row of ``n`` pieces of work by the second: a ratio above 1 is faster than the other."""
    compared = ratio(others, seconds) if others is not None else None
    return Row(what, n, 1, n / median(seconds), "/s", against, compared, goal)


BEGINNINGS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def queries_of(work: Callable[[], object]) -> int:
    """How many questions the work asks the database, its transactions left out."""
    with CaptureQueriesContext(connection) as asked:
        work()
    return sum(not query["sql"].startswith(BEGINNINGS) for query in asked.captured_queries)


def options(about: str | None, arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write the rows here")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--full", action="store_true", help="the largest sizes too")
    size.add_argument("--tiny", action="store_true", help="so small that only faults show")
    return parser.parse_args(arguments)


def report(rows: list[Row], file: Path | None = None) -> None:
    """Print the rows as a table, and write them to ``file``."""
    heads = ("what", "n", "k", "value", "unit", "against", "ratio", "goal")
    table = [heads, *(row.cells for row in rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(heads))]
    for line in table:
        cells = (
            cell.rjust(width) if i in (1, 2, 3, 6) else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join(cells).rstrip())
    if file is not None:
        file.write_text(json.dumps([row.published() for row in rows], ensure_ascii=False, indent=1))


def say_where(*, database: str) -> None:
    """The machine and the versions, without which no figure says anything."""
    print(
        f"{_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f};"
        f" Python {platform.python_version()}, Django {django.__version__},"
        f" psycopg {psycopg.__version__}, {database}",
        flush=True,
    )


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def progress(text: str) -> None:
    """On the error stream, so that the table can be kept alone."""
    print(f"  … {text}", file=sys.stderr, flush=True)
