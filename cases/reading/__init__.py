"""Reading what a case file says, with the place of every mistake."""

from cases.reading.rows import (
    NUMBER,
    Reference,
    Row,
    read_cause,
    read_days,
    read_lines,
    read_numbered,
    read_people,
    read_row,
    refuse_end_before_start,
)
from cases.reading.values import (
    ALL,
    Key,
    Reader,
    choice,
    each_unit,
    for_units,
    list_of,
    short,
    unknown,
    whole_number,
)

__all__ = [
    "ALL",
    "NUMBER",
    "Key",
    "Reader",
    "Reference",
    "Row",
    "choice",
    "each_unit",
    "for_units",
    "list_of",
    "read_cause",
    "read_days",
    "read_lines",
    "read_numbered",
    "read_people",
    "read_row",
    "refuse_end_before_start",
    "short",
    "unknown",
    "whole_number",
]
