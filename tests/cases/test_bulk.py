"""The load for benchmarks keeps every rule of the database and looks like real cases."""

from collections import Counter
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F, Q

from cases.actions import AlreadyThere, make_load
from cases.management.commands.load_demo import FILES
from interventions.models import InterimTask, Intervention, Visit
from meetings.models import Meeting
from notifications.duties import open_duties
from notifications.invariants import breaches
from organisations.models import User
from plans.models import ActionPlan, Goal, GoalRating, Level, PlannedGoal
from plans.queries import PlanSaid
from reports.models import Report
from sbs_workflow.models import Collaboration, TransitionRecord, WorkflowModel
from sbs_workflow.queries import load_roles

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
TODAY = date(2026, 3, 10)
CASES = 40


def seen_by(email: str) -> int:
    user = User.objects.get(email=email)
    load_roles(user, TODAY)
    return Collaboration.objects.visible_to(user).count()


def test_the_load_is_as_large_as_real_cases() -> None:
    make_load(cases=CASES, seed=1, today=TODAY)
    assert Collaboration.objects.count() == CASES
    states = Counter(Collaboration.objects.values_list("state", flat=True))
    assert states["active"] > CASES / 2
    under_way = states["active"] + states["extended"]
    assert Visit.objects.count() >= 20 * under_way
    assert Intervention.objects.count() >= 10 * under_way
    assert Goal.objects.count() >= 30 * under_way
    assert InterimTask.objects.count() >= 1.5 * Visit.objects.filter(state="shared").count()
    assert Meeting.objects.count() >= 8 * under_way
    assert Report.objects.count() >= 12 * under_way
    assert TransitionRecord.objects.count() >= 20 * CASES
    assert 8 * CASES <= User.objects.count() <= 14 * CASES
    assert open_duties(TODAY)
    assert not breaches()


def test_the_known_people_see_what_they_should() -> None:
    make_load(cases=CASES, seed=1, today=TODAY)
    assert seen_by("load.supporter@load.demo") == 4
    assert seen_by("load.manager@load.demo") == CASES
    assert seen_by("load.head@load.demo") == 1
    assert seen_by("load.principal@load.demo") == 1


def test_the_red_thread_has_no_loose_ends() -> None:
    """Every goal answers a problem with causes, and what is agreed and done points at it."""
    make_load(cases=CASES, seed=1, today=TODAY)
    under_way = Q(goal__collaboration__state="active")
    planned = PlannedGoal.objects.filter(under_way)
    assert planned
    assert not planned.filter(causes=None)
    assert not planned.exclude(problem__evidence__isnull=False)
    assert not planned.exclude(problem__analysis__unit=F("goal__unit"))
    assert not Intervention.objects.filter(Q(goals=None) | Q(causes=None) | Q(units=None))
    assert not Visit.objects.filter(state="shared").exclude(touches__goal__isnull=False)
    ratings = GoalRating.objects.filter(under_way)
    assert set(ratings.values_list("whose", flat=True)) == {"organiser", "university", "agreed"}
    assert set(ratings.values_list("level", flat=True)) == set(Level.values)


def test_what_was_shared_is_what_its_rows_say() -> None:
    make_load(cases=4, seed=1, today=TODAY)
    adopted = ActionPlan.objects.filter(state="adopted")
    assert adopted
    for plan in adopted:
        assert PlanSaid.as_shared(plan.as_shared) == PlanSaid.of(plan)


def test_every_state_is_the_one_that_was_recorded_last() -> None:
    make_load(cases=12, seed=2, today=TODAY)
    recorded = {
        record.object_id: record.to_state
        for record in TransitionRecord.objects.order_by("occurred_at", "pk")
    }
    for model in WorkflowModel.machines():
        initial = model._meta.get_field("state").default
        for row in model._default_manager.all():
            assert recorded.get(row.pk, initial) == row.state, row


def test_the_same_seed_makes_the_same_cases() -> None:
    make_load(cases=3, seed=7, today=TODAY)
    first = list(Collaboration.objects.order_by("pk").values_list("pk", "name", "state"))
    with pytest.raises(AlreadyThere):
        make_load(cases=3, seed=7, today=TODAY)
    assert list(Collaboration.objects.order_by("pk").values_list("pk", "name", "state")) == first


def test_the_command_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_load", "--cases", "2", "--today", "2026-03-10")
    assert "2" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("make_load", "--cases", "2", "--today", "2026-03-10")


def test_the_load_stands_beside_other_cases() -> None:
    call_command("load_case", FILES / "norrmyra.yaml", "--today", "2026-03-10")
    make_load(cases=8, seed=1, today=TODAY)
    assert Collaboration.objects.count() == 9
