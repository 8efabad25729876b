"""The register of schools: read in every format, looked at, and taken in by a person."""

import io
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from organisations.actions import bring_register, take_in
from organisations.models import (
    Organisation,
    RegisterFile,
    TakenIn,
    Unit,
    UnitSuccession,
)
from organisations.register import NotARegisterError, compare, read_register
from organisations.register.reading import LARGEST_FILE
from tests.cast import NOW, TODAY, Cast

OURS, THEIRS, NOBODYS = "212000-2411", "212000-0092", "212000-0068"
HEADS = [
    "Skolenhetskod", "Skolenhetsnamn", "Status", "Skolform", "Kommunkod", "Huvudmannens orgnr",
    "Huvudman", "Startdatum", "Slutdatum", "Rektors personnummer",
]  # fmt: skip
PERSONAL = "19811218-9876"


def unit_of_api(code: str, name: str, **said: Any) -> dict[str, Any]:
    """One answer of the API v2 about a unit, with its organiser."""
    number = said.pop("number", OURS).replace("-", "")
    return {
        "meta": {"modified": "2026-09-01"},
        "data": {
            "type": "schoolunit",
            "schoolUnitCode": code,
            "attributes": {
                "displayName": name,
                "status": "AKTIV",
                "schoolUnitType": "SKOLENHET",
                "municipalityCode": "2260",
                "schoolTypes": ["GR", "FKLASS"],
                "startDate": "2011-07-01",
                "headMaster": "Rut Rektor",
                "headMasterPersonalNumber": PERSONAL,
                **said,
            },
        },
        "included": {
            "type": "organizer",
            "attributes": {"displayName": "Ådalens kommun", "organizationNumber": number},
        },
    }


def api_file(*units: dict[str, Any]) -> bytes:
    return json.dumps(list(units)).encode()


def table(*units: tuple[Any, ...]) -> list[list[Any]]:
    head: list[list[Any]] = [["Uttag 2026-09-01"], [], HEADS]
    return head + [[*unit, *[""] * (len(HEADS) - 1 - len(unit)), PERSONAL] for unit in units]


def excel(*units: tuple[Any, ...]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in table(*units):
        sheet.append(row)
    book.save(file)
    return file.getvalue()


def as_csv(*units: tuple[Any, ...]) -> bytes:
    rows = table(*units)[2:]
    return "\r\n".join(";".join(map(str, row)) for row in rows).encode("cp1252")


ALV = (12345678, "Älvskolan", "Aktiv", "Grundskola", "2260", "2120002411", "Ådalens kommun",
       "2011-07-01")  # fmt: skip


# --- reading ------------------------------------------------------------------------------


@pytest.mark.portable
@pytest.mark.parametrize(
    "content",
    [
        api_file(unit_of_api("12345678", "Älvskolan")),
        json.dumps(unit_of_api("12345678", "Älvskolan")).encode(),
        json.dumps(unit_of_api("12345678", "Älvskolan")).encode() + b"\n\n",
        excel(ALV),
        as_csv(ALV),
    ],
    ids=["several", "one", "lines", "excel", "csv"],
)
def test_every_format_says_the_same(content: bytes):
    [row] = read_register(content)
    assert row.fault == ""
    assert (row.code, row.name, row.kind) == ("12345678", "Älvskolan", "compulsory")
    assert (row.organisation_number, row.organiser) == (OURS, "Ådalens kommun")
    assert (row.municipality_code, row.starts_on) == ("2260", "2011-07-01")


@pytest.mark.portable
def test_the_lists_of_the_api_are_read():
    listed = {"schoolUnitCode": "12345678", "name": "Älvskolan", "status": "UPPHORT"}
    v2 = {"meta": {}, "data": {"type": "schoolunit", "attributes": [listed]}}
    v1 = {"Skolenheter": [{"Skolenhetskod": "12345678", "Skolenhetsnamn": "Älvskolan",
                           "PeOrgNr": "2120002411", "Status": "Aktiv"}]}  # fmt: skip
    [row] = read_register(json.dumps(v2).encode())
    assert (row.code, row.has_ceased) == ("12345678", True)
    [row] = read_register(json.dumps(v1).encode())
    assert row.organisation_number == OURS


@pytest.mark.portable
@pytest.mark.parametrize("make", [excel, as_csv])
def test_no_personal_number_is_read(make: Callable[..., bytes]):
    """Neither that of the principal, nor that of a sole trader in place of an organisation's."""
    trader = (87654321, "Bokens skola", "Aktiv", "Grundskola", "2260", "8112189876", "Sol Ek")
    rows = read_register(make(ALV, trader))
    kept = json.dumps([row.as_data() for row in rows])
    assert "9876" not in kept
    assert rows[0].fault == ""
    assert rows[1].fault


@pytest.mark.portable
@pytest.mark.parametrize(
    ("said", "is_fine"),
    [
        ({}, True),
        ({"schoolUnitCode": "1234"}, True),  # a spreadsheet ate the zeros
        ({"number": "212000-2412"}, False),
        ({"number": "811218-9876"}, False),
        ({"displayName": ""}, False),
        ({"displayName": "Skolan 811218-9876"}, False),
        ({"startDate": "2020-01-01", "endDate": "2019-01-01"}, False),
        ({"startDate": "snart"}, True),
    ],
)
def test_numbers_codes_and_days_are_checked(said: dict[str, str], is_fine: bool):
    code = said.pop("schoolUnitCode", "12345678")
    [row] = read_register(api_file(unit_of_api(code, "Älvskolan", **said)))
    assert (row.fault == "") is is_fine, row.fault


@pytest.mark.portable
def test_kinds_and_pools():
    rows = read_register(
        api_file(
            unit_of_api("11111111", "Gymnasiet", schoolTypes=["GY"]),
            unit_of_api("22222222", "Båda", schoolTypes=["GR", "GY"]),
            unit_of_api("33333333", "Central", schoolUnitType="CENTRAL"),
        )
    )
    assert [(row.name, row.kind) for row in rows] == [
        ("Gymnasiet", "upper_secondary"),
        ("Båda", "compulsory"),
    ]


def bomb() -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * (101 * 1024 * 1024))
    return file.getvalue()


