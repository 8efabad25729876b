"""Mellanrummen: a task given at a visit, tried in between, told of, and first at the next visit."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from interventions.models import InterimTask, Visit
from interventions.queries import preparation_of
from notifications.duties import open_duties
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

TOLD: dict[str, Any] = {"course": "changed", "report": "Vi prövade i en annan klass."}


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return factories.visit(cast.ours.collaboration, state="shared", units=[cast.ours.school])


@pytest.fixture
def task(cast: Cast, visit: Visit) -> InterimTask:
    return factories.task(visit, cast.ours.school)


def test_the_process_leader_tells_how_it_went_in_one_step(cast: Cast, task: InterimTask):
    told = perform(task.report_back, by=cast.ours.process_leader, now=NOW, **TOLD)
    assert (told.state, told.course, told.report) == ("reported", TOLD["course"], TOLD["report"])
    assert (told.reported_on, told.due_on) == (TODAY, None)


def test_or_says_first_that_it_has_begun(cast: Cast, task: InterimTask):
    begun = perform(task.begin, by=cast.ours.principal, now=NOW)
    assert (begun.state, begun.due_on) == ("in_progress", task.due_on)
    assert perform(begun.report_back, by=cast.ours.principal, now=NOW, **TOLD).reported_on == TODAY


def test_a_task_is_told_of_by_the_unit_that_was_given_it(cast: Cast, task: InterimTask):
    for by in (cast.ours.preschool_principal, cast.ours.team_leader, cast.theirs.process_leader):
        with pytest.raises(PermissionDenied):
            perform(task.report_back, by=by, now=NOW, **TOLD)


@pytest.mark.parametrize("state", ["given", "in_progress", "reported"])
def test_whatever_became_of_it_is_talked_about(cast: Cast, visit: Visit, state: str):
    task = factories.task(visit, cast.ours.school, state=state)
    discussed = perform(task.discuss, by=cast.ours.education_leader, now=NOW)
    assert (discussed.state, discussed.due_on) == ("discussed", None)
    with pytest.raises(TransitionRefused):
        perform(discussed.report_back, by=cast.ours.process_leader, now=NOW, **TOLD)


# --- the next visit begins with them -------------------------------------------------------


def test_the_preparation_of_a_visit_begins_with_its_units_tasks(cast: Cast, visit: Visit):
    ours, case = cast.ours, cast.ours.collaboration
    given = factories.task(visit, ours.school)
    reported = factories.task(visit, ours.school, state="reported")
    factories.task(visit, ours.school, state="discussed")
    elsewhere = factories.task(visit, ours.preschool)
    running = factories.intervention(case, state="running", units=[ours.school, ours.preschool])
    factories.intervention(case, state="completed", units=[ours.school])
    open_promise = factories.promise(visit)
    factories.promise(visit, settled_on=TODAY, outcome="kept")
    factories.visit(case, state="shared", units=[ours.preschool], takes_place_on=TODAY)
    coming = factories.visit(
        case, state="planned", units=[ours.school], takes_place_on=TODAY + timedelta(days=9)
    )
    load_roles(ours.education_leader, TODAY)

    prepared = preparation_of(coming, ours.education_leader)
    assert prepared.tasks == [reported, given], "what was told of comes first"
    assert prepared.promises == [open_promise]
    assert prepared.last == visit
    assert prepared.interventions == [running]
    without_units = preparation_of(factories.visit(case), ours.education_leader)
    assert set(without_units.tasks) == {reported, given, elsewhere}


def test_it_is_prepared_in_a_fixed_number_of_queries(
    cast: Cast, visit: Visit, django_assert_num_queries
):
    case, school = cast.ours.collaboration, cast.ours.school
    coming = factories.visit(case, state="planned", units=[school], takes_place_on=TODAY)
    load_roles(cast.ours.team_leader, TODAY)
    for count in (1, 9):
        for _again in range(count):
            factories.task(visit, school)
            factories.promise(visit)
            factories.intervention(case, state="running", units=[school])
        fresh = Visit.objects.get(pk=coming.pk)
        with django_assert_num_queries(5):
            prepared = preparation_of(fresh, cast.ours.team_leader)
            assert {str(task.unit) for task in prepared.tasks} == {"Älvskolan"}


# --- duties --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(InterimTask.State))
def test_a_task_is_owed_until_it_is_told_of(cast: Cast, visit: Visit, state: str):
    case = cast.ours.collaboration
    factories.task(visit, cast.ours.school, state=state, due_on=TODAY + timedelta(days=14))

    def owed(today: date) -> list[tuple[str, str]]:
        return [(each.duty.name, each.subject) for each in open_duties(today, scopes=[case.pk])]

    expected = [("interventions.report-task", "Älvskolan")] * (state in ("given", "in_progress"))
    assert owed(TODAY) == expected
    assert owed(TODAY - timedelta(days=1)) == []
    factories.put(case, "withdrawn")
    assert owed(TODAY) == []


def test_constraints(cast: Cast, task: InterimTask):
    for refused in ({"text": ""}, {"state": "reported", "course": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InterimTask.objects.filter(pk=task.pk).update(**refused)
