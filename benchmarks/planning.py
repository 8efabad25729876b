"""Planning reminders in one database: all our rules, against plain SQL, queues and schedulers."""

from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any

from django.db import connection, transaction
from kombu import Queue

from benchmarks import database, measure
from benchmarks.measure import Goal, Row, Seconds, at_least, at_most, duration, in_turns, ratio
from benchmarks.peers import beat
from benchmarks.peers.tasks import QUEUE, remind
from config.celery import app
from interventions.models import Visit
from notifications.models import Reminder
from notifications.planning import plan
from sbs_workflow.models import WorkflowModel
from tests import factories
from tests.cast import NOW, TODAY, Side, build_cast

RAW = "raw INSERT … SELECT"
MOVING = "raw, and move the date"
OURS = "all our rules"
DELAY = "loop over due rows: .delay() and save()"
# So few of the rows that are due go through the queue that the loop ends.
LOOPED = 200
# By the kind of row that its scheduler reads.
BEAT = {
    "clocked": "django-celery-beat, clocked rows",
    "interval": "django-celery-beat, interval rows",
}
REPORTS_AT_MOST = 30_000

Size = tuple[int, int]
# Of each kind; its interval rows cost more the more there are.
BEATS = (1_000, 100)


def main(arguments: list[str] | None = None) -> None:
    options = measure.options(__doc__, arguments)
    rounds = 1 if options.tiny else measure.ROUNDS
    sizes = sizes_of(tiny=options.tiny, full=options.full)
    with database.fresh(*map(name_of, sizes)):
        measure.say_where(database=database.server())
        for size in sizes:
            measure.progress("loading {:,} obligations, {:,} of them due".format(*size))
            database.use(name_of(size))
            fill(*size)
        report = [*compare(sizes, rounds), *idle(sizes[-1], rounds)]
        beats = (10, 3) if options.tiny else BEATS
        measure.report([*report, *by_the_row(sizes[-1], beats, rounds)], options.json)


def sizes_of(*, tiny: bool, full: bool) -> list[Size]:
    """How many obligations there are, and how many of them are due now."""
    if tiny:
        return [(60, 10), (300, 10), (300, 30)]
    largest = 1_000_000 if full else 100_000
    return [(1_000, 100), (largest, 100), (largest, 10_000)]


def name_of(size: Size) -> str:
    return "planning_{}_{}".format(*size)


# --- what is owed ---------------------------------------------------------------------


def fill(obligations: int, due: int) -> None:
    """Visits to be logged, minutes and reports to be written; for plain SQL one table of all."""
    side = build_cast().ours
    case = side.collaboration
    reports = min(obligations // 3, REPORTS_AT_MOST)
    meetings = obligations // 3
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0; SET session_replication_role = replica")
        cursor.execute(written(OBLIGATION_TABLE))
        cursor.execute(OBLIGATION_INDEX)
        insert(OBLIGATIONS, obligations, due, side)
        for instance, rows in (
            (factories.visit(case, state="planned", due_on=None), obligations - meetings - reports),
            (factories.meeting(case, state="held", due_on=None), meetings),
            (factories.report(case, side.school, number=0, due_on=None), reports),
        ):
            insert(like(instance), rows, round(due * rows / obligations), side)
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def like(instance: WorkflowModel) -> str:
    """Rows like this one, but for their keys, numbers and due dates."""
    own = {"id": "{new_id}", "number": "n", "due_on": "{day}"}
    columns = [str(field.column) for field in instance._meta.concrete_fields]
    values = ", ".join(own.get(column, f"one.{column}") for column in columns)
    table = instance._meta.db_table
    key = adapted(instance.pk)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) {{numbers}}"
        f" SELECT {values} FROM numbers, {table} AS one WHERE one.id = '{key}'"
    )


def insert(statement: str, rows: int, due: int, side: Side) -> None:
    parameters: dict[str, str | int] = {
        "case": adapted(side.collaboration.pk),
        "today": TODAY.isoformat(),
        "rows": rows,
        "every": max(1, rows // max(1, due)),
        "due": due,
    }
    with connection.cursor() as cursor:
        cursor.execute(written(statement), parameters)


def adapted(key: Any) -> str:
    return str(key) if connection.vendor == "postgresql" else str(key.hex)


def written(statement: str) -> str:
    """In the words of this database. Rows that are not due now are owed in a year or more."""
    is_postgresql = connection.vendor == "postgresql"
    later = (
        "CASE WHEN n %% %(every)s = 0 AND n / %(every)s <= %(due)s THEN 0 ELSE 400 + n %% 900 END"
    )
    return statement.format(
        uuid="uuid" if is_postgresql else "char(32)",
        new_id="gen_random_uuid()" if is_postgresql else "lower(hex(randomblob(16)))",
        day=f"%(today)s::date + ({later})"
        if is_postgresql
        else f"date(%(today)s, ({later}) || ' days')",
        numbers=NUMBERS,
    )


NUMBERS = """
    WITH RECURSIVE numbers (n) AS (
        SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %(rows)s
    )
"""
OBLIGATION_TABLE = """
    CREATE TABLE bench_obligation
        (id {uuid} PRIMARY KEY, scope_id {uuid}, due_on date, next_on date)
"""
OBLIGATION_INDEX = """
    CREATE INDEX bench_next ON bench_obligation (next_on) WHERE next_on IS NOT NULL
"""
OBLIGATIONS = """
    INSERT INTO bench_obligation (id, scope_id, due_on, next_on)
    {numbers} SELECT {new_id}, %(case)s, {day}, {day} FROM numbers
"""
# --- the sides ------------------------------------------------------------------------

TELL = """
    INSERT INTO notifications_reminder
        (rule, object_id, scope_id, due_on, step, status, reason, planned_at)
    SELECT 'bench', id, scope_id, due_on, 0, 'planned', '', %s
    FROM bench_obligation WHERE next_on > %s AND next_on <= %s
    ON CONFLICT DO NOTHING
"""
MOVE = "UPDATE bench_obligation SET next_on = %s WHERE next_on > %s AND next_on <= %s"
MOVE_BACK = "UPDATE bench_obligation SET next_on = due_on WHERE next_on <> due_on"


def window() -> list[Any]:
    day = connection.ops.adapt_datefield_value
    return [day(TODAY - timedelta(days=30)), day(TODAY)]


def tell_raw() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TELL, [connection.ops.adapt_datetimefield_value(NOW), *window()])


