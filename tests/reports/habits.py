"""What people and their programs do to a form before they send it: each a change of a filled one.

Every habit leaves the same report behind, so that all are read as the same.
"""

import copy
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from docx.document import Document
from docx.enum.text import WD_BREAK, WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

Habit = Callable[[Document], None]
HABITS: dict[str, Habit] = {}
W = nsdecls("w")
GOALS, IMPROVEMENTS, NOT_REACHED, LESSONS = 3, 4, 5, 8
PEN = {
    WD_COLOR_INDEX.BRIGHT_GREEN: ("Uppnått", "00B050", "Green", "🟢"),
    WD_COLOR_INDEX.YELLOW: ("På god väg", "FFC000", "Yellow", "🟡"),
}


def habit(change: Habit) -> Habit:
    HABITS[change.__name__.replace("_", " ")] = change
    return change


def cells(document: Document, column: int = 1) -> list[_Cell]:
    return [row.cells[column] for row in document.tables[0].rows]


def labels(document: Document) -> Iterator[Paragraph]:
    for cell in cells(document, 0):
        yield from cell.paragraphs


def set_text(paragraph: Paragraph, text: str) -> None:
    for run in paragraph.runs[1:]:
        run._r.getparent().remove(run._r)
    if paragraph.runs:
        paragraph.runs[0].text = text
    else:
        paragraph.add_run(text)


def answers(document: Document) -> Iterator[Paragraph]:
    for cell in cells(document):
        yield from cell.paragraphs


# --- labels ---------------------------------------------------------------------------------


@habit
def labels_in_upper_case(document: Document) -> None:
    for paragraph in labels(document):
        set_text(paragraph, paragraph.text.upper())


@habit
def labels_with_numbers(document: Document) -> None:
    for number, cell in enumerate(cells(document, 0), 1):
        set_text(cell.paragraphs[0], f"{number}. {cell.paragraphs[0].text}")


@habit
def labels_with_letters_and_colons(document: Document) -> None:
    for letter, cell in zip("abcdefghij", cells(document, 0), strict=True):
        set_text(cell.paragraphs[0], f"{letter}) {cell.paragraphs[0].text.rstrip('.?')}:")


@habit
def labels_without_rings_and_dots(document: Document) -> None:
    for paragraph in labels(document):
        decomposed = unicodedata.normalize("NFD", paragraph.text)
        set_text(paragraph, "".join(c for c in decomposed if not unicodedata.combining(c)))


@habit
def letters_that_a_scanner_lost(document: Document) -> None:
    for paragraph in labels(document):
        set_text(paragraph, paragraph.text.replace("å", "�").replace("rn", "m").replace("ll", "l1"))


@habit
def everything_decomposed(document: Document) -> None:
    for paragraph in [*labels(document), *answers(document)]:
        for run in paragraph.runs:
            run.text = unicodedata.normalize("NFD", run.text)


@habit
def labels_without_what_stands_in_brackets(document: Document) -> None:
    for paragraph in labels(document):
        set_text(paragraph, paragraph.text.partition("(")[0].strip() or paragraph.text)


@habit
def answers_written_behind_what_an_empty_cell_says(document: Document) -> None:
    for row in (NOT_REACHED, LESSONS):
        paragraph = next(p for p in cells(document)[row].paragraphs if p.text.strip())
        set_text(paragraph, f"[Ännu inte ifyllt] {paragraph.text}")


# --- tables ---------------------------------------------------------------------------------


@habit
def a_column_of_numbers_first(document: Document) -> None:
    for number, row in enumerate(document.tables[0].rows, 1):
        first = copy.deepcopy(row._tr.tc_lst[0])
        row._tr.tc_lst[0].addprevious(first)
        for paragraph in list(first.p_lst)[1:]:
            first.remove(paragraph)
        set_text(Paragraph(first.p_lst[0], document), f"{number}.")


@habit
def the_answer_below_its_label(document: Document) -> None:
    for row in list(document.tables[0].rows):
        below = copy.deepcopy(row._tr)
        row._tr.addnext(below)
        row._tr.remove(row._tr.tc_lst[1])
        below.remove(below.tc_lst[0])


@habit
def label_and_answer_in_one_cell(document: Document) -> None:
    for row in document.tables[0].rows:
        label, answer = row._tr.tc_lst
        for paragraph in list(answer.p_lst):
            label.append(paragraph)
        row._tr.remove(answer)


