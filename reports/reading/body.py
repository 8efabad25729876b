"""The paragraphs and tables of a Word file, as far as a report is concerned.

Changes that nobody has accepted are read as if they were: what was inserted is there, what was
deleted is not. Content controls, links, fields and text boxes are looked through.

Each element is looked at once, by a table of what is done with its name: a report holds thousands.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from organisations.prose import BULLET, LINE_BREAK, ODD_SPACE, REMOVED, tidy
from reports.reading.colours import HIGHLIGHTS, level_of_hex
from reports.reading.package import NotReadable, WordFile
from reports.richtext import Block, Run, Style

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
LONGEST = 10_000  # paragraphs: a report of a hundred insatser has a quarter of them
DEEPEST = 12  # tables in tables and controls in controls
GAP = re.compile(
    r"^\W*(ännu inte ifyllt|klicka eller tryck här för att ange text|"
    r"klicka här för att ange text|click or tap here to enter text|välj ett objekt|"
    r"choose an item|skriv här)\W*$",
    re.IGNORECASE,
)
LONGEST_GAP = 80  # characters
# What stands in an empty cell of a file of ours, where somebody has written on behind it.
GAP_LEFT_IN = re.compile(r"\[ännu inte ifyllt\]\s*", re.IGNORECASE)


class Piece(NamedTuple):
    """Words of one look, with the colour that was meant: by ``marker`` pen or otherwise."""

    run: Run
    marker: str = ""
    colour: str = ""


@dataclass(slots=True)
class Paragraph:
    """``marks`` are the names of bookmarks that begin in it; ``fill`` the shading behind it."""

    pieces: list[Piece]
    style: Style = "paragraph"
    heading: bool = False
    fill: str = ""
    marks: list[str] = field(default_factory=list)
    text: str = field(init=False)
    is_empty: bool = field(init=False)

    def __post_init__(self) -> None:
        text = "".join([piece.run.text for piece in self.pieces])
        if not _is_tidy(text):
            self.pieces = [_composed(piece) for piece in self.pieces]
            text = tidy("".join([piece.run.text for piece in self.pieces]))
        self.text = text.strip()
        self.is_empty = not self.text or (len(self.text) < LONGEST_GAP and _is_a_gap(self.text))
        if "[" in self.text and not self.is_empty:
            self.pieces = [_without_gap(piece) for piece in self.pieces]
            self.text = GAP_LEFT_IN.sub("", self.text).strip()

    @property
    def block(self) -> Block:
        return Block(self.style, tuple(piece.run for piece in self.pieces))


def _composed(piece: Piece) -> Piece:
    """A piece without what a program left in it; its outer spaces stay, since others follow."""
    text = LINE_BREAK.sub("\n", REMOVED.sub("", piece.run.text))
    text = unicodedata.normalize("NFC", ODD_SPACE.sub(" ", text))
    return piece._replace(run=replace(piece.run, text=text))


def _without_gap(piece: Piece) -> Piece:
    return piece._replace(run=replace(piece.run, text=GAP_LEFT_IN.sub("", piece.run.text)))


def _is_a_gap(text: str) -> bool:
    """Whether a text only asks for one, as a blank form and a content control do."""
    return GAP.match(text) is not None


# What ``tidy`` may change in a text of Western letters: controls, odd spaces and soft hyphens,
ODD = bytes([*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA1), 0xAD])
# and where lines meet.
ODD_LINES = re.compile(r"[ \t]\n|\n\n\n")


def _is_tidy(text: str) -> bool:
    """Whether ``tidy`` would change nothing; most texts are so, and this is much quicker."""
    try:
        western = text.encode("latin-1")
    except UnicodeEncodeError:
        on_one_line = text.replace("\n", "")
        is_plain = on_one_line.isprintable() and unicodedata.is_normalized("NFC", text)
    else:
        is_plain = len(western.translate(None, ODD)) == len(western)
    if not is_plain or BULLET.match(text):
        return False
    return "\n" not in text or not (ODD_LINES.search(text) or BULLET.search(text))


@dataclass(slots=True)
class TableCell:
    """``paragraphs`` are all, those of tables in it too, from left to right and down."""

    content: "list[Paragraph | Table]"
    fill: str = ""
    continues: bool = False  # merged with the cell above it
    tables: "list[Table]" = field(init=False)
    paragraphs: list[Paragraph] = field(init=False)
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.tables = [item for item in self.content if isinstance(item, Table)]
        for table in self.tables:
            table.colour_rows()
        self.paragraphs = list(_all_paragraphs(self.content))
        self.text = "\n".join([p.text for p in self.paragraphs if not p.is_empty])


@dataclass(slots=True)
class Table:
    rows: list[list[TableCell]]

    def colour_rows(self) -> None:
        """Let the colour of one cell of a row be that of all it says.

        A table in a cell often has a goal to the left and its colour to the right.
        """
        for row in self.rows:
            fills = {cell.fill for cell in row if level_of_hex(cell.fill)}
            for paragraph in (p for cell in row for p in cell.paragraphs if len(fills) == 1):
                paragraph.fill = paragraph.fill or min(fills)


Item = Paragraph | Table


@dataclass
class Body:
    items: list[Item]
    warnings: set[str] = field(default_factory=set)


def _all_paragraphs(items: Iterable[Item]) -> Iterator[Paragraph]:
    for item in items:
        if isinstance(item, Paragraph):
            yield item
        else:
            for row in item.rows:
                for cell in row:
                    yield from cell.paragraphs


def read_body(file: WordFile) -> Body:
    body = file.document.find(f"{W}body")
    reader = _Reader(file)
    items = reader.items(body, 0) if body is not None else []
    return Body(items, reader.warnings)


def _names(*names: str) -> frozenset[str]:
    return frozenset(f"{W}{name}" for name in names)


PARAGRAPH, TABLE, ROW, CELL, CONTROL = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "sdt"))
PARAGRAPH_LOOK, RUN_LOOK, CELL_LOOK, ROW_LOOK, CONTROL_LOOK = (
    f"{W}{name}" for name in ("pPr", "rPr", "tcPr", "trPr", "sdtPr")
)
RUN, TEXT, LINK, MARK, DELETED = (
    f"{W}{name}" for name in ("r", "t", "hyperlink", "bookmarkStart", "del")
)
STYLE, LIST, LIST_ID, SHADE = (f"{W}{name}" for name in ("pStyle", "numPr", "numId", "shd"))
BOLD, ITALIC, PEN, FONT, HIDDEN = (
    f"{W}{name}" for name in ("b", "i", "highlight", "color", "vanish")
)
CONTENT, PROMPT, MERGED = (f"{W}{name}" for name in ("sdtContent", "showingPlcHdr", "vMerge"))
BOX, NAME, VAL, FILL = (f"{W}{name}" for name in ("txbxContent", "name", "val", "fill"))

INSERTED = _names("ins", "moveTo")
TAKEN_OUT = _names("del", "moveFrom")
LOOKED_THROUGH = INSERTED | _names("smartTag", "customXml", "sdtContent", "fldSimple", "dir", "bdo")
AROUND = LOOKED_THROUGH | {CONTROL}
WORDS = {f"{W}{name}": words for name, words in (
    ("br", "\n"), ("cr", "\n"), ("tab", " "), ("ptab", " "), ("noBreakHyphen", "-")
)}  # fmt: skip
PICTURES = ("}drawing", "}pict", "}AlternateContent", "}object")
OFF = ("0", "false", "off", "none")


class _Look(NamedTuple):
    """What a paragraph says of itself; it has no end of its own where its mark is deleted."""

    style: Style
    heading: bool
    fill: str
    ends: bool


PLAIN = _Look("paragraph", heading=False, fill="", ends=True)


class _Reader:
    def __init__(self, file: WordFile) -> None:
        self.links = file.links
        self.headings, self.lists = _styles(file.styles)
        self.numbered = _numbered(file.numbering)
        self.warnings: set[str] = set()
        self.paragraphs = 0
        # The text boxes of the paragraph that is read; what they say follows it.
        self.boxes: list[Any] = []
        # The words of a paragraph whose end somebody has deleted: they begin the next one.
        self.held: list[Piece] = []
        self.inline: dict[str, Callable[[Any, list[Piece], str, int], None]] = {
            RUN: self._run,
            LINK: self._link,
            CONTROL: self._inline_control,
            **dict.fromkeys(TAKEN_OUT, self._removed),
            **dict.fromkeys(LOOKED_THROUGH, self._through),
            **dict.fromkeys(INSERTED, self._inserted),
        }

    # --- paragraphs and tables -------------------------------------------------------------

    def items(self, parent: Any, depth: int) -> list[Item]:
        """What stands in a body, a cell, a control or a text box, in its order."""
        found: list[Item] = []
        self._collect(parent, found, depth)
        return found

    def _collect(self, parent: Any, found: list[Item], depth: int) -> None:
        for child in parent:
            self._item(child, found, depth)

    def _item(self, element: Any, found: list[Item], depth: int) -> None:
        if depth > DEEPEST:
            raise NotReadable(_("The tables of the file lie too deep in each other."))
        tag = element.tag
        if tag == PARAGRAPH:
            self._paragraph(element, found, depth)
        elif tag == TABLE:
            found.append(self._table(element, depth))
        elif tag == CONTROL:
            content = _content(element)
            if content is not None:
                self._collect(content, found, depth + 1)
        elif tag in LOOKED_THROUGH:
            self._collect(element, found, depth + 1)

    def _table(self, table: Any, depth: int) -> Table:
        rows: list[list[TableCell]] = []
        for child in table:
            self._rows(child, rows, depth)
        return Table(rows)

    def _rows(self, element: Any, rows: list[list[TableCell]], depth: int) -> None:
        """A row, or those in a control or an insertion around them."""
        if element.tag == ROW:
            cells: list[TableCell] = []
            for child in element:
                if child.tag == CELL:
                    cells.append(self._cell(child, depth))
                elif child.tag == ROW_LOOK:
                    if child.find(DELETED) is not None:
                        self.warnings.add("tracked")
                        return
                elif child.tag in AROUND:
                    cells += [self._cell(cell, depth) for cell in _inside(child, CELL)]
            if cells:
                rows.append(cells)
        elif element.tag in AROUND:
            for child in element:
                self._rows(child, rows, depth)

    def _cell(self, cell: Any, depth: int) -> TableCell:
        fill, continues = "", False
        found: list[Item] = []
        for child in cell:
            tag = child.tag
            if tag == PARAGRAPH:
                self._paragraph(child, found, depth + 1)
            elif tag == CELL_LOOK:
                for each in child:
                    look = each.tag
                    if look == SHADE:
                        fill = _fill(each)
                    elif look == MERGED:
                        continues = each.get(VAL, "continue") == "continue"
            else:
                self._item(child, found, depth + 1)
        return TableCell(found, fill, continues)

    def _paragraph(self, paragraph: Any, found: list[Item], depth: int) -> None:
        self.paragraphs += 1
        if self.paragraphs > LONGEST:
            raise NotReadable(_("The file is far longer than a report. Send the report alone."))
        pieces, self.held = self.held, []
        marks: list[str] = []
        look = PLAIN
        for child in paragraph:
            tag = child.tag
            if tag == RUN:
                self._run(child, pieces, "", 0)
            elif tag == PARAGRAPH_LOOK:
                look = self._look(child)
            elif tag == MARK:
                marks.append(child.get(NAME, ""))
            elif handle := self.inline.get(tag):
                handle(child, pieces, "", 0)
                marks += [mark.get(NAME, "") for mark in child.iter(MARK)]
        if look.ends:
            found.append(Paragraph(pieces, look.style, look.heading, look.fill, marks))
        else:
            self.held = pieces
        if self.boxes:
            boxes, self.boxes = self.boxes, []
            for box in boxes:
                self._collect(box, found, depth + 1)

    def _look(self, properties: Any) -> "_Look":
        name, fill, ends, number = "", "", True, None
        for each in properties:
            tag = each.tag
            if tag == STYLE:
                name = each.get(VAL, "")
            elif tag == LIST:
                number = each.find(LIST_ID)
            elif tag == SHADE:
                fill = _fill(each)
            elif tag == RUN_LOOK and each.find(DELETED) is not None:
                self.warnings.add("tracked")
                ends = False
        return _Look(self._list_style(name, number), name in self.headings, fill, ends)

    def _list_style(self, style: str, number: Any) -> Style:
        if number is None:
            return self.lists.get(style, "paragraph")
        key = number.get(VAL, "0")
        if key == "0":
            return "paragraph"
        return "number" if key in self.numbered else "bullet"

    # --- words -----------------------------------------------------------------------------

    def _pieces(self, parent: Any, pieces: list[Piece], link: str, depth: int) -> None:
        if depth > DEEPEST:
            return
        for child in parent:
            if handle := self.inline.get(child.tag):
                handle(child, pieces, link, depth)

    def _through(self, element: Any, pieces: list[Piece], link: str, depth: int) -> None:
        self._pieces(element, pieces, link, depth + 1)

    def _inserted(self, element: Any, pieces: list[Piece], link: str, depth: int) -> None:
        self.warnings.add("tracked")
        self._pieces(element, pieces, link, depth + 1)

    def _removed(self, element: Any, pieces: list[Piece], link: str, depth: int) -> None:
        self.warnings.add("tracked")

    def _link(self, element: Any, pieces: list[Piece], link: str, depth: int) -> None:
        address = _safe(self.links.get(element.get(R_ID, ""), ""))
        self._pieces(element, pieces, address, depth + 1)

    def _inline_control(self, element: Any, pieces: list[Piece], link: str, depth: int) -> None:
        content = _content(element)
        if content is not None:
            self._pieces(content, pieces, link, depth + 1)

    def _run(self, run: Any, pieces: list[Piece], link: str, depth: int) -> None:
        bold = italic = False
        words = marker = shade = colour = ""
        for child in run:
            tag = child.tag
            if tag == TEXT:
                words += child.text or ""
            elif tag == RUN_LOOK:
                for each in child:
                    look = each.tag
                    if look == BOLD:
                        bold = each.get(VAL, "1") not in OFF
                    elif look == ITALIC:
                        italic = each.get(VAL, "1") not in OFF
                    elif look == PEN:
                        marker = each.get(VAL, "")
                    elif look == FONT:
                        colour = each.get(VAL, "")
                    elif look == SHADE:
                        shade = _fill(each)
                    elif look == HIDDEN and each.get(VAL, "1") not in OFF:
                        return
            elif tag in WORDS:
                words += WORDS[tag]
            elif isinstance(tag, str) and tag.endswith(PICTURES):
                self._picture(child)
        if words:
            pieces.append(Piece(Run(words, bold, italic, link), marker, shade or colour))

    def _picture(self, element: Any) -> None:
        """A text box is text. Word writes each twice, for itself and for older programs."""
        first = next(iter(element), element) if element.tag.endswith("}AlternateContent") else None
        boxes = list((element if first is None else first).iter(BOX))
        self.boxes += boxes
        if not boxes:
            self.warnings.add("picture")


def _content(control: Any) -> Any:
    """What a content control holds; None while it shows its prompt, since it is empty then."""
    properties = control.find(CONTROL_LOOK)
    if properties is not None and properties.find(PROMPT) is not None:
        return None
    return control.find(CONTENT)


def _inside(parent: Any, tag: str) -> Iterator[Any]:
    """The children of that kind, also those in content controls and insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in AROUND:
            yield from _inside(child, tag)


