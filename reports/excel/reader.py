"""Reading a workbook that a stranger may have made: what is refused, and what is understood.

At most 5 MB are taken and 20 MB unpacked; 500 rows of 30 columns are looked at. Nothing in the
file is computed and nothing outside it fetched: a formula is no amount, and in a text it is text.
"""

import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from organisations.prose import tidy
from organisations.swedish import fold
from reports.excel.columns import (
    EXPLANATION,
    KIND,
    NAME,
    NUMBER,
    OWN_SHARE,
    PAID,
    USED,
    column_labels,
    kind_labels,
)
from reports.money import NoAmountError, as_typed, read_amount
from reports.queries import Account, Place
from reports.reading import NotReadable

MEGABYTE = 1024 * 1024
LARGEST_WORKBOOK = 5 * MEGABYTE
LARGEST_UNPACKED = 20 * MEGABYTE
MOST_PARTS = 500
MOST_ROWS, MOST_COLUMNS = 500, 30
MOST_TOLD = 30  # of what could not be placed
LONGEST_TEXT = 10_000
LABELS_OF_A_HEADING = {NUMBER, KIND, USED}
OLE, PDF, ZIP = b"\xd0\xcf\x11\xe0", b"%PDF", b"PK"
MAIN = b"spreadsheetml.sheet.main+xml"


@dataclass(frozen=True)
class SheetRead:
    """What a sheet says, cell by cell. ``identifier`` names the report it was made from."""

    identifier: str
    said: dict[Place, Decimal | str]
    warnings: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class MoneyProposal:
    """One cell of which the file says something else than what is stored, both as typed."""

    place: Place
    insats: str
    label: str
    was: str
    now: str


@dataclass(frozen=True)
class Comparison:
    proposals: list[MoneyProposal]
    alike: int


def _label_of(place: Place) -> str:
    """What a cell is about, such as *Travel, Used*."""
    kind = kind_labels()[place.kind] if place.kind else ""
    return ", ".join(filter(None, (kind, column_labels()[place.column])))


def compare_account(account: Account, found: SheetRead) -> Comparison:
    """What is new in the file. An empty cell takes nothing away."""
    stored = account.said()
    titles = {each.number: each.title for each in account.insatser}
    proposals = [
        MoneyProposal(
            place,
            titles[place.number],
            _label_of(place),
            _in_words(stored[place]),
            _in_words(value),
        )
        for place, value in found.said.items()
        if place in stored and stored[place] != value
    ]
    return Comparison(proposals, alike=len(found.said) - len(proposals))


def _in_words(value: Decimal | str | None) -> str:
    return value if isinstance(value, str) else as_typed(value)


def read_workbook(file: bytes, account: Account) -> SheetRead:
    """What the file says of this report. Raises NotReadable with words for whoever sent it."""
    from openpyxl import load_workbook  # 12 MB in each process that never reads a workbook

    _refuse_what_is_no_package(file)
    try:
        _refuse_what_is_too_much(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of openpyxl, about what it leaves out
            book = load_workbook(BytesIO(file), read_only=True, keep_links=False)
            identifier = str(book.properties.identifier or "")
            sheets = [list(_cells(sheet)) for sheet in book.worksheets[:5]]
    except NotReadable:
        raise
    except Exception as error:
        # A damaged file makes openpyxl, zipfile and the parsers raise whatever they meet.
        raise NotReadable(
            _("The file is damaged. Open it in Excel, save it again as .xlsx and send that.")
        ) from error
    for rows in sheets:
        heading = next((place for place, row in enumerate(rows) if _columns_of(row)), None)
        if heading is not None:
            return _read_rows(identifier, rows[heading:], account)
    raise NotReadable(
        _("No table of costs is found in the file. Take the sheet from here, and write in that.")
    )


# --- the package ---------------------------------------------------------------------------


def _refuse_what_is_no_package(file: bytes) -> None:
    if len(file) > LARGEST_WORKBOOK:
        raise NotReadable(_("The file is larger than 5 MB. Take the sheet from here instead."))
    if file.startswith(PDF):
        raise NotReadable(_("This is a PDF. Send the Excel file that it was made from."))
    if file.startswith(OLE):
        raise NotReadable(
            _(
                "The file is protected by a password or saved in the old format .xls."
                " Take the password away, or save it as .xlsx, and send it again."
            )
        )
    if not file.startswith(ZIP):
        raise NotReadable(_not_excel())


def _not_excel() -> str:
    return _("This is no Excel file. Save it as .xlsx in Excel and send that.")


def _refuse_what_is_too_much(file: bytes) -> None:
    """What the file says of its sizes is not believed: each part is unpacked, within one bound."""
    with zipfile.ZipFile(BytesIO(file)) as package:
        entries = package.infolist()
        if len(entries) > MOST_PARTS:
            raise NotReadable(_("The file has far more parts than a sheet. Make a new one."))
        if any(entry.flag_bits & 0x1 for entry in entries):
            raise NotReadable(
                _("The file is protected by a password. Take it away and send it again.")
            )
        names = {entry.filename.lower() for entry in entries}
        if any(name.endswith("vbaproject.bin") for name in names):
            raise NotReadable(
                _("The file holds macros. Save it as an Excel workbook without macros (.xlsx).")
            )
        left = LARGEST_UNPACKED
        for entry in entries:
            with package.open(entry) as part:
                content = part.read(left + 1)
            left -= len(content)
            if left < 0:
                raise NotReadable(
                    _("The file unpacks to more than 20 MB. No report is that large.")
                )
            _refuse_definitions(entry.filename, content)
            if entry.filename == "[Content_Types].xml" and MAIN not in content:
                raise NotReadable(_not_excel())
        if "[content_types].xml" not in names:
            raise NotReadable(_not_excel())


def _refuse_definitions(name: str, content: bytes) -> None:
    if not name.lower().endswith((".xml", ".rels", ".vml")):
        return
    # UTF-16, in which a declaration would not be seen, is not what programs write here.
    is_wide = b"\x00" in content[:200]
    if is_wide or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise NotReadable(
            _("The file holds definitions that no spreadsheet program writes. Make a new one.")
        )


def _cells(sheet: Any) -> Iterator[list[Any]]:
    """The rows that are looked at, without the size that the file says the sheet has."""
    if not hasattr(sheet, "reset_dimensions"):
        return  # a sheet of charts
    sheet.reset_dimensions()
    yield from map(list, sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS))


