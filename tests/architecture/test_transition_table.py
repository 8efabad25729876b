"""What people wrote from the domain and what the code does are the same table."""

import csv
import io

import pytest
from django.core.management import call_command

from organisations.models import Role
from sbs_workflow.engine import permission_of
from sbs_workflow.models import Step, WorkflowModel
from sbs_workflow.models.workflow import MACHINE_ORDER
from sbs_workflow.permissions import TimeItself
from tests.architecture.table import Allowed, written_table

pytestmark = pytest.mark.portable


def coded_table() -> set[Allowed]:
    printed = io.StringIO()
    call_command("transitions", "--csv", stdout=printed)
    return {
        Allowed(
            machine=row["machine"],
            kind=row["kind"],
            source=row["from"],
            target=row["to"],
            transition=row["transition"],
            roles=frozenset(Role(role) for role in row["roles"].split()),
            needs_reason=row["needs_reason"] == "yes",
            by_time=row["time"] == "yes",
            gates=row["gates"],
        )
        for row in csv.DictReader(io.StringIO(printed.getvalue()))
    }


def test_code_and_written_table_agree():
    assert coded_table() - written_table() == set(), "in the code, but nobody wrote it down"
    assert written_table() - coded_table() == set(), "written down, but not in the code"


def test_every_machine_is_in_the_order_of_the_process():
    assert [machine.machine_slug for machine in WorkflowModel.machines()] == list(MACHINE_ORDER)


@pytest.mark.parametrize("machine", WorkflowModel.machines(), ids=lambda m: m.machine_slug)
def test_every_transition_is_declared_in_full(machine: type[WorkflowModel]):
    for declared in machine.declared_transitions():
        step = declared.custom["step"]
        assert isinstance(step, Step)
        assert str(step.label), declared.name
        assert declared.source != "*", declared.name
        permission = permission_of(declared)
        assert permission.roles or isinstance(permission, TimeItself), declared.name


@pytest.mark.parametrize("machine", WorkflowModel.machines(), ids=lambda m: m.machine_slug)
def test_every_state_can_be_reached(machine: type[WorkflowModel]):
    steps = [step for step in written_table() if step.machine == machine.machine_slug]
    reached = {machine.first_state()}
    while more := {s.target for s in steps if s.source in reached} - reached:
        reached |= more
    assert reached == set(machine.state_labels())
