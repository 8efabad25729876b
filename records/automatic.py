"""Each tick seals what the trail has gained: no action waits for the chain of its case."""

from datetime import datetime

from notifications.automatic import each_tick
from records import chain


@each_tick
def seal_the_trail(now: datetime) -> int:
    return chain.seal()
