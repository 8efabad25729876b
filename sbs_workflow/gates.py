"""Gates: the reasons why a phase may not be left yet, and the gates of this house.

Upper houses declare theirs in their own ``gates.py``; the same list is the
checklist that people see and the check that ``perform`` makes. A caution is the same
for a step of any other object: what a person should know before it, and may go past.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from organisations.models import Party, Role, Unit
from sbs_workflow.models import Assignment, Collaboration, Participation, Phase, WorkflowModel

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Reason:
    """Something that is still missing, and where it can be mended.

    ``private_to`` is the party whose draft stands at ``url``, until it is shared.
    """

    text: "StrOrPromise"
    url: str = ""
    private_to: Party | None = None

    def as_read_by(self, parties: set[Party]) -> "Reason":
        """Without the address of a page that would be closed to these parties."""
        if self.private_to is None or self.private_to in parties:
            return self
        return replace(self, url="")


Gate = Callable[[Collaboration, date], Iterator[Reason]]
_gates: dict[str, list[Gate]] = {}


def gate(phase: Phase) -> Callable[[Gate], Gate]:
    """Declare that ``phase`` may not be left while the function yields reasons."""

    def declare(function: Gate) -> Gate:
        _gates.setdefault(phase, []).append(function)
        return function

    return declare


def open_gates(collaboration: Collaboration, phase: str, today: date) -> list[Reason]:
    """What must be done before the collaboration may leave ``phase``."""
    return [reason for check in _gates.get(phase, []) for reason in check(collaboration, today)]


Caution = Callable[[Any, date], Iterator[Reason]]
_cautions: dict[tuple[type[WorkflowModel], str], list[Caution]] = {}


def caution(model: type[WorkflowModel], *transitions: str) -> Callable[[Caution], Caution]:
    """Declare that these steps are taken past the function's reasons only with a reason."""

    def declare(function: Caution) -> Caution:
        for transition in transitions:
            _cautions.setdefault((model, transition), []).append(function)
        return function

    return declare


def open_cautions(instance: WorkflowModel, transition: str, today: date) -> list[Reason]:
    """What a person should know before the step, where practice sometimes bends."""
    checks = _cautions.get((type(instance), transition), [])
    return [reason for check in checks for reason in check(instance, today)]


@gate(Phase.OFFER)
def two_process_supporters(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    """Process supporters work in pairs (EC28)."""
    supporters = Assignment.objects.current(today).filter(
        collaboration=collaboration, role=Role.PROCESS_SUPPORTER
    )
    if supporters.count() < 2:
        yield Reason(_("Two process supporters must be named."))


@gate(Phase.OFFER)
def units_are_named(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    """At least one unit, and the administration as its own (VAL, HUD; the rule is inferred)."""
    kinds = set(
        Participation.objects.filter(collaboration=collaboration, left_on=None).values_list(
            "unit__kind", flat=True
        )
    )
    if not kinds - {Unit.Kind.ADMINISTRATION}:
        yield Reason(_("At least one school or preschool must take part."))
    if Unit.Kind.ADMINISTRATION not in kinds:
        yield Reason(_("The administration must take part as a unit of its own."))


@gate(Phase.PLAN)
def university_is_matched(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    """A university and its one team leader (KAU 2018)."""
    if collaboration.university_id is None:
        yield Reason(_("A university must be matched."))


@gate(Phase.AGREEMENT)
def team_leader_is_named(collaboration: Collaboration, today: date) -> Iterator[Reason]:
    leaders = Assignment.objects.current(today).filter(
        collaboration=collaboration, role=Role.TEAM_LEADER
    )
    if not leaders.exists():
        yield Reason(_("The university must name its team leader."))
