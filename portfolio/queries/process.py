"""How the process works, step by step."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from sbs_workflow.diagrams import arrows
from sbs_workflow.models import (
    WorkflowModel,
)


@dataclass(frozen=True)
class ArrowRow:
    """One step of a machine as a row of the table beside its picture."""

    label: str
    source: str
    target: str
    who: str


def arrow_rows(machine: type[WorkflowModel]) -> list[ArrowRow]:
    """Every step of a machine in words."""
    states: dict[str, Any] = machine.state_labels()
    return [
        ArrowRow(
            label=str(arrow.step.label),
            source=str(states[arrow.source]),
            target=str(states[arrow.target]),
            who=", ".join(str(role.label) for role in arrow.roles) or str(_("By itself")),
        )
        for arrow in arrows(machine)
    ]
