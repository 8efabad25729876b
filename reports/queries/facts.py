"""What the work itself says beside an answer: short texts below the names of their columns."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Facts:
    """``shares`` are the widths of the columns in relation to each other.

    ``none`` is what is said where there is no row.
    """

    caption: str
    columns: list[str]
    rows: list[list[str]]
    none: str
    shares: list[int] = field(default_factory=list)