@transaction.atomic
def tell_and_move() -> None:
    tell_raw()
    later = connection.ops.adapt_datefield_value(TODAY + timedelta(days=30))
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [later, *window()])


def tell_ours() -> None:
    assert not plan(NOW).failed


WAYS: dict[str, Callable[[], None]] = {RAW: tell_raw, MOVING: tell_and_move, OURS: tell_ours}


def forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute(MOVE_BACK)
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE notifications_reminder")
            cursor.execute("VACUUM bench_obligation")
        else:
            cursor.execute("DELETE FROM notifications_reminder")


# --- the figures ----------------------------------------------------------------------


def compare(sizes: list[Size], rounds: int) -> list[Row]:
    """Everything that is due is told once, in every size, in turns."""
    measure.progress("telling what is due")
    turns = {f"{way} {name_of(size)}": (way, size) for size in sizes for way in WAYS}

    def prepare(turn: str) -> None:
        database.use(name_of(turns[turn][1]))
        forget()

    def check(turn: str) -> None:
        _way, (_n, due) = turns[turn]
        told = Reminder.objects.count()
        assert abs(told - due) <= 3, (turn, told)

    seconds = in_turns(
        {turn: WAYS[way] for turn, (way, _size) in turns.items()},
        before=prepare,
        after=check,
        rounds=rounds,
    )
    largest = sizes[-1]
    rows = []
    for size in sizes:
        of_size = {way: seconds[f"{way} {name_of(size)}"] for way in WAYS}
        rows += [
            row(RAW, size, of_size[RAW]),
            row(MOVING, size, of_size[MOVING], RAW, of_size[RAW]),
            row(
                OURS,
                size,
                of_size[OURS],
                MOVING,
                of_size[MOVING],
                at_most(on(postgresql=1.5, sqlite=2)) if size == largest else None,
            ),
        ]
    smallest, larger = (seconds[f"{OURS} {name_of(size)}"] for size in sizes[:2])
    return [
        *rows,
        row(OURS, sizes[1], larger, f"itself at n = {sizes[0][0]:,}", smallest, at_most(2)),
    ]


def idle(size: Size, rounds: int) -> list[Row]:
    """A tick after everything is told."""
    measure.progress("running idle")
    database.use(name_of(size))

    def prepare(way: str) -> None:
        forget()
        WAYS[way]()

    seconds = in_turns(WAYS, before=prepare, rounds=rounds)
    return [
        row(f"idle: {RAW}", size, seconds[RAW]),
        row(f"idle: {MOVING}", size, seconds[MOVING], f"idle: {RAW}", seconds[RAW]),
        row(f"idle: {OURS}", size, seconds[OURS], f"idle: {RAW}", seconds[RAW], at_most(3)),
    ]


def by_the_row(size: Size, beats: Size, rounds: int) -> list[Row]:
    """By the due row: ours against a message for each row to a real broker."""
    measure.progress("filling a queue")
    database.use(name_of(size))
    forget()
    due = list(Visit.objects.filter(due_on__lte=TODAY)[:LOOPED])
    beat.fill(*beats)

    def delay_each() -> None:
        for visit in due:
            remind.delay(str(visit.pk))
            visit.save()

    def prepare(side: str) -> None:
        forget()
        if side in BEAT:
            beat.make_due(side)

    peers: dict[str, Size] = {DELAY: (size[0], len(due)), **dict.fromkeys(BEAT, beats)}

    def check(side: str) -> None:
        with app.connection_for_write() as broker:
            told = Queue(QUEUE, channel=broker.default_channel).purge()
        assert side == OURS or told == peers[side][1], (side, told)

    seconds = in_turns(
        {OURS: tell_ours, DELAY: delay_each, **dict.fromkeys(BEAT, beat.tell_all)},
        before=prepare,
        after=check,
        rounds=rounds,
    )
    ours = [taken / size[1] for taken in seconds[OURS]]
    others = {peer: [taken / k for taken in seconds[peer]] for peer, (_n, k) in peers.items()}
    goals = {DELAY: at_least(20), "clocked": at_least(50), "interval": at_least(300)}
    return [
        *(
            Row(BEAT.get(peer, peer), *peers[peer], median(taken) * 1e6, "µs/row")
            for peer, taken in others.items()
        ),
        *(
            Row(
                f"{OURS}, times faster by the row",
                *size,
                median(ours) * 1e6,
                "µs/row",
                BEAT.get(peer, peer),
                ratio(taken, ours),
                goals[peer],
            )
            for peer, taken in others.items()
        ),
    ]


def row(
    what: str,
    size: Size,
    seconds: Seconds,
    against: str = "",
    others: Seconds | None = None,
    goal: Goal | None = None,
) -> Row:
    """A figure of the database that is measured."""
    where = on(postgresql="PostgreSQL", sqlite="SQLite")
    return duration(f"{where}: {what}", *size, seconds, against=against, others=others, goal=goal)


def on(*, postgresql: Any, sqlite: Any) -> Any:
    return {"postgresql": postgresql, "sqlite": sqlite}[connection.vendor]


if __name__ == "__main__":
    main()
