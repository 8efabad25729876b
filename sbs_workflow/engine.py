"""The one way to change a state, and what a person may do next.

``perform`` is the only caller of transition methods. Calling one directly would
skip the permission, the record and the lock (house.md 4.5).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import DateTimeField
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_fsm import Transition as DeclaredTransition

from notifications import failpoints
from notifications.clock import local_date
from organisations.models import User
from sbs_workflow.acting import act
from sbs_workflow.effects import Change, after, before
from sbs_workflow.gates import Reason, open_cautions, open_gates
from sbs_workflow.models import Collaboration, Guard, Step, TransitionRecord, WorkflowModel
from sbs_workflow.permissions import Permission, roles_held
from sbs_workflow.queries import load_roles

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class TransitionRefused(Exception):  # noqa: N818 - a refusal is no error of the program
    """The step cannot be taken now; ``reasons`` say why, to the person who tried."""

    def __init__(self, *reasons: "StrOrPromise") -> None:
        self.reasons = [str(reason) for reason in reasons]
        super().__init__(" ".join(self.reasons))


class SomebodyWasFirst(TransitionRefused):
    """The object has left the state that the person saw; ``record`` tells who moved it."""

    def __init__(self, instance: WorkflowModel, record: TransitionRecord | None) -> None:
        self.instance = instance
        self.record = record
        super().__init__(_("Somebody else was first."))


def step_of(declared: DeclaredTransition) -> Step:
    found: Step = declared.custom["step"]
    return found


def permission_of(declared: DeclaredTransition) -> Permission:
    assert isinstance(declared.permission, Permission)
    return declared.permission


def declared_names(model: type[WorkflowModel]) -> set[str]:
    """The names of the machine's transitions."""
    return {declared.name for declared in model.declared_transitions()}


def _declared(instance: WorkflowModel, name: str) -> DeclaredTransition | None:
    """The transition of that name out of the state that the object is in."""
    return next(
        (
            t
            for t in type(instance).declared_transitions()
            if t.name == name and t.source == instance.state
        ),
        None,
    )


def _failing_guards(declared: DeclaredTransition, instance: WorkflowModel) -> list[str]:
    guards = cast(Iterable[Guard], declared.conditions or ())
    return [str(guard.reason) for guard in guards if not guard(instance)]


@transaction.atomic
def perform(
    transition: Any,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    seen_state: str | None = None,
    past_gates: bool = False,
    read_from: Any = None,
    **inputs: Any,
) -> Any:
    """Take one step, such as ``perform(meeting.book, by=user, now=now, starts_at=…)``.

    ``by`` is None for a step that time itself takes. ``seen_state`` is the state, or the
    ``as_seen``, that the person saw before deciding. ``past_gates`` goes on although gates
    or cautions are open, which needs a ``reason`` and is recorded. ``read_from`` is a queryset
    that the object is read from under the lock, where an action wants to know more of it.
    Returns the object as saved.

    Raises PermissionDenied, SomebodyWasFirst, or TransitionRefused with readable reasons.
    """
    instance: WorkflowModel = transition.__self__
    name: str = transition.__name__
    today = local_date(now)
    if by is not None:
        load_roles(by, today)

    collaboration = Collaboration.objects.lock(instance.collaboration_key)
    fresh = _read_again(instance, collaboration, read_from)
    declared = _permitted(fresh, name, by, seen_state)
    overridden = _check(declared, fresh, today, reason=reason, past_gates=past_gates)

    as_read = _columns(fresh)
    from_state = fresh.state
    role = permission_of(declared).role_of(fresh, by)
    act(by=by, role=role, now=now, reason=reason, about=fresh)
    getattr(fresh, name)(**inputs, **_stamps(declared, fresh, now))
    failpoints.reach("in_transition")
    record = TransitionRecord.objects.create(
        collaboration=collaboration,
        machine=fresh.machine_slug,
        object_id=fresh.pk,
        object_name=_name_for_the_trail(fresh),
        transition=name,
        from_state=from_state,
        to_state=fresh.state,
        by=by,
        role=role or "",
        party=role.party if role else "",
        occurred_at=now,
        reason=reason,
        overridden=[str(gate.text) for gate in overridden],
    )
    change = Change(instance=fresh, record=record, by=by, now=now, today=today)
    before.run(change)
    fresh.save(update_fields=_changes(fresh, as_read))
    after.run(change)
    transaction.on_commit(partial(failpoints.reach, "on_commit"))
    return fresh


