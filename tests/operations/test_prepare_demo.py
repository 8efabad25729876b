"""The tables of the demo are made at once, and are those that migrating makes."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from records import triggers
from tests.notifications.errands import Errand

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

MAKE_TABLES = """
import django
django.setup()
from scripts.prepare_demo import make_tables
make_tables()
"""
Execute = Callable[..., Iterable[tuple[Any, ...]]]


def test_the_tables_of_the_demo_are_those_that_migrating_makes(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    if connection.vendor != "sqlite" or pytestconfig.option.nomigrations:
        pytest.skip("This database was not made by migrating on SQLite.")
    done = prepared(tmp_path)
    assert done.returncode == 0, done.stderr
    migrated = connection.connection.execute
    with closing(sqlite3.connect(tmp_path / "trepart.sqlite3")) as demo:
        assert tables(demo.execute) == tables(migrated)
        assert history(demo.execute) == history(migrated)
        made = {name for (name,) in demo.execute(named("trigger"))}
    # The tests themselves go without them.
    assert len(made) == len(triggers.statements("sqlite"))


def test_a_start_that_was_cut_off_is_begun_anew_and_another_version_is_told(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "trepart.sqlite3")) as half:
        half.execute("CREATE TABLE organisations_user (half text)")
    assert prepared(tmp_path).returncode == 0
    with closing(sqlite3.connect(tmp_path / "trepart.sqlite3")) as whole:
        whole.execute("ALTER TABLE meetings_agendapoint ADD COLUMN of_another_version text")
    refused = prepared(tmp_path)
    assert refused.returncode == 1
    assert "(meetings_agendapoint). Begin anew: python3 dev.py up --reset" in refused.stderr


def prepared(var: Path) -> "subprocess.CompletedProcess[str]":
    environment = {name: os.environ[name] for name in os.environ if name != "DATABASE_URL"}
    environment |= {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(
        [sys.executable, "-c", MAKE_TABLES],
        env=environment | {"DEMO": "true"},
        capture_output=True,
        text=True,
    )


def named(kind: str) -> str:
    return f"SELECT name FROM sqlite_master WHERE type = '{kind}' AND name NOT LIKE 'sqlite_%'"


def tables(execute: Execute) -> dict[str, tuple[list[Any], ...]]:
    """Of each table its columns, foreign keys, indexes and constraints, in no order.

    But for those that other tests have made for themselves.
    """
    names = [name for (name,) in execute(named("table")) if name != Errand._meta.db_table]
    return {table: described(execute, table) for table in names}


def described(execute: Execute, table: str) -> tuple[list[Any], ...]:
    (sql,) = next(iter(execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,))))
    column = 'name, type, "notnull", dflt_value, pk'
    key = '"table", "from", "to", on_delete'
    return (
        sorted(execute(f"SELECT {column} FROM pragma_table_info(?)", (table,))),
        sorted(execute(f"SELECT {key} FROM pragma_foreign_key_list(?)", (table,))),
        sorted(execute('SELECT name, "unique", partial FROM pragma_index_list(?)', (table,))),
        sorted(re.findall(r'CONSTRAINT "(\w+)"', sql)),
    )


def history(execute: Execute) -> set[tuple[str, str]]:
    return {(app, name) for app, name in execute("SELECT app, name FROM django_migrations")}
