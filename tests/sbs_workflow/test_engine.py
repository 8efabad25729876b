"""The one way to change a state: what it asks, in which order, and what it leaves behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import override

from meetings.models import Meeting
from organisations.models import Membership, Party, Role
from reports.models import Report
from sbs_workflow.effects import after
from sbs_workflow.engine import (
    SomebodyWasFirst,
    TransitionRefused,
    choices,
    perform,
    perform_all,
)
from sbs_workflow.forms import StepForm
from sbs_workflow.models import Collaboration, TransitionRecord
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def test_a_step_is_recorded_whole(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="submitted")
    done = perform(
        report.return_for_completion, by=cast.agency_manager, now=NOW, reason="Vad hände sen?"
    )
    record = TransitionRecord.objects.get()
    assert (record.machine, record.object_id, record.object_name) == (
        "redovisning", report.pk, str(report),
    )  # fmt: skip
    assert (record.transition, record.from_state, record.to_state) == (
        "return_for_completion", "submitted", "returned",
    )  # fmt: skip
    assert (record.by, record.role, record.party) == (
        cast.agency_manager, Role.AGENCY_MANAGER, Party.AGENCY,
    )  # fmt: skip
    assert (record.occurred_at, record.reason, record.overridden) == (NOW, "Vad hände sen?", [])
    assert (done.returned_on, done.rounds) == (TODAY, 1)
    assert done.collaboration == cast.ours.collaboration == record.collaboration


def test_what_was_read_before_is_never_what_is_saved(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="submitted")
    Report.objects.filter(pk=report.pk).update(number=2)  # while the page was open
    assert perform(report.accept, by=cast.agency_manager, now=NOW).number == 2


def test_what_is_no_reason_is_asked_for_by_its_own_name(cast: Cast):
    analysis = factories.analysis(cast.ours.collaboration, cast.ours.school, state="shared")
    load_roles(cast.ours.process_supporter, TODAY)
    back = [c for c in choices(analysis, cast.ours.process_supporter, TODAY) if c.step.is_exit]
    pause = [
        choice
        for choice in choices(cast.ours.collaboration, cast.ours.process_supporter, TODAY)
        if choice.needs_reason
    ]
    with override("en"):
        asked = {
            str(c.label): str(StepForm(choice=c, today=TODAY).fields["reason"].label)
            for c in (*back, *pause)
        }
    assert asked["Return with comments"] == "Comments"
    assert asked["Pause"] == "Reason"


def test_only_days_that_have_come_are_filled_in(cast: Cast):
    candidate = factories.collaboration(cast, state="candidate")
    load_roles(cast.ours.process_supporter, TODAY)
    found = choices(cast.ours.collaboration, cast.ours.process_supporter, TODAY)
    [pause] = [choice for choice in found if choice.declared.name == "pause"]
    assert StepForm(choice=pause, today=TODAY).fields["resume_on"].initial is None
    found = choices(candidate, cast.ours.process_supporter, TODAY)
    [offer] = [choice for choice in found if choice.declared.name == "offer"]
    assert StepForm(choice=offer, today=TODAY).fields["offered_on"].initial == TODAY


def test_right_is_asked_before_state(cast: Cast):
    """So that nobody learns the state of a thing that is none of their business."""
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="accepted")
    with pytest.raises(PermissionDenied):
        perform(report.accept, by=cast.outsider, now=NOW)
    with pytest.raises(SomebodyWasFirst):
        perform(report.accept, by=cast.agency_manager, now=NOW)


def test_who_was_first_is_told(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="submitted")
    perform(report.accept, by=cast.ours.process_supporter, now=NOW)
    with pytest.raises(SomebodyWasFirst) as told:
        perform(report.accept, by=cast.agency_manager, now=NOW, seen_state="submitted")
    assert told.value.record is not None
    assert told.value.record.by == cast.ours.process_supporter
    assert told.value.instance.state == "accepted"


def test_a_state_that_was_not_seen_is_too_late_even_where_the_step_is_open(cast: Cast):
    meeting = factories.meeting(cast.ours.collaboration, state="proposed")
    with pytest.raises(SomebodyWasFirst) as told:
        perform(
            meeting.cancel,
            by=cast.agency_manager,
            now=NOW,
            reason="Sjukdom",
            seen_state="booked",
        )
    assert told.value.record is None


def test_a_failing_guard_says_why_and_changes_nothing(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="open", text="  ")
    with pytest.raises(TransitionRefused) as told:
        perform(report.mark_ready, by=cast.ours.principal, now=NOW)
    assert len(told.value.reasons) == 1
    assert Report.objects.get().state == "open"
    assert not TransitionRecord.objects.exists()


def test_an_effect_that_fails_takes_the_step_with_it(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="submitted")

    def fail(_change: object) -> None:
        raise RuntimeError("the disk is full")

    after((Report, "accept"))(fail)
    try:
        with pytest.raises(RuntimeError):
            perform(report.accept, by=cast.agency_manager, now=NOW)
    finally:
        after._declared[Report, "accept"].remove(fail)
    assert Report.objects.get().state == "submitted"
    assert not TransitionRecord.objects.exists()


def test_time_may_not_do_what_people_do_nor_people_what_time_does(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="scheduled")
    with pytest.raises(PermissionDenied):
        perform(report.open, by=cast.agency_manager, now=NOW)
    with pytest.raises(PermissionDenied):
        perform(report.waive, by=None, now=NOW, reason="Enheten är stängd")
    assert perform(report.open, by=None, now=NOW).state == "open"
    record = TransitionRecord.objects.get()
    assert (record.by, record.role, record.party) == (None, "", "")


def test_the_role_is_the_one_held_on_that_day(cast: Cast):
    """A former head of authority is nobody; a coming one is nobody yet."""
    offered = factories.put(cast.ours.collaboration, "offered")
    Membership.objects.filter(user=cast.ours.head_of_authority).update(
        ends_on=TODAY - timedelta(days=1)
    )
    with pytest.raises(PermissionDenied):
        perform(offered.decline, by=cast.ours.head_of_authority, now=NOW, decline_reason="time")
    Membership.objects.create(
        user=cast.outsider,
        organisation=cast.ours.organiser,
        role=Role.HEAD_OF_AUTHORITY,
        starts_on=TODAY + timedelta(days=1),
    )
    with pytest.raises(PermissionDenied):
        perform(offered.decline, by=cast.outsider, now=NOW, decline_reason="time")
    tomorrow = NOW + timedelta(days=1)
    declined = perform(offered.decline, by=cast.outsider, now=tomorrow, decline_reason="time")
    assert declined.state == "declined"


def test_the_day_is_the_day_in_sweden(cast: Cast):
    """A quarter past midnight in Stockholm is still the day before in UTC."""
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="submitted")
    night = NOW.replace(day=11, hour=0, minute=15)
    returned = perform(
        report.return_for_completion, by=cast.agency_manager, now=night, reason="Mer"
    )
    assert returned.returned_on == TODAY + timedelta(days=1)


def test_records_are_never_changed_nor_deleted(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="submitted")
    perform(report.accept, by=cast.agency_manager, now=NOW)
    record = TransitionRecord.objects.get()
    for attempt in (
        record.save,
        record.delete,
        TransitionRecord.objects.all().delete,
        lambda: TransitionRecord.objects.update(reason="annat"),
    ):
        with pytest.raises(TypeError):
            attempt()
    with pytest.raises(ProtectedError):
        cast.agency_manager.delete()


def test_the_state_cannot_be_set_by_hand(cast: Cast):
    with pytest.raises(AttributeError):
        cast.ours.collaboration.state = "closed"


def test_the_database_refuses_a_state_that_no_machine_knows(cast: Cast):
    ours, school = cast.ours.collaboration, cast.ours.school
    for instance in (
        ours,
        factories.analysis(ours, school),
        factories.plan(ours, school),
        factories.agreement(ours),
        factories.intervention(ours),
        factories.visit(ours),
        factories.meeting(ours),
        factories.report(ours, school),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.put(instance, "elsewhere")


# --- what is offered is what is let through ------------------------------------------------


def test_choices_come_from_the_same_source_as_the_check(cast: Cast):
    proposed = factories.meeting(cast.ours.collaboration, state="proposed")
    load_roles(cast.ours.process_supporter, TODAY)
    load_roles(cast.ours.team_leader, TODAY)
    offered = choices(proposed, cast.ours.process_supporter, TODAY)
    assert [choice.declared.name for choice in offered] == ["book", "propose", "cancel"]
    assert [choice.is_primary for choice in offered] == [True, False, False]
    assert choices(proposed, cast.ours.team_leader, TODAY) == []


def test_a_choice_that_is_closed_says_why(cast: Cast):
    active = cast.ours.collaboration
    factories.intervention(active, state="running")
    load_roles(cast.agency_manager, TODAY)
    report = next(
        choice
        for choice in choices(active, cast.agency_manager, TODAY)
        if choice.declared.name == "start_reporting"
    )
    assert len(report.closed_because) == 1
    assert "Undervisning i matematik" in report.closed_because[0]
    assert not report.is_primary
    assert report.needs_reason


def test_a_failing_guard_closes_the_choice(cast: Cast):
    analysis = factories.analysis(cast.ours.collaboration, cast.ours.school, with_problem=False)
    load_roles(cast.ours.principal, TODAY)
    [share] = choices(analysis, cast.ours.principal, TODAY)
    assert len(share.closed_because) == 2, "no problem with a cause, and no evidence"


def test_steps_that_follow_from_others_are_not_offered(cast: Cast):
    meeting = factories.meeting(cast.ours.collaboration, state="booked")
    load_roles(cast.ours.process_supporter, TODAY)
    names = [c.declared.name for c in choices(meeting, cast.ours.process_supporter, TODAY)]
    assert "hold_without_quorum" not in names
    assert "hold" in names


# --- time takes many steps at once ---------------------------------------------------------


def test_many_steps_are_taken_in_a_fixed_number_of_queries(cast: Cast, django_assert_num_queries):
    def scheduled(count: int, first: int) -> list[Report]:
        return [
            factories.report(
                cast.ours.collaboration, cast.ours.school, state="scheduled", number=number
            )
            for number in range(first, first + count)
        ]

    few, many = scheduled(2, 1), scheduled(40, 10)
    with transaction.atomic():
        with django_assert_num_queries(7):
            assert perform_all(Report, "open", [r.pk for r in few], now=NOW) == 2
        with django_assert_num_queries(7):
            assert perform_all(Report, "open", [r.pk for r in many], now=NOW) == 40
    assert set(Report.objects.values_list("state", flat=True)) == {"open"}
    records = TransitionRecord.objects.all()
    assert {(r.from_state, r.to_state, r.by) for r in records} == {("scheduled", "open", None)}
    assert len({record.object_id for record in records}) == len(records) == 42


def test_rows_that_moved_on_or_are_not_ready_are_passed_over(cast: Cast):
    accepted = factories.report(cast.ours.collaboration, cast.ours.school, state="accepted")
    assert perform_all(Report, "open", [accepted.pk], now=NOW) == 0
    assert perform_all(Report, "open", [], now=NOW) == 0
    assert not TransitionRecord.objects.exists()


def test_what_people_do_is_not_done_in_bulk(cast: Cast):
    booked = factories.meeting(cast.ours.collaboration, state="minuted")
    with pytest.raises(PermissionDenied):
        perform_all(Meeting, "approve", [booked.pk], now=NOW)
    assert Meeting.objects.get().state == "minuted"


def test_a_paused_case_comes_back_to_where_it_was(cast: Cast):
    for state in ("analysing", "reporting"):
        working = factories.put(cast.ours.collaboration, state)
        paused = perform(
            working.pause, by=cast.agency_manager, now=NOW, reason="Flytt", resume_on=TODAY
        )
        assert (paused.state, paused.stopped_in, paused.phase) == ("paused", state, working.phase)
        assert perform(paused.resume, by=cast.agency_manager, now=NOW).state == state


def test_a_case_that_ends_early_remembers_its_phase(cast: Cast):
    for state in ("planning", "paused"):
        case = factories.put(cast.ours.collaboration, state)
        ended = perform(
            case.withdraw, by=cast.ours.head_of_authority, now=NOW, reason="Ny organisation"
        )
        assert ended.ended_early
        assert ended.phase == case.phase
        assert not ended.is_live


def test_every_state_has_a_phase(cast: Cast):
    for state in Collaboration.State.values:
        assert factories.put(cast.ours.collaboration, state).phase
