from plans.queries.content import (
    AnalysisSaid,
    CauseSaid,
    EvidenceSaid,
    GoalSaid,
    PlanSaid,
    ProblemSaid,
    analysis_said,
    causes_said,
    goals_in_force,
    goals_known_to,
    plan_said,
    saying_of,
    to_share,
)
from plans.queries.ratings import GoalColours, colours_of
from plans.queries.versions import PlanChanges, changes_between

__all__ = [
    "AnalysisSaid",
    "CauseSaid",
    "EvidenceSaid",
    "GoalColours",
    "GoalSaid",
    "PlanChanges",
    "PlanSaid",
    "ProblemSaid",
    "analysis_said",
    "causes_said",
    "changes_between",
    "colours_of",
    "goals_in_force",
    "goals_known_to",
    "plan_said",
    "saying_of",
    "to_share",
]
