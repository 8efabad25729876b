"""Hears every statement that changes the content of a case, and writes down what came of it.

Actions write in many ways: they save rows, update and create many at once, set links and remove
things that take others with them. A trail that each of them had to remember would have holes where
one forgot; so the trail listens where none of them can pass by, between Django and the database
(docs/decisions/0060). It reads the statements that Django itself builds, and nothing else.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models import ForeignKey, Model
from django.utils.translation import override

from notifications import clock
from organisations.models import User
from records.contents import Content, Links, contents, draft_of, is_text, links
from records.models import ContentChange
from records.permissions import role_at_work
from sbs_workflow.acting import Acting, acting
from sbs_workflow.differences import word_difference
from sbs_workflow.writing import digest

Kind = ContentChange.Kind
LONGEST_NAME = 300
LONGEST_VALUE = 60

# Who is at work in this request, for what is written without an action that says who acts.
person_at_work: ContextVar[User | None] = ContextVar("person_at_work", default=None)


# --- statements --------------------------------------------------------------------------


@dataclass(frozen=True)
class Statement:
    """A statement that writes, as Django's compilers build them."""

    verb: str
    table: str
    columns: tuple[str, ...] = ()
    where: str = ""
    set_parameters: int = 0
    is_unnested: bool = False


INSERT = re.compile(r'INSERT (?:OR IGNORE )?INTO "(\w+)" \(([^)]*)\)')
UPDATE = re.compile(r'UPDATE "(\w+)" SET ')
DELETE = re.compile(r'DELETE FROM "(\w+)"(?: WHERE )?')
SET = re.compile(r'(?:^|, )"(\w+)" = ')
TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[()]| WHERE |%s")


@lru_cache(maxsize=1024)
def read_statement(sql: str) -> Statement | None:
    if match := INSERT.match(sql):
        columns = tuple(re.findall(r'"(\w+)"', match[2]))
        return Statement("INSERT", match[1], columns, is_unnested="UNNEST(" in sql)
    if match := UPDATE.match(sql):
        assignments, parameters, where = _split(sql[match.end() :])
        return Statement(
            "UPDATE", match[1], tuple(SET.findall(assignments)), where, set_parameters=parameters
        )
    if sql.endswith(";"):
        return None  # ``flush`` empties the tables, the trail with them
    if match := DELETE.match(sql):
        return Statement("DELETE", match[1], where=sql[match.end() :])
    return None


def _split(rest: str) -> tuple[str, int, str]:
    """The assignments without what stands in parentheses, their parameters, and the condition."""
    depth, parameters, outside, last = 0, 0, "", 0
    for token in TOKEN.finditer(rest):
        word = token[0]
        if depth == 0:
            outside += rest[last : token.start()]
        last = token.end()
        if word == " WHERE " and depth == 0:
            return outside, parameters, rest[token.end() :]
        if depth == 0 and word not in "()":
            outside += word
        depth += {"(": 1, ")": -1}.get(word, 0)
        parameters += word == "%s"
    return outside + rest[last:], parameters, ""


# --- listening ---------------------------------------------------------------------------

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


def listen_to_every_connection() -> None:
    connection_created.connect(_listen, dispatch_uid="records.recorder")
    for connection in connections.all(initialized_only=True):
        _listen(connection=connection)


def _listen(*, connection: Any, **_rest: Any) -> None:
    if record not in connection.execute_wrappers:
        connection.execute_wrappers.append(record)


