"""The goal clarity aid: what it says of goals as schools write them, and that it only advises."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from plans.clarity import advice_on_goal, advice_on_problem, not_yet_whole
from plans.queries import CauseSaid, GoalSaid, PlanSaid, ProblemSaid
from sbs_workflow.engine import perform
from tests import factories
from tests.cast import NOW, Cast

pytestmark = pytest.mark.portable

CAUSE = CauseSaid("c", 1, "Lektionerna börjar olika.")
CLEAR = GoalSaid(
    key="p",
    goal="g",
    number=1,
    problem="1",
    causes=[CAUSE],
    text="Nio av tio elever vet vad de ska göra när lektionen börjar.",
    short_term_effect="Lugnare starter.",
    long_term_effect="Fler når målen.",
    measure="Elevenkäten.",
    baseline="Sex av tio.",
    target="Nio av tio.",
    follow_up_on=date(2026, 12, 1),
    follow_up_by="Ledningsgruppen",
)
PROBLEM = ProblemSaid("1", 1, "Många förstår inte.", "", [CAUSE])
ENDS = date(2027, 6, 1)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_a_clear_goal_needs_no_advice():
    assert list(advice_on_goal(CLEAR, ENDS)) == []
    assert list(advice_on_goal(CLEAR)) == []


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"causes": []}, "answers no cause"),
        ({"measure": ""}, "no way to see the change"),
        ({"baseline": ""}, "how it is now"),
        ({"target": ""}, "how it is to be"),
        ({"follow_up_on": None}, "no date"),
        ({"follow_up_on": date(2027, 6, 2)}, "after the insatser have ended"),
        ({"follow_up_by": ""}, "Nobody follows it up"),
        ({"short_term_effect": "", "long_term_effect": ""}, "No effect is expected"),
        ({"text": "Vi ska arbeta med bedömning"}, "what you will do"),
        ({"text": "Öka läsförmågan", "target": "Bättre."}, "not how far"),
    ],
)
def test_one_thing_missing_is_one_piece_of_advice(lacking: dict[str, Any], said: str):
    [advice] = advice_on_goal(replace(CLEAR, **lacking), ENDS)
    assert said in advice


def test_one_of_the_two_effects_is_enough_and_no_measure_asks_for_no_baseline():
    assert list(advice_on_goal(replace(CLEAR, short_term_effect=""), ENDS)) == []
    assert list(advice_on_goal(replace(CLEAR, long_term_effect=""), ENDS)) == []
    without = replace(CLEAR, measure="", baseline="", target="")
    assert len(list(advice_on_goal(without, ENDS))) == 1


def test_an_empty_goal_is_told_the_most_important_first():
    empty = replace(
        CLEAR, causes=[], short_term_effect="", long_term_effect="", measure="", baseline="",
        target="", follow_up_on=None, follow_up_by="", text="Förbättra undervisningen",
    )  # fmt: skip
    advice = list(advice_on_goal(empty, ENDS))
    assert "answers no cause" in advice[0]
    assert len(advice) == 6


@pytest.mark.parametrize(
    "activity",
    [
        "Vi ska arbeta med bedömning",
        "Införa gemensam planering",
        "Alla ska genomföra kollegiala samtal",
        "  – Skolan ska implementera läslyftet",
        "Fortsätta arbetet med trygghet",
        "ta fram en plan",
    ],
)
def test_what_people_will_do_is_no_goal(activity: str):
    assert any("what you will do" in text for text in advice_on_goal(replace(CLEAR, text=activity)))


@pytest.mark.parametrize(
    "outcome",
    [
        "Alla elever når minst betyget E i matematik.",
        "Eleverna arbetar tillsammans i varje lektion.",
        "Frånvaron minskar med 20 procent.",
        "Varje barn får höra en saga varje dag.",
        "Hälften så många elever känner sig otrygga på rasterna, och det har förbättrats.",
        "Undervisningen utvecklas i samtal mellan alla lärare.",
    ],
)
def test_what_will_be_different_is_one(outcome: str):
    assert list(advice_on_goal(replace(CLEAR, text=outcome), ENDS)) == []


def test_a_number_in_the_target_says_how_far():
    vague = replace(CLEAR, text="Ökad måluppfyllelse")
    assert list(advice_on_goal(replace(vague, target="80 procent"), ENDS)) == []
    assert len(list(advice_on_goal(replace(vague, target="Bättre än nu"), ENDS))) == 1


# --- the plan as a whole -------------------------------------------------------------------


def test_what_a_plan_lacks_before_it_is_shared():
    other = replace(PROBLEM, key="2", number=2)
    assert list(not_yet_whole(PlanSaid([PROBLEM], [CLEAR]))) == []
    assert list(not_yet_whole(PlanSaid([PROBLEM, other], [CLEAR]))) == ["Problem 2 has no goal."]
    assert list(advice_on_problem(other, PlanSaid([PROBLEM, other], [CLEAR])))
    assert not list(advice_on_problem(PROBLEM, PlanSaid([PROBLEM, other], [CLEAR])))
    poor = replace(CLEAR, causes=[], short_term_effect="", long_term_effect="", measure="")
    assert list(not_yet_whole(PlanSaid([PROBLEM], [poor]))) == [
        "Goal 1 lacks a cause, an expected effect, a follow-up."
    ]
    for half in ({"measure": ""}, {"follow_up_on": None}):
        assert list(not_yet_whole(PlanSaid([PROBLEM], [replace(CLEAR, **half)]))) == [
            "Goal 1 lacks a follow-up."
        ]


@pytest.mark.django_db
def test_advice_is_never_a_block(cast: Cast):
    """A plan that is whole is shared, however vague its goal."""
    plan = factories.plan(cast.ours.collaboration, cast.ours.school)
    plan.planned_goals.update(text="Vi ska arbeta vidare", baseline="", target="", follow_up_by="")
    assert list(advice_on_goal(GoalSaid.of(plan.planned_goals.get())))
    assert perform(plan.share, by=cast.ours.principal, now=NOW).state == "shared"
