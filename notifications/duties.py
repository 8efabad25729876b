"""What is owed: every upper house declares its duties in `duties.py`, and this house finds them.

A duty is a question to the present state, never a stored task: to-do lists, "whose turn" and
reminders are views of the same rows, so a duty that is solved anywhere disappears everywhere.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet, ImproperlyConfigured
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import (
    CharField,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise

from notifications import audience
from notifications.audience import Closure
from notifications.models import Exemption, LeadTimes
from notifications.open_days import slide, why_slid
from notifications.planned import ask_planned
from notifications.working_days import add_working_days, previous_working_day

# The last step can still be told for so long: a scheduler that was down catches up within it.
LAST_STEP_STAYS_OPEN = timedelta(days=30)
NOTHING = Value("", output_field=CharField())
NO_UNIT = Cast(Value(None), UUIDField())
NEVER_CLOSED = Cast(Value(None), TextField())
# Steps of escalation are numbered from here; the others by their distance from the due date.
FIRST_RUNG = 10_000

Text = str | Promise
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Offset:
    """A distance from a due date that has slid to a working day; negative is before it."""

    count: int
    counts_working_days: bool

    def from_date(self, day: date, closures: Iterable[Closure] = ()) -> date:
        day = slide(day, closures)
        if self.counts_working_days:
            return add_working_days(day, self.count)
        return day + timedelta(days=self.count)

    def latest_due_on(self, today: date) -> date:
        """The latest due date from which this offset has been reached today."""
        if self.counts_working_days:
            return add_working_days(previous_working_day(today), -self.count)
        return previous_working_day(today - timedelta(days=self.count))

    @property
    def number(self) -> int:
        """Its own wherever it stands among others, so that no step is told twice or skipped."""
        return 2 * self.count + self.counts_working_days

    @property
    def written(self) -> str:
        return f"{self.count}{'w' if self.counts_working_days else ''}"

    @classmethod
    def read(cls, written: str) -> "Offset":
        """The offset that was written so; ValueError when it is none."""
        return cls(int(written.removesuffix("w")), written.endswith("w"))


def days(count: int) -> Offset:
    """So many calendar days after the due date, or before it when negative."""
    return Offset(count, counts_working_days=False)


def working_days(count: int) -> Offset:
    """So many working days after the due date slid to a working day, or before it when negative."""
    return Offset(count, counts_working_days=True)


class Rung(NamedTuple):
    """A step of the ladder: from then on others are told, too, that nobody has done it."""

    offset: Offset
    told: tuple[str, ...]


def after(offset: Offset, *roles: str) -> Rung:
    """Who is told when it is still not done so long after the due date."""
    return Rung(offset, roles)


class Window(NamedTuple):
    """The due dates that are reminded of today: after < due_on <= until.

    `latest_of_step` holds the number of each step and the latest due date from which it has begun,
    the step that has gone furthest first.
    """

    after: date
    until: date
    latest_of_step: tuple[tuple[int, date], ...]


@dataclass(frozen=True)
class Timing:
    """When those who owe a duty are reminded, and when the others are told."""

    steps: tuple[Offset, ...]
    escalation: tuple[Offset, ...] = ()

    @cached_property
    def tracks(self) -> tuple[dict[int, Offset], ...]:
        """The two rows of steps by their numbers; of each only the latest one begun is told."""
        reminders = {step.number: step for step in self.steps}
        ladder = dict(enumerate(self.escalation, start=FIRST_RUNG))
        return tuple(track for track in (reminders, ladder) if track)

    @cached_property
    def offsets(self) -> dict[int, Offset]:
        return {number: offset for track in self.tracks for number, offset in track.items()}


def window(track: dict[int, Offset], today: date) -> Window:
    """The due dates that one track of steps reminds of today."""
    latest = [(number, offset.latest_due_on(today)) for number, offset in track.items()]
    a_while_ago = today - LAST_STEP_STAYS_OPEN
    return Window(
        after=min(offset.latest_due_on(a_while_ago) for offset in track.values()),
        until=max(day for _number, day in latest),
        latest_of_step=tuple(sorted(latest, key=lambda step: step[1])),
    )


@dataclass(frozen=True, eq=False)
class Duty:
    """One rule: what is owed, by whom, when it is shown and when people are reminded of it."""

    name: str
    label: Text
    why: Text
    rule: str
    owed_by: tuple[str, ...]
    opens: Offset
    timing: Timing
    ladder: tuple[Rung, ...]
    is_formal: bool
    action: str
    find: Callable[[], QuerySet[Any]] = field(repr=False)
    standing: Q | None
    scope: str
    unit: str
    person: str
    scope_name: Combinable
    subject: Combinable

    def told_at(self, step: int) -> tuple[str, ...]:
        """The roles that a step tells: those who owe it, or those a rung of the ladder names."""
        if step < FIRST_RUNG:
            return self.owed_by
        rung = step - FIRST_RUNG
        return self.ladder[rung].told if rung < len(self.ladder) else ()

    def timing_with(self, changed: LeadTimes | None) -> Timing:
        """The usual lead times, or those that an administrator has written down instead."""
        if changed is None:
            return self.timing
        return Timing(
            read_offsets(changed.steps) if changed.steps else self.timing.steps,
            read_offsets(changed.escalation) if changed.escalation else self.timing.escalation,
        )

    def standing_rows(self) -> QuerySet[Any]:
        """All rows that owe this duty and whose surroundings let it stand."""
        rows = self.find()
        return rows if self.standing is None else rows.filter(self.standing)

    def latest_open(self, today: date) -> date:
        """The latest due date that is shown as "to do" today."""
        return Offset(-self.opens.count, self.opens.counts_working_days).latest_due_on(today)

    @cached_property
    def compiled(self) -> tuple[str, tuple[Any, ...]]:
        """The question of `find` as SQL: it is the same every minute, so it is written once."""
        rows = self.find().order_by()
        columns = rows.values("due_on", owed_object_id=F("pk"), owed_scope_id=F(self.scope))
        sql, parameters = columns.query.sql_with_params()
        return sql, tuple(parameters)

    @cached_property
    def displayed(self) -> QuerySet[Any, dict[str, Any]]:
        """The question of a page: what differs is only for whom, where and until when it asks."""
        return _for_display(self, self.standing_rows())

    @cached_property
    def displayed_everywhere(self) -> tuple[str, tuple[Any, ...]]:
        """The question of a page about every scope as SQL, written once for the same reason."""
        sql, parameters = self.displayed.query.sql_with_params()
        return sql, tuple(parameters)


def read_offsets(written: str) -> tuple[Offset, ...]:
    """Offsets with spaces between them; ValueError when one is none."""
    return tuple(map(Offset.read, written.split()))


@dataclass(frozen=True)
class OpenDuty:
    """A duty about one object, as people meet it.

    `set_for` is the date that was set; `due_on` is where it slides to when nobody is at work then,
    past weekends, public holidays, the summer and the `closures` of those who owe it.
    """

    duty: Duty
    object_id: UUID
    scope_id: UUID
    unit_id: UUID | None
    scope_name: str
    subject: str
    set_for: date
    closures: tuple[Closure, ...]

    @cached_property
    def due_on(self) -> date:
        return slide(self.set_for, self.closures)

    @property
    def slid_because(self) -> str:
        """Why it is due later than it was set for; empty when it is not."""
        return why_slid(self.set_for, self.closures)

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
    rule: str = "",
    escalation: tuple[Rung, ...] = (),
    formal: bool = False,
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
    `escalation` tells others when it is still not done, one's own party first: `after(days(7), …)`.
    `formal` duties can neither be put off nor have their mails chosen away. `rule` is its number in
    domain.md 4.2.
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
        if person and (steps or escalation):
            raise ImproperlyConfigured(f"The duty {name} is one person's: whoever asks reminds")
        registry[name] = Duty(
            name=name,
            label=label,
            why=why,
            rule=rule,
            owed_by=owed_by,
            opens=opens,
            timing=Timing(steps, tuple(rung.offset for rung in escalation)),
            ladder=escalation,
            is_formal=formal,
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

# One question for everything, so that a list costs one round trip however many duties there are.
OWED = """
    SELECT * FROM ({parts}) AS owed
    WHERE {exempted} (
        SELECT 1 FROM notifications_exemption AS exemption
        WHERE exemption.rule = owed.duty_name
        AND exemption.object_id = owed.duty_object_id
        AND exemption.due_on = owed.duty_set_for
        AND (exemption.until IS NULL OR exemption.until > {today})
    )
    {narrowed}
    ORDER BY duty_set_for, duty_name, duty_object_id
    {limit}
