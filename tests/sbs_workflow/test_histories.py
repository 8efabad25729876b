"""Any history of a collaboration, taken step by step by anybody, against the written table."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from notifications.invariants import breaches
from organisations.models import Role
from sbs_workflow.engine import SomebodyWasFirst, perform
from sbs_workflow.models import Collaboration, TransitionRecord
from tests import factories
from tests.architecture.table import written_table
from tests.cast import NOW, TODAY, Cast

TABLE = [step for step in written_table() if step.machine == "samverkan"]
NAMES = sorted({step.transition for step in TABLE})
INPUTS: dict[str, dict[str, Any]] = {
    "offer": {"offered_on": TODAY, "offer_channel": "letter"},
    "accept": {"mandate_reference": "§ 14"},
    "decline": {"decline_reason": "time"},
    "start_analysis": {"analysis_starts_on": TODAY},
    "start_interventions": {
        "interventions_start_on": TODAY,
        "interventions_end_on": TODAY + timedelta(days=700),
    },
    "extend": {"interventions_end_on": TODAY + timedelta(days=900)},
    "close": {"closing_seminar_on": TODAY},
    "follow_up": {"followed_up_on": TODAY},
    "pause": {"resume_on": TODAY},
}


class History(RuleBasedStateMachine):
    """The model knows the written table and where a case was stopped, and nothing else."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.database = transaction.atomic()
        self.database.__enter__()
        self.case = factories.put(self.cast.ours.collaboration, "candidate", stopped_in="")
        self.state, self.stopped_in, self.steps = "candidate", "", 0

    @rule(data=st.data(), favoured=st.booleans())
    def somebody_takes_a_step(self, data: st.DataObject, favoured: bool) -> None:
        """Every second time one that the table allows, so that histories get somewhere."""
        open_steps = sorted({s.transition for s in TABLE if s.source == self.state and favoured})
        name = data.draw(st.sampled_from(open_steps or NAMES), label="step")
        who = data.draw(st.sampled_from([None, *Role]), label="who")
        expected = self._expected(name, who)
        try:
            with transaction.atomic():
                self.case = perform(
                    getattr(self.case, name),
                    by=self.cast.people[who] if who else None,
                    now=NOW,
                    reason="Så har vi kommit överens.",
                    past_gates=True,
                    **INPUTS.get(name, {}),
                )
        except PermissionDenied:
            assert expected == "forbidden"
        except SomebodyWasFirst:
            assert expected == "too late"
        else:
            assert self.case.state == expected
            if expected in ("paused", "withdrawn", "terminated") and self.state != "paused":
                self.stopped_in = self.state
            self.state = expected
            self.steps += 1

    def _expected(self, name: str, who: Role | None) -> str:
        theirs = [
            step
            for step in TABLE
            if step.transition == name and (who in step.roles if who else step.by_time)
        ]
        here = [step.target for step in theirs if step.source == self.state]
        if not theirs:
            return "forbidden"
        if not here:
            return "too late"
        return self.stopped_in if name == "resume" else here[0]

    @invariant()
    def model_and_database_agree(self) -> None:
        stored = Collaboration.objects.get(pk=self.case.pk)
        assert (stored.state, stored.stopped_in) == (self.state, self.stopped_in)
        assert TransitionRecord.objects.filter(object_id=self.case.pk).count() == self.steps

    def teardown(self) -> None:
        try:
            assert breaches() == []
        finally:
            transaction.set_rollback(True)
            self.database.__exit__(None, None, None)


@pytest.mark.portable
@pytest.mark.django_db
def test_thirty_histories(cast: Cast):
    class OfThisCast(History):
        pass

    OfThisCast.cast = cast
    run_state_machine_as_test(
        OfThisCast,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