# --- the table -----------------------------------------------------------------------------


def _columns_of(row: list[Any]) -> dict[str, int]:
    """Where each column stands, where the row is the heading of the table; else nothing."""
    labels = {fold(label): column for column, label in column_labels().items()}
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        if isinstance(cell.value, str) and (column := labels.get(fold(cell.value.strip()))):
            found.setdefault(column, place)
    return found if found.keys() >= LABELS_OF_A_HEADING else {}


def _read_rows(identifier: str, rows: list[list[Any]], account: Account) -> SheetRead:
    columns = _columns_of(rows[0])
    found = SheetRead(identifier, {})
    for row in rows[1:]:
        cells = {column: row[place] for column, place in columns.items() if place < len(row)}
        _read_row(cells, account, found)
    return found


def _read_row(cells: Mapping[str, Any], account: Account, found: SheetRead) -> None:
    number = _number_of(cells, account)
    kind = _kind_of(cells.get(KIND))
    if number is None or kind is None:
        # A row without number and kind is a sum; one without amounts is a note below the table.
        has_name = _is_filled(cells.get(NUMBER)) or _is_filled(cells.get(KIND))
        if has_name and any(_is_filled(cells.get(column)) for column in (PAID, USED, OWN_SHARE)):
            _tell_unplaced(cells, found)
        return
    for column in (USED, OWN_SHARE) if kind else (PAID,):
        _read_amount_cell(cells.get(column), Place(number, column, kind), found)
    if not kind and (explanation := _text_of(cells.get(EXPLANATION))):
        found.said[Place(number, EXPLANATION)] = explanation


def _number_of(cells: Mapping[str, Any], account: Account) -> int | None:
    """The insats by its number, or by its whole name where somebody has cleared the number."""
    written = _text_of(cells.get(NUMBER)).rstrip(".")
    name = fold(_text_of(cells.get(NAME)))
    for insats in account.insatser:
        if written in (str(insats.number), f"{insats.number}.0"):
            return insats.number
        if not written and name == fold(insats.name):
            return insats.number
    return None


def _kind_of(cell: Any) -> str | None:
    """Which kind of cost a row is about, empty for the whole insats, None where it is unknown."""
    label = fold(_text_of(cell))
    return next((kind for kind, known in kind_labels().items() if fold(known) == label), None)


def _read_amount_cell(cell: Any, place: Place, found: SheetRead) -> None:
    if not _is_filled(cell):
        return
    try:
        amount, is_rounded = _amount_in(cell)
    except NoAmountError as error:
        found.warnings.append(
            _("Cell %(cell)s (insats %(number)s, %(what)s) is left out: %(reason)s")
            % {
                "cell": cell.coordinate,
                "number": place.number,
                "what": _label_of(place),
                "reason": error,
            }
        )
        return
    if is_rounded:
        found.warnings.append(
            _("Cell %(cell)s is rounded to %(amount)s kronor.")
            % {"cell": cell.coordinate, "amount": as_typed(amount)}
        )
    if amount is not None:
        found.said[place] = amount


def _amount_in(cell: Any) -> tuple[Decimal | None, bool]:
    """The amount and whether it had to be rounded to the öre. Raises NoAmountError."""
    value = cell.value
    if cell.data_type == "f":
        raise NoAmountError(_("it is a formula. Write the amount itself."))
    if isinstance(value, str):
        return read_amount(value[:LONGEST_TEXT]), False
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise NoAmountError(_("Write an amount in kronor, such as 12 500 or 12 500,50."))
    try:
        exact = Decimal(str(value))
        rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    except InvalidOperation as error:  # infinite, or more digits than any amount
        raise NoAmountError(_("The amount is larger than any agreement. Check the digits.")) from (
            error
        )
    return read_amount(f"{rounded:.2f}"), rounded != exact


def _is_filled(cell: Any) -> bool:
    value = getattr(cell, "value", None)
    return value is not None and str(value).strip() != ""


def _text_of(cell: Any) -> str:
    """What stands there, as text: a formula too, and the number of a cell that holds one."""
    value = getattr(cell, "value", None)
    if value is None or cell.data_type == "e":
        return ""
    value = getattr(value, "text", value)  # the formula of an array
    return tidy(str(value))[: LONGEST_TEXT + 1].strip()


def _tell_unplaced(cells: Mapping[str, Any], found: SheetRead) -> None:
    told = (NUMBER, NAME, KIND, PAID, USED, OWN_SHARE, EXPLANATION)
    words = [_text_of(cells.get(column))[:100] for column in told]
    if len(found.unplaced) < MOST_TOLD:
        found.unplaced.append(" | ".join(filter(None, words)))
