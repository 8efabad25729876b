"""A financial report as a workbook: the only place that writes Excel.

No cell of ours holds a formula, whatever a text begins with, and none is computed when the file is
opened: the sums stand there as numbers.
"""

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from organisations.prose import tidy
from reports.excel.columns import (
    AMOUNTS,
    COLUMNS,
    EXPLANATION,
    GRANTED,
    KIND,
    NAME,
    NUMBER,
    OWN_SHARE,
    PAID,
    UNUSED,
    USED,
    column_labels,
    kind_labels,
)
from reports.models import FinancialReport
from reports.queries import Account, InsatsAccount

WIDTHS = {NUMBER: 6, NAME: 38, KIND: 22, EXPLANATION: 60}  # in characters
WIDTH_OF_AMOUNT = 16
# Exact inside, whole kronor on the screen, parted as the reader's own Excel does.
KRONOR = "#,##0"
TO_FILL_IN = PatternFill("solid", fgColor="FFF7E0")
HEADING = PatternFill("solid", fgColor="E6EAF2")
THIN = Border(bottom=Side("thin", color="C4CBD9"))
FORMULA_STARTS = ("=", "+", "-", "@")
Row = dict[str, Any]


def write_workbook(report: FinancialReport, account: Account) -> bytes:
    """The file, in Swedish whoever asks for it: it is the agency's form."""
    book = Workbook()
    sheet = book.worksheets[0]
    with override(settings.LANGUAGE_CODE):
        sheet.title = _("Financial report")
        book.properties.title = _("Financial report, %(name)s") % {
            "name": tidy(report.collaboration.name)
        }
        _head(sheet, report)
        _table(sheet, account)
        _foot(sheet, report, account)
    book.properties.identifier = account.report
    book.properties.creator = "Trepart"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _head(sheet: Worksheet, report: FinancialReport) -> None:
    _put(sheet, 1, 1, sheet.title).font = Font(bold=True, size=16)
    _put(sheet, 2, 1, report.collaboration.name)
    if report.collaboration.reference:
        _put(sheet, 3, 1, report.collaboration.reference)
    advice = _("Write in the yellow cells, in kronor, and read the file in again in Trepart.")
    _put(sheet, 4, 1, advice)


def _table(sheet: Worksheet, account: Account) -> None:
    first = 6
    labels = column_labels()
    for place, column in enumerate(COLUMNS, 1):
        cell = _put(sheet, first, place, labels[column])
        cell.font, cell.fill = Font(bold=True), HEADING
        cell.alignment = Alignment(
            horizontal="right" if column in AMOUNTS else "left", vertical="top", wrap_text=True
        )
        width = WIDTHS.get(column, WIDTH_OF_AMOUNT)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = f"A{first + 1}"
    sheet.print_title_rows = f"{first}:{first}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for offset, (row, to_fill_in, is_sum) in enumerate(_rows(account), first + 1):
        for place, column in enumerate(COLUMNS, 1):
            cell = _put(sheet, offset, place, row.get(column))
            cell.border = THIN
            cell.font = Font(bold=is_sum)
            if column in AMOUNTS:
                cell.number_format = KRONOR
            if column in to_fill_in:
                cell.fill = TO_FILL_IN
            if column in (NAME, EXPLANATION):
                cell.alignment = Alignment(vertical="top", wrap_text=True)


def _rows(account: Account) -> Iterator[tuple[Row, tuple[str, ...], bool]]:
    """Each row, the columns of it that people fill in, and whether it is a sum."""
    kinds = kind_labels()
    for insats in account.insatser:
        yield _sum_of(insats, kinds[""]), (PAID, EXPLANATION), True
        for cost in insats.costs:
            row = {
                NUMBER: insats.number,
                NAME: insats.name,
                KIND: kinds[cost.kind],
                USED: cost.used,
                OWN_SHARE: cost.own_share,
            }
            yield row, (USED, OWN_SHARE), False
    total = {
        NAME: _("In all"),
        GRANTED: account.granted,
        PAID: account.paid,
        USED: account.used,
        OWN_SHARE: account.own_share,
        UNUSED: account.unused,
    }
    yield total, (), True


def _sum_of(insats: InsatsAccount, label: str) -> Row:
    return {
        NUMBER: insats.number,
        NAME: insats.name,
        KIND: label,
        GRANTED: insats.granted,
        PAID: insats.paid,
        USED: insats.used,
        OWN_SHARE: insats.own_share,
        UNUSED: insats.unused,
        EXPLANATION: insats.explanation,
    }


def _foot(sheet: Worksheet, report: FinancialReport, account: Account) -> None:
    said = [
        (_("Contact for an invoice"), account.invoice_contact),
        (_("Prepared by"), report.prepared_by.name if report.prepared_by else ""),
        (_("Certified by"), report.certified_by.name if report.certified_by else ""),
    ]
    first = sheet.max_row + 2
    for row, (label, text) in enumerate(said, first):
        _put(sheet, row, 2, label).font = Font(bold=True)
        _put(sheet, row, 3, text)


def _put(sheet: Worksheet, row: int, column: int, value: str | int | Decimal | None) -> Any:
    """The cell with this value in it; a text is a text, whatever it begins with."""
    cell: Any = sheet.cell(row, column)
    if not isinstance(value, str):
        cell.value = value
        return cell
    text = tidy(value)
    cell.value = text
    if text:
        cell.data_type = "s"
    if text.lstrip().startswith(FORMULA_STARTS):
        # Also where the text is typed over or carried on to another program.
        cell.quotePrefix = True
    return cell