@habit
def the_answer_below_its_label_beside_an_empty_cell(document: Document) -> None:
    for row in document.tables[0].rows:
        label, answer = row._tr.tc_lst
        for paragraph in list(answer.p_lst):
            label.append(paragraph)
        answer.append(OxmlElement("w:p"))


@habit
def the_matrix_in_a_frame(document: Document) -> None:
    inner = document.tables[0]._tbl
    frame = parse_xml(f"<w:tbl {W}><w:tblPr/><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>")
    inner.addprevious(frame)
    frame.tr_lst[0].tc_lst[0].insert(0, inner)


@habit
def rows_split_below_a_merged_label(document: Document) -> None:
    row = document.tables[0].rows[IMPROVEMENTS]
    below = copy.deepcopy(row._tr)
    row._tr.addnext(below)
    for tr, merge in ((row._tr, "restart"), (below, "continue")):
        tr.tc_lst[0].get_or_add_tcPr().append(parse_xml(f'<w:vMerge {W} w:val="{merge}"/>'))
    first, second = row._tr.tc_lst[1], below.tc_lst[1]
    for paragraph in list(first.p_lst)[2:]:
        first.remove(paragraph)
    for paragraph in list(second.p_lst)[:2]:
        second.remove(paragraph)


@habit
def a_table_of_goals_and_colours_in_the_cell(document: Document) -> None:
    cell = cells(document)[IMPROVEMENTS]
    goals = [p.text for p in cell.paragraphs]
    for paragraph in cell.paragraphs[1:]:
        cell._tc.remove(paragraph._p)
    set_text(cell.paragraphs[0], "")
    table = cell.add_table(2, 3)
    for row, colour in enumerate(("00B050", "FFFF00")):
        three = table.rows[row].cells
        three[0].text, three[1].text = goals[2 * row : 2 * row + 2]
        shade(three[2]._tc.get_or_add_tcPr(), colour)


@habit
def an_empty_form_below(document: Document) -> None:
    empty = copy.deepcopy(document.tables[0]._tbl)
    between = OxmlElement("w:p")
    document.tables[0]._tbl.addnext(between)
    between.addnext(empty)
    for row in document.tables[1].rows:
        for paragraph in row.cells[1].paragraphs[1:]:
            row.cells[1]._tc.remove(paragraph._p)
        set_text(row.cells[1].paragraphs[0], "")


@habit
def answers_in_a_nested_table(document: Document) -> None:
    cell = cells(document)[LESSONS]
    text = cell.text
    set_text(cell.paragraphs[0], "")
    cell.add_table(1, 1).rows[0].cells[0].text = text


# --- colours --------------------------------------------------------------------------------


def shade(properties: Any, colour: str) -> None:
    properties.append(parse_xml(f'<w:shd {W} w:val="clear" w:color="auto" w:fill="{colour}"/>'))


def marked(document: Document) -> Iterator[tuple[Paragraph, tuple[str, str, str, str]]]:
    """The goals of the row of colours, no longer marked, with ways to say their colour."""
    for paragraph in cells(document)[IMPROVEMENTS].paragraphs:
        if colour := paragraph.runs[0].font.highlight_color:
            paragraph.runs[0].font.highlight_color = None
            yield paragraph, PEN[colour]


@habit
def colours_as_shading(document: Document) -> None:
    for paragraph, (_word, colour, *_others) in marked(document):
        shade(paragraph.runs[0]._r.get_or_add_rPr(), colour)


@habit
def colours_as_shaded_paragraphs(document: Document) -> None:
    for paragraph, (_word, colour, *_others) in marked(document):
        shade(paragraph._p.get_or_add_pPr(), colour)


@habit
def colours_of_the_font(document: Document) -> None:
    for paragraph, (_word, colour, *_others) in marked(document):
        paragraph.runs[0].font.color.rgb = RGBColor.from_string(colour)


@habit
def colours_in_words(document: Document) -> None:
    for paragraph, (word, *_others) in marked(document):
        set_text(paragraph, f"{paragraph.text} ({word.lower()})")


@habit
def colours_in_english(document: Document) -> None:
    for paragraph, (*_others, english, _sign) in marked(document):
        set_text(paragraph, f"{english.upper()}: {paragraph.text}")


@habit
def colours_as_signs(document: Document) -> None:
    for paragraph, (*_others, sign) in marked(document):
        set_text(paragraph, f"{sign} {paragraph.text}")


@habit
def colours_as_dots(document: Document) -> None:
    for paragraph, (_word, colour, *_others) in marked(document):
        goal = paragraph.text
        set_text(paragraph, "● ")
        paragraph.runs[0].font.color.rgb = RGBColor.from_string(colour)
        paragraph.add_run(goal)


