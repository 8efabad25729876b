"""The PDF of a document, read by pypdf: to be heard, to be kept, and with nobody's text as code."""

import re
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from reports.layout import Document, Grid, Heading, Node, Text, Title, collected, document_of
from reports.pdf import write_pdf
from reports.pdf.characters import UNKNOWN, drawn, shown
from reports.richtext import Block, Run
from tests.reports.test_word import HOSTILE, LEVELS, content_with
from tests.reports.trees import pieces, squeezed

pytestmark = pytest.mark.portable

MOMENT = datetime(2026, 6, 1, 8, 30, 15, 999, tzinfo=ZoneInfo("Europe/Stockholm"))
WRITTEN = """Frånvaron **minskar** i *alla* årskurser & <ämnen>.

- Lärarna planerar tillsammans
- Se [kommunens sida](https://example.se/a?b=c&d=e)

1. Först
2. Sedan"""
REPORT = document_of(content_with({("improvements", "1/1"): WRITTEN}, LEVELS))


def opened(document: Document) -> PdfReader:
    return PdfReader(BytesIO(write_pdf(document, made_at=MOMENT)), strict=True)


def saying(text: str) -> Document:
    return Document(text, text, "", [Title(text), Text([Block("paragraph", (Run(text),))])])


def words_in(file: PdfReader) -> str:
    return "".join(page.extract_text() for page in file.pages)


def is_in_order(document: Document, file: PdfReader) -> bool:
    """Whether it says everything the tree says; headers that are repeated may come between."""
    said, place = squeezed(words_in(file)), 0
    for piece in map(squeezed, pieces(document)):
        place = said.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return True


@pytest.mark.parametrize(
    "document",
    [
        REPORT,
        document_of(content_with({}, LEVELS, "interim")),
        collected("Slutredovisningar", [content_with({}, LEVELS)] * 2),
    ],
    ids=["final", "interim", "collected"],
)
def test_it_says_what_the_tree_says(document: Document):
    assert is_in_order(document, opened(document))


def test_no_report_is_a_whole_document_too():
    none = collected("Slutredovisningar", [])
    assert is_in_order(none, opened(none))
    assert len(list(pieces(none))) == 2
    assert len(opened(Document("Tomt", "", "", [])).pages) == 1


def test_it_declares_the_standards_that_it_keeps():
    file = opened(REPORT)
    root: Any = file.trailer["/Root"]
    about = root["/Metadata"].get_data().decode()
    for part in ("<pdfuaid:part>1<", "<pdfaid:part>2<", "<pdfaid:conformance>A<"):
        assert part in about
    [intent] = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "sv-SE"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert file.metadata is not None
    assert (file.metadata.title, file.metadata.author) == (REPORT.title, "Trepart")
    assert file.metadata.creation_date == MOMENT.replace(microsecond=0)


def test_every_font_is_in_the_file():
    for page in opened(REPORT).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            [below] = font.get_object()["/DescendantFonts"]
            assert "/FontFile2" in below.get_object()["/FontDescriptor"]


def tags(element: Any) -> list[Any]:
    """Every element of the structure tree."""
    below = element.get("/K", [])
    below = below if isinstance(below, list) else [below]
    children = [each.get_object() for each in below]
    elements = [each for each in children if isinstance(each, DictionaryObject) and "/S" in each]
    return [each for child in elements for each in [child, *tags(child)]]


def test_whoever_listens_meets_headings_tables_lists_and_links():
    file = opened(REPORT)
    root: Any = file.trailer["/Root"]
    found = [each["/S"] for each in tags(root["/StructTreeRoot"])]
    assert found.count("/Table") == 2
    assert found.count("/THead") == 2
    assert found.count("/TH") == 4
    assert found.count("/L") == 4  # the goals of both insatser, and two in the answer
    assert found.count("/Link") == 1
    assert [each for each in found if re.fullmatch("/H[1-6]", each)] == ["/H1", "/H2", "/H2", "/H3"]
    assert [each.title for each in flat(file.outline)] == [
        node.text for node in REPORT.nodes if isinstance(node, Title | Heading)
    ]


def flat(outline: Any) -> list[Any]:
    return [each for item in outline for each in (flat(item) if isinstance(item, list) else [item])]


