"""A story while it is replayed: whose turn it is, what time it is, and which rows belong to it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases.nodes import Mistake, Node
from cases.reading import Reference
from cases.vocabulary import Told
from meetings.models import Meeting
from notifications.clock import local_date, start_of
from organisations.models import UNIT_ROLES, Organisation, Role, Unit, User
from plans.models import Cause, Goal, Problem
from reports.models import FinancialReport, Report, UniversityReport
from sbs_workflow.engine import (
    SomebodyWasFirst,
    TransitionRefused,
    perform,
    perform_all,
    permission_of,
)
from sbs_workflow.models import Collaboration, WorkflowModel
from sbs_workflow.permissions import Permission

# Steps of one moment follow each other in the history.
BETWEEN_STEPS = timedelta(minutes=1)
EARLY = timedelta(hours=7)


@dataclass(frozen=True)
class RoleHeld:
    role: Role
    unit: Unit | None
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Actor:
    """A person of the file with the roles that the file gives them."""

    key: str
    user: User
    roles: list[RoleHeld]

    def holds(self, role: Role, day: date, units: Collection[UUID] = ()) -> bool:
        return any(
            held.role == role
            and held.starts_on <= day
            and (held.ends_on is None or day <= held.ends_on)
            and (held.unit is None or held.unit.pk in units)
            for held in self.roles
        )


class Story:
    """Takes the steps of one case at their own dates, through the same door as everybody else."""

    def __init__(
        self,
        *,
        collaboration: Collaboration,
        units: dict[str, Unit],
        cast: Iterable[Actor],
        university: Organisation | None,
        opened_at: datetime,
    ) -> None:
        self.collaboration = collaboration
        self.units = units
        self.cast = {actor.key: actor for actor in cast}
        self.university = university
        self._now = opened_at

    @property
    def now(self) -> datetime:
        """A moment later than any before it."""
        self._now += BETWEEN_STEPS
        return self._now

    @property
    def today(self) -> date:
        return local_date(self._now)

    def go_to(self, moment: datetime) -> None:
        self._now = max(self._now, moment)

    def let_time_act(self) -> None:
        """Take the steps that time itself has taken in this case so far, each at its own moment."""
        if self.collaboration.is_live:
            for model in (Report, UniversityReport):
                waiting = model._default_manager.filter(
                    collaboration=self.collaboration,
                    state=model.State.SCHEDULED,
                    due_on__lte=self.today,
                )
                self._take_by_time(waiting, "open", days_late=0)
        if self.collaboration.state != Collaboration.State.PAUSED:
            # Money is accounted for although the work has ended early.
            accounts = FinancialReport.objects.filter(
                collaboration=self.collaboration,
                state=FinancialReport.State.SCHEDULED,
                due_on__lte=self.today,
            )
            self._take_by_time(accounts, "open", days_late=0)
        silent = Meeting.objects.filter(
            collaboration=self.collaboration, state=Meeting.State.MINUTED, due_on__lt=self.today
        )
        self._take_by_time(silent, "approve_by_silence", days_late=1)

    def _take_by_time(self, rows: QuerySet[Any], name: str, *, days_late: int) -> None:
        by_day: dict[date, list[Any]] = defaultdict(list)
        for due_on, pk in rows.values_list("due_on", "pk"):
            by_day[due_on].append(pk)
        for due_on, ids in sorted(by_day.items()):
            moment = start_of(due_on + timedelta(days=days_late)) + EARLY
            perform_all(rows.model, name, ids, now=moment)

    def take(self, transition: Any, told: Told, *, reason: str = "", **rest: Any) -> Any:
        """Take one step, as the person named or as the first whose role allows it."""
        instance: WorkflowModel = transition.__self__
        declared = [t for t in instance.declared_transitions() if t.name == transition.__name__]
        fitting = next((t for t in declared if t.source == instance.state), declared[0])
        by = self.somebody(permission_of(fitting), instance, told)
        if isinstance(instance, Collaboration):
            self.let_time_act()
        try:
            result = perform(transition, by=by, now=self.now, reason=reason, **rest)
        except SomebodyWasFirst:
            raise
        except TransitionRefused as refused:
            raise self._said_of(instance, refused) from refused
        if isinstance(result, Collaboration):
            self.collaboration = result
        return result

    def _said_of(self, instance: WorkflowModel, refused: TransitionRefused) -> TransitionRefused:
        """An event may hold for many units: of which it was refused is told with each reason."""
        if isinstance(instance, Collaboration):
            return refused
        return TransitionRefused(*[f"{instance.object_name}: {it}" for it in refused.reasons])

    def take_even_so(self, transition: Any, told: Told, **inputs: Any) -> Any:
        """Take a step past what is still missing, where the event tells why."""
        reason = told["past_gates"] or ""
        return self.take(transition, told, reason=reason, past_gates=bool(reason), **inputs)

    def somebody(self, permission: Permission, instance: Any, told: Told) -> User:
        """Who does it. TransitionRefused when the file has nobody who may."""
        if told["by"]:
            return self.cast[told["by"]].user
        for role in permission.roles_for(instance):
            units = getattr(instance, "unit_keys", ()) if role in UNIT_ROLES else ()
            for actor in self.cast.values():
                if actor.holds(role, self.today, units):
                    return actor.user
        raise TransitionRefused(
            _("Nobody in the file may do this on %(day)s. It takes one of these roles: %(roles)s.")
            % {
                "day": self.today,
                "roles": ", ".join(str(role.value) for role in permission.roles_for(instance)),
            }
        )

    def chosen_units(self, told: Told) -> list[Unit]:
        """The units an event names; without any, all that still take part."""
        if keys := told["units"] or _units_spoken_of(told):
            return [unit for key, unit in self.units.items() if key in keys]
        present = set(
            self.collaboration.participations.filter(left_on=None).values_list("unit_id", flat=True)
        )
        return [unit for unit in self.units.values() if unit.pk in present]

    def said_of(self, told: Told, name: str, unit: Unit) -> Any:
        """What ``name`` says about a unit: its own part, or the one for all; else None."""
        value = told[name]
        if isinstance(value, dict):
            return next(
                (value.get(key) for key, known in self.units.items() if known == unit), None
            )
        return value

    def text_of(self, told: Told, name: str, unit: Unit) -> str:
        return str(self.said_of(told, name, unit) or "")

    def problem(self, named: Reference) -> Problem:
        problems = Problem.objects.filter(
            analysis__collaboration=self.collaboration, analysis__unit=self.units[named.unit]
        )
        problem: Problem = numbered(problems, named.number, named.node)
        return problem

    def cause(self, named: Reference) -> Cause:
        cause: Cause = numbered(self.problem(named).causes, named.cause, named.node)
        return cause

    def goal(self, named: Reference) -> Goal:
        goals = Goal.objects.filter(collaboration=self.collaboration, unit=self.units[named.unit])
        goal: Goal = numbered(goals, named.number, named.node)
        return goal


def numbered(rows: Any, number: int, node: Node, *, field: str = "number") -> Any:
    """The row of that number. Raises Mistake where the file names one that is not there."""
    found = rows.filter(**{field: number}).first()
    if found is None:
        raise Mistake(
            node,
            _("%(what)s %(number)s is unknown here.")
            % {"what": rows.model._meta.verbose_name, "number": number},
        )
    return found


def _units_spoken_of(told: Told) -> set[str]:
    """The units of which an event says something of their own."""
    parts = [told[name] for name in ("text", "problems", "goals")]
    keys = {key for part in parts if isinstance(part, dict) for key in part}
    return keys | {named.unit for named in told["drop"] or ()}


def explain(error: Exception) -> list[str]:
    """Why a step was refused, in words for whoever writes the file."""
    if isinstance(error, SomebodyWasFirst):
        return [
            _("This cannot be done now: %(object)s is in the state %(state)s.")
            % {"object": error.instance.object_name, "state": error.instance.state_label}
        ]
    if isinstance(error, TransitionRefused):
        return error.reasons
    assert isinstance(error, PermissionDenied)
    return [_("The role of this person does not allow it on that day.")]
