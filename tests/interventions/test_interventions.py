"""Insatser: gates, the outline that is adapted, and the duties of the agreement."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from interventions.actions import adapt_outline, write_outline
from interventions.models import Agreement, Intervention
from notifications.duties import open_duties
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.gates import open_gates
from sbs_workflow.models import Collaboration, Phase, TransitionRecord
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def names(case: Collaboration, today: date = TODAY) -> list[str]:
    return [duty.duty.name for duty in open_duties(today, scopes=[case.pk])]


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
    agreement = factories.agreement(case, state="proposed", with_terms=False)
    reasons = open_gates(case, Phase.PLAN, TODAY)
    assert [reason.url for reason in reasons] == [agreement.get_absolute_url()] * 2
    for state in ("signed", "decided"):
        factories.put(agreement, state)
        assert len(open_gates(case, Phase.PLAN, TODAY)) == 1
    factories.terms(agreement)
    assert open_gates(case, Phase.PLAN, TODAY) == []
    factories.agreement(case, version=2, with_terms=False)
    assert open_gates(case, Phase.PLAN, TODAY) == [], "the one in force counts"


@pytest.mark.parametrize("state", list(Intervention.State))
def test_the_interventions_end_when_each_is_over(cast: Cast, state: str):
    case = cast.ours.collaboration
    intervention = factories.intervention(case, state=state)
    reasons = open_gates(case, Phase.INTERVENTIONS, TODAY)
    is_over = state in ("completed", "cancelled")
    assert intervention.is_over is is_over
    assert [r.url for r in reasons] == [intervention.get_absolute_url()] * (not is_over)


# --- insatser ------------------------------------------------------------------------------


def test_an_intervention_is_ready_with_participants_and_an_agreement(cast: Cast):
    factories.assignment_plan(cast.ours.collaboration, state="confirmed")
    intervention = factories.intervention(cast.ours.collaboration, participants=[])
    with pytest.raises(TransitionRefused):
        perform(intervention.make_ready, by=cast.ours.team_leader, now=NOW)
    Intervention.objects.update(participants=[["lärare", 24]])
    factories.put(cast.ours.collaboration, "planning")
    with pytest.raises(TransitionRefused):
        perform(intervention.make_ready, by=cast.ours.team_leader, now=NOW)
    for state in ("agreed", "active", "extended"):
        factories.put(cast.ours.collaboration, state)
        factories.put(intervention, "planned")
        assert perform(intervention.make_ready, by=cast.ours.team_leader, now=NOW).state == "ready"


@pytest.mark.parametrize("state", ["planned", "ready"])
def test_the_outline_is_written_freely_until_the_insats_begins(cast: Cast, state: str):
    intervention = factories.intervention(cast.ours.collaboration, state=state)
    for hour, text in enumerate(["Två träffar.", "Tre träffar.", "Tre träffar."]):
        now = NOW + timedelta(hours=hour)
        write_outline(intervention=intervention, text=text, by=cast.ours.team_leader, now=now)
    assert [outline.text for outline in intervention.outlines.all()].count("Tre träffar.") == 1
    for by in (cast.ours.education_leader, cast.agency_manager, cast.theirs.team_leader):
        with pytest.raises(PermissionDenied):
            write_outline(intervention=intervention, text="Nej", by=by, now=NOW)


@pytest.mark.parametrize("state", ["running", "extended"])
def test_afterwards_it_is_adapted_with_a_reason_and_the_old_one_stays(cast: Cast, state: str):
    intervention = factories.intervention(cast.ours.collaboration, state=state)
    with pytest.raises(TransitionRefused):
        write_outline(intervention=intervention, text="X", by=cast.ours.team_leader, now=NOW)

    def adapt(text: str, reason: str = "Lärarna bad om det", hours: int = 0) -> Intervention:
        return adapt_outline(
            intervention=intervention,
            text=text,
            reason=reason,
            by=cast.ours.education_leader,
            now=NOW + timedelta(hours=hours),
        )

    assert adapt("Tre träffar.").state == state
    adapt("Tre träffar.")
    assert TransitionRecord.objects.count() == 1, "sent twice"
    adapt("Fyra träffar.", hours=1)
    assert [outline.text for outline in intervention.outlines.all()] == [
        "Fyra träffar.", "Tre träffar.",
    ]  # fmt: skip
    current = intervention.outlines.first()
    assert current is not None
    assert (current.reason, current.written_by) == (
        "Lärarna bad om det", cast.ours.education_leader,
    )  # fmt: skip
    with pytest.raises(TransitionRefused):
        adapt("Fem träffar.", reason=" ")
    with pytest.raises(PermissionDenied):
        adapt_outline(
            intervention=intervention, text="X", reason="Y", by=cast.ours.principal, now=NOW
        )


# --- duties --------------------------------------------------------------------------------

# What is due on a day off is shown later, as it slides.
SIXTY_BEFORE_A_MONDAY = TODAY + timedelta(days=2)
NINETY_BEFORE_A_WEDNESDAY = TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "name", "shown"),
    [
        ("draft", "interventions.propose-agreement", 60),
        ("returned", "interventions.propose-agreement", 60),
        ("proposed", "interventions.sign-for-organiser", 60),
        ("countersigned", "interventions.sign-for-agency", 60),
        ("signed", "interventions.extend-or-end", 90),
        ("decided", "interventions.extend-or-end", 90),
        ("rejected", "", 60),
    ],
)
def test_the_duties_of_an_agreement(cast: Cast, state: str, name: str, shown: int):
    opens_on = SIXTY_BEFORE_A_MONDAY if shown == 60 else NINETY_BEFORE_A_WEDNESDAY
    case = cast.ours.collaboration
    factories.agreement(case, state=state, due_on=opens_on + timedelta(days=shown))
    assert names(case, opens_on) == ([name] if name else [])
    assert names(case, opens_on - timedelta(days=1)) == []
    factories.put(case, "withdrawn")
    assert names(case, opens_on) == []


@pytest.mark.parametrize("state", list(Intervention.State))
def test_a_deviation_is_owed_until_it_is_settled(cast: Cast, state: str):
    case = cast.ours.collaboration
    opens_on = SIXTY_BEFORE_A_MONDAY
    factories.intervention(case, state=state, due_on=opens_on + timedelta(days=60))
    is_open = state == "deviation_open"
    assert names(case, opens_on) == ["interventions.settle-deviation"] * is_open
    assert names(case, opens_on - timedelta(days=1)) == []


def test_constraints(cast: Cast):
    def refuses(**fields: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.intervention(cast.ours.collaboration, **fields)

    factories.intervention(cast.ours.collaboration)
    refuses(number=1)
    refuses(ends_on=TODAY - timedelta(days=1))
    refuses(state="tired")