@pytest.mark.portable
@pytest.mark.parametrize(
    "content",
    [b"", b"hej", b"{}", b"[]", b"[1]", b'{"data": 1}', b"PK\x03\x04", bomb(),
     b"[" * 100_000, b"a;b\n1;2", b"\xff\xfe\x00", b"x" * (LARGEST_FILE + 1)],
    ids=["empty", "words", "object", "list", "number", "data", "zip", "bomb", "deep", "table",
         "bytes", "large"],
)  # fmt: skip
def test_a_file_that_is_no_register_is_refused(content: bytes):
    with pytest.raises(NotARegisterError) as refused:
        read_register(content)
    assert str(refused.value)


@pytest.mark.portable
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_brought_is_read_or_refused(content: bytes):
    try:
        read_register(content)
    except NotARegisterError:
        return


# --- comparing and taking in ---------------------------------------------------------------


def bring(cast: Cast, *units: dict[str, Any], **options: Any) -> RegisterFile:
    told: dict[str, Any] = {
        "with_new_organisers": False,
        "by": cast.agency_manager,
        "now": NOW,
    } | options
    return bring_register(name="skolenheter.json", content=api_file(*units), **told)


def take(cast: Cast, file: RegisterFile, *keys: str, follows: Any = ()) -> list[TakenIn]:
    return take_in(
        file=file, chosen=set(keys), follows=dict(follows), by=cast.agency_manager, now=NOW
    )


pytestmark = [pytest.mark.django_db]


@pytest.mark.portable
def test_a_unit_that_is_here_gets_its_code(cast: Cast):
    file = bring(cast, unit_of_api("12345678", "Älvskolan"))
    assert Unit.objects.get(pk=cast.ours.school.pk).school_unit_code == "", "only looked at"
    assert len(take(cast, file, "gets_code-12345678")) == 1
    school = Unit.objects.get(pk=cast.ours.school.pk)
    assert (school.school_unit_code, str(school.starts_on)) == ("12345678", "2011-07-01")
    assert take(cast, file, "gets_code-12345678") == [], "again changes nothing"
    assert Unit.objects.get(pk=cast.ours.preschool.pk).school_unit_code == ""


