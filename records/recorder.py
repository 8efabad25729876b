"""Hears every statement that changes the content of a case, and tells the trail what came of it.

Actions write in many ways: they save rows, update and create many at once, set links and remove
things that take others with them. A trail that each of them had to remember would have holes where
one forgot; so the trail listens where none of them can pass by, between Django and the database
(docs/decisions/0060). What a row was is known where the action has read it under the lock of its
case, and asked for otherwise; what it became, the statement says itself.
"""

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import ForeignKey, Model
from django.utils.translation import override

from notifications import clock
from organisations.models import User
from records.contents import Content, Links, contents, draft_of, is_text, links
from records.models import ContentChange
from records.permissions import role_at_work
from records.statements import Statement, as_stored, read_statement
from sbs_workflow.acting import Acting, Rows, acting
from sbs_workflow.differences import word_difference
from sbs_workflow.writing import digest

Kind = ContentChange.Kind
LONGEST_NAME = 300
LONGEST_VALUE = 60

# Who is at work in this request, for what is written without an action that says who acts.
person_at_work: ContextVar[User | None] = ContextVar("person_at_work", default=None)

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


class UnreadableStatementError(NotImplementedError):
    """Content was written in a way that the trail cannot tell what was written."""


@dataclass(frozen=True)
class Found:
    """What a statement did to one row."""

    content: Content
    row: Any
    kind: str
    fields: list[dict[str, Any]]
    part_id: str


def hear(execute: Execute, sql: str, params: Any, context: dict[str, Any]) -> Any:
    """Execute the statement, and add to the trail what it did to the content of a case."""
    statement = read_statement(sql)
    if statement is None or not (statement.table in contents() or statement.table in links()):
        return execute(sql, params, False, context)
    connection = context["connection"]
    if connection.in_atomic_block:
        return _heard(statement, execute, sql, params, context)
    # Where nobody has opened a transaction, the change and its trail are one of their own.
    with transaction.atomic(using=connection.alias):
        return _heard(statement, execute, sql, params, context)


def _heard(
    statement: Statement, execute: Execute, sql: str, params: Any, context: dict[str, Any]
) -> Any:
    connection = context["connection"]
    hearing = Hearing(statement, list(params or ()), connection, _who())
    came_of_it = hearing.listen()
    result = execute(sql, params, False, context)
    found = list(came_of_it(context["cursor"].rowcount))
    if found:
        connection.add_to_trail(hearing.changes(found))
    return result


# What is to be asked once the statement is executed, given the number of rows that it touched.
CameOfIt = Callable[[int], Iterable[Found]]


def _nothing(_touched: int) -> Iterable[Found]:
    return ()


