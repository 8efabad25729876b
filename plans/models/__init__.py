from plans.models.analysis import AnalysisState, SituationAnalysis
from plans.models.documents import AUTHORS, DECIDERS, OrganiserDocument
from plans.models.goals import Goal, PlannedGoal
from plans.models.plan import ActionPlan, PlanState
from plans.models.problems import Cause, Evidence, Problem
from plans.models.ratings import GoalRating, Level, Whose

__all__ = [
    "AUTHORS",
    "DECIDERS",
    "ActionPlan",
    "AnalysisState",
    "Cause",
    "Evidence",
    "Goal",
    "GoalRating",
    "Level",
    "OrganiserDocument",
    "PlanState",
    "PlannedGoal",
    "Problem",
    "SituationAnalysis",
    "Whose",
]
