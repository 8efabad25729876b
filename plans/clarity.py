"""The goal clarity aid: what would make a goal possible to follow up.

Goals that are too vague to follow up is what schools themselves name as the obstacle (NOR). It
is advice, in plain words, and never a block.
"""

import re
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from plans.queries import GoalSaid, PlanSaid, ProblemSaid

# Words that tell what people will do, and not what becomes different: Swedish as it is written.
ACTIVITY = re.compile(
    r"^\W*(vi |alla |skolan |förskolan )?(ska |skall )?"
    r"(arbeta|jobba|genomföra|införa|implementera|ta fram|utbilda|diskutera|starta|påbörja"
    r"|fortsätta)\b",
    re.IGNORECASE,
)
DIRECTION_ONLY = re.compile(
    r"\b(förbättr|öka|ökad|ökat|utveckl|stärk|höj|främja|minsk)\w*", re.IGNORECASE
)
NUMBER = re.compile(r"\d|\b(alla|varje|ingen|inget|inga|hälften|dubbelt)\b", re.IGNORECASE)


def advice_on_goal(goal: GoalSaid, insats_period_ends_on: date | None = None) -> Iterator[str]:
    """What is missing, the most important first; nothing for a clear goal."""
    if not goal.causes:
        yield _("The goal answers no cause. Which of the causes should it change?")
    if not goal.measure:
        yield _("There is no way to see the change yet. What will you look at?")
    elif not goal.baseline:
        yield _("Write how it is now, or it cannot be seen that something has changed.")
    if goal.measure and not goal.target:
        yield _("Write how it is to be when the goal is reached.")
    if not goal.follow_up_on:
        yield _("There is no date. When will you look at how it went?")
    elif insats_period_ends_on and goal.follow_up_on > insats_period_ends_on:
        yield _("The goal is followed up after the insatser have ended.")
    if not goal.follow_up_by:
        yield _("Nobody follows it up yet. Which function does it?")
    if not (goal.short_term_effect or goal.long_term_effect):
        yield _("No effect is expected yet. What will be noticed, soon and in the long run?")
    if ACTIVITY.search(goal.text):
        yield _("The goal says what you will do. Write what will be different when it is done.")
    elif DIRECTION_ONLY.search(goal.text) and not NUMBER.search(goal.text + goal.target):
        yield _("The goal says which way, but not how far. How much, for whom, or how often?")


def advice_on_problem(problem: ProblemSaid, plan: PlanSaid) -> Iterator[str]:
    if not plan.goals_of(problem):
        yield _("The problem has no goal yet.")


def not_yet_whole(plan: PlanSaid) -> Iterator[str]:
    """What a plan should have before it is shared (domain.md 2.5, inferred)."""
    for problem in plan.problems:
        if not plan.goals_of(problem):
            yield _("Problem %(number)s has no goal.") % {"number": problem.number}
    for goal in plan.goals:
        missing = {
            _("a cause"): goal.causes,
            _("an expected effect"): goal.short_term_effect or goal.long_term_effect,
            _("a follow-up"): goal.measure and goal.follow_up_on,
        }
        absent = [name for name, present in missing.items() if not present]
        if absent:
            yield _("Goal %(number)s lacks %(what)s.") % {
                "number": goal.number,
                "what": ", ".join(absent),
            }