@pytest.mark.portable
def test_only_what_is_ticked_is_taken_in(cast: Cast):
    file = bring(cast, unit_of_api("12345678", "Älvskolan"), unit_of_api("23456789", "Nya skolan"))
    take(cast, file, "new_unit-23456789")
    assert Unit.objects.get(school_unit_code="23456789").organiser == cast.ours.organiser
    assert Unit.objects.get(pk=cast.ours.school.pk).school_unit_code == ""


@pytest.mark.portable
def test_a_split_gives_new_units_that_follow_the_old(cast: Cast):
    Unit.objects.filter(pk=cast.ours.school.pk).update(school_unit_code="12345678")
    file = bring(
        cast,
        unit_of_api("12345678", "Älvskolan", status="UPPHORT", endDate="2026-06-30"),
        unit_of_api("23456789", "Älvskolan"),
        unit_of_api("34567890", "Älvskolan F-3"),
    )
    old = cast.ours.school
    take(
        cast, file, "new_unit-23456789", "new_unit-34567890", "ceased-12345678",
        follows={"23456789": [old.pk], "34567890": [old.pk, cast.theirs.school.pk]},
    )  # fmt: skip
    ended = Unit.objects.get(pk=old.pk)
    assert (ended.name, str(ended.ends_on)) == ("Älvskolan", "2026-06-30")
    later = UnitSuccession.objects.filter(earlier=old).order_by("later__school_unit_code")
    names = [row.later.name for row in later.select_related("later")]
    assert names == ["Älvskolan (23456789)", "Älvskolan F-3"]
    assert UnitSuccession.objects.count() == 2, "no unit of others is followed"
    assert old not in Unit.objects.in_use(TODAY.replace(year=2027))


@pytest.mark.portable
def test_a_merger_is_one_unit_after_two(cast: Cast):
    first, second = cast.ours.school, Unit.objects.create(
        organiser=cast.ours.organiser, kind="compulsory", name="Åskolan",
        school_unit_code="22222222",
    )  # fmt: skip
    Unit.objects.filter(pk=first.pk).update(school_unit_code="11111111")
    gone = {"status": "UPPHORT", "endDate": "2026-01-31"}
    file = bring(
        cast,
        unit_of_api("11111111", "Älvskolan", **gone),
        unit_of_api("22222222", "Åskolan", **gone),
        unit_of_api("33333333", "Nya Älvskolan"),
    )
    take(cast, file, "new_unit-33333333", "ceased-11111111", "ceased-22222222",
         follows={"33333333": [first.pk, second.pk]})  # fmt: skip
    merged = Unit.objects.get(school_unit_code="33333333")
    assert {row.earlier_id for row in merged.precedents.all()} == {first.pk, second.pk}


@pytest.mark.portable
def test_a_unit_that_another_has_is_told_and_left_alone(cast: Cast):
    """The register moves it to another school authority; here it ends with the first one first."""
    Unit.objects.filter(pk=cast.ours.school.pk).update(school_unit_code="12345678")
    file = bring(
        cast,
        unit_of_api("12345678", "Nya skolan", number=THEIRS),
        unit_of_api("23456789", "Bäckskolan"),
        unit_of_api("23456789", "Bäckskolan igen"),
    )
    comparison = compare([*rows_of(file)])
    assert [(row.code, row.name) for row in comparison.faults] == [
        ("12345678", "Nya skolan"), ("23456789", "Bäckskolan igen"),
    ]  # fmt: skip
    assert "Älvskolan" in comparison.faults[0].fault
    taken = take(cast, file, "new_unit-12345678", "new_unit-23456789")
    assert [row.code for row in taken] == ["23456789"]
    Unit.objects.filter(pk=cast.ours.school.pk).update(ends_on=TODAY)
    [moved] = take(cast, file, "new_unit-12345678")
    assert Unit.objects.get(school_unit_code="12345678", ends_on=None).name == moved.after


