"""Visits: planned, moved, done and logged, with what was touched, promised and given."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from interventions.actions import (
    Log,
    PromiseMade,
    TaskGiven,
    finish_visit,
    log_unplanned_visit,
    log_visit,
    move_visit,
    plan_visit,
)
from interventions.effects import months_between, planned_by
from interventions.models import InterimTask, Touch, Visit
from interventions.queries import who_came_last
from notifications.duties import open_duties
from notifications.working_days import add_working_days, is_working_day, next_working_day
from organisations.models import Party, Role
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.models import Collaboration, Promise, TransitionRecord
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

A_LOG = Log(text="Handledning", next_steps="Prova uppgiften", share=False)
SHARED_LOG = replace(A_LOG, share=True)
TOMORROW = TODAY + timedelta(days=1)


def names(case: Collaboration, today: date = TODAY) -> list[str]:
    return [duty.duty.name for duty in open_duties(today, scopes=[case.pk])]


def a_full_log(cast: Cast, *, count: int = 1, share: bool = True) -> Log:
    """Everything that a log can hold, ``count`` times."""
    case, ours = cast.ours.collaboration, cast.ours
    plan = factories.plan(case, ours.school, state="adopted")
    problem = plan.planned_goals.get().problem
    goals = [plan.planned_goals.get().goal]
    goals += [factories.planned_goal(plan, problem=problem).goal for _more in range(count - 1)]
    return Log(
        text="Handledning",
        next_steps="Prova uppgiften",
        units=[ours.school],
        interventions=[factories.intervention(case, state="running") for _each in range(count)],
        goals=goals,
        promises=[
            PromiseMade(Party.ORGANISER, f"En timme i veckan, {n}", TODAY + timedelta(days=30))
            for n in range(count)
        ],
        tasks=[TaskGiven(ours.school, f"Pröva i en klass, {n}") for n in range(count)],
        details={"duration_minutes": 180, "kind": "supervision", "participants": [["lärare", 12]]},
        share=share,
    )


# --- which months --------------------------------------------------------------------------


def test_a_visit_a_month_but_not_in_july():
    months = list(months_between(date(2026, 5, 20), date(2026, 9, 1)))
    assert months == [date(2026, 5, 1), date(2026, 6, 1), date(2026, 8, 1), date(2026, 9, 1)]


def test_a_visit_is_planned_by_the_25th_of_the_month_before():
    assert planned_by(date(2026, 4, 1), TODAY) == date(2026, 3, 25)
    assert planned_by(date(2026, 3, 1), TODAY) == TODAY, "never before the interventions begin"
    assert planned_by(date(2026, 8, 1), TODAY) == date(2026, 6, 25), "nobody plans in July"
    assert is_working_day(planned_by(date(2026, 5, 1), TODAY))


def test_the_interventions_bring_their_visits_and_their_end_takes_the_rest_away(cast: Cast):
    case = factories.put(cast.ours.collaboration, "agreed")
    begin: dict[str, Any] = {
        "interventions_start_on": TODAY,
        "interventions_end_on": TODAY + timedelta(days=365),
    }
    active = perform(
        case.start_interventions,
        by=cast.ours.team_leader,
        now=NOW,
        past_gates=True,
        reason="Prov",
        **begin,
    )
    visits = Visit.objects.filter(collaboration=case, due_on__isnull=False)
    assert visits.count() == 12
    extended = perform(
        active.extend,
        by=cast.agency_manager,
        now=NOW,
        reason="Mer tid",
        interventions_end_on=TODAY + timedelta(days=425),
    )
    assert visits.count() == 14
    perform(extended.start_reporting, by=cast.agency_manager, now=NOW)
    assert not visits.exists()


# --- planning ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["team_leader", "education_leader"])
def test_a_visit_is_planned_moved_and_owed_a_log(cast: Cast, who: str):
    visit, by = factories.visit(cast.ours.collaboration), getattr(cast.ours, who)
    units = [cast.ours.school, cast.ours.preschool]
    planned = plan_visit(
        visit=visit, takes_place_on=TODAY, units=units, form=Visit.Form.DIGITAL, by=by, now=NOW
    )
    assert (planned.state, planned.form, set(planned.units.all())) == (
        "planned", "digital", set(units),
    )  # fmt: skip
    assert planned.due_on == add_working_days(TODAY, 3)
    confirmed = perform(planned.confirm, by=cast.ours.principal, now=NOW)
    moved = move_visit(visit=confirmed, takes_place_on=TOMORROW, by=by, now=NOW)
    assert (moved.state, moved.takes_place_on) == ("planned", TOMORROW)
    records = TransitionRecord.objects.count()
    assert move_visit(visit=moved, takes_place_on=TOMORROW, by=by, now=NOW).pk == visit.pk
    assert TransitionRecord.objects.count() == records, "sent twice"


def test_a_visit_is_confirmed_by_those_who_are_visited(cast: Cast):
    visit = factories.visit(cast.ours.collaboration, state="planned", units=[cast.ours.school])
    with pytest.raises(PermissionDenied):
        perform(visit.confirm, by=cast.ours.preschool_principal, now=NOW)
    assert perform(visit.confirm, by=cast.ours.process_leader, now=NOW).state == "confirmed"


def test_a_cancelled_visit_is_owed_again_and_a_skipped_one_is_not(cast: Cast):
    """A month without a visit is a valid entry, with its reason."""
    visit = factories.visit(cast.ours.collaboration, state="planned")
    perform(visit.cancel, by=cast.ours.team_leader, now=NOW, reason="Sjukdom")
    again = Visit.objects.get(state="needed")
    assert (again.month, again.due_on) == (visit.month, add_working_days(TODAY, 5))
    with pytest.raises(TransitionRefused):
        perform(again.skip, by=cast.ours.team_leader, now=NOW)
    skipped = perform(again.skip, by=cast.ours.team_leader, now=NOW, reason="Lov")
    assert (skipped.state, skipped.due_on) == ("cancelled", None)
    assert TransitionRecord.objects.get(transition="skip").reason == "Lov"
    assert not Visit.objects.filter(state="needed").exists()


def test_a_visit_is_done_when_its_day_has_come_and_still_owes_its_log(cast: Cast):
    case, by = cast.ours.collaboration, cast.ours.education_leader
    coming = factories.visit(case, state="confirmed", takes_place_on=TOMORROW)
    with pytest.raises(TransitionRefused):
        finish_visit(visit=coming, by=by, now=NOW)
    done = finish_visit(visit=coming, by=by, now=NOW + timedelta(days=1))
    assert done.state == "done"
    assert done.due_on is not None
    with pytest.raises(PermissionDenied):
        finish_visit(visit=factories.visit(case, state="planned"), by=cast.ours.principal, now=NOW)


# --- logging -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["planned", "confirmed", "done"])
@pytest.mark.parametrize(("share", "expected"), [(False, "logged"), (True, "shared")])
def test_logging_is_one_step_for_the_person(cast: Cast, state: str, share: bool, expected: str):
    visit = factories.visit(cast.ours.collaboration, state=state)
    log = replace(
        A_LOG,
        units=[cast.ours.preschool, cast.ours.school],
        details={"duration_minutes": 180, "form": "digital", "participants": [["lärare", 12]]},
        share=share,
    )
    log_visit(visit=visit, log=log, by=cast.ours.education_leader, now=NOW)
    logged = Visit.objects.get()
    assert (logged.state, logged.log, logged.next_steps) == (
        expected, "Handledning", "Prova uppgiften",
    )  # fmt: skip
    assert (logged.logged_by, logged.duration_minutes, logged.form, logged.due_on) == (
        cast.ours.education_leader, 180, "digital", None,
    )  # fmt: skip
    assert logged.participants_in_words == "lärare 12"
    assert logged.units.count() == 2
    assert TransitionRecord.objects.get().to_state == expected


def test_what_it_was_about_and_what_was_promised_and_given_are_rows(cast: Cast):
    case = cast.ours.collaboration
    visit = factories.visit(case, state="planned")
    log = a_full_log(cast)
    log_visit(visit=visit, log=log, by=cast.ours.team_leader, now=NOW)
    touches = Touch.objects.filter(visit=visit)
    assert {touch.intervention for touch in touches} == {*log.interventions, None}
    assert {touch.goal for touch in touches} == {*log.goals, None}
    promise = Promise.objects.get()
    assert (promise.collaboration, promise.made_in, promise.made_on) == (
        case, visit.pk, visit.takes_place_on,
    )  # fmt: skip
    assert (promise.party, promise.what, promise.due_on) == (
        Party.ORGANISER, "En timme i veckan, 0", TODAY + timedelta(days=30),
    )  # fmt: skip
    assert (promise.written_by, promise.is_shared, promise.is_open) == (
        Party.UNIVERSITY, True, True,
    )  # fmt: skip
    task = InterimTask.objects.get()
    assert (task.visit, task.unit, task.text, task.state) == (
        visit, cast.ours.school, "Pröva i en klass, 0", "given",
    )  # fmt: skip


def test_a_log_that_says_no_more_leaves_no_more(cast: Cast):
    visit = factories.visit(cast.ours.collaboration, state="planned", units=[cast.ours.school])
    log_visit(visit=visit, log=A_LOG, by=cast.ours.team_leader, now=NOW)
    assert [model.objects.count() for model in (Touch, Promise, InterimTask)] == [0, 0, 0]
    assert list(visit.units.all()) == [cast.ours.school], "units that are not given stay"


@pytest.mark.parametrize(
    ("visits", "until"),
    [
        ([], next_working_day(TODAY + timedelta(days=28))),
        ([("planned", 20), ("confirmed", 9), ("cancelled", 2)], TODAY + timedelta(days=9)),
        ([("planned", -1), ("shared", 3)], next_working_day(TODAY + timedelta(days=28))),
    ],
)
def test_a_task_is_given_until_the_next_visit(
    cast: Cast, visits: list[tuple[str, int]], until: date
):
    case = cast.ours.collaboration
    for state, days in visits:
        factories.visit(case, state=state, takes_place_on=TODAY + timedelta(days=days))
    visit = factories.visit(case, state="planned")
    log = replace(A_LOG, tasks=[TaskGiven(cast.ours.school, "Pröva")])
    log_visit(visit=visit, log=log, by=cast.ours.team_leader, now=NOW)
    assert InterimTask.objects.get().due_on == until


@pytest.mark.parametrize("count", [1, 5])
def test_a_visit_is_logged_in_as_many_queries_however_much_it_says(cast: Cast, count: int):
    """Issue 3; a phone in a school corridor waits for each of them, the trail's own among them."""
    visit = factories.visit(cast.ours.collaboration, state="planned", units=[cast.ours.school])
    log = a_full_log(cast, count=count)
    load_roles(cast.ours.team_leader, TODAY)
    assert visit.unit_keys, "the page that shows the form has asked for them"
    with CaptureQueriesContext(connection) as asked:
        log_visit(visit=visit, log=log, by=cast.ours.team_leader, now=NOW)
    sent = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(sent) == 8, sent
    assert "records_contentchange" in sent[-1]


