"""What else follows from a step, in the same transaction."""

from typing import Any

import pytest

from notifications.models import OutboxMessage
from notifications.outbox import enqueue
from sbs_workflow.effects import Change, Effects
from sbs_workflow.engine import perform
from sbs_workflow.models import Collaboration
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


@pytest.mark.parametrize("stop", ["withdraw", "terminate", "pause", "close"])
def test_nobody_is_mailed_about_work_that_has_stopped(cast: Cast, stop: str):
    case = factories.put(cast.ours.collaboration, "reporting" if stop == "close" else "active")
    for scope, key in ((case, "ours"), (cast.theirs.collaboration, "theirs")):
        enqueue(
            key=key,
            template="meetings/booked",
            context={},
            now=NOW,
            recipient=cast.ours.principal.pk,
            scope_id=scope.pk,
        )
    by = cast.ours.head_of_authority if stop == "withdraw" else cast.agency_manager
    inputs: Any = {"pause": {"resume_on": TODAY}, "close": {"closing_seminar_on": TODAY}}.get(
        stop, {}
    )
    perform(getattr(case, stop), by=by, now=NOW, reason="Vi slutar här.", **inputs)
    statuses = dict(OutboxMessage.objects.values_list("key", "status"))
    assert statuses == {"ours": "suppressed", "theirs": "due"}


def test_effects_run_for_their_own_step_only(cast: Cast):
    moment = Effects()
    seen: list[Change] = []
    moment((Collaboration, "pause"), (Collaboration, "resume"))(seen.append)

    class Record:
        def __init__(self, transition: str) -> None:
            self.transition = transition

    for name in ("pause", "withdraw", "resume"):
        moment.run(Change(cast.ours.collaboration, Record(name), None, NOW, TODAY))  # type: ignore[arg-type]
    assert [change.record.transition for change in seen] == ["pause", "resume"]