@habit
def colours_after_the_number_of_the_goal(document: Document) -> None:
    for number, (paragraph, (word, *_others)) in enumerate(marked(document), 1):
        set_text(paragraph, f"Mål {number} ({word.lower()}):")


@habit
def colours_as_boxes_to_tick(document: Document) -> None:
    for paragraph, (word, *_others) in marked(document):
        boxes = " ".join(
            f"{'☒' if each == word else '☐'} {each}"
            for each in ("Uppnått", "På god väg", "Påbörjat")
        )
        line = copy.deepcopy(paragraph._p)
        paragraph._p.addnext(line)
        set_text(Paragraph(line, paragraph._parent), boxes)


# --- programs -------------------------------------------------------------------------------


@habit
def a_run_for_each_word(document: Document) -> None:
    """Google Docs: a run for each word, empty ones between, and a bookmark wherever one stood."""
    for number, paragraph in enumerate([*labels(document), *answers(document)]):
        for run in list(paragraph.runs):
            for word in reversed([f"{each} " for each in run.text.split()]):
                one = copy.deepcopy(run._r)
                run._r.addnext(one)
                one.text = word
                run._r.addnext(parse_xml(f"<w:r {W}><w:rPr/><w:t/></w:r>"))
            run._r.getparent().remove(run._r)
        paragraph._p.append(
            parse_xml(f'<w:bookmarkStart {W} w:id="{900 + number}" w:name="_x{number}"/>')
        )


def wrap(paragraph: Paragraph, tag: str, before: str = "", **attributes: str) -> None:
    """Put the runs of a paragraph in an element of that kind, below the parts ``before``."""
    given = " ".join(f'w:{name}="{value}"' for name, value in attributes.items())
    outer = parse_xml(f"<w:{tag} {W} {given}>{before}</w:{tag}>")
    inner = outer.find(qn("w:sdtContent")) if tag == "sdt" else outer
    runs = [run._r for run in paragraph.runs]
    if runs:
        runs[0].addprevious(outer)
    for run in runs:
        inner.append(run)


@habit
def smart_tags_and_links(document: Document) -> None:
    for paragraph in answers(document):
        wrap(paragraph, "smartTag", uri="urn:x", element="place")
    for paragraph in labels(document):
        wrap(paragraph, "hyperlink", anchor="top")


@habit
def everything_inserted_by_somebody(document: Document) -> None:
    for number, paragraph in enumerate(answers(document)):
        wrap(paragraph, "ins", id=str(number), author="Rektor")


@habit
def old_words_deleted_by_somebody(document: Document) -> None:
    for number, paragraph in enumerate(answers(document)):
        paragraph._p.append(
            parse_xml(
                f'<w:del {W} w:id="{number}" w:author="Rektor"><w:r><w:delText>Gammalt.'
                "</w:delText></w:r></w:del>"
            )
        )


@habit
def a_row_deleted_by_somebody(document: Document) -> None:
    row = copy.deepcopy(document.tables[0].rows[LESSONS]._tr)
    document.tables[0]._tbl.append(row)
    row.get_or_add_trPr().append(parse_xml(f'<w:del {W} w:id="7" w:author="Rektor"/>'))


@habit
def comments_beside_the_text(document: Document) -> None:
    for number, paragraph in enumerate(answers(document)):
        paragraph._p.insert(0, parse_xml(f'<w:commentRangeStart {W} w:id="{number}"/>'))
        for xml in (
            f'<w:commentRangeEnd {W} w:id="{number}"/>',
            f'<w:r {W}><w:commentReference w:id="{number}"/></w:r>',
        ):
            paragraph._p.append(parse_xml(xml))


CONTROL = "<w:sdtPr><w:alias w:val='Svar'/>%s</w:sdtPr><w:sdtContent/>"


@habit
def answers_in_controls(document: Document) -> None:
    for paragraph in answers(document):
        wrap(paragraph, "sdt", before=CONTROL % "<w:text/>")


@habit
def the_area_chosen_from_a_list(document: Document) -> None:
    paragraph = next(p for p in document.paragraphs if p.text.startswith("Välj utvecklings"))
    label, _colon, area = paragraph.text.partition(": ")
    set_text(paragraph, f"{label}: ")
    chosen = CONTROL % "<w:dropDownList><w:listItem w:value='Styrning'/></w:dropDownList>"
    control = parse_xml(f"<w:sdt {W}>{chosen}</w:sdt>")
    control[1].append(parse_xml(f"<w:r {W}><w:t>{area}</w:t></w:r>"))
    paragraph._p.append(control)


