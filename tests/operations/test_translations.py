"""Every text that people see has a finished Swedish translation."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import polib
import pytest

from tests.operations.environments import ROOT

pytestmark = pytest.mark.portable

CATALOGUE = Path("locale/sv/LC_MESSAGES/django.po")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """What makemessages would leave behind today, made in a copy of the sources."""
    copy = tmp_path_factory.mktemp("copy") / "trepart"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("[.]*", "tests", "var", "static"))
    command = [sys.executable, "manage.py", "makemessages", "--locale", "sv", "--no-location"]
    environment = os.environ | {"VAR_DIR": str(copy / "var")}
    subprocess.run(command, cwd=copy, env=environment, check=True, capture_output=True)
    return polib.pofile(str(copy / CATALOGUE))


def test_nothing_is_untranslated(catalogue: polib.POFile) -> None:
    assert texts(catalogue.untranslated_entries()) == []


def test_nothing_is_half_translated(catalogue: polib.POFile) -> None:
    assert texts(catalogue.fuzzy_entries()) == []


def test_nothing_is_left_over(catalogue: polib.POFile) -> None:
    committed = polib.pofile(str(ROOT / CATALOGUE))
    assert texts(committed.obsolete_entries()) == []
    assert texts(catalogue.obsolete_entries()) == []


def texts(entries: Iterable[polib.POEntry]) -> list[str]:
    return [entry.msgid for entry in entries]
