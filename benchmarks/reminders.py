"""Planning reminders on PostgreSQL and on SQLite: see `benchmarks.planning`."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import database, measure
from benchmarks.measure import Row


def main(arguments: list[str] | None = None) -> None:
    options = measure.options(__doc__, arguments)
    database.require_postgresql()
    size = ["--full"] * options.full + ["--tiny"] * options.tiny
    with tempfile.TemporaryDirectory(prefix="trepart-bench-") as folder:
        sqlite = f"sqlite:///{folder}/bench.sqlite3"
        rows = [
            row
            for address in (os.environ["DATABASE_URL"], sqlite)
            for row in rows_from(address, Path(folder) / "rows.json", size)
        ]
    if options.json:
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1))


def rows_from(address: str, file: Path, size: list[str]) -> list[Row]:
    """A process for each database, because Django writes its SQL for one of them."""
    command = [sys.executable, "-m", "benchmarks.planning", "--json", str(file), *size]
    subprocess.run(command, env=os.environ | {"DATABASE_URL": address}, check=True)
    rows: list[Row] = json.loads(file.read_text())
    return rows


if __name__ == "__main__":
    main()