@pytest.mark.portable
def test_a_unit_does_not_end_before_it_began_here(cast: Cast):
    Unit.objects.filter(pk=cast.ours.school.pk).update(school_unit_code="12345678", starts_on=TODAY)
    gone = {"startDate": "", "endDate": "2019-06-30"}
    file = bring(cast, unit_of_api("12345678", "Älvskolan", **gone))
    assert [row.code for row in compare([*rows_of(file)]).faults] == ["12345678"]
    file = bring(cast, unit_of_api("12345678", "Älvskolan", status="UPPHORT", **gone))
    take(cast, file, "ceased-12345678")
    assert Unit.objects.get(pk=cast.ours.school.pk).ends_on == TODAY


@pytest.mark.portable
def test_other_names_and_days(cast: Cast):
    Unit.objects.filter(pk=cast.ours.school.pk).update(school_unit_code="12345678")
    file = bring(cast, unit_of_api("12345678", "Älvens skola"))
    kinds = [c.kind for c in compare([*rows_of(file)]).changes]
    assert kinds == ["renamed", "dated"]
    renamed, dated = take(cast, file, "renamed-12345678", "dated-12345678")
    assert (renamed.before, renamed.after) == ("Älvskolan", "Älvens skola")
    assert dated.after == "2011-07-01–"
    assert compare([*rows_of(file)]).same == 1


def rows_of(file: RegisterFile) -> Any:
    from organisations.register import Row

    return (Row.from_data(data) for data in file.rows)


@pytest.mark.portable
def test_others_are_left_alone(cast: Cast):
    """Units without a code, those the file does not name, and organisers that are not here."""
    Unit.objects.filter(pk=cast.theirs.school.pk).update(school_unit_code="99999999")
    file = bring(
        cast, unit_of_api("88888888", "Annan", number=THEIRS),
        unit_of_api("77777777", "Bortom", number=NOBODYS),
    )  # fmt: skip
    comparison = compare([*rows_of(file)])
    assert [c.key for c in comparison.changes] == ["new_unit-88888888"]
    assert comparison.elsewhere == 1
    assert comparison.unnamed == [cast.theirs.school]


@pytest.mark.portable
def test_new_school_authorities_come_with_their_units_where_they_are_asked_for(cast: Cast):
    file = bring(cast, unit_of_api("77777777", "Bortom", number=NOBODYS), with_new_organisers=True)
    assert take(cast, file, "new_unit-77777777") == [], "a unit has a school authority"
    take(cast, file, f"new_organiser-{NOBODYS}", "new_unit-77777777")
    organiser = Organisation.objects.get(organisation_number=NOBODYS)
    # That name is taken here, by another number.
    assert organiser.name == f"Ådalens kommun ({NOBODYS})"
    assert [unit.name for unit in organiser.units.all()] == ["Bortom"]


@pytest.mark.portable
def test_only_the_agencys_lead_takes_anything_in(cast: Cast):
    file = bring(cast, unit_of_api("23456789", "Nya skolan"))
    for person in (cast.ours.process_supporter, cast.ours.head_of_authority, cast.outsider):
        with pytest.raises(PermissionDenied):
            bring(cast, unit_of_api("23456789", "Nya skolan"), by=person)
        with pytest.raises(PermissionDenied):
            take_in(file=file, chosen={"new_unit-23456789"}, follows={}, by=person, now=NOW)
    assert not TakenIn.objects.exists()


# --- the pages ------------------------------------------------------------------------------


@pytest.mark.portable
def test_the_pages_from_the_file_to_what_was_taken_in(cast: Cast, client: Client):
    client.force_login(cast.agency_manager)
    url = reverse("organisations:school_register")
    refused = client.post(url, {"file": SimpleUploadedFile("x.json", b"hej")})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    content = api_file(
        unit_of_api("12345678", "Älvskolan"), unit_of_api("23456789", "Nya", number="811218-9876")
    )
    sent = client.post(url, {"file": SimpleUploadedFile("skolenheter.json", content)})
    file = RegisterFile.objects.get()
    page = sent.headers["Location"]
    assert page == reverse("organisations:schools_file", args=[file.pk])
    text = client.get(page).content.decode()
    assert "Älvskolan" in text
    assert "9876" not in text
    assert client.post(page, {"gets_code-12345678": "on"}).status_code == HTTPStatus.FOUND
    assert Unit.objects.get(school_unit_code="12345678") == cast.ours.school
    assert "12345678" in client.get(page).content.decode()
    assert "skolenheter.json" in client.get(url).content.decode()
