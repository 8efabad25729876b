"""Goals: one row through every version of the plan, and a number that is used once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from organisations.models import User
from plans.actions import drop_goal, revise_plan, write_document, write_goal, write_problem
from plans.models import ActionPlan, Goal, PlannedGoal, SituationAnalysis
from plans.queries import PlanSaid, goals_known_to, plan_said, saying_of
from sbs_workflow.engine import TransitionRefused, choices, perform
from sbs_workflow.models import TransitionRecord
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


@pytest.fixture
def plan(cast: Cast) -> ActionPlan:
    return factories.plan(cast.ours.collaboration, cast.ours.school, with_goal=False)


def say(cast: Cast, plan: ActionPlan, text: str = "Alla läser.", **said: Any) -> PlannedGoal:
    problem = SituationAnalysis.objects.get(unit=plan.unit).problems.first()
    assert problem is not None
    given = {"problem": problem, "causes": problem.causes.all(), **said}
    return write_goal(plan=plan, text=text, by=cast.ours.principal, now=NOW, **given)


# --- writing -------------------------------------------------------------------------------


def test_goals_of_a_unit_are_numbered_and_a_number_is_used_once(cast: Cast, plan: ActionPlan):
    first, second = say(cast, plan, "Ett."), say(cast, plan, "Två.")
    other = factories.plan(cast.ours.collaboration, cast.ours.preschool, with_goal=False)
    assert [g.goal.number for g in (first, second, say(cast, plan, "Tre."))] == [1, 2, 3]
    drop_goal(planned=second, by=cast.ours.principal, now=NOW)
    assert say(cast, plan, "Fyra.").goal.number == 4
    head = cast.ours.head_of_authority
    [problem] = SituationAnalysis.objects.get(unit=other.unit).problems.all()
    in_preschool = write_goal(plan=other, problem=problem, causes=[], text="Ett.", by=head, now=NOW)
    assert in_preschool.goal.number == 1


def test_a_goal_that_is_rewritten_is_the_same_goal(cast: Cast, plan: ActionPlan):
    planned = say(cast, plan, follow_up_on=TODAY, measure="Prov")
    again = say(
        cast, plan, "Nio av tio läser.", planned=planned, causes=[], measure="", target="9 av 10"
    )
    assert (again.pk, again.goal, again.follow_up_on) == (planned.pk, planned.goal, TODAY)
    assert (again.text, again.measure, again.target) == ("Nio av tio läser.", "", "9 av 10")
    assert not again.causes.exists()


def test_the_same_goal_sent_twice_is_one(cast: Cast, plan: ActionPlan):
    assert say(cast, plan) == say(cast, plan)
    assert (Goal.objects.count(), PlannedGoal.objects.count()) == (1, 1)


@pytest.mark.parametrize("state", ["shared", "discussed", "adopted", "superseded"])
def test_goals_are_written_in_a_draft_only(cast: Cast, state: str):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, state=state)
    planned = plan.planned_goals.get()
    with pytest.raises(TransitionRefused):
        say(cast, plan)
    with pytest.raises(TransitionRefused):
        say(cast, plan, planned=planned)
    with pytest.raises(TransitionRefused):
        drop_goal(planned=planned, by=cast.ours.principal, now=NOW)
    assert [goal.text for goal in plan.planned_goals.all()] == [planned.text]


def test_the_others_write_no_goals(cast: Cast):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school)
    planned = plan.planned_goals.get()
    for by in (
        cast.ours.process_supporter,
        cast.ours.preschool_principal,
        cast.ours.team_leader,
        cast.theirs.principal,
    ):
        with pytest.raises(PermissionDenied):
            write_goal(plan=plan, problem=planned.problem, causes=[], text="X", by=by, now=NOW)
        with pytest.raises(PermissionDenied):
            drop_goal(planned=planned, by=by, now=NOW)


# --- versions ------------------------------------------------------------------------------


def test_a_new_version_says_the_same_of_the_same_goals(cast: Cast):
    adopted = factories.plan(cast.ours.collaboration, cast.ours.school, state="adopted")
    old = adopted.planned_goals.get()
    revised = revise_plan(plan=adopted, reason="Nya prov", by=cast.ours.principal, now=NOW)
    new = revised.planned_goals.get()
    assert (new.goal, new.problem, new.follow_up_on) == (old.goal, old.problem, old.follow_up_on)
    assert {name: getattr(new, name) for name in PlannedGoal.TEXTS} == {
        name: getattr(old, name) for name in PlannedGoal.TEXTS
    }
    assert list(new.causes.all()) == list(old.causes.all())
    say(cast, revised, "Ännu tydligare.", planned=new)
    assert PlannedGoal.objects.get(pk=old.pk).text == old.text, "the adopted one stands"
    drop_goal(planned=new, by=cast.ours.principal, now=NOW)
    assert Goal.objects.filter(pk=old.goal.pk).exists(), "old goals are kept"
    assert say(cast, revised, "Ett annat mål.").goal.number == 2


def test_of_each_goal_the_adopted_saying_counts_and_else_the_latest(cast: Cast):
    case, reader = cast.ours.collaboration, cast.ours.principal
    load_roles(reader, TODAY)
    first = factories.plan(case, cast.ours.school, state="superseded")
    goal = first.planned_goals.get().goal
    second = factories.plan(case, cast.ours.school, state="adopted", version=2)
    third = factories.plan(case, cast.ours.school, version=3)
    only_in_third = factories.planned_goal(third, problem=third.planned_goals.get().problem)
    assert [row.plan for row in goals_known_to(reader, case)] == [second, third]
    factories.put(second, "superseded")
    assert [row.plan for row in goals_known_to(reader, case)] == [third, third]
    for user, plan in ((reader, third), (cast.ours.team_leader, second)):
        load_roles(user, TODAY)
        saying = saying_of(goal, user)
        assert saying is not None
        assert saying.plan == plan
    assert saying_of(only_in_third.goal, cast.ours.team_leader) is None


def test_goals_are_read_in_one_query_by_unit_and_number(cast: Cast, django_assert_num_queries):
    case = cast.ours.collaboration
    for unit in (cast.ours.administration, cast.ours.preschool, cast.ours.school):
        plan = factories.plan(case, unit, state="adopted")
        factories.planned_goal(plan, problem=plan.planned_goals.get().problem)
    load_roles(cast.ours.team_leader, TODAY)
    with django_assert_num_queries(1):
        known = [
            (str(row.plan.unit), row.goal.number, row.problem.number)
            for row in goals_known_to(cast.ours.team_leader, case)
        ]
    assert [(unit, number) for unit, number, _problem in known] == [
        ("Ekorrens förskola", 1), ("Ekorrens förskola", 2), ("Älvskolan", 1), ("Älvskolan", 2),
        ("Barn- och utbildningsförvaltningen", 1), ("Barn- och utbildningsförvaltningen", 2),
    ]  # fmt: skip


# --- sharing -------------------------------------------------------------------------------


def test_a_plan_without_a_goal_is_not_shared(cast: Cast, plan: ActionPlan):
    for past_gates in (False, True):
        with pytest.raises(TransitionRefused):
            perform(
                plan.share, by=cast.ours.principal, now=NOW, past_gates=past_gates, reason="Ändå"
            )


def test_a_goal_without_a_cause_is_shared_with_a_reason_that_is_kept(cast: Cast, plan: ActionPlan):
    say(cast, plan, causes=[])
    by = cast.ours.principal
    with pytest.raises(TransitionRefused) as told:
        perform(plan.share, by=by, now=NOW)
    [lacks] = told.value.reasons
    for reason in ("", " \n"):
        with pytest.raises(TransitionRefused):
            perform(plan.share, by=by, now=NOW, past_gates=True, reason=reason)
    assert not TransitionRecord.objects.exists()
    shared = perform(
        plan.share, by=by, now=NOW, past_gates=True, reason="Orsakerna reds ut i höst."
    )
    record = TransitionRecord.objects.get()
    assert shared.state == "shared"
    assert (record.overridden, record.reason) == ([lacks], "Orsakerna reds ut i höst.")


def test_a_whole_plan_is_shared_without_a_word(cast: Cast):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school)
    perform(plan.share, by=cast.ours.principal, now=NOW)
    assert TransitionRecord.objects.get().overridden == []


def test_the_button_tells_what_the_plan_lacks(cast: Cast):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school)
    factories.problem(SituationAnalysis.objects.get(unit=plan.unit))
    load_roles(cast.ours.principal, TODAY)
    [share] = [c for c in choices(plan, cast.ours.principal, TODAY) if c.declared.name == "share"]
    assert len(share.closed_because) == 1
    assert share.needs_reason
    assert share.open_gates[0].url == plan.get_absolute_url()


def goals_read(user: User, plan: ActionPlan) -> list[tuple[str, list[str]]]:
    load_roles(user, TODAY)
    said = plan_said(ActionPlan.objects.get(pk=plan.pk), user)
    return [(goal.text, [cause.text for cause in goal.causes]) for goal in said.goals]


def test_while_it_is_reworked_others_read_the_goals_as_they_were_shared(cast: Cast):
    ours = cast.ours
    plan = factories.plan(ours.collaboration, ours.school, state="shared")
    assert PlanSaid.as_shared(plan.as_shared) == PlanSaid.of(plan)
    as_shared = goals_read(ours.team_leader, plan)
    perform(plan.rework, by=ours.principal, now=NOW, reason="Fel årskurs")
    say(cast, plan, "Halvskrivet.", planned=plan.planned_goals.get(), follow_up_on=None)
    say(cast, plan, "Nytt och bara vårt.")
    write_document(document=plan, by=ours.principal, now=NOW, follow_up="Halvvägs")

    assert len(goals_read(ours.principal, plan)) == 2
    for user in (ours.process_supporter, ours.team_leader):
        assert goals_read(user, plan) == as_shared
        assert not PlannedGoal.objects.visible_to(user).exists()
        assert plan.texts_for(user) == {name: getattr(plan, name) for name in ActionPlan.TEXTS}
    perform(
        ActionPlan.objects.get(pk=plan.pk).share, by=ours.principal, now=NOW,
        past_gates=True, reason="Vi fyller på",
    )  # fmt: skip
    assert len(goals_read(ours.team_leader, plan)) == 2


def test_a_plan_that_others_read_keeps_the_causes_as_shared_while_the_analysis_is_reworked(
    cast: Cast,
):
    """The words of a cause stand in the analysis, whichever page they are read on."""
    ours = cast.ours
    analysis = factories.analysis(ours.collaboration, ours.school, state="shared")
    plan = factories.plan(ours.collaboration, ours.school, state="adopted")
    as_shared = goals_read(ours.process_supporter, plan)
    perform(analysis.return_with_comments, by=ours.process_supporter, now=NOW, reason="Fördjupa.")
    problem = analysis.problems.get()
    write_problem(
        analysis=analysis,
        problem=problem,
        text=problem.text,
        development_area="",
        causes=[(problem.causes.get(), "Halvskriven orsak.")],
        by=ours.principal,
        now=NOW,
    )
    assert goals_read(ours.process_supporter, plan) == as_shared
    assert goals_read(ours.principal, plan) == [(as_shared[0][0], ["Halvskriven orsak."])]


# --- what the database refuses -------------------------------------------------------------


def test_constraints(cast: Cast):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school)
    planned = plan.planned_goals.get()
    for refused in (
        lambda: factories.planned_goal(plan, problem=planned.problem, goal=planned.goal),
        lambda: factories.planned_goal(plan, problem=planned.problem, text=""),
        lambda: Goal.objects.create(
            collaboration=plan.collaboration, unit=plan.unit, number=planned.goal.number
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()


def test_a_unit_that_joined_after_the_analysis_has_its_problems_to_answer_too(cast: Cast):
    case = factories.put(cast.ours.collaboration, "analysing")
    factories.analysis(case, cast.ours.school, state="concluded")
    perform(
        case.start_planning, by=cast.agency_manager, now=NOW, past_gates=True, reason="Kom sent"
    )
    late = ActionPlan.objects.get(unit=cast.ours.preschool)
    assert PlanSaid.of(late) == PlanSaid([], [])
    analysis = SituationAnalysis.objects.get(unit=cast.ours.preschool)
    assert (analysis.state, analysis.due_on) == ("not_started", late.due_on)
    assert analysis.due_on is not None
    assert analysis.due_on > TODAY + timedelta(days=59)
