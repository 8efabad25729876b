"""The official Word file: what it holds, opened by another program than the one that wrote it."""

import zipfile
from io import BytesIO

import docx
import pytest
from docx.document import Document as WordDocument
from hypothesis import given
from hypothesis import strategies as st

from organisations.prose import tidy
from plans.models import Level
from reports.blanks import shipped
from reports.layout import Document, Grid, Title, document_of
from reports.queries import Area, Cell, Content, Line, Matrix
from reports.reading import compare, read_report
from reports.richtext import read, write
from reports.word import write_document

pytestmark = pytest.mark.portable

GOAL_TITLES = ("Varje elev får en planerad återkomst.", "Alla lärare analyserar elevsvar.")
LEVELS = [Level.ACHIEVED.value, Level.WELL_UNDER_WAY.value, Level.STARTED.value, ""]


def content_with(
    texts: dict[tuple[str, str], str], levels: list[str], kind: str = "final"
) -> Content:
    """A report of two insatser with two goals each; ``texts`` by field and row."""
    form = shipped(kind)
    matrices = []
    for row in ("1", "2"):
        lines = []
        for question in form.in_matrix:
            if question.repeat == "goal":
                cells = [
                    Cell(
                        question.id,
                        f"{row}/{number}",
                        texts.get((question.id, f"{row}/{number}"), ""),
                        title=f"{title} {row}",
                        level=levels[number - 1],
                    )
                    for number, title in enumerate(GOAL_TITLES, 1)
                ]
            elif question.id == "goals":
                said = write(read("\n".join(f"- {title} {row}" for title in GOAL_TITLES)))
                cells = [Cell(question.id, row, said)]
            else:
                cells = [Cell(question.id, row, texts.get((question.id, row), ""))]
            lines.append(
                Line(
                    question.id,
                    question.label,
                    question.short or question.label,
                    "",
                    question.repeat,
                    cells,
                )
            )
        matrices.append(Matrix(row, f"{row}. Insats nummer {row}", "Ledning", lines))
    once = [
        Line(q.id, q.label, q.label, "", q.repeat, [Cell(q.id, "", texts.get((q.id, ""), ""))])
        for q in form.asked_once
    ]
    return Content(
        "00000000-0000-0000-0000-000000000001",
        kind,
        form.title,
        "Slutredovisning, Älvskolan",
        "Älvskolan",
        "compulsory",
        "Ådalens kommun",
        "1 juni 2026",
        1,
        [list(pair) for pair in form.introduction],
        [Area("Ledning", "Välj utvecklingsområde", matrices)],
        once,
    )


def opened(content: Content) -> WordDocument:
    return docx.Document(BytesIO(write_document(document_of(content))))


def test_it_follows_the_blank_form():
    document = opened(content_with({}, LEVELS))
    labels = [row.cells[0].text for row in document.tables[0].rows]
    assert labels == [question.label for question in shipped("final").in_matrix]
    headings = [
        p.text for p in document.paragraphs if str(p.style and p.style.name).startswith("Heading")
    ]
    assert headings == [
        "Syftet med slutredovisningen",
        "Insatser inom utvecklingsområde",
        "Välj utvecklingsområde: Ledning",
    ]
    assert len(document.tables) == 2
    assert document.core_properties.title == "Slutredovisning, Älvskolan – Ådalens kommun"
    assert document.core_properties.language == "sv-SE"


def test_a_colour_stands_with_its_word_and_a_gap_is_seen():
    texts = {("improvements", "1/1"): "Frånvaron **minskar**."}
    rows = opened(content_with(texts, LEVELS)).tables[0].rows
    goals = rows[4].cells[1]
    assert goals.text.split("\n") == [
        f"Uppnått: {GOAL_TITLES[0]} 1",
        "Frånvaron minskar.",
        f"På god väg: {GOAL_TITLES[1]} 1",
        "[Ännu inte ifyllt]",
    ]
    assert "C6E0B4" in goals._tc.xml
    assert rows[5].cells[1].text == "[Ännu inte ifyllt]"


def test_the_first_row_is_repeated_and_the_language_is_swedish():
    with zipfile.ZipFile(BytesIO(write_document(document_of(content_with({}, LEVELS))))) as package:
        body = package.read("word/document.xml").decode()
        assert body.count("<w:tblHeader/>") == body.count("<w:tblCaption") == 2
        assert 'w:lang w:val="sv-SE"' in package.read("word/styles.xml").decode()
        assert "<w:autoHyphenation/>" in package.read("word/settings.xml").decode()


HOSTILE = "=HYPERLINK(1) & <w:p> {{ x }} \x00\x08\ufffe 😀 ]]> -- \u202e"


def test_hostile_words_end_as_words():
    document = opened(content_with({("lessons", "1"): HOSTILE}, LEVELS))
    said = document.tables[0].rows[8].cells[1].text
    assert said.startswith("=HYPERLINK(1) & <w:p> {{ x }}")
    assert "\x00" not in said


WORDS = st.text(
    alphabet=st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"]
    )
    | st.sampled_from(" *[]-.\n\n"),
    max_size=60,
).map(tidy)  # as every text is stored
CELLS = [
    (question.id, row)
    for row in ("1", "2")
    for question in shipped("final").in_matrix
    if question.repeat == "insats" and question.id != "goals"
] + [("improvements", f"{row}/{number}") for row in "12" for number in (1, 2)]


@given(
    st.dictionaries(st.sampled_from(CELLS), WORDS),
    st.lists(st.sampled_from(LEVELS), min_size=2, max_size=2),
)
def test_what_is_written_is_read_back(texts: dict[tuple[str, str], str], levels: list[str]):
    content = content_with({key: write(read(text)) for key, text in texts.items()}, levels)
    found = read_report(write_document(document_of(content)))
    comparison = compare(content, found)
    differing = [(p.key, p.cell.text, p.text, p.level) for p in comparison.proposals]
    assert (differing, comparison.unplaced, comparison.warnings) == ([], [], [])
    assert comparison.alike == len(list(content.cells))


@pytest.mark.parametrize("kind", ["final", "interim"])
def test_a_change_in_word_is_one_proposal(kind: str):
    content = content_with({("lessons", "2"): "Börja i elevsvaren."}, LEVELS, kind)
    file = BytesIO(write_document(document_of(content)))
    document = docx.Document(file)
    row = next(r for r in document.tables[1].rows if "lärdomar" in r.cells[0].text)
    row.cells[1].paragraphs[0].runs[0].text = "Börja i elevernas svar."
    saved = BytesIO()
    document.save(saved)
    comparison = compare(content, read_report(saved.getvalue()))
    [proposal] = comparison.proposals
    assert (proposal.key, proposal.text) == (("lessons", "2"), "Börja i elevernas svar.")
    assert proposal.confidence == 1


def test_a_grid_has_its_columns_repeated_and_its_figures_to_the_right():
    rows = [["Ådalens kommun", "1 250 kr", "3"], ["Öbo", "900 kr", "–"]]
    grid = Grid("Kostnader", ["Huvudman", "Beviljat", "Insatser"], rows, shares=(3, 1, 1))
    word = write_document(Document("Ett år", "", "", [Title("Ett år"), grid]))
    [table] = docx.Document(BytesIO(word)).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [grid.columns, *rows]
    assert table.rows[0]._tr.xml.count("<w:tblHeader/>") == 1
    assert [cell.paragraphs[0].style.name for cell in table.rows[2].cells] == [
        "Tabelltext",
        "Siffra",
        "Siffra",
    ]
