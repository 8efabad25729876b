"""What follows when an organisation or a unit is renamed.

An upper house that has written names down, such as for a search, declares in its own ``search.py``
how they are refreshed; the modules are found when Trepart starts.
"""

from collections.abc import Callable, Collection
from uuid import UUID

# Given the keys of the organisations and units that have another name now.
Refresh = Callable[[Collection[UUID]], None]
_REFRESHES: list[Refresh] = []


def keeps_names(refresh: Refresh) -> Refresh:
    """Declare that ``refresh`` writes names anew, for all the keys in a fixed number of queries."""
    _REFRESHES.append(refresh)
    return refresh


def renamed(keys: Collection[UUID]) -> None:
    """Call it in the transaction of the new names."""
    if keys:
        for refresh in _REFRESHES:
            refresh(keys)
