from portfolio.queries.cases import (
    PAGE_SIZE,
    SORTS,
    CaseRow,
    Filters,
    case_rows,
    portfolio,
)
from portfolio.queries.collaboration import CollaborationPage, collaboration_page
from portfolio.queries.duties import DutyRow, duties_of
from portfolio.queries.events import Event, events_of
from portfolio.queries.process import ArrowRow, arrow_rows

__all__ = [
    "PAGE_SIZE",
    "SORTS",
    "ArrowRow",
    "CaseRow",
    "CollaborationPage",
    "DutyRow",
    "Event",
    "Filters",
    "arrow_rows",
    "case_rows",
    "collaboration_page",
    "duties_of",
    "events_of",
    "portfolio",
]