def test_a_visit_that_has_not_been_cannot_be_logged(cast: Cast):
    visit = factories.visit(cast.ours.collaboration, state="planned", takes_place_on=TOMORROW)
    for unready in (visit, factories.visit(cast.ours.collaboration)):
        with pytest.raises(TransitionRefused):
            log_visit(visit=unready, log=A_LOG, by=cast.ours.team_leader, now=NOW)


def test_a_refused_log_leaves_nothing_behind(cast: Cast):
    visit = factories.visit(cast.ours.collaboration, state="planned")
    log = a_full_log(cast)
    for by in (cast.ours.principal, cast.theirs.team_leader, cast.outsider):
        with pytest.raises(PermissionDenied):
            log_visit(visit=visit, log=log, by=by, now=NOW)
    assert Visit.objects.get().state == "planned"
    assert not TransitionRecord.objects.exists()
    assert [model.objects.count() for model in (Touch, Promise, InterimTask)] == [0, 0, 0]


def test_a_log_is_the_universitys_own_until_it_is_shared(cast: Cast):
    """With what it was about, and what was promised; a task is the unit's at once."""
    visit = factories.visit(cast.ours.collaboration, state="planned")
    log_visit(visit=visit, log=a_full_log(cast, share=False), by=cast.ours.team_leader, now=NOW)

    def readers(see: Callable[[Any], bool]) -> set[Role]:
        found = set()
        for role, user in cast.people.items():
            load_roles(user, TODAY)
            if see(user):
                found.add(role)
        return found

    fresh = Visit.objects.get()
    university = {Role.TEAM_LEADER, Role.EDUCATION_LEADER, Role.UNIVERSITY_LEAD}
    parts: tuple[Callable[[Any], bool], ...] = (
        lambda user: fresh.log_is_open_to(user),
        lambda user: Touch.objects.visible_to(user).exists(),
        lambda user: Promise.objects.visible_to(user).exists(),
    )
    for see in parts:
        assert readers(see) == university
    assert readers(lambda user: InterimTask.objects.visible_to(user).exists()) == set(Role)
    fresh = perform(fresh.share, by=cast.ours.team_leader, now=NOW)
    for see in parts:
        assert readers(see) == set(Role)