class Hearing:
    """One statement that writes content, from before it is executed until its trail is known."""

    def __init__(
        self, statement: Statement, parameters: list[Any], connection: Any, who: Acting | None
    ) -> None:
        self.statement = statement
        self.parameters = parameters
        self.connection = connection
        self.who = who
        self.known: Rows = who.rows if who else {}

    def listen(self) -> CameOfIt:
        table, verb = self.statement.table, self.statement.verb
        # What is put in by nobody, as when a backup is restored, has its first version itself.
        if verb == "INSERT" and self.who is None:
            return _nothing
        if (link := links().get(table)) is not None:
            return self._linked(link) if verb == "INSERT" else self._unlinked(link)
        rows = {"INSERT": self._insert, "UPDATE": self._update, "DELETE": self._delete}[verb]
        return rows(contents()[table])

    # --- rows ----------------------------------------------------------------------------

    def _insert(self, content: Content) -> CameOfIt:
        rows = self._inserted(content)

        def came_of_it(_touched: int) -> Iterator[Found]:
            there = content.load([row.pk for row in rows]) if self.statement.may_skip else rows
            for row in there:
                if row.pk is not None:
                    self.known[content.model, row.pk] = row
                fields = _differences(content, content.model(), row)
                # An object that a step has opened says nothing yet; the step is in the trail.
                if fields and (content.path or any("words" in said for said in fields)):
                    yield Found(content, row, Kind.ADDED, fields, _key(row))

        return came_of_it

    def _inserted(self, content: Content) -> list[Any]:
        inserted = self.statement.inserted(self.parameters)
        if inserted is None:
            raise UnreadableStatementError(self.statement)
        return [content.row_of(self._as_stored(content, values)) for values in inserted]

    def _update(self, content: Content) -> CameOfIt:
        is_about_content = not content.columns.isdisjoint(self.statement.columns)
        before = self._rows(content, ask=is_about_content)
        values = self.statement.written(self.parameters)

        def came_of_it(touched: int) -> Iterator[Found]:
            if before is None or not touched:
                return
            if values is None:
                after = {row.pk: row for row in content.load([old.pk for old in before])}
            else:
                stored = self._as_stored(content, values)
                after = {old.pk: _with(content, old, stored) for old in before}
            for old in before:
                new = self.known[content.model, old.pk] = after.get(old.pk, old)
                fields = _differences(content, old, new)
                if fields:
                    yield Found(content, new, Kind.CHANGED, fields, _key(new))

        if before is None:
            self._forget(content)
        return came_of_it

    def _delete(self, content: Content) -> CameOfIt:
        rows = self._rows(content, ask=True) or []

        def came_of_it(touched: int) -> Iterator[Found]:
            for row in rows if touched else ():
                self.known.pop((content.model, row.pk), None)
                fields = [
                    {"name": f.name, "before": digest(value)}
                    for f in content.fields
                    if (value := _value(f, row)) not in (None, "", [])
                ]
                yield Found(content, row, Kind.REMOVED, fields, _key(row))

        return came_of_it

    def _rows(self, content: Content, *, ask: bool) -> list[Any] | None:
        """The rows that the condition holds for: one that is known, or else one query if asked."""
        key = content.model._meta.pk
        named = self.statement.only(key.column, self.parameters)
        known = self.known.get((content.model, key.to_python(named))) if named else None
        if known is not None:
            return [known]
        return self._found(content.model) if ask else None

    def _found(self, model: Any) -> list[Any]:
        """The rows that the condition holds for (one query)."""
        table, where = self.statement.table, self.statement.where
        condition = f" WHERE {where}" if where else ""
        asked = f'SELECT * FROM "{table}"{condition}'
        parameters = self.statement.condition(self.parameters)
        return list(model._base_manager.using(self.connection.alias).raw(asked, parameters))

    def _forget(self, content: Content) -> None:
        """Something of these rows was written that nobody looked at, such as their state."""
        for model, key in list(self.known):
            if model is content.model:
                del self.known[model, key]

    def _as_stored(self, content: Content, values: dict[str, Any]) -> dict[str, Any]:
        """By the name of the attribute."""
        fields = content.by_column
        return {
            fields[column].attname: as_stored(fields[column], value, self.connection)
            for column, value in values.items()
        }

    # --- links ---------------------------------------------------------------------------

    def _linked(self, link: Links) -> CameOfIt:
        """Links that are set, as a change of the row that they belong to."""
        inserted = self.statement.inserted(self.parameters)
        if inserted is None:
            raise UnreadableStatementError(self.statement)
        owners = [values[link.column] for values in inserted]
        return lambda touched: self._relinked(link, owners, "links_added", touched)

    def _unlinked(self, link: Links) -> CameOfIt:
        """Links that are taken away; Django changes none."""
        named = self.statement.only(link.column, self.parameters)
        owners = [named] if named else self._owners(link)
        return lambda touched: self._relinked(link, owners, "links_removed", touched)

    def _owners(self, link: Links) -> list[Any]:
        return [getattr(row, link.field.attname) for row in self._found(link.through)]

    def _relinked(self, link: Links, owners: list[Any], what: str, touched: int) -> Iterator[Found]:
        if not touched:
            return
        content = link.owner
        counts = Counter(map(content.model._meta.pk.to_python, owners))
        if len(counts) == 1:
            counts = Counter(dict.fromkeys(counts, touched))
        unknown = [key for key in counts if (content.model, key) not in self.known]
        if unknown:
            self.known |= {(content.model, row.pk): row for row in content.load(unknown)}
        for key, count in counts.items():
            # The row may be gone already, where it took its links with it.
            if (row := self.known.get((content.model, key))) is not None:
                said = {"name": link.name, what: count}
                yield Found(content, row, Kind.CHANGED, [said], _key(row))

    # --- the trail -----------------------------------------------------------------------

    def changes(self, found: list[Found]) -> list[ContentChange]:
        """Rows of the trail; a tick links them into the chains of their cases once they stand."""
        who = self.who or Acting(None, None, clock.now())
        with override(settings.LANGUAGE_CODE):
            return [_change(each, who, self.known) for each in found]


