"""On a phone a table of three columns or more becomes cards, and each cell names its column."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.portable

TABLE = re.compile(r'<table class="table[ "].*?</table>', re.DOTALL)
HEADING = re.compile(r'<th[^>]*scope="col"')
HIDDEN_HEADING = re.compile(r'scope="col"><span class="visually-hidden">')
UNNAMED_CELL = re.compile(r"<td(?![^>]*data-label)[^>]*>")
COLUMNS_SIDE_BY_SIDE = 2


def tables() -> Iterator[tuple[Path, str]]:
    for template in sorted(settings.BASE_DIR.joinpath("templates").rglob("*.html")):
        for table in TABLE.findall(template.read_text("utf-8")):
            if len(HEADING.findall(table)) > COLUMNS_SIDE_BY_SIDE:
                yield template, table


def test_each_cell_names_its_column():
    found = list(tables())
    assert len(found) > 10
    for template, table in found:
        # What a person can do with a row says so itself.
        said = len(HIDDEN_HEADING.findall(table))
        assert len(UNNAMED_CELL.findall(table)) <= said, template
