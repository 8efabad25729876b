"""The steps of a machine, read from the code that runs."""

from collections.abc import Iterator
from dataclasses import dataclass

from django_fsm import GET_STATE
from django_fsm import Transition as DeclaredTransition

from organisations.models import Role
from sbs_workflow.engine import permission_of, step_of
from sbs_workflow.models import Step, WorkflowModel
from sbs_workflow.permissions import HoldsByKind, TimeItself


@dataclass(frozen=True)
class Arrow:
    """One step out of one state into one state, for one ``kind`` of object where kinds differ."""

    machine: str
    kind: str
    source: str
    target: str
    name: str
    roles: tuple[Role, ...]
    by_time: bool
    step: Step


def arrows(model: type[WorkflowModel]) -> Iterator[Arrow]:
    """Every step of a machine, in the order of the code."""
    for declared in model.declared_transitions():
        for kind, roles in _roles_by_kind(declared).items():
            for target in _targets(declared):
                yield Arrow(
                    machine=model.machine_slug,
                    kind=kind,
                    source=str(declared.source),
                    target=target,
                    name=declared.name,
                    roles=roles,
                    by_time=isinstance(declared.permission, TimeItself),
                    step=step_of(declared),
                )


def _roles_by_kind(declared: DeclaredTransition) -> dict[str, tuple[Role, ...]]:
    permission = permission_of(declared)
    if isinstance(permission, HoldsByKind):
        return dict(permission.by_kind)
    return {"": permission.roles}


def _targets(declared: DeclaredTransition) -> list[str]:
    if isinstance(declared.target, GET_STATE):
        return [str(state) for state in declared.target.allowed_states]
    # Without a target the state stays as it is.
    return [str(declared.source if declared.target is None else declared.target)]
