"""Database, static files and demo cases in one process, since each start of Django costs a second.

Prints the log-ins, on standard output and alone.
"""

import gc
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations import Migration, RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings

from scripts.compile_messages import compile_messages


def main(today: str = "") -> None:
    gc.disable()  # this process ends soon: looking for garbage took a fifth of its time
    compile_messages()
    django.setup()
    make_tables()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_demo", today=date.fromisoformat(today) if today else None)


def make_tables() -> None:
    if not MigrationRecorder(connection).applied_migrations():
        remove_database()
        make_tables_at_once()
    call_command("migrate", verbosity=0)
    if not_ours := set(strange_tables()):
        sys.exit(
            f"The demo in {settings.VAR_DIR} was made by another version of Trepart, whose tables "
            f"are others ({', '.join(sorted(not_ours))}). Begin anew: python3 dev.py up --reset"
        )


def remove_database() -> None:
    """What a start that was cut off has left: tables perhaps, but nothing in them yet."""
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)


def strange_tables() -> Iterator[str]:
    """The tables that are missing, or have other columns than they should."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models(include_auto_created=True):
            if model._meta.proxy:
                continue
            table = model._meta.db_table
            expected = {field.column for field in model._meta.local_concrete_fields}
            if table not in tables or columns(cursor, table) != expected:
                yield table


def columns(cursor: Any, table: str) -> set[str]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} LIMIT 0")
    return {column[0] for column in cursor.description}


def make_tables_at_once() -> None:
    """The tables as they are today, in a tenth of the time that going through their history takes.

    What else our migrations do is left to ``migrate``. Those of packages mend old rows besides,
    of which there are none.
    """
    nowhere = {app.label: None for app in apps.get_app_configs()}
    with override_settings(MIGRATION_MODULES=nowhere):
        call_command("migrate", run_syncdb=True, verbosity=0)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    with transaction.atomic():
        for (app, name), migration in MigrationLoader(connection).disk_migrations.items():
            if app not in settings.STREET or makes_tables(migration):
                recorder.record_applied(app, name)


def makes_tables(migration: Migration) -> bool:
    return not all(isinstance(each, RunPython | RunSQL) for each in migration.operations)


if __name__ == "__main__":
    main(*sys.argv[1:])
