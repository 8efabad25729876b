"""The avsteg that a submitted report tells of."""

from reports.models import Report
from reports.queries.content import Content, latest_copy
from reports.richtext import plain

DEVIATIONS = "deviations"


def deviations_in(report: Report) -> str:
    """What the report says of avsteg, as plain words; empty where it tells of none (one query)."""
    copy = latest_copy(report)
    cells = Content.read(copy.content).cells if copy else ()
    said = (plain(cell.text) for cell in cells if cell.field == DEVIATIONS)
    return "\n".join(text for text in said if text.strip())
