"""Who owes what: asked of the upper house that settings.AUDIENCE names; this one knows no roles.

That module offers the functions of `Audience`, each in a fixed number of queries.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.db.models.expressions import Combinable

if TYPE_CHECKING:
    from notifications.duties import Duty


class Row(NamedTuple):
    """One object that somebody owes something about, and the scope whose people are asked.

    `unit_id` names the part of the scope that owes it, where only a part does.
    """

    object_id: UUID
    scope_id: UUID
    unit_id: UUID | None = None


class Closure(NamedTuple):
    """Days, both included, on which the people of a school authority are away."""

    first: date
    last: date
    name: str

    @classmethod
    def read_all(cls, written: str | None) -> "tuple[Closure, ...]":
        """Those that SQL gives as JSON, ``[[first, last, name], …]``; None is none."""
        return tuple(
            cls(date.fromisoformat(first), date.fromisoformat(last), name)
            for first, last, name in json.loads(written or "[]")
        )


class Audience(Protocol):
    def people_for(
        self,
        roles: tuple[str, ...],
        rows: Sequence[Row],
        today: date,
        *,
        with_deputies: bool = False,
    ) -> dict[UUID, list[UUID]]:
        """The ids of the users who hold one of `roles` today, by object id.

        Deputies stand in where nobody else holds the role, and `with_deputies` in any case.
        """
        ...

    def closures_of(
        self, people: Collection[UUID], first: date, last: date
    ) -> dict[UUID, list[Closure]]:
        """When these users are away between the two days, by user id."""
        ...

    def closures_from_due_on(self, duty: "Duty") -> Combinable | None:
        """SQL for the closures that a row's `due_on` may slide past, as `Closure.read_all` reads.

        None for duties that slide past none.
        """
        ...


def house() -> Audience:
    return cast(Audience, import_module(settings.AUDIENCE))
