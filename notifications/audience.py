"""Who owes what: asked of the upper house that settings.AUDIENCE names; this one knows no roles.

That module offers `people_for(roles, rows, today) -> dict[object_id, list[user_id]]`: for every
row the people who hold one of the roles there today, in a fixed number of queries.
"""

from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import NamedTuple, Protocol, cast
from uuid import UUID

from django.conf import settings


class Row(NamedTuple):
    """One object that somebody owes something about, and the scope whose people are asked.

    `unit_id` names the part of the scope that owes it, where only a part does.
    """

    object_id: UUID
    scope_id: UUID
    unit_id: UUID | None = None


class Audience(Protocol):
    def people_for(
        self, roles: tuple[str, ...], rows: Sequence[Row], today: date
    ) -> dict[UUID, list[UUID]]: ...


def people_for(roles: tuple[str, ...], rows: Sequence[Row], today: date) -> dict[UUID, list[UUID]]:
    """The ids of the users who hold one of `roles` today, by object id."""
    audience = cast(Audience, import_module(settings.AUDIENCE))
    return audience.people_for(roles, rows, today)
