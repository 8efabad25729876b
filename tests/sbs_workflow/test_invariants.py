"""What must always be true is true after steps, and found out when it is not."""

from datetime import date

import pytest

from notifications.invariants import breaches
from organisations.models import SchoolBreak
from sbs_workflow.engine import perform
from sbs_workflow.models import TransitionRecord
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def test_steps_leave_everything_true(cast: Cast):
    case = cast.ours.collaboration
    paused = perform(case.pause, by=cast.agency_manager, now=NOW, reason="Flytt", resume_on=TODAY)
    perform(paused.resume, by=cast.agency_manager, now=NOW)
    meeting = factories.meeting(case, state="held")
    perform(meeting.write_minutes, by=cast.agency_manager, now=NOW, minutes="Överens")
    assert breaches() == []


def test_a_state_written_past_the_trail_is_found_out(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="submitted")
    perform(report.accept, by=cast.agency_manager, now=NOW)
    factories.put(report, "returned")
    assert breaches() == [f"redovisning {report.pk} is returned, but its trail says accepted"]


def test_a_record_in_another_case_is_found_out(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="submitted")
    perform(report.accept, by=cast.agency_manager, now=NOW)
    factories.put(report, "accepted", collaboration=cast.theirs.collaboration)
    assert len(breaches()) == 1


def test_a_gap_in_the_trail_is_found_out(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="accepted")
    for step in (("open", "unit_ready"), ("submitted", "accepted")):
        TransitionRecord.objects.create(
            collaboration=cast.ours.collaboration,
            machine="redovisning",
            object_id=report.pk,
            object_name=str(report),
            transition="?",
            from_state=step[0],
            to_state=step[1],
            occurred_at=NOW,
        )
    assert breaches() == [f"redovisning {report.pk} went from submitted, but was unit_ready"]


def test_a_stop_without_a_place_is_found_out(cast: Cast):
    factories.put(cast.ours.collaboration, "paused", stopped_in="")
    assert len(breaches()) == 1


def test_school_breaks_that_share_a_day_are_found_out(cast: Cast):
    factories.school_break(cast.ours.organiser)
    factories.school_break(cast.theirs.organiser)
    touching = factories.school_break(
        cast.ours.organiser, first_day=date(2026, 10, 31), last_day=date(2026, 10, 31)
    )
    assert breaches() == []
    SchoolBreak.objects.filter(pk=touching.pk).update(first_day=date(2026, 10, 30))
    assert len(breaches()) == 1