"""
OPEN_OF_DUTY = "SELECT * FROM ({displayed}) AS owed WHERE duty_set_for <= {until}"


Row = dict[str, Any]


class _Question(NamedTuple):
    """SQL and its parameters."""

    sql: str
    parameters: tuple[Any, ...]


def open_duties(
    today: date,
    *,
    mine: Mine | None = None,
    scopes: Collection[UUID] | None = None,
    limit: int | None = None,
    until: date | None = None,
    let_be: bool = False,
) -> list[OpenDuty]:
    """What is owed today, overdue first, in one query.

    `mine` says which rows of a duty are a person's, or leaves the duty out with None;
    `scopes`, in its place, keeps those of the named scopes. `until` looks ahead: everything that
    is due by then, and not only what people are shown to do today. `let_be` gives those that are
    put off or waived, in place of the others.
    """
    if scopes is not None:
        assert mine is None
        rows = _ask_in_scopes(scopes, today, let_be=let_be) if scopes else []
    else:
        rows = _ask_of_person(mine, until, today, limit=limit, let_be=let_be)
    return [_read(_converted(row)) for row in rows]


def _ask_of_person(
    mine: Mine | None, until: date | None, today: date, *, limit: int | None, let_be: bool
) -> list[Row]:
    parts = list(_of_person(today, mine, until))
    if not parts:
        return []
    sql = _owed(
        (part.sql for part in parts),
        let_be=let_be,
        today="%s",
        limit="" if limit is None else f"LIMIT {int(limit)}",
    )
    parameters = [parameter for part in parts for parameter in part.parameters]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, connection.ops.adapt_datefield_value(today)])
        return _rows(cursor)


def _of_person(today: date, mine: Mine | None, until: date | None) -> Iterable[_Question]:
    for declared in registry.values():
        condition = mine(declared) if mine is not None else Q()
        if condition is not None:
            by = declared.latest_open(today) if until is None else until
            owed = declared.displayed.filter(condition, due_on__lte=by)
            try:
                yield _Question(*owed.query.sql_with_params())
            except EmptyResultSet:
                continue


def _ask_in_scopes(scopes: Collection[UUID], today: date, *, let_be: bool) -> list[Row]:
    """Lists of many scopes ask this for every page.

    Django writes it once, and PostgreSQL plans it once for each connection.
    """
    declared = tuple(duty for duty in registry.values() if not duty.person)
    until = [duty.latest_open(today) for duty in declared]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            question = _planned_in_scopes(declared, let_be=let_be)
            ask_planned(
                cursor, question, types="date, date[], uuid[]", parameters=[today, until, [*scopes]]
            )
        else:
            cursor.execute(*_written_in_scopes(declared, until, scopes, today, let_be=let_be))
        return _rows(cursor)


@cache
def _planned_in_scopes(declared: tuple[Duty, ...], *, let_be: bool) -> str:
    """For PostgreSQL, with today as $1, until when each duty is shown as $2, the scopes as $3."""
    ops: Any = connection.ops
    parts = [
        OPEN_OF_DUTY.format(
            displayed=ops.compose_sql(*duty.displayed_everywhere), until=f"($2)[{number}]"
        )
        for number, duty in enumerate(declared, start=1)
    ]
    # The database carries the scopes into each part, where an index finds the rows.
    return _owed(parts, let_be=let_be, today="$1", narrowed="AND duty_scope_id = ANY ($3)")


def _written_in_scopes(
    declared: tuple[Duty, ...],
    until: list[date],
    scopes: Collection[UUID],
    today: date,
    *,
    let_be: bool,
) -> _Question:
    """For a database that keeps no plans and knows no lists."""
    day = connection.ops.adapt_datefield_value
    sql = _owed(
        (
            OPEN_OF_DUTY.format(displayed=duty.displayed_everywhere[0], until="%s")
            for duty in declared
        ),
        let_be=let_be,
        today="%s",
        narrowed=f"AND duty_scope_id IN ({', '.join(['%s'] * len(scopes))})",
    )
    parameters: list[Any] = []
    for duty, latest in zip(declared, until, strict=True):
        parameters += [*duty.displayed_everywhere[1], day(latest)]
    return _Question(sql, (*parameters, day(today), *map(adapted_key, scopes)))


def _owed(
    parts: Iterable[str], *, let_be: bool, today: str, narrowed: str = "", limit: str = ""
) -> str:
    return OWED.format(
        parts=" UNION ALL ".join(parts),
        exempted="EXISTS" if let_be else "NOT EXISTS",
        today=today,
        narrowed=narrowed,
        limit=limit,
    )


def _rows(cursor: CursorWrapper) -> list[Row]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def adapted_key(key: UUID) -> Any:
    """As the connected database wants it in SQL of our own."""
    return UUIDField().get_db_prep_value(key, connection)


def _converted(row: Row) -> Row:
    """SQLite knows neither keys nor dates, and gives both as text."""
    if connection.vendor == "sqlite":
        ops: Any = connection.ops
        for name in ("duty_object_id", "duty_scope_id", "duty_unit_id"):
            row[name] = ops.convert_uuidfield_value(row[name], None, connection)
        row["duty_set_for"] = ops.convert_datefield_value(row["duty_set_for"], None, connection)
    return row


def still_owed(declared: Duty, object_ids: Iterable[UUID]) -> dict[UUID, OpenDuty]:
    """Which of these objects still owe the duty, those included that are put off, in one query."""
    waived = Exemption.objects.filter(
        rule=declared.name, object_id=OuterRef("pk"), due_on=OuterRef("due_on"), until=None
    )
    standing = declared.standing_rows().filter(~Exists(waived), pk__in=set(object_ids))
    return {it.object_id: it for it in shown(declared, standing)}


def shown(declared: Duty, rows: QuerySet[Any]) -> list[OpenDuty]:
    """These of a duty's rows, as people meet them."""
    return [_read(row) for row in _for_display(declared, rows)]


def _for_display(declared: Duty, rows: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    closures = audience.house().closures_from_due_on(declared)
    return rows.order_by().values(
        duty_name=Value(declared.name, output_field=CharField()),
        duty_object_id=F("pk"),
        duty_scope_id=F(declared.scope),
        duty_unit_id=F(declared.unit) if declared.unit else NO_UNIT,
        duty_scope_name=declared.scope_name,
        duty_subject=declared.subject,
        duty_set_for=F("due_on"),
        duty_closures=NEVER_CLOSED if closures is None else closures,
    )


def _read(row: Row) -> OpenDuty:
    return OpenDuty(
        duty=registry[row["duty_name"]],
        object_id=row["duty_object_id"],
        scope_id=row["duty_scope_id"],
        unit_id=row["duty_unit_id"],
        scope_name=row["duty_scope_name"],
        subject=row["duty_subject"],
        set_for=row["duty_set_for"],
        closures=Closure.read_all(row["duty_closures"]),
    )
