"""What every workflow model is made of: one protected state, steps and guards."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django_fsm import ConcurrentTransitionMixin, FSMField
from django_fsm import Transition as DeclaredTransition

from organisations.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from sbs_workflow.models.collaboration import Collaboration


class StateField(FSMField):
    """A protected state; a plain text column to migrations, which so never need the library."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        kwargs["protected"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("protected", None)
        kwargs.pop("choices", None)  # the constraint knows the states, and labels are no schema
        return name, "django.db.models.CharField", args, kwargs


@dataclass(frozen=True)
class Guard:
    """A condition on the object's own fields, with the reason that a person reads when it fails."""

    holds: Callable[[Any], bool]
    reason: "StrOrPromise"

    def __call__(self, instance: Any) -> bool:
        return self.holds(instance)


@dataclass(frozen=True)
class Step:
    """What a person is told about a transition and asked before it.

    ``inputs`` are fields of the object itself that the person fills in, ``stamps`` are
    fields that get the moment or the day of the step; both reach the transition by name.
    ``leaves`` is the phase whose gates must be closed first; ``page`` is the URL
    name of a page of its own, where the step needs more than a short form. ``reason_label``
    is what the reason is called where it is a comment or an account rather. A step that is
    not ``offered`` follows from another one and has no button.
    """

    label: "StrOrPromise"
    inputs: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()
    needs_reason: bool = False
    reason_label: "StrOrPromise" = ""
    leaves: str = ""
    page: str = ""
    is_exit: bool = False
    offered: bool = True


def step(label: "StrOrPromise", **rest: Any) -> dict[str, Any]:
    """The ``custom`` of a transition."""
    return {"step": Step(label, **rest)}


class WorkflowQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """What this person may see: by default whatever belongs to a collaboration they may see."""
        collaborations = apps.get_model("sbs_workflow", "Collaboration").objects.visible_to(user)
        return self.filter(collaboration__in=collaborations)


def state_constraint(name: str, states: type[models.TextChoices]) -> models.CheckConstraint:
    """The database refuses a state that the machine does not know."""
    return models.CheckConstraint(name=f"{name}_state_known", condition=Q(state__in=states.values))


class WorkflowModel(ConcurrentTransitionMixin, models.Model):
    """An object with a state that only ``perform`` changes.

    Subclasses define ``state`` and have a ``collaboration``. ``due_on`` is the
    date by which whatever comes next is owed, and empty when nothing is.
    """

    machine_slug: ClassVar[str]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    state: Any
    collaboration: "Collaboration"

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    @property
    def collaboration_key(self) -> uuid.UUID:
        """The primary key of the collaboration, without loading it."""
        return self.collaboration_id  # type: ignore[attr-defined]

    @property
    def unit_keys(self) -> Iterable[uuid.UUID]:
        """The primary keys of the units whose roles count for this object."""
        unit: uuid.UUID | None = getattr(self, "unit_id", None)
        return () if unit is None else (unit,)

    @property
    def object_name(self) -> str:
        """What the history calls this object."""
        return str(self)

    @property
    def as_seen(self) -> str:
        """What a form remembers: the state, and what a step may change without leaving it."""
        return str(self.state)

    @property
    def state_label(self) -> str:
        return str(self.get_state_display())  # type: ignore[attr-defined]

    @classmethod
    def declared_transitions(cls) -> Sequence[DeclaredTransition]:
        """Every transition of the machine, in the order of the class body."""
        return _declared_transitions(cls)

    @classmethod
    def first_state(cls) -> str:
        field: Any = cls._meta.get_field("state")
        return str(field.get_default())

    @classmethod
    def state_labels(cls) -> dict[str, str]:
        """What people call each state."""
        field: Any = cls._meta.get_field("state")
        return {value: str(label) for value, label in field.flatchoices}

    @classmethod
    def machines(cls) -> "list[type[WorkflowModel]]":
        """Every machine there is, in the order of the process."""
        models: list[Any] = [m for m in apps.get_models() if issubclass(m, WorkflowModel)]
        return sorted(models, key=lambda m: MACHINE_ORDER.index(m.machine_slug))


@cache
def _declared_transitions(model: Any) -> Sequence[DeclaredTransition]:
    field: Any = model._meta.get_field("state")
    found = list(field.get_all_transitions(model))
    lines = {t.name: getattr(model, t.name).__wrapped__.__code__.co_firstlineno for t in found}
    return sorted(found, key=lambda t: (lines[t.name], str(t.source)))


# The order of the process, which is also the order of the documentation.
MACHINE_ORDER = (
    "samverkan",
    "nulagesanalys",
    "atgardsplan",
    "overenskommelse",
    "uppdragsplan",
    "insats",
    "besok",
    "uppgift",
    "mote",
    "kartlaggning",
    "redovisning",
    "larosatesrapport",
    "sammanfattande-analys",
    "ekonomi",
)