@habit
def rows_and_cells_in_controls(document: Document) -> None:
    for row in list(document.tables[0].rows):
        control = parse_xml(f"<w:sdt {W}>{CONTROL % ''}</w:sdt>")
        row._tr.addprevious(control)
        control[1].append(row._tr)
        cell = row._tr.tc_lst[1]
        around = parse_xml(f"<w:sdt {W}>{CONTROL % ''}</w:sdt>")
        cell.addprevious(around)
        around[1].append(cell)


@habit
def soft_hyphens_and_hard_spaces(document: Document) -> None:
    for paragraph in [*labels(document), *answers(document)]:
        for run in paragraph.runs:
            run.text = run.text.replace("ning", "\u00adning").replace(" i ", "\u00a0i\u00a0")


@habit
def tabs_and_page_breaks(document: Document) -> None:
    for cell in cells(document):
        first = cell.paragraphs[0]
        first._p.insert(1, parse_xml(f"<w:r {W}><w:tab/></w:r>"))
        first.add_run().add_break(WD_BREAK.PAGE)
        cell.add_paragraph("")


@habit
def an_answer_in_a_text_box(document: Document) -> None:
    paragraph = cells(document)[LESSONS].paragraphs[0]
    text = paragraph.text
    set_text(paragraph, "")
    box = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
    paragraph.runs[0]._r.append(
        parse_xml(
            f"<mc:AlternateContent {W} xmlns:mc='http://schemas.openxmlformats.org/"
            "markup-compatibility/2006' xmlns:wps='http://schemas.microsoft.com/office/word/2010/"
            f"wordprocessingShape' xmlns:v='urn:schemas-microsoft-com:vml'><mc:Choice "
            f"Requires='wps'><w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing>"
            f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent>"
        )
    )


# --- lists ----------------------------------------------------------------------------------


@habit
def goals_as_typed_numbers(document: Document) -> None:
    for number, paragraph in enumerate(cells(document)[GOALS].paragraphs, 1):
        set_text(paragraph, f"{number}) {paragraph.text}")


@habit
def goals_with_their_names(document: Document) -> None:
    for number, paragraph in enumerate(cells(document)[GOALS].paragraphs, 1):
        set_text(paragraph, f"Mål {number}: {paragraph.text}")


@habit
def goals_with_line_breaks(document: Document) -> None:
    first, second = cells(document)[GOALS].paragraphs
    first.add_run().add_break()
    first.add_run(f"- {second.text}")
    second._p.getparent().remove(second._p)


@habit
def goals_as_a_list(document: Document) -> None:
    for paragraph in cells(document)[GOALS].paragraphs:
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {W}><w:ilvl w:val="0"/><w:numId w:val="9"/></w:numPr>')
        )


@habit
def a_goal_and_its_improvement_in_one_paragraph(document: Document) -> None:
    paragraphs = cells(document)[IMPROVEMENTS].paragraphs
    for goal, improvement in zip(paragraphs[::2], paragraphs[1::2], strict=True):
        goal.add_run(f"\n{improvement.text}")
        improvement._p.getparent().remove(improvement._p)


# --- no table at all ------------------------------------------------------------------------


@habit
def paragraphs_instead_of_a_table(document: Document) -> None:
    """A text made from the file, or by a scanner: no table is left."""
    table = document.tables[0]._tbl
    for cell in [cell for row in document.tables[0].rows for cell in row.cells]:
        for paragraph in list(cell._tc.p_lst):
            table.addprevious(paragraph)
    table.getparent().remove(table)


@habit
def lines_that_end_where_the_page_does(document: Document) -> None:
    """By a scanner: each line is a paragraph of its own, and no colour is left but its word."""
    for paragraph, (word, *_others) in marked(document):
        set_text(paragraph, f"{word}: {paragraph.text}")
    lines: list[str] = []
    for cell in [cell for row in document.tables[0].rows for cell in row.cells]:
        for paragraph in cell.paragraphs:
            line = ""
            for word in paragraph.text.split():
                if len(line) + len(word) > 60 and word[0].islower():
                    lines.append(line.strip())
                    line = ""
                line += f"{word} "
            lines.append(line.strip())
    table = document.tables[0]._tbl
    for line in lines:
        table.addprevious(parse_xml(f"<w:p {W}><w:r><w:t>{line}</w:t></w:r></w:p>"))
    table.getparent().remove(table)