def record(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute the statement, and add to the trail what it did to the content of a case."""
    # Only a flush, which empties the database of a test, ends its statements with a semicolon.
    if many or not sql.startswith(("INSERT", "UPDATE", "DELETE")) or sql.endswith(";"):
        return execute(sql, params, many, context)
    statement = read_statement(sql)
    if statement is None:
        return execute(sql, params, many, context)
    if (link := links().get(statement.table)) is not None:
        changes = _relinked(statement, link, list(params or ()), context["connection"])
        result = execute(sql, params, many, context)
    elif (content := contents().get(statement.table)) is not None:
        watched = _watch(statement, content, list(params or ()), context["connection"])
        result = execute(sql, params, many, context)
        changes = list(watched())
    else:
        return execute(sql, params, many, context)
    if changes:
        _write(changes)
    return result


@dataclass(frozen=True)
class Found:
    """What a statement did to one row."""

    content: Content
    row: Any
    kind: str
    fields: list[dict[str, Any]]
    part_id: str


def _watch(
    statement: Statement, content: Content, params: list[Any], connection: Any
) -> Callable[[], Iterable[Found]]:
    """What is to be asked once the statement is executed."""
    match statement.verb:
        case "INSERT" if _who() is not None:
            # What is put in by nobody, as when a backup is restored, has its first version itself.
            keys = _inserted_keys(statement, content, params)
            return lambda: _added(content, content.load(keys))
        case "UPDATE" if set(statement.columns) & {f.column for f in content.fields}:
            rest = params[statement.set_parameters :]
            before = content.load(_keys(statement, content, rest, connection))
            return lambda: _changed(content, before)
        case "DELETE":
            before = content.load(_keys(statement, content, params, connection))
            return lambda: _removed(content, before)
    return list


def _inserted_keys(statement: Statement, content: Content, params: list[Any]) -> list[Any]:
    column = content.model._meta.pk.column
    if column not in statement.columns:
        return []
    place, width = statement.columns.index(column), len(statement.columns)
    if statement.is_unnested:
        return list(params[place])
    return params[place::width]


def _keys(
    statement: Statement, content: Content, params: list[Any], connection: Any, column: str = ""
) -> list[Any]:
    """The keys of the rows that a condition holds for (one query, none for a row by its key)."""
    model = content.model
    column = column or model._meta.pk.column
    by_key = f'"{statement.table}"."{column}" = %s'
    if statement.where in (by_key, f"({by_key})"):
        return params
    if statement.where.startswith(f"({by_key} AND"):
        return params[:1]
    condition = f" WHERE {statement.where}" if statement.where else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{statement.table}"."{column}" FROM "{statement.table}"{condition}',
            params,
        )
        return [key for (key,) in cursor.fetchall()]


def _added(content: Content, after: dict[str, Any]) -> Iterator[Found]:
    for key, row in after.items():
        empty = content.model()
        fields = _differences(content, empty, row)
        # An object that a step has opened says nothing yet; the step itself is in the trail.
        if fields and (content.path or any("words" in said for said in fields)):
            yield Found(content, row, Kind.ADDED, fields, key)


def _changed(content: Content, before: dict[str, Any]) -> Iterator[Found]:
    after = content.load(before)
    for key, old in before.items():
        new = after.get(key, old)
        fields = _differences(content, old, new)
        if fields:
            yield Found(content, new, Kind.CHANGED, fields, key)


def _removed(content: Content, before: dict[str, Any]) -> Iterator[Found]:
    for key, row in before.items():
        fields = [
            {"name": f.name, "before": digest(value)}
            for f in content.fields
            if (value := _value(f, row)) not in (None, "", [])
        ]
        yield Found(content, row, Kind.REMOVED, fields, key)


def _relinked(statement: Statement, link: Links, params: list[Any], connection: Any) -> list[Found]:
    """Links that are set or taken away, as a change of the row that they belong to."""
    if statement.verb == "INSERT" and _who() is None:
        return []
    if statement.verb == "INSERT":
        place, width = statement.columns.index(link.column), len(statement.columns)
        owners = list(params[place]) if statement.is_unnested else params[place::width]
    elif statement.verb == "DELETE":
        owners = _keys(statement, link.owner, params, connection, column=link.column)
    else:
        return []
    what = "links_added" if statement.verb == "INSERT" else "links_removed"
    loaded = link.owner.load(set(owners))
    counts: dict[str, int] = {}
    for owner in map(str, owners):
        key = owner if owner in loaded else _with_dashes(owner)
        counts[key] = counts.get(key, 0) + 1
    return [
        Found(link.owner, row, Kind.CHANGED, [{"name": link.name, what: counts.get(key, 0)}], key)
        for key, row in loaded.items()
    ]


def _with_dashes(key: str) -> str:
    """SQLite keeps a UUID as 32 digits."""
    if len(key) != 32:
        return key
    return "-".join((key[:8], key[8:12], key[12:16], key[16:20], key[20:]))


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


def _write(found: list[Found]) -> None:
    """Rows of the trail; the next tick links them into the chains of their cases."""
    who = _who() or Acting(None, None, clock.now())
    with override(settings.LANGUAGE_CODE):
        ContentChange.objects.bulk_create([_change(each, who) for each in found])


def _change(found: Found, who: Acting) -> ContentChange:
    instance = found.content.object_of(found.row)
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
