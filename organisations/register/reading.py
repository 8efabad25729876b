"""Skolenhetsregistret as a file: an answer of its API (v1 or v2, list or details), Excel or CSV.

Only what is named here is read. So the personnummer of principals, which the register has collected
since April 2025 (domain.md 6.3), passes nobody; and the number of a sole trader, which is one, is
left out.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from organisations.models import Unit, validate_organisation_number
from organisations.prose import personal_number_in, tidy
from organisations.swedish import fold

LARGEST_FILE = 20 * 1024 * 1024  # the whole country, one detail for each unit
LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 20_000  # the register had about 12,000 in 2026
LONGEST_NAME = 150
CODE, MUNICIPALITY = re.compile(r"\d{8}"), re.compile(r"\d{4}")

# What each column may be called: in the API (v2, v1) and in spreadsheets, folded.
NAMES = {
    "code": ("schoolunitcode", "skolenhetskod", "kod", "skolkod"),
    "name": ("displayname", "name", "skolenhetsnamn", "skolenhet", "namn", "skola"),
    "status": ("status",),
    "type": ("schoolunittype", "skolenhetstyp"),
    "forms": ("schooltypes", "skolformer", "skolform", "skoltyp"),
    "municipality": ("municipalitycode", "kommunkod"),
    "number": (
        "organizationnumber", "peorgnr", "organisationsnummer", "orgnr", "huvudman orgnr",
        "huvudmannens organisationsnummer", "huvudmannens orgnr",
    ),
    "organiser": ("organizername", "huvudman", "huvudmannens namn", "huvudmannamn"),
    "starts": ("startdate", "startdatum"),
    "ends": ("enddate", "ceasedate", "slutdatum", "nedläggningsdatum", "nedlaggningsdatum"),
}  # fmt: skip
UPPER_SECONDARY = {"gy", "gyan", "gymnasieskola", "anpassad gymnasieskola", "gymnasiesärskola"}
GONE, PLANNED = {"upphort", "upphörd", "upphört", "nedlagd"}, {"planerad"}


class NotARegisterError(Exception):
    """The file cannot be read as a register; says why, in words for whoever brought it."""


@dataclass(frozen=True)
class Row:
    """One unit as the register knows it; days as ISO 8601, what is unknown empty."""

    code: str
    name: str
    has_ceased: bool = False
    kind: str = Unit.Kind.COMPULSORY
    municipality_code: str = ""
    organisation_number: str = ""
    organiser: str = ""
    starts_on: str = ""
    ends_on: str = ""
    # What is wrong with it, where it cannot be used.
    fault: str = ""

    @property
    def first_day(self) -> date | None:
        return date.fromisoformat(self.starts_on) if self.starts_on else None

    @property
    def last_day(self) -> date | None:
        return date.fromisoformat(self.ends_on) if self.ends_on else None

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Row":
        return cls(**{each.name: data[each.name] for each in fields(cls)})


def read_register(content: bytes) -> list[Row]:
    """The units that the file tells of, in its order; those that only pool others are left out.

    NotARegisterError where it is none, or too large.
    """
    if len(content) > LARGEST_FILE:
        raise NotARegisterError(_("The file is too large: twenty megabytes at most."))
    told = [_plain(entry) for entry in _entries(content)]
    if len(told) > MOST_ROWS:
        raise NotARegisterError(_("The file has too many rows: twenty thousand at most."))
    rows = [_row(each) for each in told if fold(each.get("type", "")) != "central"]
    if not any(row.code for row in rows):
        raise NotARegisterError(
            _("No school unit codes are found in the file. Choose one from Skolenhetsregistret.")
        )
    return rows


# --- the formats ---------------------------------------------------------------------------


def _entries(content: bytes) -> Iterable[Mapping[str, Any]]:
    if content.startswith(b"PK"):
        return _of_table(_sheet(content))
    text = _text(content)
    if text.lstrip().startswith(("{", "[")):
        return list(_of_json(text))
    try:
        return _of_table(csv.reader(io.StringIO(text), delimiter=_delimiter(text)))
    except csv.Error as broken:
        raise NotARegisterError(_("The file cannot be read. Save it as Excel or CSV.")) from broken


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # as Excel saves CSV in Sweden


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(";,\t", key=head.count)


def _of_json(text: str) -> Iterator[Mapping[str, Any]]:
    """One answer of the API, several in a list, or one on each line."""
    try:
        try:
            answers = json.loads(text)
        except json.JSONDecodeError:
            answers = [json.loads(line) for line in text.splitlines() if line.strip()]
        for answer in answers if isinstance(answers, list) else [answers]:
            yield from _of_answer(answer)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as broken:
        raise NotARegisterError(_("The file is no answer of Skolenhetsregistret.")) from broken


def _of_answer(answer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "Skolenheter" in answer:  # v1, a list
        yield from answer["Skolenheter"]
    elif "data" not in answer:  # a unit by itself
        yield answer
    elif isinstance(answer["data"]["attributes"], list):  # v2, a list
        yield from answer["data"]["attributes"]
    else:  # v2, one unit with its organiser
        organiser = (answer.get("included") or {}).get("attributes") or {}
        yield {
            "organizationNumber": organiser.get("organizationNumber"),
            "organizerName": organiser.get("displayName"),
            **answer["data"]["attributes"],
            "schoolUnitCode": answer["data"]["schoolUnitCode"],
        }


def _sheet(content: bytes) -> Iterator[list[Any]]:
    from openpyxl import load_workbook  # 12 MB in each process that never reads a workbook

    try:
        with ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
                raise NotARegisterError(_("The file is too large: twenty megabytes at most."))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for values in book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 20):
            yield list(values)
    except (BadZipFile, KeyError, ValueError, OSError, IndexError, SyntaxError) as broken:
        raise NotARegisterError(_("The file cannot be read. Save it as Excel or CSV.")) from broken


def _of_table(rows: Iterable[Iterable[Any]]) -> list[Mapping[str, Any]]:
    """Each row by its heads, which stand in the first row that names a school unit code."""
    found: list[Mapping[str, Any]] = []
    heads: list[str] = []
    for values in rows:
        cells = list(values)
        if heads:
            found.append(dict(zip(heads, cells, strict=False)))
        elif any(fold(str(cell or "")) in NAMES["code"] for cell in cells):
            heads = [str(cell or "") for cell in cells]
        if len(found) > MOST_ROWS:
            break
    return found


# --- one unit ------------------------------------------------------------------------------


def _plain(entry: Mapping[str, Any]) -> dict[str, str]:
    """What we know by name of an entry, as text; everything else is forgotten here."""
    if not isinstance(entry, Mapping):
        raise NotARegisterError(_("The file is no answer of Skolenhetsregistret."))
    by_head = {fold(str(head)): value for head, value in entry.items()}
    found = {}
    for name, heads in NAMES.items():
        value = next((by_head[head] for head in heads if by_head.get(head) not in (None, "")), "")
        found[name] = _as_text(value)
    return found


def _as_text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a code that a spreadsheet took for a number
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return " ".join(tidy(str(value)).split())[:LONGEST_NAME]


def _row(told: Mapping[str, str]) -> Row:
    code, name = told["code"].zfill(8) if told["code"].isdigit() else told["code"], told["name"]
    number, number_fault = _organisation_number(told["number"])
    days = {"starts_on": _day(told["starts"]), "ends_on": _day(told["ends"])}
    row = Row(
        code=code if CODE.fullmatch(code) else "",
        name=name,
        has_ceased=fold(told["status"]) in GONE,
        kind=_kind(told["forms"]),
        municipality_code=_digits(told["municipality"], MUNICIPALITY),
        organisation_number=number,
        organiser=told["organiser"],
        **days,
    )
    return Row(**(row.as_data() | {"fault": _fault(row, told["code"]) or number_fault}))


def _fault(row: Row, written: str) -> str:
    if personal_number_in(row.name) or personal_number_in(row.organiser):
        return _("A personal identity number stands in the name.")
    if not row.code:
        return _("The school unit code has not eight digits: %(code)s.") % {"code": written[:20]}
    if not row.name:
        return _("The unit has no name.")
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        return _("It ends before it begins.")
    return ""


def _organisation_number(written: str) -> tuple[str, str]:
    """The number as we write it, and what is wrong with it; that of a sole trader is not kept."""
    digits = re.sub(r"\D", "", written)
    if not digits:
        return "", ""
    if len(digits) == 12 and digits.startswith("16"):
        digits = digits[2:]
    try:
        validate_organisation_number(digits)
    except ValidationError:
        if len(digits) in (10, 12) and digits[-8] in "01":
            return "", _("The school authority is a sole trader, whose number is personal.")
        return "", _("The organisation number is not right.")
    return f"{digits[:6]}-{digits[6:]}", ""


def _kind(forms: str) -> str:
    """A unit with pupils of compulsory school is one, whatever else it has."""
    told = {fold(form) for form in re.split(r"[,;/|]", forms) if form.strip()}
    is_upper = bool(told & UPPER_SECONDARY) and not told & {"gr", "gran", "grundskola"}
    return Unit.Kind.UPPER_SECONDARY if is_upper else Unit.Kind.COMPULSORY


def _digits(written: str, pattern: re.Pattern[str]) -> str:
    padded = written.zfill(4) if written.isdigit() else written
    return padded if pattern.fullmatch(padded) else ""


def _day(written: str) -> str:
    try:
        return date.fromisoformat(written[:10]).isoformat()
    except ValueError:
        return ""
