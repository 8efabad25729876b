"""Överenskommelse, insatser and visits: guards, gates, effects, actions and duties."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from interventions.actions import (
    add_intervention,
    amend_agreement,
    log_unplanned_visit,
    log_visit,
    move_visit,
    plan_visit,
    write_agreement,
)
from interventions.effects import months_between, planned_by
from interventions.models import Agreement, Intervention, Visit
from notifications.duties import open_duties
from notifications.working_days import add_working_days, is_working_day
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.gates import open_gates
from sbs_workflow.models import Collaboration, Phase, TransitionRecord
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

A_LOG: dict[str, Any] = {"log": "Handledning", "next_steps": "Prova uppgiften", "share": False}


def names(case: Collaboration, today: date = TODAY) -> list[str]:
    return [duty.duty.name for duty in open_duties(today, scopes=[case.pk])]


# --- the agreement -------------------------------------------------------------------------


@pytest.mark.parametrize("emptied", [{"reference": ""}, {"starts_on": None}, {"ends_on": None}])
def test_an_agreement_is_proposed_with_reference_and_period(cast: Cast, emptied: dict[str, Any]):
    agreement = factories.agreement(cast.ours.collaboration, **emptied)
    with pytest.raises(TransitionRefused):
        perform(agreement.propose, by=cast.agency_manager, now=NOW)


def test_an_agreement_is_signed_and_a_decision_decided(cast: Cast):
    agreement = factories.agreement(cast.ours.collaboration, state="proposed")
    with pytest.raises(TransitionRefused):
        perform(agreement.decide, by=cast.agency_manager, now=NOW)
    Agreement.objects.update(kind=Agreement.Kind.DECISION)
    with pytest.raises(TransitionRefused):
        perform(agreement.sign_for_organiser, by=cast.ours.head_of_authority, now=NOW)
    decided = perform(agreement.decide, by=cast.agency_manager, now=NOW)
    assert (decided.state, decided.agency_signed_on, decided.due_on) == ("decided", TODAY, None)


def test_only_an_amendment_is_rejected(cast: Cast):
    agreement = factories.agreement(cast.ours.collaboration, state="proposed")
    with pytest.raises(TransitionRefused):
        perform(agreement.reject, by=cast.ours.head_of_authority, now=NOW, reason="Nej")


def test_whoever_has_it_before_them_is_given_three_weeks(cast: Cast):
    agreement = factories.agreement(cast.ours.collaboration)
    three_weeks = add_working_days(TODAY, 15)
    proposed = perform(agreement.propose, by=cast.agency_manager, now=NOW)
    assert (proposed.proposed_on, proposed.due_on) == (TODAY, three_weeks)
    signed = perform(proposed.sign_for_organiser, by=cast.ours.head_of_authority, now=NOW)
    assert (signed.organiser_signed_on, signed.due_on) == (TODAY, three_weeks)
    agreement.refresh_from_db()
    assert agreement.due_on == three_weeks
    both = perform(signed.sign_for_agency, by=cast.agency_manager, now=NOW)
    assert (both.agency_signed_on, both.due_on) == (TODAY, None)


def test_the_next_version_replaces_the_one_in_force(cast: Cast):
    case = cast.ours.collaboration
    first = factories.agreement(case, state="signed")
    second = amend_agreement(
        agreement=first, reason="En skola till", by=cast.ours.team_leader, now=NOW
    )
    assert (second.version, second.state, second.amendment_reason) == (2, "draft", "En skola till")
    assert (second.reference, second.starts_on, second.ends_on, second.amount) == (
        first.reference, first.starts_on, first.ends_on, first.amount,
    )  # fmt: skip
    factories.put(second, "countersigned")
    perform(second.sign_for_agency, by=cast.agency_manager, now=NOW)
    states = dict(Agreement.objects.values_list("version", "state"))
    assert states == {1: "superseded", 2: "signed"}
    assert "2" in TransitionRecord.objects.get(object_id=first.pk).reason


def test_one_amendment_at_a_time_and_only_of_what_is_in_force(cast: Cast):
    first = factories.agreement(cast.ours.collaboration, state="fulfilled")
    with pytest.raises(TransitionRefused):
        amend_agreement(agreement=first, reason="Mer", by=cast.agency_manager, now=NOW)
    factories.put(first, "signed")
    amend_agreement(agreement=first, reason="Mer", by=cast.agency_manager, now=NOW)
    with pytest.raises(TransitionRefused):
        amend_agreement(agreement=first, reason="Ännu mer", by=cast.agency_manager, now=NOW)


def test_others_neither_amend_nor_write(cast: Cast):
    signed = factories.agreement(cast.ours.collaboration, state="signed")
    for by in (cast.ours.principal, cast.theirs.head_of_authority, cast.outsider):
        with pytest.raises(PermissionDenied):
            amend_agreement(agreement=signed, reason="Mer", by=by, now=NOW)
    for by in (cast.ours.head_of_authority, cast.theirs.process_supporter):
        with pytest.raises(PermissionDenied):
            write_agreement(agreement=signed, by=by, now=NOW, reference="Dnr 1")
    with pytest.raises(TransitionRefused):
        write_agreement(agreement=signed, by=cast.agency_manager, now=NOW, reference="Dnr 1")


def test_the_agency_writes_the_draft(cast: Cast):
    draft = factories.agreement(cast.ours.collaboration)
    written = write_agreement(
        agreement=draft, by=cast.ours.process_supporter, now=NOW, reference="Dnr 2026:9"
    )
    assert written.reference == "Dnr 2026:9"


def test_planning_begins_the_agreement(cast: Cast):
    case = factories.put(cast.ours.collaboration, "analysing")
    perform(case.start_planning, by=cast.agency_manager, now=NOW)
    agreement = Agreement.objects.get(collaboration=case)
    assert (agreement.version, agreement.state) == (1, "draft")
    assert names(case, TODAY + timedelta(days=20)).count("interventions.propose-agreement") == 1


# --- gates ---------------------------------------------------------------------------------


def test_the_plan_phase_ends_with_an_agreement_that_names_something(cast: Cast):
    case = cast.ours.collaboration
    assert len(open_gates(case, Phase.PLAN, TODAY)) == 1
    agreement = factories.agreement(case, state="proposed")
    reasons = open_gates(case, Phase.PLAN, TODAY)
    assert [reason.url for reason in reasons] == [agreement.get_absolute_url()] * 2
    for state in ("signed", "decided"):
        factories.put(agreement, state)
        assert len(open_gates(case, Phase.PLAN, TODAY)) == 1
    factories.intervention(case)
    assert open_gates(case, Phase.PLAN, TODAY) == []


@pytest.mark.parametrize("state", list(Intervention.State))
def test_the_interventions_end_when_each_is_over(cast: Cast, state: str):
    case = cast.ours.collaboration
    intervention = factories.intervention(case, state=state)
    reasons = open_gates(case, Phase.INTERVENTIONS, TODAY)
    is_over = state in ("completed", "cancelled")
    assert intervention.is_over is is_over
    assert [r.url for r in reasons] == [intervention.get_absolute_url()] * (not is_over)


# --- insatser ------------------------------------------------------------------------------


def test_interventions_are_numbered_in_order(cast: Cast):
    case = cast.ours.collaboration
    first = add_intervention(
        collaboration=case, units=[cast.ours.school], by=cast.agency_manager, now=NOW, name="Läsa"
    )
    named = add_intervention(
        collaboration=case, units=[], by=cast.agency_manager, now=NOW, name="Räkna", number=7
    )
    last = add_intervention(
        collaboration=case, units=[], by=cast.agency_manager, now=NOW, name="Skriva"
    )
    assert [i.number for i in (first, named, last)] == [1, 7, 8]
    assert list(first.units.all()) == [cast.ours.school]
    assert str(named) == "7. Räkna"
    for by in (cast.ours.team_leader, cast.theirs.process_supporter):
        with pytest.raises(PermissionDenied):
            add_intervention(collaboration=case, units=[], by=by, now=NOW, name="Nej")


def test_an_intervention_is_ready_with_participants_and_an_agreement(cast: Cast):
    intervention = factories.intervention(cast.ours.collaboration, participants=" ")
    with pytest.raises(TransitionRefused):
        perform(intervention.make_ready, by=cast.ours.team_leader, now=NOW)
    Intervention.objects.update(participants="Alla lärare")
    factories.put(cast.ours.collaboration, "planning")
    with pytest.raises(TransitionRefused):
        perform(intervention.make_ready, by=cast.ours.team_leader, now=NOW)
    for state in ("agreed", "active", "extended"):
        factories.put(cast.ours.collaboration, state)
        factories.put(intervention, "planned")
        assert perform(intervention.make_ready, by=cast.ours.team_leader, now=NOW).state == "ready"


# --- visits --------------------------------------------------------------------------------


def test_a_visit_a_month_but_not_in_july():
    months = list(months_between(date(2026, 5, 20), date(2026, 9, 1)))
    assert months == [date(2026, 5, 1), date(2026, 6, 1), date(2026, 8, 1), date(2026, 9, 1)]


def test_a_visit_is_planned_by_the_25th_of_the_month_before():
    assert planned_by(date(2026, 4, 1), TODAY) == date(2026, 3, 25)
    assert planned_by(date(2026, 3, 1), TODAY) == TODAY, "never before the interventions begin"
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


@pytest.mark.parametrize("who", ["team_leader", "education_leader"])
def test_a_visit_is_planned_moved_and_owed_a_log(cast: Cast, who: str):
    visit = factories.visit(cast.ours.collaboration)
    planned = plan_visit(
        visit=visit,
        takes_place_on=TODAY,
        units=[cast.ours.school],
        form=Visit.Form.DIGITAL,
        by=getattr(cast.ours, who),
        now=NOW,
    )
    assert (planned.state, planned.form, list(planned.units.all())) == (
        "planned", "digital", [cast.ours.school],
    )  # fmt: skip
    assert planned.due_on == add_working_days(TODAY, 3)
    confirmed = perform(planned.confirm, by=cast.ours.principal, now=NOW)
    tomorrow = TODAY + timedelta(days=1)
    moved = move_visit(
        visit=confirmed, takes_place_on=tomorrow, by=getattr(cast.ours, who), now=NOW
    )
    assert (moved.state, moved.takes_place_on) == ("planned", tomorrow)


def test_a_visit_is_confirmed_by_those_who_are_visited(cast: Cast):
    visit = factories.visit(cast.ours.collaboration, state="planned", units=[cast.ours.school])
    with pytest.raises(PermissionDenied):
        perform(visit.confirm, by=cast.ours.preschool_principal, now=NOW)
    assert perform(visit.confirm, by=cast.ours.process_leader, now=NOW).state == "confirmed"


@pytest.mark.parametrize("state", ["planned", "confirmed", "done"])
def test_logging_is_one_step_for_the_person(cast: Cast, state: str):
    visit = factories.visit(cast.ours.collaboration, state=state)
    logged = log_visit(
        visit=visit,
        by=cast.ours.education_leader,
        now=NOW,
        units=[cast.ours.preschool],
        duration_minutes=180,
        **A_LOG,
    )
    logged.refresh_from_db()
    assert (logged.state, logged.log, logged.logged_by) == (
        "logged", "Handledning", cast.ours.education_leader,
    )  # fmt: skip
    assert (logged.duration_minutes, logged.due_on) == (180, None)
    assert list(logged.units.all()) == [cast.ours.preschool]


def test_a_log_is_the_universitys_own_until_it_is_shared(cast: Cast):
    visit = factories.visit(cast.ours.collaboration, state="done")
    shared = log_visit(visit=visit, by=cast.ours.team_leader, now=NOW, **A_LOG | {"share": True})
    assert shared.state == "shared"
    assert [r.to_state for r in TransitionRecord.objects.order_by("occurred_at")].count(
        "shared"
    ) == 1


def test_a_visit_that_has_not_been_cannot_be_logged(cast: Cast):
    visit = factories.visit(
        cast.ours.collaboration, state="planned", takes_place_on=TODAY + timedelta(days=1)
    )
    for unready in (visit, factories.visit(cast.ours.collaboration)):
        with pytest.raises(TransitionRefused):
            log_visit(visit=unready, by=cast.ours.team_leader, now=NOW, **A_LOG)


def test_a_refused_log_leaves_nothing_behind(cast: Cast):
    visit = factories.visit(cast.ours.collaboration, state="planned")
    for by in (cast.ours.principal, cast.theirs.team_leader, cast.outsider):
        with pytest.raises(PermissionDenied):
            log_visit(visit=visit, by=by, now=NOW, **A_LOG)
    assert Visit.objects.get().state == "planned"
    assert not TransitionRecord.objects.exists()


def test_an_unplanned_visit_takes_the_place_of_the_one_owed(cast: Cast):
    case = cast.ours.collaboration
    owed = factories.visit(case)
    logged = log_unplanned_visit(
        collaboration=case, takes_place_on=TODAY, by=cast.ours.team_leader, now=NOW, **A_LOG
    )
    assert (logged.pk, logged.state) == (owed.pk, "logged")
    sent_twice = log_unplanned_visit(
        collaboration=case, takes_place_on=TODAY, by=cast.ours.team_leader, now=NOW, **A_LOG
    )
    assert sent_twice.pk == owed.pk
    same_day = A_LOG | {"log": "Samtal med rektor"}
    another = log_unplanned_visit(
        collaboration=case, takes_place_on=TODAY, by=cast.ours.team_leader, now=NOW, **same_day
    )
    assert another.pk != owed.pk
    with pytest.raises(PermissionDenied):
        log_unplanned_visit(
            collaboration=case, takes_place_on=TODAY, by=cast.theirs.team_leader, now=NOW, **A_LOG
        )


def test_a_cancelled_visit_is_owed_again_and_a_skipped_one_is_not(cast: Cast):
    visit = factories.visit(cast.ours.collaboration, state="planned")
    perform(visit.cancel, by=cast.ours.team_leader, now=NOW, reason="Sjukdom")
    again = Visit.objects.get(state="needed")
    assert (again.month, again.due_on) == (visit.month, add_working_days(TODAY, 5))
    skipped = perform(again.skip, by=cast.ours.team_leader, now=NOW, reason="Lov")
    assert (skipped.state, skipped.due_on) == ("cancelled", None)
    assert not Visit.objects.filter(state="needed").exists()


# --- duties --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ("draft", "interventions.propose-agreement"),
        ("returned", "interventions.propose-agreement"),
        ("proposed", "interventions.sign-for-organiser"),
        ("countersigned", "interventions.sign-for-agency"),
        ("signed", ""),
        ("rejected", ""),
    ],
)
def test_the_duties_of_an_agreement(cast: Cast, state: str, name: str):
    case = cast.ours.collaboration
    factories.agreement(case, state=state, due_on=TODAY + timedelta(days=60))
    assert names(case) == ([name] if name else [])
    assert names(case, TODAY - timedelta(days=1)) == []
    factories.put(case, "withdrawn")
    assert names(case) == []


@pytest.mark.parametrize("state", list(Visit.State))
def test_the_duties_of_a_visit(cast: Cast, state: str):
    case = cast.ours.collaboration
    is_needed, is_to_log = state == "needed", state in ("planned", "confirmed", "done")
    opens = 20 if is_needed else 3
    factories.visit(case, state=state, due_on=TODAY + timedelta(days=opens))
    expected = ["interventions.plan-visit"] * is_needed + ["interventions.log-visit"] * is_to_log
    assert names(case) == expected
    assert names(case, TODAY - timedelta(days=1)) == []
    factories.put(case, "paused")
    assert names(case) == []


# --- what the database refuses -------------------------------------------------------------


def test_constraints(cast: Cast):
    case = cast.ours.collaboration
    yesterday = TODAY - timedelta(days=1)

    def refuses(make: Any, *given: Any, **fields: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            make(*given, **fields)

    signed = factories.agreement(case, state="signed")
    draft = factories.agreement(case, version=2)
    refuses(factories.agreement, case, version=2, state="fulfilled")
    refuses(factories.agreement, case, version=3, state="proposed")
    refuses(factories.put, draft, "decided")
    refuses(factories.put, signed, "signed", ends_on=yesterday, starts_on=TODAY)
    factories.intervention(case)
    refuses(factories.intervention, case, number=1)
    refuses(factories.intervention, case, ends_on=yesterday)
    needed = factories.visit(case)
    refuses(factories.visit, case)
    refuses(factories.put, needed, "planned")
    refuses(factories.visit, case, state="logged", log="")
