"""Colours: each party's own, the agreed one, the way they move, and who reads them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from organisations.models import Role
from plans.actions import agree_on_colour, rate_goal
from plans.models import Goal, GoalRating, Level, Whose
from plans.queries import GoalColours, colours_of
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

SAID: dict[str, Any] = {
    "level": Level.STARTED,
    "justification": "Hälften av klasserna har prövat.",
    "evidence_kind": "observation",
    "evidence": "Två lektionsbesök.",
}


@pytest.fixture
def goal(cast: Cast) -> Goal:
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, state="adopted")
    return plan.planned_goals.get().goal


def agreed(cast: Cast, goal: Goal, level: str, days: int = 0) -> GoalRating:
    return agree_on_colour(
        goal=goal,
        role=Role.PROCESS_SUPPORTER,
        occasion="Trepartsavstämning",
        agreed_in=uuid4(),
        by=cast.ours.process_supporter,
        now=NOW + timedelta(days=days),
        **SAID | {"level": level},
    )


# --- whose ---------------------------------------------------------------------------------


WHOSE = {
    Role.PRINCIPAL: Whose.ORGANISER,
    Role.PROCESS_LEADER: Whose.ORGANISER,
    Role.HEAD_OF_AUTHORITY: Whose.ORGANISER,
    Role.COORDINATOR: Whose.ORGANISER,
    Role.TEAM_LEADER: Whose.UNIVERSITY,
    Role.EDUCATION_LEADER: Whose.UNIVERSITY,
    Role.UNIVERSITY_LEAD: Whose.UNIVERSITY,
    Role.PROCESS_SUPPORTER: Whose.AGENCY,
    Role.AGENCY_MANAGER: Whose.AGENCY,
}


@pytest.mark.parametrize("role", Role)
def test_each_party_sets_its_own_colour(cast: Cast, goal: Goal, role: Role):
    rating = rate_goal(goal=goal, by=cast.people[role], now=NOW, **SAID)
    assert (rating.whose, rating.role, rating.by) == (WHOSE[role], role, cast.people[role])
    assert (rating.rated_on, rating.rated_at) == (TODAY, NOW)
    assert (rating.level, rating.evidence_kind) == ("started", "observation")
    assert rating.agreed_in is None


def test_others_set_none(cast: Cast, goal: Goal):
    for by in (
        cast.ours.preschool_principal,
        cast.theirs.team_leader,
        cast.theirs.principal,
        cast.outsider,
        cast.deactivated,
    ):
        with pytest.raises(PermissionDenied):
            rate_goal(goal=goal, by=by, now=NOW, **SAID)
    assert not GoalRating.objects.exists()


@pytest.mark.parametrize("state", ["paused", "withdrawn", "terminated", "closed"])
def test_colours_rest_while_the_case_stands_still(cast: Cast, goal: Goal, state: str):
    factories.put(cast.ours.collaboration, state)
    with pytest.raises(TransitionRefused):
        rate_goal(goal=goal, by=cast.ours.principal, now=NOW, **SAID)
    with pytest.raises(TransitionRefused):
        agreed(cast, goal, Level.ACHIEVED)


def test_the_same_colour_sent_twice_is_one_and_a_new_day_is_a_new_statement(cast: Cast, goal: Goal):
    by = cast.ours.principal
    first = rate_goal(goal=goal, by=by, now=NOW, **SAID)
    assert rate_goal(goal=goal, by=by, now=NOW + timedelta(minutes=1), **SAID) == first
    assert rate_goal(goal=goal, by=by, now=NOW + timedelta(days=1), **SAID) != first
    changed = rate_goal(goal=goal, by=by, now=NOW, **SAID | {"level": Level.WELL_UNDER_WAY})
    assert changed != first
    assert GoalRating.objects.get(pk=first.pk).level == "started", "never changed, only followed"


# --- what they say together ----------------------------------------------------------------


def colours(goal: Goal) -> GoalColours:
    return colours_of([goal.pk]).get(goal.pk, GoalColours())


def test_a_goal_that_nobody_has_rated_is_not_yet_begun(goal: Goal):
    empty = colours(goal)
    assert (empty.level, empty.agreed, empty.own, empty.direction) == (
        Level.NOT_BEGUN, None, [], None,
    )  # fmt: skip
    assert not empty.parties_differ


def test_the_agreed_colour_counts_and_the_parties_own_stand_beside_it(cast: Cast, goal: Goal):
    rate_goal(goal=goal, by=cast.ours.principal, now=NOW, **SAID | {"level": Level.ACHIEVED})
    assert colours(goal).level == Level.NOT_BEGUN, "one party's picture is not the agreed one"
    rate_goal(goal=goal, by=cast.ours.team_leader, now=NOW, **SAID | {"level": Level.ACHIEVED})
    assert not colours(goal).parties_differ
    later = NOW + timedelta(hours=1)
    rate_goal(goal=goal, by=cast.ours.education_leader, now=later, **SAID)
    agreed(cast, goal, Level.WELL_UNDER_WAY)
    together = colours(goal)
    assert together.level == Level.WELL_UNDER_WAY
    assert [(r.whose, r.level) for r in together.own] == [
        ("organiser", "achieved"), ("university", "started"),
    ]  # fmt: skip
    assert together.parties_differ
    assert together.agreed is not None
    assert together.agreed.occasion == "Trepartsavstämning"


@pytest.mark.parametrize(
    ("levels", "direction"),
    [
        ([Level.STARTED], None),
        ([Level.STARTED, Level.WELL_UNDER_WAY], 1),
        ([Level.NOT_BEGUN, Level.ACHIEVED], 1),
        ([Level.ACHIEVED, Level.ACHIEVED], 0),
        ([Level.STARTED, Level.ACHIEVED, Level.WELL_UNDER_WAY], -1),
    ],
)
def test_the_way_it_moves_is_told_from_the_agreed_colours(
    cast: Cast, goal: Goal, levels: list[Level], direction: int | None
):
    for number, level in enumerate(levels):
        agreed(cast, goal, level, days=number)
    rate_goal(goal=goal, by=cast.ours.principal, now=NOW + timedelta(days=9), **SAID)
    assert colours(goal).direction == direction
    assert bool(colours(goal).direction_label) is (direction is not None)


def test_all_ratings_of_many_goals_are_read_in_one_query(
    cast: Cast, goal: Goal, django_assert_num_queries
):
    plan = factories.plan(cast.ours.collaboration, cast.ours.preschool, state="adopted")
    other = plan.planned_goals.get().goal
    for day in range(20):
        agreed(cast, goal, Level.STARTED, days=day)
        agreed(cast, other, Level.ACHIEVED, days=day)
    with django_assert_num_queries(1):
        found = colours_of([goal.pk, other.pk])
        assert {str(rating.by) for rating in found[goal.pk].ratings} == {"Pia Processtödjare"}
    assert (found[goal.pk].level, found[other.pk].level) == (Level.STARTED, Level.ACHIEVED)


# --- who reads them ------------------------------------------------------------------------


def test_all_three_read_each_others_colours_and_nobody_else_any(cast: Cast, goal: Goal):
    rate_goal(goal=goal, by=cast.ours.principal, now=NOW, **SAID)
    readers = {*cast.people.values(), cast.ours.preschool_principal}
    for user in {*readers, *cast.theirs.everybody, cast.outsider, cast.deactivated}:
        load_roles(user, TODAY)
        assert GoalRating.objects.visible_to(user).exists() is (user in readers), user


def test_the_colour_of_a_goal_that_nobody_has_shared_is_the_units_own(cast: Cast):
    draft = factories.plan(cast.ours.collaboration, cast.ours.school)
    rate_goal(goal=draft.planned_goals.get().goal, by=cast.ours.principal, now=NOW, **SAID)
    for role, user in cast.people.items():
        load_roles(user, TODAY)
        own = role in (Role.PRINCIPAL, Role.PROCESS_LEADER, Role.HEAD_OF_AUTHORITY,
                       Role.COORDINATOR)  # fmt: skip
        assert GoalRating.objects.visible_to(user).exists() is own, role


# --- what the database refuses -------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": "failed"},
        {"whose": "the press"},
        {"justification": ""},
        {"whose": "agreed", "occasion": ""},
    ],
)
def test_constraints(cast: Cast, goal: Goal, wrong: dict[str, Any]):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.rating(goal, by=cast.ours.principal, **wrong)