def _columns(instance: WorkflowModel) -> dict[str, Any]:
    return {f.attname: getattr(instance, f.attname) for f in instance._meta.concrete_fields}


def _changes(fresh: WorkflowModel, as_read: dict[str, Any]) -> dict[str, Any]:
    """The columns that are no longer as they were read."""
    return {name: value for name, value in _columns(fresh).items() if value != as_read[name]}


def _name_for_the_trail(fresh: WorkflowModel) -> str:
    """The trail is written in Swedish, whoever took the step."""
    with override(settings.LANGUAGE_CODE):
        return fresh.object_name


def _stamps(declared: DeclaredTransition, fresh: WorkflowModel, now: datetime) -> dict[str, Any]:
    """The moment of the step, or its day, for the fields that record it."""
    fields = [fresh._meta.get_field(name) for name in step_of(declared).stamps]
    return {f.name: now if isinstance(f, DateTimeField) else local_date(now) for f in fields}


def _read_again(instance: WorkflowModel, collaboration: Collaboration, rows: Any) -> Any:
    if isinstance(instance, Collaboration):
        return collaboration
    rows = type(instance)._default_manager if rows is None else rows
    fresh = with_unit(rows).get(pk=instance.pk)
    fresh.collaboration = collaboration
    return fresh


def _permitted(
    fresh: WorkflowModel, name: str, by: User | None, seen_state: str | None
) -> DeclaredTransition:
    """The transition to take: asks first the right of the person, then the state."""
    anywhere = [t for t in type(fresh).declared_transitions() if t.name == name]
    if not any(permission_of(t)(fresh, by) for t in anywhere):
        raise PermissionDenied
    declared = _declared(fresh, name)
    if declared is None or seen_state not in (None, fresh.state, fresh.as_seen):
        last = TransitionRecord.objects.filter(object_id=fresh.pk).select_related("by").first()
        raise SomebodyWasFirst(fresh, last)
    if not permission_of(declared)(fresh, by):
        raise PermissionDenied
    return declared


def _check(
    declared: DeclaredTransition,
    fresh: WorkflowModel,
    today: date,
    *,
    reason: str,
    past_gates: bool,
) -> list[Reason]:
    """Refuse unless guards, gates and the reason are in order; the gates that were gone past."""
    step = step_of(declared)
    if failing := _failing_guards(declared, fresh):
        raise TransitionRefused(*failing)
    closed = open_cautions(fresh, declared.name, today)
    if step.leaves:
        closed += open_gates(fresh.collaboration, step.leaves, today)
    if closed and not past_gates:
        raise TransitionRefused(*(gate.text for gate in closed))
    if (step.needs_reason or closed) and not reason.strip():
        raise TransitionRefused(_("Write a reason."))
    return closed


@dataclass(frozen=True)
class Choice:
    """A step that this person may take from here, or, when ``closed_because``, not yet."""

    instance: WorkflowModel
    declared: DeclaredTransition
    failing_guards: list[str] = field(default_factory=list)
    open_gates: list[Reason] = field(default_factory=list)
    is_primary: bool = False

    @property
    def closed_because(self) -> list[str]:
        return [*self.failing_guards, *(str(gate.text) for gate in self.open_gates)]

    @property
    def needs_reason(self) -> bool:
        return self.step.needs_reason or bool(self.open_gates)

    @property
    def step(self) -> Step:
        return step_of(self.declared)

    @property
    def label(self) -> "StrOrPromise":
        return self.step.label

    @property
    def url(self) -> str:
        if self.step.page:
            return reverse(self.step.page, args=[self.instance.pk])
        return reverse(
            "sbs_workflow:step",
            args=[self.instance.machine_slug, self.instance.pk, self.declared.name],
        )


