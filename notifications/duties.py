"""What is owed: every upper house declares its duties in `duties.py`, and this house finds them.

A duty is a question to the present state, never a stored task: to-do lists, "whose turn" and
reminders are views of the same rows, so a duty that is solved anywhere disappears everywhere.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import CharField, F, Model, Q, QuerySet, UUIDField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise

from notifications.working_days import add_working_days, previous_working_day

# The last step can still be told for so long: a scheduler that was down catches up within it.
LAST_STEP_STAYS_OPEN = timedelta(days=30)
NOTHING = Value("", output_field=CharField())
NO_UNIT = Cast(Value(None), UUIDField())

Text = str | Promise
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Offset:
    """A distance from a due date; negative is before it."""

    count: int
    counts_working_days: bool

    def from_date(self, day: date) -> date:
        if self.counts_working_days:
            return add_working_days(day, self.count)
        return day + timedelta(days=self.count)

    def latest_due_on(self, today: date) -> date:
        """The latest due date from which this offset has been reached today."""
        if self.counts_working_days:
            return add_working_days(previous_working_day(today), -self.count)
        return today - timedelta(days=self.count)


def days(count: int) -> Offset:
    """So many calendar days after the due date, or before it when negative."""
    return Offset(count, counts_working_days=False)


def working_days(count: int) -> Offset:
    """So many working days after the due date slid to a working day, or before it when negative."""
    return Offset(count, counts_working_days=True)


class Window(NamedTuple):
    """The due dates that are reminded of today: after < due_on <= until."""

    after: date
    until: date
    latest_of_step: tuple[date, ...]


@dataclass(frozen=True, eq=False)
class Duty:
    """One rule: what is owed, by whom, when it is shown and when people are reminded of it."""

    name: str
    label: Text
    why: Text
    owed_by: tuple[str, ...]
    opens: Offset
    steps: tuple[Offset, ...]
    action: str
    find: Callable[[], QuerySet[Any]]
    standing: Q | None
    scope: str
    unit: str
    person: str
    scope_name: Combinable
    subject: Combinable

    def standing_rows(self) -> QuerySet[Any]:
        """All rows that owe this duty and whose surroundings let it stand."""
        rows = self.find()
        return rows if self.standing is None else rows.filter(self.standing)

    def latest_open(self, today: date) -> date:
        """The latest due date that is shown as "to do" today."""
        return Offset(-self.opens.count, self.opens.counts_working_days).latest_due_on(today)

    def open_rows(self, today: date) -> QuerySet[Any]:
        """The rows that are shown as "to do" today, overdue ones included."""
        return self.due_by(self.latest_open(today))

    def due_by(self, day: date) -> QuerySet[Any]:
        return self.standing_rows().filter(due_on__lte=day)

    @cached_property
    def compiled(self) -> tuple[str, tuple[Any, ...]]:
        """The question of `find` as SQL: it is the same every minute, so it is written once."""
        rows = self.find().order_by()
        columns = rows.values("due_on", owed_object_id=F("pk"), owed_scope_id=F(self.scope))
        sql, parameters = columns.query.sql_with_params()
        return sql, tuple(parameters)

    @cached_property
    def displayed(self) -> tuple[str, tuple[Any, ...]]:
        """The question of a page about every scope as SQL, written once for the same reason."""
        sql, parameters = _for_display(self, self.standing_rows()).query.sql_with_params()
        return sql, tuple(parameters)

    def window(self, today: date) -> Window:
        latest_of_step = tuple(step.latest_due_on(today) for step in self.steps)
        return Window(
            after=self.steps[-1].latest_due_on(today - LAST_STEP_STAYS_OPEN),
            until=max(latest_of_step),
            latest_of_step=latest_of_step,
        )


@dataclass(frozen=True)
class OpenDuty:
    """A duty about one object, as people meet it."""

    duty: Duty
    object_id: UUID
    scope_id: UUID
    unit_id: UUID | None
    scope_name: str
    subject: str
    due_on: date

    @property
    def url(self) -> str:
        """The page where the duty is done."""
        return reverse(self.duty.action, args=[self.object_id])

    def is_overdue(self, today: date) -> bool:
        return self.due_on < today


registry: dict[str, Duty] = {}


def duty(
    name: str,
    *,
    label: Text,
    why: Text,
    owed_by: tuple[str, ...],
    opens: Offset,
    steps: tuple[Offset, ...],
    action: str,
    standing: Q | None = None,
    scope: str = "collaboration_id",
    unit: str = "",
    person: str = "",
    scope_name: Combinable | None = None,
    subject: Combinable = NOTHING,
) -> Callable[[Callable[[], QuerySet[M]]], Callable[[], QuerySet[M]]]:
    """Declare a duty; the decorated function says which rows owe it, the same way at any time.

    The rows' model has a UUID `pk`, a date `due_on` and the UUID column `scope`. The function's
    conditions lie on the row itself, so that a partial index on `due_on` answers them: planning
    never joins.
    `opens` is the lead time of the to-do list: days(30) shows it from 30 days before the due date.
    `steps` are reminded on, counted from the due date; only the latest one begun is told.
    `action` names the URL of the page that does it, reversed with the row's pk.
    `standing` may follow foreign keys: it is asked when the duty is shown and when a mail leaves.
    `unit` is the column of the part of the scope that owes it, where only a part does.
    `person` is the column of the one person who owes it, where it is nobody else's: it stands in
    that person's list only, and whoever asks sends the reminders, so that it has no steps.
    `scope_name` and `subject` are words for display: by default the collaboration's name, and none.
    """

    def declare(find: Callable[[], QuerySet[M]]) -> Callable[[], QuerySet[M]]:
        if name in registry:
            raise ImproperlyConfigured(f"The duty {name} is declared twice")
        if person and steps:
            raise ImproperlyConfigured(f"The duty {name} is one person's: whoever asks reminds")
        registry[name] = Duty(
            name=name,
            label=label,
            why=why,
            owed_by=owed_by,
            opens=opens,
            steps=steps,
            action=action,
            find=find,
            standing=standing,
            scope=scope,
            unit=unit,
            person=person,
            scope_name=scope_name or F("collaboration__name"),
            subject=subject,
        )
        return find

    return declare


Mine = Callable[[Duty], Q | None]


def open_duties(
    today: date,
    *,
    mine: Mine | None = None,
    scopes: Collection[UUID] | None = None,
    limit: int | None = None,
    until: date | None = None,
) -> list[OpenDuty]:
    """What is owed today, overdue first, in one query.

    `mine` says which rows of a duty are a person's, or leaves the duty out with None;
    `scopes`, in its place, keeps those of the named scopes. `until` looks ahead: everything that
    is due by then, and not only what people are shown to do today.
    """
    if scopes is not None:
        assert mine is None
        return _open_in(scopes, today)[:limit]
    parts = []
    for declared in registry.values():
        condition = mine(declared) if mine is not None else Q()
        if condition is not None:
            rows = declared.open_rows(today) if until is None else declared.due_by(until)
            parts.append(_for_display(declared, rows.filter(condition)))
    if not parts:
        return []
    first, *others = parts
    together = first.union(*others, all=True) if others else first
    ordered = together.order_by("duty_due_on", "duty_name", "duty_object_id")
    return [_read(row) for row in ordered[:limit]]


# The database carries the scopes into each part, where an index finds the rows.
OPEN_IN_SCOPES = """
    SELECT * FROM ({parts}) AS owed
    WHERE duty_scope_id IN ({scopes})
    ORDER BY duty_due_on, duty_name, duty_object_id
