"""The load for benchmarks keeps every rule of the database and looks like real cases."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from django.db.models import F, Q
from pytest_django import DjangoDbBlocker

from cases.actions import make_load
from interventions.models import InterimTask, Intervention, Visit
from meetings.models import Meeting
from notifications.duties import open_duties
from notifications.invariants import breaches
from organisations.models import User
from plans.models import ActionPlan, Goal, GoalRating, Level, PlannedGoal
from plans.queries import PlanSaid
from reports.models import FinancialReport, Report, UniversityReport
from reports.queries import account_of, money_findings
from sbs_workflow.models import Collaboration, TransitionRecord, WorkflowModel
from sbs_workflow.queries import load_roles
from tests.pages.test_every_page import undone

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
TODAY = date(2026, 3, 10)
CASES = 40


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for the module, whose tests only look at it."""
    with django_db_blocker.unblock(), undone():
        make_load(cases=CASES, seed=1, today=TODAY)
        yield


def seen_by(email: str) -> int:
    user = User.objects.get(email=email)
    load_roles(user, TODAY)
    return Collaboration.objects.visible_to(user).count()


def test_the_load_is_as_large_as_real_cases() -> None:
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
    assert UniversityReport.objects.count() >= 4 * under_way
    assert FinancialReport.objects.count() >= under_way
    assert TransitionRecord.objects.count() >= 20 * CASES
    assert 8 * CASES <= User.objects.count() <= 14 * CASES
    assert open_duties(TODAY)
    assert not breaches()


def test_the_known_people_see_what_they_should() -> None:
    assert seen_by("load.supporter@load.demo") == 4
    assert seen_by("load.manager@load.demo") == CASES
    assert seen_by("load.head@load.demo") == 1
    assert seen_by("load.principal@load.demo") == 1


def test_the_red_thread_has_no_loose_ends() -> None:
    """Every goal answers a problem with causes, and what is agreed and done points at it."""
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


def test_the_university_reports_in_the_rounds_of_the_huvudman() -> None:
    rounds = {
        (report.collaboration_id, report.kind, report.number, report.deadline_on)
        for report in Report.objects.all()
    }
    theirs = UniversityReport.objects.prefetch_related("answers")
    assert {(r.collaboration_id, r.kind, r.number, r.deadline_on) for r in theirs} == rounds
    assert set(theirs.values_list("state", flat=True)) >= {"scheduled", "closed"}
    received = [report for report in theirs if report.received_at]
    assert received
    assert all(report.has_an_answer() for report in received)


def test_the_money_of_every_account_adds_up() -> None:
    states = Counter(FinancialReport.objects.values_list("state", flat=True))
    assert states["scheduled"] > CASES / 2
    assert states["settled"]
    certified = FinancialReport.objects.exclude(received_at=None)
    for report in certified:
        account = account_of(report)
        assert account.granted == account.paid == report.agreed == account.used + account.unused
        if report.state in FinancialReport.ACCEPTED_STATES:
            assert account.to_repay == (report.repayment_amount or 0)
        assert not money_findings(account)
        assert report.prepared_by != report.certified_by
    ended = Collaboration.objects.filter(state__in=["closed", "followed_up"])
    assert ended.exclude(financial_report__state__in=FinancialReport.ACCEPTED_STATES).count() == 0


def test_what_was_shared_is_what_its_rows_say() -> None:
    adopted = ActionPlan.objects.filter(state="adopted")
    assert adopted
    for plan in adopted:
        assert PlanSaid.as_shared(plan.as_shared) == PlanSaid.of(plan)


def test_every_state_is_the_one_that_was_recorded_last() -> None:
    recorded = {
        record.object_id: record.to_state
        for record in TransitionRecord.objects.order_by("occurred_at", "pk")
    }
    for model in WorkflowModel.machines():
        initial = model._meta.get_field("state").default
        for row in model._default_manager.all():
            assert recorded.get(row.pk, initial) == row.state, row
