from portfolio.queries.cases import (
    PAGE_SIZE,
    SORTS,
    CaseRow,
    Filters,
    case_rows,
    portfolio,
)
from portfolio.queries.collaboration import CollaborationPage, collaboration_page
from portfolio.queries.events import Event, events_of
from portfolio.queries.goals import GoalPage, goal_page, thread_of
from portfolio.queries.here import HereWeAre, here_we_are
from portfolio.queries.pictures import (
    interventions_on_line,
    load_of_units,
    rating_points,
    support_months,
)
from portfolio.queries.process import ArrowRow, arrow_rows
from portfolio.queries.year import PICTURES_OF_A_YEAR

__all__ = [
    "PAGE_SIZE",
    "PICTURES_OF_A_YEAR",
    "SORTS",
    "ArrowRow",
    "CaseRow",
    "CollaborationPage",
    "Event",
    "Filters",
    "GoalPage",
    "HereWeAre",
    "arrow_rows",
    "case_rows",
    "collaboration_page",
    "events_of",
    "goal_page",
    "here_we_are",
    "interventions_on_line",
    "load_of_units",
    "portfolio",
    "rating_points",
    "support_months",
    "thread_of",
]