"""
OPEN_OF_DUTY = "SELECT * FROM ({displayed}) AS owed WHERE duty_due_on <= %s"


def _open_in(scopes: Collection[UUID], today: date) -> list[OpenDuty]:
    """Lists of many scopes ask this for every page, so Django does not write the SQL anew."""
    if not scopes or not registry:
        return []
    parts, parameters = [], []
    for declared in registry.values():
        if declared.person:
            continue
        displayed, its_parameters = declared.displayed
        latest = connection.ops.adapt_datefield_value(declared.latest_open(today))
        parts.append(OPEN_OF_DUTY.format(displayed=displayed))
        parameters += [*its_parameters, latest]
    sql = OPEN_IN_SCOPES.format(
        parts=" UNION ALL ".join(parts), scopes=", ".join(["%s"] * len(scopes))
    )
    key = UUIDField()
    keys = [key.get_db_prep_value(scope, connection) for scope in scopes]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, *keys])
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [_read(_converted(row)) for row in rows]


def _converted(row: dict[str, Any]) -> dict[str, Any]:
    """SQLite knows neither keys nor dates, and gives both as text."""
    if connection.vendor == "sqlite":
        ops: Any = connection.ops
        for name in ("duty_object_id", "duty_scope_id", "duty_unit_id"):
            row[name] = ops.convert_uuidfield_value(row[name], None, connection)
        row["duty_due_on"] = ops.convert_datefield_value(row["duty_due_on"], None, connection)
    return row


def still_owed(declared: Duty, object_ids: Iterable[UUID]) -> dict[UUID, OpenDuty]:
    """Which of these objects still owe the duty, in one query."""
    rows = _for_display(declared, declared.standing_rows().filter(pk__in=set(object_ids)))
    return {row["duty_object_id"]: _read(row) for row in rows}


def _for_display(declared: Duty, rows: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    return rows.order_by().values(
        duty_name=Value(declared.name, output_field=CharField()),
        duty_object_id=F("pk"),
        duty_scope_id=F(declared.scope),
        duty_unit_id=F(declared.unit) if declared.unit else NO_UNIT,
        duty_scope_name=declared.scope_name,
        duty_subject=declared.subject,
        duty_due_on=F("due_on"),
    )


def _read(row: dict[str, Any]) -> OpenDuty:
    return OpenDuty(
        duty=registry[row["duty_name"]],
        object_id=row["duty_object_id"],
        scope_id=row["duty_scope_id"],
        unit_id=row["duty_unit_id"],
        scope_name=row["duty_scope_name"],
        subject=row["duty_subject"],
        due_on=row["duty_due_on"],
    )
