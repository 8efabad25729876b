"""The red thread as a case file tells it, from the first problem to the colours."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoDbBlocker

from cases.actions import load_cases
from interventions.models import (
    Agreement,
    AssignmentPlan,
    Deviation,
    InterimTask,
    Intervention,
    Terms,
    Touch,
    Visit,
)
from notifications.clock import STOCKHOLM
from plans.models import ActionPlan, Evidence, GoalRating, PlannedGoal, Problem
from sbs_workflow.models import Promise, TransitionRecord
from tests.cases.conftest import RED_THREAD, SMALL_CASE
from tests.pages.test_every_page import undone

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
NOW = datetime(2026, 3, 10, 9, tzinfo=STOCKHOLM)


@pytest.fixture(scope="module", autouse=True)
def _told(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Loaded once for the module, whose tests only look at it."""
    path = tmp_path_factory.mktemp("case") / "case.yaml"
    path.write_text(SMALL_CASE + RED_THREAD, encoding="utf-8")
    with django_db_blocker.unblock(), undone():
        load_cases([path], now=NOW)
        yield


def planned(version: int) -> dict[int, PlannedGoal]:
    rows = PlannedGoal.objects.filter(plan__version=version, plan__unit__name="Centralskolan")
    return {row.goal.number: row for row in rows.select_related("goal")}


def test_problems_have_causes_and_evidence() -> None:
    problem = Problem.objects.get(analysis__unit__name="Centralskolan")
    assert problem.analysis.prioritised_areas == ["Undervisningens kvalitet"]
    assert [cause.number for cause in problem.causes.all()] == [1, 2]
    evidence = Evidence.objects.get(problem=problem)
    assert (evidence.kind, evidence.voice) == ("statistics", "staff")
    assert evidence.noted_on == date(2025, 6, 16)


def test_goals_answer_causes_and_are_kept_when_the_plan_is_revised() -> None:
    old, new = planned(1), planned(2)
    assert [cause.number for cause in old[1].causes.all()] == [1, 2]
    assert (old[1].baseline, old[1].follow_up_by) == ("Tre lärare", "rektor")
    assert old[2].follow_up_on == date(2027, 6, 16)
    assert sorted(new) == [1, 3]
    # What version 2 does not tell of goal 1 is as it was.
    assert new[1].target == "Alla lärare, på film eller på plats"
    assert (new[1].text, new[1].measure) == (old[1].text, old[1].measure)
    assert list(new[1].causes.all()) == list(old[1].causes.all())
    plans = ActionPlan.objects.filter(unit__name="Centralskolan").order_by("version")
    assert [plan.state for plan in plans] == ["superseded", "adopted"]


def test_what_is_shared_in_spite_of_a_caution_is_recorded_with_the_reason() -> None:
    shared = TransitionRecord.objects.filter(machine="atgardsplan", transition="share")
    overridden = shared.exclude(overridden=[]).get()
    assert "Förvaltningen" in overridden.object_name
    assert overridden.reason.startswith("Förvaltningen bestämmer")


def test_an_amendment_changes_and_drops_insatser_and_keeps_the_rest() -> None:
    first, second = Agreement.objects.order_by("version")
    assert (first.state, second.state) == ("superseded", "signed")
    assert second.amended_by is not None
    assert second.amended_by.name == "Sara Skolchef"
    assert list(first.instalments.values_list("amount", flat=True)) == [200_000, 100_000]
    assert list(second.instalments.values_list("amount", flat=True)) == [350_000]
    assert second.reporting_dates.count() == 2
    kept = Terms.objects.get(agreement=second)
    assert kept.name == "Se varandras lektioner"
    assert kept.participants == [["lärare", 24], ["rektor", 1]]
    assert [goal.number for goal in kept.goals.all()] == [1]
    assert kept.ends_on == date(2027, 6, 11)
    lessons, talks = Intervention.objects.order_by("number")
    assert (lessons.state, talks.state) == ("extended", "cancelled")
    assert (talks.provider, talks.provider_name) == ("consultant", "Konsulten")
    assert [outline.text for outline in lessons.outlines.all()] == [
        "Två filmer i stället för en.",
        "Vi börjar med en film.",
    ]
    deviation = Deviation.objects.get()
    assert deviation.outcome == Deviation.Outcome.AMENDED


def test_the_assignment_thins_out_and_is_asked_for_again() -> None:
    draft, confirmed = AssignmentPlan.objects.all()
    assert (draft.state, confirmed.state) == ("draft", "confirmed")
    assert confirmed.team == "Lo Ledare\nEn kollega"
    days = dict(confirmed.months.values_list("month", "days"))
    assert days[date(2025, 10, 1)] == 2
    assert days[date(2027, 6, 1)] == Decimal("0.5")
    assert date(2026, 7, 1) not in days
    # A month without planned days owes no visit.
    assert not Visit.objects.filter(month=date(2027, 1, 1), due_on__isnull=False).exists()


def test_a_visit_leaves_touches_promises_and_tasks() -> None:
    visit = Visit.objects.get(takes_place_on=date(2025, 10, 20))
    assert visit.participants == [["lärare", 12], ["rektor", 1]]
    touched = Touch.objects.filter(visit=visit)
    assert touched.filter(intervention__number=1).count() == 1
    assert touched.filter(goal__number=1).count() == 1
    kept, dropped = Promise.objects.filter(made_in=visit.pk).order_by("settled_on")
    assert (kept.party, kept.outcome, kept.word) == ("university", "kept", "Skickade.")
    assert kept.due_on == date(2025, 10, 31)
    assert (dropped.party, dropped.outcome) == ("organiser", "dropped")
    task = InterimTask.objects.get(visit=visit)
    assert (task.state, task.course, task.report) == ("discussed", "partly", "Hälften hann.")
    steps = TransitionRecord.objects.filter(object_id=task.pk).order_by("occurred_at")
    assert [step.transition for step in steps] == ["begin", "report_back", "discuss"]


def test_each_party_has_its_colour_and_the_meeting_agrees_on_one() -> None:
    ratings = {rating.whose: rating for rating in GoalRating.objects.all()}
    assert {whose: rating.level for whose, rating in ratings.items()} == {
        "organiser": "well_under_way",
        "university": "started",
        "agreed": "started",
    }
    assert ratings["organiser"].by.name == "Rut Rektor"
    assert ratings["university"].evidence_kind == "observation"
    assert "3 december 2025" in ratings["agreed"].occasion
