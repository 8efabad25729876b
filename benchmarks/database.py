"""A database of its own for every run: no benchmark ever touches what somebody works with."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connection, connections


def require_postgresql() -> None:
    if connection.vendor != "postgresql":
        sys.exit("This needs PostgreSQL: run it as `python3 dev.py bench NAME`.")


@contextmanager
def fresh(*names: str) -> Iterator[None]:
    """Empty databases of these names with all tables; the first is in use until ``use``."""
    with tempfile.TemporaryDirectory(prefix="trepart-bench-") as folder:
        base = connections.settings[DEFAULT_DB_ALIAS]
        for name in names:
            test = {**base["TEST"], "NAME": f"bench_{name}"}
            if base["ENGINE"].endswith("sqlite3"):
                test["NAME"] = str(Path(folder) / f"{name}.sqlite3")
            connections.settings[name] = {**base, "TEST": test}
        default = connections[DEFAULT_DB_ALIAS]
        try:
            first, *others = names
            use(first)
            connections[first].creation.create_test_db(
                verbosity=0, autoclobber=True, serialize=False
            )
            for name in others:
                copy(first, name)
            yield
        finally:
            connections.settings[DEFAULT_DB_ALIAS] = base
            connections[DEFAULT_DB_ALIAS] = default
            for name in names:
                connections[name].creation.destroy_test_db(base["NAME"], verbosity=0)


def copy(name: str, to_name: str) -> None:
    """A second database like the first, quicker than by migrations."""
    source, copied = connections[name], connections[to_name]
    copied.settings_dict["NAME"] = copied.settings_dict["TEST"]["NAME"]
    source.close()
    if source.vendor == "sqlite":
        shutil.copy(source.settings_dict["NAME"], copied.settings_dict["NAME"])
        return
    with copied._nodb_cursor() as cursor:
        old, new = source.settings_dict["NAME"], copied.settings_dict["NAME"]
        cursor.execute(f"DROP DATABASE IF EXISTS {new}")
        cursor.execute(f"CREATE DATABASE {new} TEMPLATE {old}")


def use(name: str) -> None:
    """Everything that asks the database asks this one from now on."""
    connections.settings[DEFAULT_DB_ALIAS] = connections.settings[name]
    connections[DEFAULT_DB_ALIAS] = connections[name]


def server() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT 'SQLite ' || sqlite_version()")
        else:
            cursor.execute("SELECT 'PostgreSQL ' || current_setting('server_version')")
        return str(cursor.fetchone()[0])


@contextmanager
def fsync(*, on: bool) -> Iterator[None]:
    """Let the server write to disk as in production; the tests' server does not."""
    if not on:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET fsync = on")
        cursor.execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            cursor.execute("ALTER SYSTEM RESET fsync")
            cursor.execute("SELECT pg_reload_conf()")
