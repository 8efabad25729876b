"""What docs/security.md claims has a test, which exists, or a reason."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.portable

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs" / "security.md").read_text()
NAMED = re.compile(r"(tests/[\w/]+\.py)::(\w+)")


@cache
def functions_of(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def missing(page: str) -> set[str]:
    return {
        f"{file}::{name}"
        for file, name in NAMED.findall(page)
        if not (ROOT / file).exists() or name not in functions_of(file)
    }


def claims(page: str) -> list[str]:
    """The rows of its tables, without their heads."""
    rows = re.findall(r"^\|.*\|$", page, re.MULTILINE)
    return [row for row in rows if not row.startswith(("| | Asked", "|---"))]


def test_every_test_that_is_named_exists():
    assert missing(PAGE) == set()
    assert missing("tests/architecture/test_security_page.py::test_of_nothing")


def test_every_claim_has_a_test_or_a_reason():
    assert len(claims(PAGE)) > 50
    assert [row for row in claims(PAGE) if not (NAMED.search(row) or "Reason: " in row)] == []