def choices(
    instance: WorkflowModel, user: User, today: date, *, gates: list[Reason] | None = None
) -> list[Choice]:
    """What ``user`` may do with the object now, from the same source as the check in ``perform``.

    ``gates`` are the collaboration's open gates where the page has asked for them already.
    """
    found = []
    parties = {role.party for role in roles_held(user).for_object(instance)}
    for declared in type(instance).declared_transitions():
        if declared.source != instance.state or not step_of(declared).offered:
            continue
        if not permission_of(declared)(instance, user):
            continue
        still = open_cautions(instance, declared.name, today)
        if leaves := step_of(declared).leaves:
            still += open_gates(instance.collaboration, leaves, today) if gates is None else gates
        still = [reason.as_read_by(parties) for reason in still]
        found.append(Choice(instance, declared, _failing_guards(declared, instance), still))
    found.sort(key=lambda choice: choice.step.is_exit)
    leading_on = [c for c in found if not c.step.is_exit and not c.closed_because]
    # One obvious next step, and no more.
    return [replace(c, is_primary=c is leading_on[0]) if leading_on else c for c in found]


@transaction.atomic
def perform_all(model: type[WorkflowModel], name: str, ids: list[Any], *, now: datetime) -> int:
    """The bulk twin of ``perform`` for a step that time itself takes: a fixed number of queries.

    Rows that have moved on meanwhile are passed over. Returns how many steps were taken.
    """
    act(by=None, role=None, now=now)
    rows: Any = model._default_manager.filter(pk__in=ids).order_by("pk")
    keys = sorted(set(rows.values_list("collaboration", flat=True)))
    locked = Collaboration.objects.select_for_update(no_key=True).order_by("pk").in_bulk(keys)
    taken: list[_Taken] = []
    for fresh in with_unit(rows):
        fresh.collaboration = locked[fresh.collaboration_key]
        declared = _declared(fresh, name)
        if declared is None or _failing_guards(declared, fresh):
            continue
        if not permission_of(declared)(fresh, None):
            raise PermissionDenied
        as_read = _columns(fresh)
        getattr(fresh, name)(**_stamps(declared, fresh, now))
        taken.append(_Taken(fresh, as_read))
    _save_all(model, taken)
    _record_all(name, taken, now)
    return len(taken)


class _Taken(NamedTuple):
    """An object that a step has changed, and its columns before."""

    fresh: WorkflowModel
    as_read: dict[str, Any]


def with_unit(rows: Any) -> Any:
    """With the unit that the trail names, where the object belongs to one."""
    has_unit = any(field.name == "unit" for field in rows.model._meta.concrete_fields)
    return rows.select_related("unit") if has_unit else rows


def _save_all(model: type[WorkflowModel], taken: list[_Taken]) -> None:
    """One statement for all that change alike, as by steps of time they do."""
    # ``update`` is right here and only here: the rows are locked and were read under the lock.
    alike: defaultdict[tuple[tuple[str, Any], ...], list[UUID]] = defaultdict(list)
    for fresh, as_read in taken:
        alike[tuple(_changes(fresh, as_read).items())].append(fresh.pk)
    for changes, keys in alike.items():
        model._default_manager.filter(pk__in=keys).update(**dict(changes))


def _record_all(name: str, taken: list[_Taken], now: datetime) -> None:
    with override(settings.LANGUAGE_CODE):
        records = TransitionRecord.objects.bulk_create(
            TransitionRecord(
                collaboration_id=fresh.collaboration_key,
                machine=fresh.machine_slug,
                object_id=fresh.pk,
                object_name=fresh.object_name,
                transition=name,
                from_state=as_read["state"],
                to_state=fresh.state,
                occurred_at=now,
            )
            for fresh, as_read in taken
        )
    today = local_date(now)
    for (fresh, _as_read), record in zip(taken, records, strict=True):
        after.run(Change(instance=fresh, record=record, by=None, now=now, today=today))