def test_the_name_of_an_insats_is_repeated_on_its_next_page():
    pages = [page.extract_text() for page in opened(REPORT).pages]
    assert ["1. Insats nummer 1" in page for page in pages[:2]] == [True, True]
    assert f"1 ({len(pages)})" in pages[0]


def test_the_first_row_is_not_repeated_where_it_is_long():
    long = " ".join(["Alla lärare deltar."] * 60)
    document = document_of(content_with({("participants", "1"): long}, LEVELS))
    pages = [page.extract_text() for page in opened(document).pages]
    assert sum("1. Insats nummer 1" in page for page in pages) == 1


def test_a_grid_repeats_the_names_of_its_columns():
    rows = [[f"Kommun {number}", "1 250 kr"] for number in range(80)]
    document = Document("År", "", "", [Title("År"), Grid("Kostnader", ["Huvudman", "Kr"], rows)])
    file = opened(document)
    assert len(file.pages) > 1
    assert all("Huvudman" in page.extract_text() for page in file.pages)
    assert is_in_order(document, file)


def test_what_a_table_is_about_stands_on_the_page_where_it_begins():
    filling = [Text([Block("paragraph", (Run("Fyllning."),))])] * 38
    caption = Text([Block("paragraph", (Run("Besök för besök", bold=True),))])
    grid = Grid("Besök", ["Dag", "Besök"], [["1 maj", "Samtal"]] * 3)
    for more in range(12):
        nodes: list[Node] = [Title("År"), *filling, *filling[:more], caption, grid]
        pages = [page.extract_text() for page in opened(Document("År", "", "", nodes)).pages]
        [beginning] = [words for words in pages if "Besök för besök" in words]
        assert "Samtal" in beginning


def test_an_outline_leaves_no_level_out():
    opened(Document("A", "", "", [Title("A"), Heading("B", 3), Heading("C", 1), Heading("D", 3)]))
    opened(Document("A", "", "", [Heading("B", 2)]))


@pytest.mark.parametrize(
    "hostile",
    [
        '#read("/etc/passwd")',
        "#sys.inputs",
        "$ x $ *a* _b_ `c` = d @e <f> // g /* h */ \\u{41} ~ --- ...",
        '"]} #panic("x")',
        "{{ x }} {% y %} </w:t> ]]>",
    ],
)
def test_hostile_words_end_as_words(hostile: str):
    document = saying(hostile)
    assert is_in_order(document, opened(document))


def test_it_opens_no_file_and_runs_nothing():
    file = opened(document_of(content_with({("lessons", "1"): HOSTILE}, LEVELS)))
    for number in range(1, len(file.xref[0]) + 1):
        found = file.get_object(number)
        if isinstance(found, DictionaryObject):
            assert not {"/JS", "/JavaScript", "/EmbeddedFile", "/AA"} & set(found)
            assert found.get("/S") not in ("/Launch", "/SubmitForm", "/ImportData")


def test_a_character_that_no_font_has_is_seen_to_be_missing():
    assert shown("漢 \ue000") == f"{UNKNOWN} {UNKNOWN}"
    assert shown("a\x00\x08\ufffe\ufeff\u202eb\ud800 c\td\u2028e") == "ab c d e"
    assert shown("Åäö é العربية ελ ж € – “”\n") == "Åäö é العربية ελ ж € – “”\n"
    assert UNKNOWN in words_in(opened(saying("Hej 漢")))


def test_every_character_that_is_kept_can_be_drawn():
    kept = sorted(drawn())
    lines = ["".join(kept[at : at + 100]) for at in range(0, len(kept), 100)]
    opened(Document("Allt", "", "", [Text([Block("paragraph", (Run(line),)) for line in lines])]))


def test_a_word_without_an_end_is_a_file_too():
    words = Text([Block("paragraph", (Run("å" * 50_000),))])
    assert words_in(opened(Document("Å", "", "", [words]))).count("å") == 50_000


@given(st.text(max_size=200))
def test_any_text_becomes_a_file(text: str):
    opened(saying(text))


def test_the_same_document_is_the_same_bytes():
    assert write_pdf(REPORT, made_at=MOMENT) == write_pdf(REPORT, made_at=MOMENT)
