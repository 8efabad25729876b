"""The paragraphs and tables of a Word file, as far as a report is concerned.

Changes that nobody has accepted are read as if they were: what was inserted is there, what was
deleted is not. Content controls, links and fields are looked through.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from organisations.prose import tidy
from reports.reading.colours import HIGHLIGHTS, level_of_hex
from reports.reading.package import NotReadable, WordFile
from reports.richtext import Block, Run, Style

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
LONGEST = 20_000  # paragraphs: a report of a hundred insatser has a tenth of them
DEEPEST = 12  # tables in tables and controls in controls
VAL = f"{W}val"
# Most texts are tidy, and one look is quicker than tidying them.
UNTIDY = re.compile(r"[^ -~åäöÅÄÖéÉüÜ–—”’…]")
GAP = re.compile(
    r"^\W*(ännu inte ifyllt|klicka eller tryck här för att ange text|"
    r"klicka här för att ange text|click or tap here to enter text|välj ett objekt)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Piece:
    """Words of one look, with the colour that was meant: by ``marker`` pen or otherwise."""

    run: Run
    marker: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Paragraph:
    """``marks`` are the names of bookmarks that begin in it; ``fill`` the shading behind it."""

    pieces: list[Piece]
    style: Style = "paragraph"
    heading: bool = False
    fill: str = ""
    marks: list[str] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        text = "".join([piece.run.text for piece in self.pieces])
        is_tidy = not UNTIDY.search(text) and not text.lstrip().startswith("o ")
        return (text if is_tidy else tidy(text)).strip()

    @property
    def is_empty(self) -> bool:
        return not self.text or (len(self.text) < 80 and bool(GAP.match(self.text)))

    @property
    def block(self) -> Block:
        return Block(self.style, tuple(piece.run for piece in self.pieces))


@dataclass(frozen=True)
class TableCell:
    content: "list[Paragraph | Table]"
    fill: str = ""
    continues: bool = False  # merged with the cell above it

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """Every paragraph, those of tables in it too, from left to right and down."""
        return list(_all_paragraphs(self.content))

    @property
    def text(self) -> str:
        return "\n".join(p.text for p in self.paragraphs if not p.is_empty)


@dataclass(frozen=True)
class Table:
    rows: list[list[TableCell]]


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
    items = list(reader.items(body, 0)) if body is not None else []
    return Body(items, reader.warnings)


LOOKED_THROUGH = {f"{W}{name}" for name in ("ins", "moveTo", "smartTag", "customXml", "sdtContent")}
LEFT_OUT = {
    f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "sdtPr")
}


class _Reader:
    def __init__(self, file: WordFile) -> None:
        self.links = file.links
        self.headings, self.lists = _styles(file.styles)
        self.numbered = _numbered(file.numbering)
        self.warnings: set[str] = set()
        self.paragraphs = 0

    # --- paragraphs and tables -------------------------------------------------------------

    def items(self, parent: Any, depth: int) -> Iterator[Item]:
        if depth > DEEPEST:
            raise NotReadable(_("The tables of the file lie too deep in each other."))
        for child in parent:
            if child.tag == f"{W}p":
                yield self.paragraph(child)
            elif child.tag == f"{W}tbl":
                yield self.table(child, depth)
            elif child.tag == f"{W}sdt":
                yield from self._control(child, depth)
            elif child.tag in LOOKED_THROUGH:
                yield from self.items(child, depth + 1)

    def _control(self, control: Any, depth: int) -> Iterator[Item]:
        """A content control around paragraphs; one that still shows its prompt is empty."""
        content = control.find(f"{W}sdtContent")
        if content is not None and control.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
            yield from self.items(content, depth + 1)

    def table(self, table: Any, depth: int) -> Table:
        rows = []
        for row in _through(table, f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.warnings.add("tracked")
                continue
            cells = [self._cell(cell, depth) for cell in _through(row, f"{W}tc")]
            if cells:
                rows.append(cells)
        return Table(rows)

    def _cell(self, cell: Any, depth: int) -> TableCell:
        properties = cell.find(f"{W}tcPr")
        merged = properties.find(f"{W}vMerge") if properties is not None else None
        return TableCell(
            list(self.items(cell, depth + 1)),
            fill=_fill(properties),
            continues=merged is not None and merged.get(VAL, "continue") == "continue",
        )

    def paragraph(self, paragraph: Any) -> Paragraph:
        self.paragraphs += 1
        if self.paragraphs > LONGEST:
            raise NotReadable(_("The file is far longer than a report. Send the report alone."))
        properties = paragraph.find(f"{W}pPr")
        style = _value(properties, "pStyle")
        return Paragraph(
            list(self.pieces(paragraph, "", 0)),
            self._list_style(properties, style),
            style in self.headings,
            _fill(properties),
            [str(mark.get(f"{W}name", "")) for mark in paragraph.iter(f"{W}bookmarkStart")],
        )

    def _list_style(self, properties: Any, style: str) -> Style:
        number = properties.find(f"{W}numPr/{W}numId") if properties is not None else None
        if number is not None:
            key = number.get(VAL, "0")
            if key == "0":
                return "paragraph"
            return "number" if key in self.numbered else "bullet"
        return self.lists.get(style, "paragraph")

    # --- words -----------------------------------------------------------------------------

    def pieces(self, parent: Any, link: str, depth: int) -> Iterator[Piece]:
        if depth > DEEPEST:
            return
        for child in parent:
            if child.tag == f"{W}r":
                yield from self._run(child, link)
            elif child.tag == f"{W}hyperlink":
                address = self.links.get(child.get(R_ID, ""), "")
                yield from self.pieces(child, _safe(address), depth + 1)
            elif child.tag == f"{W}sdt":
                content = child.find(f"{W}sdtContent")
                if content is not None and child.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
                    yield from self.pieces(content, link, depth + 1)
            elif child.tag in LEFT_OUT:
                if child.tag in (f"{W}del", f"{W}moveFrom"):
                    self.warnings.add("tracked")
            elif child.tag == f"{W}fldSimple" or child.tag in LOOKED_THROUGH:
                if child.tag in (f"{W}ins", f"{W}moveTo"):
                    self.warnings.add("tracked")
                yield from self.pieces(child, link, depth + 1)

    def _run(self, run: Any, link: str) -> Iterator[Piece]:
        properties = run.find(f"{W}rPr")
        if properties is not None and properties.find(f"{W}vanish") is not None:
            return
        words = "".join(self._words(run))
        if words:
            yield Piece(
                Run(words, _is_on(properties, "b"), _is_on(properties, "i"), link),
                _value(properties, "highlight"),
                _fill(properties) or _value(properties, "color"),
            )

    def _words(self, run: Any) -> Iterator[str]:
        for child in run:
            if child.tag == f"{W}t":
                yield child.text or ""
            elif child.tag in (f"{W}br", f"{W}cr"):
                yield "\n"
            elif child.tag == f"{W}tab":
                yield " "
            elif child.tag == f"{W}noBreakHyphen":
                yield "-"
            elif child.tag.endswith(("}drawing", "}pict", "}AlternateContent", "}object")):
                self.warnings.add("picture")


def _through(parent: Any, tag: str) -> Iterator[Any]:
    """The children of that kind, also those in content controls and insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == f"{W}sdt" or child.tag in LOOKED_THROUGH:
            yield from _through(child, tag)


def _value(properties: Any, name: str) -> str:
    found = properties.find(f"{W}{name}") if properties is not None else None
    return "" if found is None else str(found.get(VAL, ""))


def _is_on(properties: Any, name: str) -> bool:
    found = properties.find(f"{W}{name}") if properties is not None else None
    return found is not None and found.get(VAL, "1") not in ("0", "false", "off", "none")


def _fill(properties: Any) -> str:
    found = properties.find(f"{W}shd") if properties is not None else None
    return "" if found is None else str(found.get(f"{W}fill", "")).replace("auto", "")


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
