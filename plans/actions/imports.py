"""Bringing in what was written before the collaboration came here: problems, causes, colours.

The same words are the same row, so that a report that is brought in twice adds nothing twice.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from notifications.clock import STOCKHOLM, local_date
from organisations.models import User
from organisations.swedish import fold
from plans.actions.problems import write_problem
from plans.models import Goal, GoalRating, Problem, SituationAnalysis, Whose
from plans.models.problems import Cause
from plans.permissions import RATES_FOR, can_write
from sbs_workflow.actions import alone_with
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.models import Collaboration
from sbs_workflow.queries import load_roles

NOON = time(12)


def same_words(text: str) -> str:
    """``text`` as two texts are compared: without case, spaces and the last full stop."""
    return fold(text).strip(" .")


@transaction.atomic
def import_problem(
    *,
    analysis: SituationAnalysis,
    text: str,
    development_area: str,
    causes: Iterable[str],
    by: User,
    now: datetime,
) -> Problem:
    """The problem with those words, with its causes; made where the analysis has none.

    An analysis that nobody has begun is begun. One that is concluded takes problems in as well,
    since its phase may be years back; one that others are asked about does not.
    """
    fresh: SituationAnalysis = alone_with(analysis, may=can_write, by=by, now=now)
    if fresh.state == SituationAnalysis.State.NOT_STARTED:
        fresh = perform(fresh.start, by=by, now=now)
    known = _of_same_words(fresh.problems.all(), text)
    words = [(None, cause) for cause in _new_causes(known, causes)]
    if known is not None and not words:
        return known
    if fresh.is_open_for_writing:
        return write_problem(
            analysis=fresh,
            text=known.text if known else text,
            development_area=(known and known.development_area) or development_area,
            causes=words,
            by=by,
            now=now,
            problem=known,
        )
    if fresh.state != SituationAnalysis.State.CONCLUDED:
        raise TransitionRefused(
            _("The situation analysis is shared for comments. Import when it is concluded.")
        )
    return _add_to_concluded(fresh, known, text, development_area, [c for _none, c in words])


def _add_to_concluded(
    analysis: SituationAnalysis,
    known: Problem | None,
    text: str,
    development_area: str,
    causes: list[str],
) -> Problem:
    problem = known or Problem.objects.create(
        analysis=analysis,
        number=_next(analysis.problems),
        text=text,
        development_area=development_area,
    )
    for cause in causes:
        Cause.objects.create(problem=problem, number=_next(problem.causes), text=cause)
    return problem


def _next(rows: Any) -> int:
    numbers: list[int] = list(rows.values_list("number", flat=True))
    return max(numbers, default=0) + 1


def _of_same_words(problems: Iterable[Problem], text: str) -> Problem | None:
    return next((each for each in problems if same_words(each.text) == same_words(text)), None)


def _new_causes(problem: Problem | None, causes: Iterable[str]) -> list[str]:
    seen = {same_words(cause.text) for cause in problem.causes.all()} if problem else set()
    new = []
    for cause in causes:
        if same_words(cause) not in seen:
            seen.add(same_words(cause))
            new.append(cause)
    return new


@transaction.atomic
def import_colour(
    *,
    goal: Goal,
    level: str,
    rated_on: date,
    justification: str,
    occasion: str,
    by: User,
    now: datetime,
) -> tuple[GoalRating, bool]:
    """Keep the huvudman's colour of a day long past; and whether it is new.

    The same colour of the same day, already imported, is the same one.
    """
    load_roles(by, local_date(now))
    goal.collaboration = Collaboration.objects.lock(goal.collaboration_id)
    role = RATES_FOR[Whose.ORGANISER].role_of(goal, by)
    if role is None:
        raise PermissionDenied
    if not goal.collaboration.is_live:
        raise TransitionRefused(_("The collaboration is not going on: colours rest meanwhile."))
    if rated_on > local_date(now):
        raise TransitionRefused(_("The day of the report has not come yet."))
    return GoalRating.objects.get_or_create(
        goal=goal,
        whose=Whose.ORGANISER,
        source=GoalRating.Source.IMPORTED,
        rated_on=rated_on,
        level=level,
        defaults={
            "justification": justification,
            "occasion": occasion,
            "rated_at": datetime.combine(rated_on, NOON, STOCKHOLM),
            "by": by,
            "role": role,
        },
    )
