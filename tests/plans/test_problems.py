"""Problems, their causes and their evidence: what the red thread begins with."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from organisations.models import User
from plans.actions import (
    note_evidence,
    remove_evidence,
    remove_problem,
    write_problem,
)
from plans.models import Cause, Evidence, Problem, SituationAnalysis
from plans.queries import AnalysisSaid, analysis_said, causes_said
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

SEEN_IN: dict[str, Any] = {
    "kind": "observation",
    "voice": "staff",
    "noted_on": TODAY,
    "text": "I åtta av tio lektioner.",
}


@pytest.fixture
def analysis(cast: Cast) -> SituationAnalysis:
    return factories.analysis(cast.ours.collaboration, cast.ours.school, with_problem=False)


@pytest.fixture
def name(cast: Cast, analysis: SituationAnalysis) -> Callable[..., Problem]:
    """``write_problem`` as the principal uses it."""

    def name(text: str, *causes: Any, **rest: Any) -> Problem:
        pairs = [cause if isinstance(cause, tuple) else (None, cause) for cause in causes]
        return write_problem(
            analysis=analysis,
            text=text,
            causes=pairs,
            by=cast.ours.principal,
            now=NOW,
            **{"development_area": "", **rest},
        )

    return name


def causes_of(problem: Problem) -> list[tuple[int, str]]:
    return list(problem.causes.values_list("number", "text"))


# --- writing -------------------------------------------------------------------------------


def test_problems_and_causes_are_numbered_as_they_come(name: Callable[..., Problem]):
    first = name("Många förstår inte.", "Olika start.", "", "Ingen tid.")
    second = name("Få läser.")
    assert (first.number, second.number) == (1, 2)
    assert causes_of(first) == [(1, "Olika start."), (2, "Ingen tid.")]
    assert causes_of(second) == []


def test_a_problem_is_the_same_row_when_it_is_rewritten(name: Callable[..., Problem]):
    problem = name("Många förstår inte.", "Olika start.", "Ingen tid.")
    first, second = problem.causes.all()
    again = name(
        "Hälften förstår inte.",
        (first, "Varje klass börjar på sitt sätt."),
        (second, ""),
        "Material saknas.",
        problem=problem,
        development_area="Undervisning",
    )
    assert (again.pk, again.text, again.development_area) == (
        problem.pk, "Hälften förstår inte.", "Undervisning",
    )  # fmt: skip
    assert causes_of(problem) == [
        (1, "Varje klass börjar på sitt sätt."),
        (2, "Material saknas."),
    ]
    assert Cause.objects.get(number=1) == first


def test_the_same_problem_sent_twice_is_one(name: Callable[..., Problem]):
    assert name("Många förstår inte.", "Olika start.") == name(
        "Många förstår inte.", "Olika start."
    )
    assert (Problem.objects.count(), Cause.objects.count()) == (1, 1)


def test_a_cause_of_another_problem_is_left_alone(name: Callable[..., Problem]):
    ours, other = name("Ett.", "Orsak A."), name("Två.", "Orsak B.")
    foreign = other.causes.get()
    name("Ett.", (foreign, "Ändrad."), problem=ours)
    name("Ett.", (foreign, ""), problem=ours)
    assert causes_of(other) == [(1, "Orsak B.")]


def test_what_a_goal_answers_is_not_taken_away(cast: Cast):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school)
    planned = plan.planned_goals.get()
    problem, cause = planned.problem, planned.causes.get()
    factories.put(problem.analysis, "in_progress")
    with pytest.raises(TransitionRefused, match="1"):
        remove_problem(problem=problem, by=cast.ours.principal, now=NOW)
    with pytest.raises(TransitionRefused, match="1"):
        write_problem(
            analysis=problem.analysis,
            problem=problem,
            text=problem.text,
            development_area="",
            causes=[(cause, "")],
            by=cast.ours.principal,
            now=NOW,
        )
    assert Cause.objects.filter(pk=cause.pk).exists()
    planned.delete()
    remove_problem(problem=problem, by=cast.ours.principal, now=NOW)
    assert [model.objects.count() for model in (Problem, Cause, Evidence)] == [0, 0, 0]


def test_evidence_is_noted_once_changed_and_taken_away(cast: Cast, name: Callable[..., Problem]):
    problem = name("Många förstår inte.", "Olika start.")
    by: dict[str, Any] = {"by": cast.ours.process_leader, "now": NOW}
    for _sent_twice in range(2):
        note_evidence(problem=problem, **SEEN_IN, **by)
    noted = problem.evidence.get()
    assert (noted.kind, noted.voice, noted.noted_on, noted.cause) == (
        "observation", "staff", TODAY, None,
    )  # fmt: skip
    changed = SEEN_IN | {"voice": "children", "cause": problem.causes.get()}
    note_evidence(problem=problem, evidence=noted, **changed, **by)
    changed_row = problem.evidence.get()
    assert (changed_row.pk, changed_row.voice) == (noted.pk, "children")
    assert changed_row.cause == problem.causes.get()
    # Its cause goes, and what it shows stays with the problem.
    name("Många förstår inte.", (problem.causes.get(), ""), problem=problem)
    assert problem.evidence.get().cause is None
    remove_evidence(evidence=noted, **by)
    assert not problem.evidence.exists()


@pytest.mark.parametrize("state", ["not_started", "shared", "concluded"])
def test_nothing_is_written_while_the_analysis_is_closed(cast: Cast, state: str):
    problem = factories.problem(
        factories.analysis(cast.ours.collaboration, cast.ours.school, state=state)
    )
    by: dict[str, Any] = {"by": cast.ours.principal, "now": NOW}
    written: dict[str, Any] = {"text": "Nytt", "development_area": "", "causes": []}
    for write in (
        lambda: write_problem(analysis=problem.analysis, **written, **by),
        lambda: write_problem(analysis=problem.analysis, problem=problem, **written, **by),
        lambda: remove_problem(problem=problem, **by),
        lambda: note_evidence(problem=problem, **SEEN_IN, **by),
        lambda: remove_evidence(evidence=problem.evidence.get(), **by),
    ):
        with pytest.raises(TransitionRefused):
            write()
    assert problem.evidence.count() == 1


def test_the_others_write_nothing(cast: Cast):
    problem = factories.problem(factories.analysis(cast.ours.collaboration, cast.ours.school))
    for by in (
        cast.ours.preschool_principal,
        cast.ours.process_supporter,
        cast.ours.team_leader,
        cast.theirs.head_of_authority,
        cast.outsider,
    ):
        for write in (
            lambda by: remove_problem(problem=problem, by=by, now=NOW),
            lambda by: note_evidence(problem=problem, **SEEN_IN, by=by, now=NOW),
            lambda by: remove_evidence(evidence=problem.evidence.get(), by=by, now=NOW),
        ):
            with pytest.raises(PermissionDenied):
                write(by)


# --- sharing -------------------------------------------------------------------------------


def test_an_analysis_is_shared_with_a_problem_a_cause_and_evidence(
    cast: Cast, analysis: SituationAnalysis, name: Callable[..., Problem]
):
    def refused() -> list[str]:
        with pytest.raises(TransitionRefused) as told:
            perform(analysis.share, by=cast.ours.principal, now=NOW)
        return told.value.reasons

    assert len(refused()) == 2
    problem = name("Många förstår inte.")
    assert len(refused()) == 2, "a problem without a cause"
    name("Många förstår inte.", "Olika start.", problem=problem)
    assert len(refused()) == 1
    note_evidence(problem=problem, by=cast.ours.principal, now=NOW, **SEEN_IN)
    shared = perform(analysis.share, by=cast.ours.principal, now=NOW)
    assert AnalysisSaid.as_shared(shared.as_shared) == AnalysisSaid.of(shared)


def read(user: User, analysis: SituationAnalysis) -> list[tuple[str, list[str], list[str]]]:
    load_roles(user, TODAY)
    fresh = SituationAnalysis.objects.get(pk=analysis.pk)
    return [
        (problem.text, [c.text for c in problem.causes], [e.text for e in problem.evidence])
        for problem in analysis_said(fresh, user).problems
    ]


def test_while_it_is_reworked_others_read_the_problems_as_they_were_shared(cast: Cast):
    ours = cast.ours
    analysis = factories.analysis(ours.collaboration, ours.school, state="shared")
    [as_shared] = read(ours.process_supporter, analysis)
    perform(analysis.return_with_comments, by=ours.process_supporter, now=NOW, reason="Fördjupa.")
    problem, cause = analysis.problems.get(), Cause.objects.get()
    write_problem(
        analysis=analysis,
        problem=problem,
        text="Halvskrivet problem.",
        development_area="",
        causes=[(cause, "Halvskriven orsak.")],
        by=ours.principal,
        now=NOW,
    )
    factories.problem(analysis, text="Ännu ett.")

    assert [text for text, *_ in read(ours.principal, analysis)] == [
        "Halvskrivet problem.", "Ännu ett.",
    ]  # fmt: skip
    for user in (ours.process_supporter, ours.team_leader, ours.university_lead):
        assert read(user, analysis) == [as_shared]
        assert not Problem.objects.visible_to(user).exists()
        assert not Cause.objects.visible_to(user).exists()
        assert not Evidence.objects.visible_to(user).exists()
        assert causes_said(Cause.objects.all(), user) == {cause.pk: as_shared[1][0]}
    load_roles(ours.head_of_authority, TODAY)
    assert causes_said(Cause.objects.filter(pk=cause.pk), ours.head_of_authority) == {
        cause.pk: "Halvskriven orsak."
    }
    perform(SituationAnalysis.objects.get(pk=analysis.pk).share, by=ours.principal, now=NOW)
    assert len(read(ours.process_supporter, analysis)) == 2


def test_the_voices_that_nobody_has_heard_are_named(cast: Cast):
    analysis = factories.analysis(cast.ours.collaboration, cast.ours.school)
    problem = analysis.problems.get()
    heard = {voice for voice in Evidence.Voice if str(voice.label) not in said(analysis).unheard()}
    assert heard == {Evidence.Voice.CHILDREN}
    for voice in Evidence.Voice:
        factories.evidence(problem, voice=voice)
    assert said(analysis).unheard() == []


def said(analysis: SituationAnalysis) -> AnalysisSaid:
    return AnalysisSaid.of(analysis)


def test_an_analysis_is_read_in_a_fixed_number_of_queries(cast: Cast, django_assert_num_queries):
    analysis = factories.analysis(cast.ours.collaboration, cast.ours.school)
    for number in range(12):
        factories.problem(analysis, causes=[f"Orsak {number}", "Tid"])
    with django_assert_num_queries(3):
        assert len(said(analysis).problems) == 13


# --- what the database refuses -------------------------------------------------------------


def test_constraints(cast: Cast):
    problem = factories.analysis(cast.ours.collaboration, cast.ours.school).problems.get()
    for refused in (
        lambda: factories.problem(problem.analysis, number=1),
        lambda: factories.problem(problem.analysis, text=""),
        lambda: Cause.objects.create(problem=problem, number=1, text="Igen"),
        lambda: Cause.objects.create(problem=problem, number=2, text=""),
        lambda: factories.evidence(problem, text=""),
        lambda: factories.evidence(problem, kind="rykte"),
        lambda: factories.evidence(problem, voice="grannar"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()