def _with(content: Content, row: Any, values: dict[str, Any]) -> Any:
    """The row with other values; past the attributes, of which one keeps the state from changing"""
    changed = copy.copy(row)
    for field in content.model._meta.concrete_fields:
        is_another = values.get(field.attname) != getattr(row, field.attname)
        if isinstance(field, ForeignKey) and field.attname in values and is_another:
            changed._state.fields_cache.pop(field.name, None)
    changed.__dict__.update(values)
    return changed


def _key(row: Any) -> str:
    """Empty where the database gives the key, which no statement says."""
    return "" if row.pk is None else str(row.pk)


# --- what a row said before and says now -----------------------------------------------------


def _value(field: Any, row: Model) -> Any:
    return getattr(row, field.attname)


def _differences(content: Content, old: Model, new: Model) -> list[dict[str, Any]]:
    pairs = ((field, _value(field, old), _value(field, new)) for field in content.fields)
    return [said for pair in pairs if (said := _difference(*pair))]


def _difference(field: Any, before: Any, after: Any) -> dict[str, Any] | None:
    """What became of a field; None when nothing did. No text is repeated, and nobody is named."""
    if before == after or (before in (None, "", []) and after in (None, "", [])):
        return None
    said: dict[str, Any] = {"name": field.name, "before": digest(before), "after": digest(after)}
    if is_text(field):
        pieces = word_difference(str(before or ""), str(after or ""))
        said["words"] = [
            sum(len(piece.text.split()) for piece in pieces if piece.kind == kind)
            for kind in ("added", "removed")
        ]
    elif not isinstance(field, ForeignKey) and not isinstance(after, list | dict):
        said |= {"from": _in_words(field, before), "to": _in_words(field, after)}
    return said


def _in_words(field: Any, value: Any) -> str:
    match value:
        case None | "":
            return ""
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
    return str(value)[:LONGEST_VALUE]


# --- writing it down -------------------------------------------------------------------------


def _who() -> Acting | None:
    """Whoever acts in this transaction, or whoever is at work in this request."""
    said = acting()
    if said is not None:
        return said
    person = person_at_work.get()
    return Acting(person, None, clock.now()) if person else None


def _change(found: Found, who: Acting, known: Rows) -> ContentChange:
    instance = found.content.object_of(found.row, known)
    role = who.role
    if role is None and who.by is not None and "roles_held" in who.by.__dict__:
        role = role_at_work(instance, who.by)
    drafted_by, drafted_in = draft_of(instance, found.row)
    return ContentChange(
        collaboration_id=instance.collaboration_key,
        machine=instance.machine_slug,
        object_id=instance.pk,
        object_name=instance.object_name[:LONGEST_NAME],
        part=found.content.label,
        part_id=found.part_id,
        kind=found.kind,
        fields=found.fields,
        by=who.by,
        role=role or "",
        party=role.party if role else "",
        reason=who.reason,
        occurred_at=who.now,
        drafted_by=drafted_by,
        drafted_in_id=drafted_in,
    )