def test_an_unplanned_visit_takes_the_place_of_the_one_owed(cast: Cast):
    case, by = cast.ours.collaboration, cast.ours.team_leader
    owed = factories.visit(case)

    def log(text: str = "Handledning", day: date = TODAY) -> Visit:
        said = replace(a_log, text=text)
        return log_unplanned_visit(collaboration=case, takes_place_on=day, log=said, by=by, now=NOW)

    a_log = a_full_log(cast)
    logged = log()
    assert (logged.pk, logged.state) == (owed.pk, "shared")
    assert log().pk == owed.pk, "sent twice"
    assert (Promise.objects.count(), InterimTask.objects.count()) == (1, 1)
    assert log("Samtal med rektor").pk != owed.pk
    with pytest.raises(TransitionRefused):
        log(day=TOMORROW)
    with pytest.raises(PermissionDenied):
        log_unplanned_visit(
            collaboration=case, takes_place_on=TODAY, log=a_log, by=cast.theirs.team_leader, now=NOW
        )


def test_the_next_log_begins_with_who_came_last(cast: Cast):
    case = cast.ours.collaboration
    visit = factories.visit(case, state="planned")
    assert who_came_last(visit) == []
    long_ago = TODAY - timedelta(days=40)
    factories.visit(case, state="shared", takes_place_on=long_ago, participants=[["lärare", 3]])
    factories.visit(case, state="logged", participants=[["lärare", 24], ["rektor", None]])
    factories.visit(case, state="shared", participants=[], takes_place_on=TODAY)
    factories.visit(cast.theirs.collaboration, state="shared", takes_place_on=TODAY)
    assert who_came_last(visit) == [["lärare", 24], ["rektor", None]]


