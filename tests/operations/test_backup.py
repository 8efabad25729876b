"""The nightly backup of production, run against a real PostgreSQL."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.operations.environments import ROOT
from tests.services import postgres, postgres_programs

pytestmark = pytest.mark.portable

Environment = dict[str, str]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[Environment]:
    """As compose gives it to the backup service."""
    with postgres() as database_url:
        socket_folder = parse_qs(urlsplit(database_url).query)["host"][0]
        environment = os.environ | {
            "PATH": f"{postgres_programs()}:{os.environ['PATH']}",
            "PGHOST": socket_folder,
            "PGUSER": "postgres",
            "PGDATABASE": "trepart",
            "BACKUP_DIR": str(tmp_path),
        }
        run(environment, "createdb", "trepart")
        sql(environment, "CREATE TABLE django_migrations (name text)")
        sql(environment, "INSERT INTO django_migrations VALUES ('first'), ('second')")
        yield environment


def test_newest_backup_can_be_restored(environment: Environment) -> None:
    backup(environment, "now")
    assert "2 migrations stand in the restored database" in backup(environment, "test")


def test_restores_what_was_lost(environment: Environment, tmp_path: Path) -> None:
    backup(environment, "now")
    sql(environment, "DROP TABLE django_migrations")
    (dump,) = tmp_path.glob("daily/*.dump")
    backup(environment, "restore", str(dump))
    assert sql(environment, "SELECT count(*) FROM django_migrations").strip() == "2"


def test_what_is_restored_is_not_sent_again(environment: Environment, tmp_path: Path) -> None:
    sql(
        environment,
        "CREATE TABLE notifications_outboxmessage"
        " (key text, status text, reason text, token uuid, lease_until timestamptz)",
    )
    for status in ("due", "claimed", "handing", "sent"):
        sql(environment, f"INSERT INTO notifications_outboxmessage VALUES ('{status}', '{status}')")
    backup(environment, "now")
    run(environment, "dropdb", "trepart")
    run(environment, "createdb", "trepart")
    (dump,) = tmp_path.glob("daily/*.dump")
    backup(environment, "restore", str(dump))
    found = sql(environment, "SELECT key, status FROM notifications_outboxmessage ORDER BY key")
    assert found.split() == ["claimed|held", "due|held", "handing|handing", "sent|sent"]


def test_keeps_the_newest_of_two_weeks(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "daily").mkdir()
    for day in range(1, 21):
        (tmp_path / "daily" / f"trepart-2026-01-{day:02}T023000.dump").touch()
    backup(environment, "now")
    kept = sorted(dump.name for dump in tmp_path.glob("daily/*.dump"))
    assert len(kept) == 14
    assert kept[0] == "trepart-2026-01-08T023000.dump"


def backup(environment: Environment, *what: str) -> str:
    return run(environment, "sh", str(ROOT / "docker" / "backup.sh"), *what)


def sql(environment: Environment, statement: str) -> str:
    return run(environment, "psql", "--quiet", "--no-align", "--tuples-only", "-c", statement)


def run(environment: Environment, *command: str) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
