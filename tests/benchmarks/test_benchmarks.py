"""Every benchmark still runs: at sizes that say nothing about speed."""

import json
import os
import subprocess
import sys

import pytest

# Each brings its own PostgreSQL and Valkey, so that it never meets the tests' databases.
SERVICES = [sys.executable, "-m", "tests.services", "--"]
ENVIRONMENT = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.quick_settings"}
FIELDS = {"what", "n", "k", "value", "unit", "against", "ratio"}
# These fill a whole database, make many files or start the programs of others before they measure.
LONG = [
    pytest.param(name, marks=pytest.mark.soak)
    for name in ("delivery", "word", "synthesis", "pages", "reminders")
]


@pytest.mark.parametrize("name", ["transitions", "calendar", *LONG])
def test_writes_its_rows(name, tmp_path):
    rows = tmp_path / "rows.json"
    bench = [sys.executable, "-m", f"benchmarks.{name}", "--tiny", "--json", str(rows)]
    subprocess.run([*SERVICES, *bench], check=True, timeout=600, env=ENVIRONMENT)
    found = json.loads(rows.read_text())
    assert found
    assert all(row.keys() == FIELDS and row["value"] >= 0 for row in found)