# --- duties --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(Visit.State))
def test_the_duties_of_a_visit(cast: Cast, state: str):
    case = cast.ours.collaboration
    is_needed, is_to_log = state == "needed", state in ("planned", "confirmed", "done")
    opens = TODAY + timedelta(days=20) if is_needed else add_working_days(TODAY, 3)
    factories.visit(case, state=state, due_on=opens)
    expected = ["interventions.plan-visit"] * is_needed + ["interventions.log-visit"] * is_to_log
    assert names(case) == expected
    assert names(case, TODAY - timedelta(days=1)) == []
    factories.put(case, "paused")
    assert names(case) == []


# --- what the database refuses -------------------------------------------------------------


def test_constraints(cast: Cast):
    case = cast.ours.collaboration

    def refuses(make: Any, *given: Any, **fields: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            make(*given, **fields)

    needed = factories.visit(case)
    refuses(factories.visit, case)
    refuses(factories.put, needed, "planned")
    refuses(factories.visit, case, state="logged", log="")
    intervention = factories.intervention(case)
    shared = factories.visit(case, state="shared", interventions=[intervention])
    refuses(Touch.objects.create, visit=shared, intervention=intervention)
    refuses(Touch.objects.create, visit=shared)
    goal = a_full_log(cast).goals[0]
    refuses(Touch.objects.create, visit=shared, intervention=intervention, goal=goal)
    refuses(factories.promise, shared, what="")
    refuses(factories.promise, shared, settled_on=TODAY)
    refuses(factories.promise, shared, outcome="kept")


def test_a_visit_is_prepared_until_its_day_has_passed():
    def is_prepared(state: str, days: int) -> bool:
        coming = Visit(state=state, takes_place_on=TODAY + timedelta(days=days))
        return coming.lies_ahead(TODAY)

    assert is_prepared("planned", 0)
    assert is_prepared("confirmed", 3)
    assert not is_prepared("confirmed", -1)
    assert not is_prepared("logged", 0)
    assert not Visit(state="needed").lies_ahead(TODAY)
