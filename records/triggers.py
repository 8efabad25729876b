"""What the database itself refuses: to change or to take away a row of the trail.

The application already refuses (``records.models.AppendOnly``); this holds for whoever comes past
it, by raw SQL or with another program. Who reads a page is a row that may be thinned out, but only
while a decision to do so stands that is not carried out yet.
"""

from typing import Any

NEVER_CHANGED = (
    "sbs_workflow_transitionrecord",
    "records_contentchange",
    "records_traillink",
    "records_readrecord",
    "records_persondecision",
    "records_thinned",
    "records_thinningdecision",
    "records_thinningdone",
)
THINNED_OUT = ("records_readrecord",)
A_DECISION_STANDS = """
    EXISTS (SELECT 1 FROM records_thinningdecision d WHERE NOT EXISTS
        (SELECT 1 FROM records_thinningdone e WHERE e.decision_id = d.id))
"""

POSTGRESQL = """
CREATE OR REPLACE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def statements(vendor: str) -> list[str]:
    """What makes the triggers; making them again changes nothing."""
    made = [POSTGRESQL] if vendor == "postgresql" else []
    for table in NEVER_CHANGED:
        for verb in ("UPDATE", "DELETE"):
            allowed = verb == "DELETE" and table in THINNED_OUT
            made += _trigger(vendor, table, verb, f"NOT {A_DECISION_STANDS}" if allowed else "")
    return made


def statements_to_undo(vendor: str) -> list[str]:
    undone = [
        f"DROP TRIGGER IF EXISTS {_name(table, verb)}"
        + (f" ON {table}" if vendor == "postgresql" else "")
        for table in NEVER_CHANGED
        for verb in ("UPDATE", "DELETE")
    ]
    if vendor == "postgresql":
        undone += [
            f"DROP FUNCTION IF EXISTS {_name(table, 'DELETE')}_unless()" for table in THINNED_OUT
        ]
        undone.append("DROP FUNCTION IF EXISTS records_refuse()")
    return undone


def _name(table: str, verb: str) -> str:
    return f"{table}_no_{verb.lower()}"


def _trigger(vendor: str, table: str, verb: str, when: str) -> list[str]:
    name = _name(table, verb)
    if vendor == "sqlite":
        condition = f"WHEN {when}" if when else ""
        return [
            f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        ]
    if when:
        # PostgreSQL takes no question about other tables in WHEN.
        function = f"{name}_unless"
        return [
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN IF {when} THEN RAISE EXCEPTION '{table} is append-only'"
            " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$",
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()",
        ]
    return [
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION records_refuse()",
    ]


def install(_apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, statements(schema_editor.connection.vendor))


def remove(_apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, statements_to_undo(schema_editor.connection.vendor))


def _run(schema_editor: Any, wanted: list[str]) -> None:
    with schema_editor.connection.cursor() as cursor:
        for statement in wanted:
            cursor.execute(statement)
