"""One history of a case: its steps and the changes of its content, and who has read it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, QuerySet, Value
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisations.models import Party, Role, User
from records.models import ContentChange, ReadRecord
from records.queries.words import column_name, in_words, name_of_read
from sbs_workflow.models import Collaboration, TransitionRecord
from sbs_workflow.permissions import roles_held

STEP, CHANGE = "step", "change"


@dataclass(frozen=True)
class TrailFilters:
    """What of the history is asked for: one object, one person, one day."""

    object_id: UUID | None = None
    person: UUID | None = None
    day: date | None = None

    def apply(self, rows: Any) -> Any:
        if self.object_id:
            rows = rows.filter(object_id=self.object_id)
        if self.person:
            rows = rows.filter(by=self.person)
        if self.day:
            rows = rows.filter(occurred_at__date=self.day)
        return rows


@dataclass(frozen=True)
class Written:
    """Changes of one object that one person made in one go, as one line of the history."""

    changes: Sequence[ContentChange]

    @property
    def first(self) -> ContentChange:
        return self.changes[0]

    @property
    def sentence(self) -> str:
        verbs = {change.kind for change in self.changes}
        what = {
            frozenset({ContentChange.Kind.ADDED}): _("%(object)s: added"),
            frozenset({ContentChange.Kind.REMOVED}): _("%(object)s: removed"),
        }.get(frozenset(ContentChange.Kind(verb) for verb in verbs), _("%(object)s: changed"))
        return what % {"object": self.first.object_name}

    @cached_property
    def details(self) -> list[str]:
        """What became of each field, part by part."""
        lines: dict[str, None] = {}
        for change in self.changes:
            lines.update(dict.fromkeys(_lines(change)))
        return list(lines)

    @property
    def moment(self) -> datetime:
        return self.first.occurred_at

    @property
    def reason(self) -> str:
        return ""

    @property
    def party(self) -> str:
        return self.first.party

    @property
    def party_label(self) -> str:
        return str(self.first.get_party_display())

    @property
    def role_label(self) -> str:
        return f"{self.first.get_role_display()} {self.first.by or ''}".strip()

    @property
    def is_draft(self) -> bool:
        return bool(self.first.drafted_by)


def _lines(change: ContentChange) -> Iterator[str]:
    model: Any = apps.get_model(change.part)
    name = str(model._meta.verbose_name)
    own = hasattr(model, "machine_slug")
    if change.kind == ContentChange.Kind.REMOVED:
        yield capfirst(_("%(part)s: taken away") % {"part": name})
        return
    told = [
        f"{_label_of(model, said['name'])}: {_what_became(model, said)}"
        for said in change.fields
        if _says_something(change, model, said)
    ]
    if own:
        yield from map(capfirst, told)
    elif told:
        yield f"{capfirst(name)} – {'; '.join(told)}"
    else:
        yield capfirst(_("%(part)s: added") % {"part": name})


def _says_something(change: ContentChange, model: Any, said: dict[str, Any]) -> bool:
    """Not which row a new part belongs to, nor the key of the question that it answers."""
    field = _field_of(model, said["name"])
    if field is None or not field.concrete:
        return True
    if field.get_internal_type() == "SlugField":
        return False
    return not (change.kind == ContentChange.Kind.ADDED and field.many_to_one)


def _field_of(model: Any, name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:  # it was there when this was written
        return None


def _label_of(model: Any, name: str) -> str:
    field = _field_of(model, name)
    return name if field is None else column_name(field)


def _what_became(model: Any, said: dict[str, Any]) -> str:
    if "words" in said:
        added, removed = said["words"]
        parts = [
            ngettext("%(count)s word more", "%(count)s words more", added) % {"count": added}
            if added
            else "",
            ngettext("%(count)s word less", "%(count)s words less", removed) % {"count": removed}
            if removed
            else "",
        ]
        return ", ".join(filter(None, parts)) or _("other spaces")
    if said.get("to"):
        old, new = (_as_told(model, said["name"], said[each]) for each in ("from", "to"))
        return f"{old} → {new}" if old else new
    if "links_added" in said:
        return _("%(count)s chosen") % {"count": said["links_added"]}
    if "links_removed" in said:
        return _("%(count)s no longer chosen") % {"count": said["links_removed"]}
    return _("emptied") if said.get("to") == "" else _("changed")


def _as_told(model: Any, name: str, value: str) -> str:
    field = _field_of(model, name)
    return in_words(field, value) if field is not None and value else value


Line = TransitionRecord | Written


@dataclass(frozen=True)
class Trail:
    """The history as pages ask for it: how many rows, and those of one page (four queries)."""

    rows: QuerySet[Any, Any]
    user: User

    def count(self) -> int:
        return self.rows.count()

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Line]:
        keys = list(self.rows[part])
        steps = TransitionRecord.objects.filter(
            pk__in=[pk for _at, pk, of in keys if of == STEP]
        ).select_related("by")
        changes = ContentChange.objects.filter(
            pk__in=[pk for _at, pk, of in keys if of == CHANGE]
        ).select_related("by")
        found = {(STEP, row.pk): row for row in steps} | {(CHANGE, row.pk): row for row in changes}
        in_order = [found[of, pk] for _at, pk, of in keys]
        return list(_as_lines(in_order))


def _as_lines(rows: Iterable[Any]) -> Iterator[Line]:
    """Changes of one object in one moment stand together."""

    def in_one_go(row: Any) -> Any:
        if isinstance(row, TransitionRecord):
            return STEP, row.pk
        return CHANGE, row.object_id, row.by_id, row.occurred_at

    for key, group in groupby(rows, in_one_go):
        members = list(group)
        yield members[0] if key[0] == STEP else Written(members)


def trail_of(collaboration: Collaboration, user: User, filters: TrailFilters) -> Trail:
    """Every step, and every change of content that this person may know of, the latest first."""
    steps = filters.apply(TransitionRecord.objects.filter(collaboration=collaboration))
    changes = filters.apply(
        ContentChange.objects.visible_to(user).filter(collaboration=collaboration)
    )

    def keys(rows: Any, of: str) -> Any:
        kind = Value(of, output_field=CharField())
        return rows.order_by().values_list("occurred_at", "pk", kind)

    rows = keys(steps, STEP).union(keys(changes, CHANGE), all=True)
    return Trail(rows.order_by("-occurred_at", "-pk"), user)


@dataclass(frozen=True)
class TrailChoices:
    """Who and what the history of a case can be filtered by."""

    people: list[tuple[UUID, str]] = field(default_factory=list)
    objects: list[tuple[UUID, str]] = field(default_factory=list)


def choices_of(collaboration: Collaboration, user: User) -> TrailChoices:
    """Everybody who has done something, and what something happened to (two queries)."""
    steps = TransitionRecord.objects.filter(collaboration=collaboration).order_by()
    changes = ContentChange.objects.visible_to(user).filter(collaboration=collaboration).order_by()
    people = (
        steps.filter(by__isnull=False)
        .values_list("by", "by__name")
        .union(changes.filter(by__isnull=False).values_list("by", "by__name"))
    )
    objects = steps.values_list("object_id", "object_name").union(
        changes.values_list("object_id", "object_name")
    )
    return TrailChoices(
        sorted(set(people), key=lambda row: row[1]),
        # An object that has changed its name stands once, under one of them.
        sorted(dict(objects).items(), key=lambda row: row[1]),
    )


# --- who has read ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """Somebody opened something; a person of another party is known by the role only."""

    row: ReadRecord
    is_own_party: bool

    @property
    def hour(self) -> datetime:
        return self.row.hour

    @property
    def who(self) -> str:
        role = str(self.row.get_role_display()) or _("Without a role")
        return f"{self.row.by}, {role}" if self.is_own_party else role

    @property
    def party(self) -> str:
        return self.row.party

    @property
    def party_label(self) -> str:
        return str(self.row.get_party_display())

    @property
    def what(self) -> str:
        return name_of_read(self.row.what)


@dataclass(frozen=True)
class Readings:
    rows: Any
    parties: frozenset[Party]

    def count(self) -> int:
        found: int = self.rows.count()
        return found

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Reading]:
        return [Reading(row, row.party in self.parties) for row in self.rows[part]]


def readings_of(collaboration: Collaboration, user: User) -> Readings:
    """Who opened what in the case, the latest first; lasts for as long as readings are kept."""
    rows = ReadRecord.objects.visible_to(user).filter(collaboration=collaboration)
    roles: frozenset[Role] = roles_held(user).for_object(collaboration)
    return Readings(rows.select_related("by"), frozenset(role.party for role in roles))
