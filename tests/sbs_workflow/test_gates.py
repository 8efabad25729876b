"""Gates: each closed and open, and the way past them with a reason that is kept."""

from datetime import timedelta

import pytest
from django.test import Client

from organisations.models import Role, Unit
from plans.models import ActionPlan
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.gates import open_cautions, open_gates
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


# --- cautions ------------------------------------------------------------------------------
# The same for a step of any other object; what each asks is tried in its own house.


def a_vague_plan(cast: Cast) -> ActionPlan:
    plan = factories.plan(cast.ours.collaboration, cast.ours.school)
    plan.planned_goals.update(measure="")
    return plan


def test_a_caution_is_gone_past_only_with_a_reason_and_is_recorded(cast: Cast):
    plan, by = a_vague_plan(cast), cast.ours.principal
    [caution] = [str(reason.text) for reason in open_cautions(plan, "share", TODAY)]
    for past_gates, reason in ((False, ""), (False, "Vi vet"), (True, ""), (True, " \n")):
        with pytest.raises(TransitionRefused):
            perform(plan.share, by=by, now=NOW, past_gates=past_gates, reason=reason)
    assert not TransitionRecord.objects.exists()
    perform(plan.share, by=by, now=NOW, past_gates=True, reason="Måtten väljs i höst.")
    record = TransitionRecord.objects.get()
    assert (record.overridden, record.reason) == ([caution], "Måtten väljs i höst.")


def test_a_caution_is_asked_about_its_own_step_only(cast: Cast):
    plan = factories.put(a_vague_plan(cast), "discussed")
    assert open_cautions(plan, "adopt", TODAY) == []
    assert perform(plan.adopt, by=cast.ours.principal, now=NOW).state == "adopted"


def test_a_guard_is_not_gone_past(cast: Cast):
    """Where the data would be meaningless no reason helps."""
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, with_goal=False)
    with pytest.raises(TransitionRefused):
        perform(plan.share, by=cast.ours.principal, now=NOW, past_gates=True, reason="Ändå")


def test_the_page_of_the_step_asks_for_the_reason_and_takes_it(cast: Cast, client: Client):
    plan = a_vague_plan(cast)
    client.force_login(cast.ours.principal)
    url = f"/steg/{plan.machine_slug}/{plan.pk}/share/"
    sent = {"seen_state": "draft", "past_gates": "on", "reason": ""}
    assert {"past_gates", "reason"} <= set(client.get(url).context["form"].fields)
    assert client.post(url, sent).status_code == 422
    assert client.post(url, sent | {"reason": "Måtten väljs i höst."}).status_code == 302
    assert TransitionRecord.objects.get().reason == "Måtten väljs i höst."
