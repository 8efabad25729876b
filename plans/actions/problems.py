"""Naming problems, their causes and the evidence behind them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from organisations.models import User
from plans.models import Cause, Evidence, PlannedGoal, Problem, SituationAnalysis
from plans.permissions import can_write
from sbs_workflow.actions import open_for_writing
from sbs_workflow.engine import TransitionRefused


@transaction.atomic
def write_problem(
    *,
    analysis: SituationAnalysis,
    text: str,
    development_area: str,
    causes: Sequence[tuple[Cause | None, str]],
    by: User,
    now: datetime,
    problem: Problem | None = None,
) -> Problem:
    """Store a problem with its causes, or a new one where ``problem`` is None.

    ``causes`` pairs each cause with its text: None is a new cause, and an empty text takes
    the cause away. A new problem with the same text is the same one, sent twice.
    """
    analysis = open_for_writing(analysis, may=can_write, by=by, now=now)
    if problem is None:
        sent_before = analysis.problems.filter(text=text).first()
        problem = sent_before or Problem(analysis=analysis, number=_next(analysis.problems))
    problem.text = text
    problem.development_area = development_area
    problem.save()
    for cause, wording in causes:
        _write_cause(problem, cause, wording)
    return problem


def _write_cause(problem: Problem, cause: Cause | None, text: str) -> None:
    if cause is None:
        if text and not problem.causes.filter(text=text).exists():
            Cause.objects.create(problem=problem, number=_next(problem.causes), text=text)
        return
    if text:
        Cause.objects.filter(pk=cause.pk, problem=problem).update(text=text)
        return
    planned = PlannedGoal.objects.filter(causes=cause).select_related("goal").first()
    if planned:
        raise TransitionRefused(
            _("The cause cannot be taken away: goal %(number)s answers it.")
            % {"number": planned.goal.number}
        )
    Cause.objects.filter(pk=cause.pk, problem=problem).delete()


def _next(rows: "object") -> int:
    last = rows.aggregate(last=Max("number"))["last"]  # type: ignore[attr-defined]
    return (last or 0) + 1


@transaction.atomic
def remove_problem(*, problem: Problem, by: User, now: datetime) -> SituationAnalysis:
    """Take a problem out of an open analysis, with its causes and evidence."""
    analysis: SituationAnalysis = open_for_writing(problem.analysis, may=can_write, by=by, now=now)
    planned = PlannedGoal.objects.filter(problem=problem).select_related("goal").first()
    if planned:
        raise TransitionRefused(
            _("The problem cannot be taken away: goal %(number)s answers it.")
            % {"number": planned.goal.number}
        )
    problem.delete()
    return analysis


@transaction.atomic
def note_evidence(
    *,
    problem: Problem,
    kind: str,
    voice: str,
    noted_on: date,
    text: str,
    cause: Cause | None = None,
    by: User,
    now: datetime,
    evidence: Evidence | None = None,
) -> SituationAnalysis:
    """Note what the problem, or one of its causes, is known from; again changes nothing."""
    analysis: SituationAnalysis = open_for_writing(problem.analysis, may=can_write, by=by, now=now)
    said: dict[str, Any] = {
        "kind": kind,
        "voice": voice,
        "noted_on": noted_on,
        "text": text,
        "cause": cause,
    }
    if evidence is None:
        Evidence.objects.get_or_create(problem=problem, **said)
    else:
        Evidence.objects.filter(pk=evidence.pk, problem=problem).update(**said)
    return analysis


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: User, now: datetime) -> SituationAnalysis:
    analysis: SituationAnalysis = open_for_writing(
        evidence.problem.analysis, may=can_write, by=by, now=now
    )
    evidence.delete()
    return analysis
