"""Effects: what else follows from a step, in the same transaction.

A lower house may not call an upper one. So an upper house declares in its own
``effects.py`` what it adds when a step below is taken, and ``perform`` finds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from notifications import outbox
from organisations.models import User
from sbs_workflow.models import Collaboration, TransitionRecord, WorkflowModel


@dataclass(frozen=True)
class Change:
    """A step that is being taken: the object in its new state, and how it came about."""

    instance: Any
    record: TransitionRecord
    by: User | None
    now: datetime
    today: date


Effect = Callable[[Change], None]
Step = tuple[type[WorkflowModel], str]


class Effects:
    """The functions declared for one moment of a step, by model and transition name."""

    def __init__(self) -> None:
        self._declared: dict[Step, list[Effect]] = {}

    def __call__(self, *steps: Step) -> Callable[[Effect], Effect]:
        """Declare a function for each of ``steps``, named as ``(Model, "transition")``."""

        def declare(function: Effect) -> Effect:
            for step in steps:
                self._declared.setdefault(step, []).append(function)
            return function

        return declare

    def run(self, change: Change) -> None:
        for effect in self._declared.get((type(change.instance), change.record.transition), []):
            effect(change)


# Before the object is saved: what must make way for its new state.
before = Effects()
# After the object is saved: what follows from it.
after = Effects()


@after(
    (Collaboration, "withdraw"),
    (Collaboration, "terminate"),
    (Collaboration, "close"),
    (Collaboration, "pause"),
)
def hold_back_mail(change: Change) -> None:
    """Nobody is reminded of work that has stopped."""
    outbox.suppress(scope_id=change.instance.pk, reason=change.instance.state_label, now=change.now)
