"""Delredovisning and slutredovisning: when they are due, who writes, returns and reads them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from notifications.automatic import registry as each_tick
from notifications.duties import open_duties
from notifications.working_days import add_working_days, is_working_day
from reports.actions import Said, write_answers
from reports.automatic import open_reports
from reports.effects import add_months, deadlines, out_of_july
from reports.models import Report
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.gates import open_gates
from sbs_workflow.models import Participation, Phase
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

LESSONS = ("lessons", "1")
DAYS = st.dates(date(2010, 1, 1), date(2090, 1, 1))


# --- the calendar of reports ---------------------------------------------------------------


def test_three_interim_reports_and_a_final_one(cast: Cast):
    found = list(deadlines(date(2026, 1, 15), date(2028, 6, 15)))
    assert found == [
        (Report.Kind.INTERIM, 1, date(2026, 8, 17)),
        (Report.Kind.INTERIM, 2, date(2027, 1, 15)),
        (Report.Kind.INTERIM, 3, date(2027, 8, 16)),
        (Report.Kind.FINAL, 1, date(2028, 8, 15)),
    ]


def test_a_short_period_has_fewer_interim_reports():
    kinds = [kind for kind, _number, _day in deadlines(date(2026, 1, 15), date(2026, 9, 1))]
    assert kinds == [Report.Kind.INTERIM, Report.Kind.FINAL]


@given(DAYS)
def test_nothing_is_due_in_july(day: date):
    moved = out_of_july(day)
    assert moved.month != 7
    assert moved >= day
    assert moved == day or is_working_day(moved)


@given(DAYS, st.integers(0, 60))
def test_months_on_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_every_unit_gets_its_reports_when_the_interventions_start(cast: Cast):
    case = factories.put(cast.ours.collaboration, "agreed")
    Participation.objects.filter(unit=cast.ours.preschool).update(left_on=TODAY)
    perform(
        case.start_interventions,
        by=cast.ours.team_leader,
        now=NOW,
        past_gates=True,
        reason="Prov",
        interventions_start_on=TODAY,
        interventions_end_on=TODAY + timedelta(days=800),
    )
    reports = Report.objects.filter(collaboration=case)
    assert {report.unit for report in reports} == {cast.ours.school, cast.ours.administration}
    assert len(reports) == 2 * 4
    for report in reports:
        lead = 60 if report.kind == "final" else 45
        assert report.due_on == report.deadline_on - timedelta(days=lead)
        assert report.state == "scheduled"


def test_extending_moves_the_final_reports_that_have_not_opened(cast: Cast):
    case = cast.ours.collaboration
    waiting = factories.report(case, cast.ours.school, kind="final", state="scheduled")
    opened = factories.report(case, cast.ours.preschool, kind="final", state="open")
    interim = factories.report(case, cast.ours.school, state="scheduled")
    end = date(2028, 9, 1)
    perform(
        case.extend, by=cast.agency_manager, now=NOW, reason="Fler skolor", interventions_end_on=end
    )
    moved = dict(Report.objects.values_list("pk", "deadline_on"))
    assert moved == {
        waiting.pk: date(2028, 10, 2),  # the first working day after thirty days
        opened.pk: opened.deadline_on,
        interim.pk: interim.deadline_on,
    }


def test_a_report_opens_by_itself_but_not_while_the_case_stands_still(cast: Cast):
    assert open_reports in each_tick
    case = cast.ours.collaboration
    report = factories.report(case, cast.ours.school, state="scheduled", due_on=TODAY)
    assert open_reports(NOW - timedelta(days=1)) == 0
    factories.put(case, "paused")
    assert open_reports(NOW) == 0
    factories.put(case, "active")
    assert open_reports(NOW) == 1
    assert open_reports(NOW) == 0
    report.refresh_from_db()
    assert (report.state, report.due_on) == ("open", report.deadline_on)


# --- the steps -----------------------------------------------------------------------------


def test_an_empty_report_is_not_ready(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, text="\n")
    with pytest.raises(TransitionRefused):
        perform(report.mark_ready, by=cast.ours.principal, now=NOW)


def test_submitting_stamps_the_moment_and_gives_the_agency_its_time(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="unit_ready")
    submitted = perform(report.submit, by=cast.ours.coordinator, now=NOW)
    assert submitted.received_at == NOW
    assert submitted.due_on == add_working_days(TODAY, 20)


def test_it_is_returned_twice_at_most(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="submitted")
    for round_ in (1, 2):
        returned = perform(
            report.return_for_completion, by=cast.agency_manager, now=NOW, reason="Vilka mål?"
        )
        assert (returned.rounds, returned.due_on) == (round_, add_working_days(TODAY, 10))
        perform(returned.submit, by=cast.ours.coordinator, now=NOW)
    with pytest.raises(TransitionRefused):
        perform(report.return_for_completion, by=cast.agency_manager, now=NOW, reason="Igen")
    accepted = perform(report.accept, by=cast.agency_manager, now=NOW)
    assert (accepted.state, accepted.due_on) == ("accepted", None)


# --- writing -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["principal", "process_leader", "head_of_authority", "coordinator"])
@pytest.mark.parametrize("state", ["open", "returned"])
def test_the_unit_and_its_huvudman_write_while_it_is_open(cast: Cast, who: str, state: str):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state=state)
    said = {LESSONS: Said("Nytt")}
    write_answers(report=report, answers=said, by=getattr(cast.ours, who), now=NOW)
    assert report.answers.get(field="lessons").text == "Nytt"


@pytest.mark.parametrize("state", ["scheduled", "unit_ready", "submitted", "accepted", "waived"])
def test_nobody_writes_when_it_is_not_open(cast: Cast, state: str):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state=state)
    with pytest.raises(TransitionRefused):
        write_answers(
            report=report, answers={LESSONS: Said("Nytt")}, by=cast.ours.principal, now=NOW
        )


def test_the_others_do_not_write(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school)
    for by in (
        cast.agency_manager,
        cast.ours.team_leader,
        cast.ours.preschool_principal,
        cast.theirs.principal,
        cast.outsider,
        cast.deactivated,
    ):
        with pytest.raises(PermissionDenied):
            write_answers(report=report, answers={LESSONS: Said("Nytt")}, by=by, now=NOW)


# --- gates and duties ----------------------------------------------------------------------


@pytest.mark.parametrize("state", list(Report.State))
def test_a_case_is_closed_when_every_final_report_is_settled(cast: Cast, state: str):
    case = cast.ours.collaboration
    final = factories.report(case, cast.ours.school, kind="final", state=state)
    factories.report(case, cast.ours.school, state="open")
    reasons = open_gates(case, Phase.REPORTING, TODAY)
    is_settled = state in ("accepted", "waived")
    assert [reason.url for reason in reasons] == [final.get_absolute_url()] * (not is_settled)


def test_the_report_of_a_unit_that_has_left_holds_nobody_up(cast: Cast):
    factories.report(cast.ours.collaboration, cast.ours.school, kind="final", state="scheduled")
    Participation.objects.filter(unit=cast.ours.school).update(left_on=TODAY)
    assert open_gates(cast.ours.collaboration, Phase.REPORTING, TODAY) == []


DUTIES = {
    ("interim", "open"): "reports.write-interim-report",
    ("final", "open"): "reports.write-final-report",
    ("interim", "unit_ready"): "reports.submit-report",
    ("final", "unit_ready"): "reports.submit-report",
    ("interim", "submitted"): "reports.read-report",
    ("final", "submitted"): "reports.read-report",
    ("interim", "returned"): "reports.complete-report",
    ("final", "returned"): "reports.complete-report",
}


@pytest.mark.parametrize("kind", list(Report.Kind))
@pytest.mark.parametrize("state", list(Report.State))
def test_each_duty_opens_and_falls_away(cast: Cast, kind: str, state: str):
    case = cast.ours.collaboration

    def names(today: date) -> list[str]:
        return [duty.duty.name for duty in open_duties(today, scopes=[case.pk])]

    name = DUTIES.get((kind, state), "")
    opens = 45 if (kind, state) == ("interim", "open") else 60
    shown_on = TODAY if opens == 45 else TODAY + timedelta(days=2)  # so that it is due on a weekday
    due_on = shown_on + timedelta(days=opens)
    factories.report(case, cast.ours.school, kind=kind, state=state, due_on=due_on)
    assert names(shown_on) == ([name] if name else [])
    assert names(shown_on - timedelta(days=1)) == []
    factories.put(case, "terminated")
    assert names(shown_on) == []


# --- what the database refuses -------------------------------------------------------------


def test_constraints(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.report(cast.ours.collaboration, cast.ours.school)
    for state in ("submitted", "returned", "accepted"):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.put(report, state)
