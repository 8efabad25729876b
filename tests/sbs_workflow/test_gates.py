"""Gates: each closed and open, and the way past them with a reason that is kept."""

from datetime import timedelta

import pytest

from organisations.models import Role, Unit
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.gates import open_gates
from sbs_workflow.models import Assignment, Collaboration, Participation, Phase, TransitionRecord
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def reasons(collaboration: Collaboration, phase: Phase) -> list[str]:
    return [str(reason.text) for reason in open_gates(collaboration, phase, TODAY)]


def test_an_offer_can_be_followed_up_when_all_are_named(cast: Cast):
    assert reasons(cast.ours.collaboration, Phase.OFFER) == []


def test_process_supporters_work_in_pairs(cast: Cast):
    supporters = Assignment.objects.filter(
        collaboration=cast.ours.collaboration, role=Role.PROCESS_SUPPORTER
    ).exclude(user=cast.deactivated)
    assert len(supporters) == 2
    supporters[0].delete()
    # The deactivated person has the role too, and does not count.
    assert len(reasons(cast.ours.collaboration, Phase.OFFER)) == 1


def test_a_process_supporter_who_has_left_does_not_count(cast: Cast):
    Assignment.objects.filter(user=cast.ours.process_supporter).update(
        ends_on=TODAY - timedelta(days=1)
    )
    assert len(reasons(cast.ours.collaboration, Phase.OFFER)) == 1


def test_a_school_or_preschool_takes_part_and_the_administration_too(cast: Cast):
    parts = Participation.objects.filter(collaboration=cast.ours.collaboration)
    parts.filter(unit=cast.ours.administration).update(left_on=TODAY)
    assert len(reasons(cast.ours.collaboration, Phase.OFFER)) == 1
    parts.exclude(unit__kind=Unit.Kind.ADMINISTRATION).update(left_on=TODAY)
    assert len(reasons(cast.ours.collaboration, Phase.OFFER)) == 2


def test_a_university_is_matched_before_all_is_agreed(cast: Cast):
    matched, unmatched = cast.ours.collaboration, factories.collaboration(cast, university=None)
    assert len(reasons(unmatched, Phase.PLAN)) == len(reasons(matched, Phase.PLAN)) + 1


def test_a_team_leader_is_named_before_the_interventions(cast: Cast):
    before = reasons(cast.ours.collaboration, Phase.AGREEMENT)
    Assignment.objects.filter(user=cast.ours.team_leader).delete()
    assert len(reasons(cast.ours.collaboration, Phase.AGREEMENT)) == len(before) + 1


def test_a_phase_without_gates_is_left_freely(cast: Cast):
    assert reasons(cast.ours.collaboration, Phase.CLOSED) == []


# --- the way past --------------------------------------------------------------------------


def accepted_without_a_unit(cast: Cast) -> Collaboration:
    return factories.collaboration(
        cast, state="accepted", units=[cast.ours.administration], analysis_starts_on=None
    )


def test_an_open_gate_refuses_and_says_what_is_missing(cast: Cast):
    case = accepted_without_a_unit(cast)
    with pytest.raises(TransitionRefused) as told:
        perform(case.start_analysis, by=cast.agency_manager, now=NOW, analysis_starts_on=TODAY)
    assert told.value.reasons == reasons(case, Phase.OFFER)
    assert Collaboration.objects.get(pk=case.pk).state == "accepted"


def test_going_past_needs_a_reason(cast: Cast):
    case = accepted_without_a_unit(cast)
    with pytest.raises(TransitionRefused):
        perform(
            case.start_analysis,
            by=cast.agency_manager,
            now=NOW,
            past_gates=True,
            reason=" ",
            analysis_starts_on=TODAY,
        )
    assert not TransitionRecord.objects.exists()


def test_going_past_is_recorded_with_what_was_missing(cast: Cast):
    case = accepted_without_a_unit(cast)
    missing = reasons(case, Phase.OFFER)
    perform(
        case.start_analysis,
        by=cast.agency_manager,
        now=NOW,
        past_gates=True,
        reason="Skolan namnges i april.",
        analysis_starts_on=TODAY,
    )
    record = TransitionRecord.objects.get(object_id=case.pk)
    assert (record.reason, record.overridden) == ("Skolan namnges i april.", missing)


def test_asking_to_go_past_closed_gates_asks_for_nothing(cast: Cast):
    case = factories.put(cast.ours.collaboration, "accepted")
    perform(
        case.start_analysis,
        by=cast.agency_manager,
        now=NOW,
        past_gates=True,
        analysis_starts_on=TODAY,
    )
    assert TransitionRecord.objects.get(object_id=case.pk).overridden == []