def _value(properties: Any, name: str) -> str:
    found = properties.find(f"{W}{name}") if properties is not None else None
    return "" if found is None else str(found.get(VAL, ""))


def _fill(shade: Any) -> str:
    return str(shade.get(FILL, "")).replace("auto", "")


def _safe(address: str) -> str:
    return address if re.fullmatch(r"https?://[^\s<>\"()\\]+", address) else ""


def _styles(styles: Any) -> tuple[set[str], dict[str, Style]]:
    """The ids of headings, and of lists with their kind; by name, as Word knows them."""
    headings: set[str] = set()
    lists: dict[str, Style] = {}
    for style in styles.iter(f"{W}style") if styles is not None else ():
        key, name = str(style.get(f"{W}styleId", "")), _value(style, "name").lower()
        if name.startswith(("heading", "rubrik", "title")):
            headings.add(key)
        elif name.startswith(("list bullet", "punktlista")):
            lists[key] = "bullet"
        elif name.startswith(("list number", "numrerad lista")):
            lists[key] = "number"
    return headings, lists


def _numbered(numbering: Any) -> set[str]:
    """The ids of the lists that count."""
    if numbering is None:
        return set()
    counting = {
        str(each.get(f"{W}abstractNumId"))
        for each in numbering.iter(f"{W}abstractNum")
        if _value(each.find(f"{W}lvl"), "numFmt") not in ("bullet", "none", "")
    }
    return {
        str(each.get(f"{W}numId"))
        for each in numbering.iter(f"{W}num")
        if _value(each, "abstractNumId") in counting
    }


def level_of(piece: Piece) -> str:
    """The colour that a piece is marked with by pen, shading or font."""
    return HIGHLIGHTS.get(piece.marker, "") or level_of_hex(piece.colour) or ""
