"""Every kind of file that leaves the product, read by LibreOffice, which has written none of them.

It is started once for each form that it turns them into, whatever the number of files.
"""

import csv
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader

from reports.brief import brief_document
from reports.drafts import figures_document, synthesis_document, yearly_document
from reports.excel import write_workbook
from reports.layout import Document, Grid, Heading, Table, collected, document_of
from reports.pdf import write_pdf
from reports.queries import (
    account_of,
    brief_of,
    content_for,
    synthesis_of,
    synthesis_said,
    yearly_account,
)
from reports.word import write_document
from sbs_workflow.queries import load_roles
from tests.cast import NOW, TODAY, Cast
from tests.pages.stage import set_stage
from tests.reports.test_pdf import WRITTEN, flat, is_in_order, tags
from tests.reports.test_word import HOSTILE, LEVELS, content_with
from tests.reports.trees import pieces, squeezed

FORMULA = '=HYPERLINK("http://example.se";"Klicka") Åäö'
# Not portable: LibreOffice reads the same on every database.
pytestmark = pytest.mark.django_db

TEXT = "txt:Text (encoded):UTF8"
TAGGED_PDF = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
# Comma, quotation mark, UTF-8, from the first line, all cells as they are shown.
TABLE_OF_TEXT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"


def turned_into(kind: str, files: list[Path]) -> dict[str, Path]:
    """The files made, by the names of those they are made from."""
    folder = files[0].parent
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=120)
    return {file.stem: file.with_suffix(f".{kind.split(':')[0]}") for file in files}


def documents(cast: Cast) -> Iterator[tuple[str, Document]]:
    stage, reader = set_stage(cast.ours), cast.ours.process_supporter
    load_roles(reader, TODAY)
    written = content_with({("improvements", "1/1"): WRITTEN, ("lessons", "1"): HOSTILE}, LEVELS)
    yield "final", document_of(written)
    yield "interim", document_of(content_with({("lessons", "2"): WRITTEN}, LEVELS, "interim"))
    yield "collected", collected("Slutredovisningar", [written, content_with({}, LEVELS)])
    for name, report in (
        ("frozen", stage.submitted_report),
        ("university", stage.submitted_university_report),
    ):
        content = content_for(report, reader)
        assert content is not None
        yield name, document_of(content)
    yield "brief", brief_document(brief_of(stage.booked_meeting))
    case = cast.ours.collaboration
    yield "figures", figures_document("Analys", synthesis_of(case, reader))
    yield "synthesis", synthesis_document(synthesis_said(stage.synthesis, reader))
    yield "year", yearly_document("Året", yearly_account(stage.government_report))


def test_word_says_in_libreoffice_what_its_tree_says(
    cast: Cast, tmp_path: Path, subtests: pytest.Subtests
):
    trees = dict(documents(cast))
    for name, tree in trees.items():
        (tmp_path / f"{name}.docx").write_bytes(write_document(tree))
    files = [tmp_path / f"{name}.docx" for name in trees]
    texts, pdfs = turned_into(TEXT, files), turned_into(TAGGED_PDF, files)
    for name, tree in trees.items():
        with subtests.test(name):
            said = texts[name].read_text("utf-8-sig")
            assert squeezed(said) == squeezed("".join(pieces(tree)))
            assert_shape(PdfReader(pdfs[name]), tree)
            assert_opens(tmp_path / f"{name}.docx", tree)
            assert is_in_order(tree, PdfReader(BytesIO(write_pdf(tree, made_at=NOW))))


def assert_shape(file: PdfReader, tree: Document) -> None:
    """Headings and tables are what they are called, and no page is empty."""
    headings = [node.text for node in tree.nodes if isinstance(node, Heading)]
    assert [each.title for each in flat(file.outline)] == headings
    root: Any = file.trailer["/Root"]
    assert root["/Lang"] == "sv-SE"
    found = [each["/S"] for each in tags(root["/StructTreeRoot"])]
    assert found.count("/Table") == sum(isinstance(node, Table | Grid) for node in tree.nodes)
    for page in file.pages:
        words = page.extract_text().replace(tree.title, "")
        assert sum(sign.isalpha() for sign in words) > 10


def assert_opens(path: Path, tree: Document) -> None:
    """In python-docx too, with the rows of each table and what its first one is."""
    word = docx.Document(str(path))
    tables = [node for node in tree.nodes if isinstance(node, Table | Grid)]
    for found, table in zip(word.tables, tables, strict=True):
        names = 1 if isinstance(table, Grid) else 0
        assert len(found.rows) == names + len(table.rows)
        is_header = found.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert is_header == (isinstance(table, Grid) or table.repeats_first_row)
    assert word.core_properties.title == tree.title


def test_excel_says_in_libreoffice_what_was_written(cast: Cast, tmp_path: Path):
    report = set_stage(cast.ours).returned_accounts
    report.insatser.update(explanation=FORMULA)
    (tmp_path / "money.xlsx").write_bytes(write_workbook(report, account_of(report)))
    made = turned_into(TABLE_OF_TEXT, [tmp_path / "money.xlsx"])["money"]
    with made.open(newline="", encoding="utf-8") as lines:
        read = list(csv.reader(lines))
    sheet: Any = load_workbook(tmp_path / "money.xlsx").active
    written = [[shown(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    assert [[cell.replace(",", "") for cell in row] for row in read] == written
    assert any(FORMULA in row for row in read)


def shown(value: str | float | None) -> str:
    """As the sheet shows it: whole kronor, parted by the comma of an English machine."""
    return f"{value:.0f}" if isinstance(value, int | float) else (value or "").replace(",", "")
