"""How an event is declared: its words, its keys, and what it makes people do when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from cases.nodes import Text
from cases.reading import Key, Reader

if TYPE_CHECKING:
    from cases.story import Story


@dataclass(frozen=True)
class Told:
    """An event as the file tells it."""

    node: Text
    kind: "EventKind"
    moment: datetime
    values: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def day(self) -> date:
        return self.moment.date()


Action = Callable[["Story"], None]


@dataclass(frozen=True)
class Stage:
    """Something that somebody does at a moment, because of an event."""

    moment: datetime
    action: Action


@dataclass(frozen=True)
class EventKind:
    name: str
    keys: tuple[Key, ...]
    stages: Callable[[Told], Iterator[Stage]]
    # A meeting or a visit may lie ahead of the day of loading; what has been done cannot.
    may_lie_ahead: bool

    @property
    def all_keys(self) -> tuple[Key, ...]:
        return (*self.keys, BY)


# Who did it, where it is not the first in the file whose role allows it.
BY = Key("by", Reader.person)
UNITS = Key("units", Reader.unit_keys)
REASON = Key("reason", Reader.text, required=True)
# Why a step was taken although something was missing: recorded as an override.
PAST_GATES = Key("past_gates", Reader.text)
EVENTS: dict[str, EventKind] = {}


def event(
    name: str, *keys: Key
) -> Callable[[Callable[["Story", Told], None]], Callable[["Story", Told], None]]:
    """Declare what happens on the day of an event."""

    def declare(function: Callable[["Story", Told], None]) -> Callable[["Story", Told], None]:
        def stages(told: Told) -> Iterator[Stage]:
            yield Stage(told.moment, lambda story: function(story, told))

        EVENTS[name] = EventKind(name, keys, stages, may_lie_ahead=False)
        return function

    return declare


def event_in_stages(
    name: str, *keys: Key
) -> Callable[[Callable[[Told], Iterator[Stage]]], Callable[[Told], Iterator[Stage]]]:
    """Declare an event that begins before its day, or goes on after it, as a visit does."""

    def declare(function: Callable[[Told], Iterator[Stage]]) -> Callable[[Told], Iterator[Stage]]:
        EVENTS[name] = EventKind(name, keys, function, may_lie_ahead=True)
        return function

    return declare
