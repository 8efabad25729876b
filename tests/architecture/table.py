"""The transition table that people wrote and review, read from transitions.csv."""

import csv
from dataclasses import dataclass
from pathlib import Path

from organisations.models import Role

WRITTEN = Path(__file__).with_name("transitions.csv")


@dataclass(frozen=True)
class Allowed:
    """One step that may be taken, and by whom; nothing else may."""

    machine: str
    kind: str
    source: str
    target: str
    transition: str
    roles: frozenset[Role]
    needs_reason: bool
    by_time: bool
    gates: str


def written_table() -> set[Allowed]:
    """Several states or kinds in one field of a written row stand for one row each."""
    with WRITTEN.open(newline="") as lines:
        return {step for row in csv.DictReader(lines) for step in _steps_of(row)}


def _steps_of(row: dict[str, str]) -> list[Allowed]:
    return [
        Allowed(
            machine=row["machine"],
            kind=kind,
            source=source,
            target=target,
            transition=row["transition"],
            roles=frozenset(Role(role) for role in row["roles"].split()),
            needs_reason=row["needs_reason"] == "yes",
            by_time=row["time"] == "yes",
            gates=row["gates"],
        )
        for kind in row["kind"].split() or [""]
        for source in row["from"].split()
        for target in row["to"].split()
    ]
