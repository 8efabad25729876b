"""A document tree as a Word file, put together from strings.

An official report of ten insatser has hundreds of paragraphs, and a library that builds an object
for each is many times slower (quality.md 5). Everything that comes from people passes ``_words``.
"""

import re
import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from reports.layout import (
    FILLS,
    WIDTHS,
    Answered,
    Document,
    Grid,
    Heading,
    Table,
    Text,
    Title,
)
from reports.richtext import Block, Run

PARTS = Path(__file__).parent / "parts"
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HYPERLINK = f"{R}/hyperlink"
STYLES = {"paragraph": "", "bullet": "ListBullet", "number": "ListNumber"}


def write_document(document: Document) -> bytes:
    """The Word file (.docx) of a document."""
    writer = _Writer()
    body = "".join(writer.body(document))
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
        for name, content in _fixed_parts().items():
            package.writestr(name, content)
        package.writestr("docProps/core.xml", _properties(document))
        package.writestr("word/_rels/document.xml.rels", writer.relationships())
        package.writestr("word/numbering.xml", writer.numbering())
        package.writestr("word/footer.xml", _footer(document))
        package.writestr("word/document.xml", _in_document(body))
    return file.getvalue()


@cache
def _fixed_parts() -> dict[str, bytes]:
    names = {
        "[Content_Types].xml": "content_types.xml",
        "_rels/.rels": "relationships.xml",
        "docProps/app.xml": "app.xml",
        "word/styles.xml": "styles.xml",
        "word/settings.xml": "settings.xml",
    }
    return {name: (PARTS / part).read_bytes() for name, part in names.items()}


def _properties(document: Document) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
        'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{_words(document.title)}</dc:title>"
        f"<dc:subject>{_words(document.subject)}</dc:subject>"
        f"<dc:creator>Trepart</dc:creator><dc:identifier>{_words(document.key)}</dc:identifier>"
        "<dc:language>sv-SE</dc:language></cp:coreProperties>"
    )


def _footer(document: Document) -> str:
    """Whose file it is, and which of its pages: ``1 (3)``."""
    footer = (PARTS / "footer.xml").read_text("utf-8")
    return footer.replace("<!-- title -->", _words(document.title))


def _in_document(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}<w:sectPr>'
        '<w:footerReference w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134"'
        ' w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
        "</w:body></w:document>"
    )


class _Writer:
    """Keeps what a document counts: its links, its lists and its bookmarks."""

    def __init__(self) -> None:
        self.links: dict[str, str] = {}
        self.lists = 0
        self.marks = count(1)

    def body(self, document: Document) -> Iterator[str]:
        is_first = True
        for node, is_caption in document.placed:
            match node:
                case Title(text):
                    page = "" if is_first else "<w:pageBreakBefore/>"
                    yield _paragraph("Title", _run(Run(text)), page)
                case Heading(text, level):
                    yield _paragraph(f"Heading{level}", _run(Run(text)))
                case Text(blocks):
                    yield from self._blocks(blocks, style="TableCaption" if is_caption else "")
                case Table():
                    yield from self._table(node)
                case Grid():
                    yield from _grid(node)
            is_first = False

    def _table(self, table: Table) -> Iterator[str]:
        question, answer = WIDTHS
        yield _table_start(table.caption, WIDTHS)
        for place, row in enumerate(table.rows):
            is_header = place == 0 and table.repeats_first_row
            yield _row(is_whole=row.holds_together, is_header=is_header)
            yield _CELL % question
            yield _paragraph("Question", _run(Run(row.label)))
            yield "</w:tc>" + _CELL % answer
            for answered in row.answers:
                yield from self._answer(answered)
            yield "</w:tc></w:tr>"
        yield _AFTER_TABLE

    def _answer(self, answered: Answered) -> Iterator[str]:
        start = end = ""
        if answered.mark:
            number = next(self.marks)
            start = f'<w:bookmarkStart w:id="{number}" w:name={_attribute(answered.mark)}/>'
            end = f'<w:bookmarkEnd w:id="{number}"/>'
        if answered.level_label:
            yield _paragraph("Goal", start + _colour(answered))
            start = ""
        if answered.gap:
            yield _paragraph("", f"{start}{_gap(answered.gap)}{end}")
        else:
            yield from self._blocks(answered.blocks, start=start, end=end)

    def _blocks(
        self, blocks: list[Block], *, start: str = "", end: str = "", style: str = ""
    ) -> Iterator[str]:
        """``style`` is that of what is no item of a list."""
        before = ""
        for place, block in enumerate(blocks, 1):
            if block.style == "number" and before != "number":
                self.lists += 1
            inner = "".join(self._linked(run) for run in block.runs)
            inner = start + inner + (end if place == len(blocks) else "")
            numbering = ""
            if block.style == "number":
                numbering = (
                    f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{self.lists + 1}"/></w:numPr>'
                )
            yield _paragraph(STYLES[block.style] or style, inner, numbering)
            start, before = "", block.style

    def _linked(self, run: Run) -> str:
        if not run.link:
            return _run(run)
        key = self.links.setdefault(run.link, f"rId{100 + len(self.links)}")
        return f'<w:hyperlink r:id="{key}">{_run(run)}</w:hyperlink>'

    def relationships(self) -> str:
        links = "".join(
            f'<Relationship Id="{key}" Type="{HYPERLINK}" Target={_attribute(address)}'
            ' TargetMode="External"/>'
            for address, key in self.links.items()
        )
        return (
            (PARTS / "document_relationships.xml")
            .read_text("utf-8")
            .replace("<!-- links -->", links)
        )

    def numbering(self) -> str:
        """Each numbered list begins at one."""
        lists = "".join(
            f'<w:num w:numId="{number + 1}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
            '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
            for number in range(1, self.lists + 1)
        )
        return (PARTS / "numbering.xml").read_text("utf-8").replace("<!-- lists -->", lists)


# Two tables would be one without words between them; small, so that no page is empty for it.
_AFTER_TABLE = '</w:tbl><w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>'
_CELL = '<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>'


def _table_start(caption: str, widths: tuple[int, ...]) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1"'
        ' w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        f"<w:tblCaption w:val={_attribute(caption)}/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
    )


def _grid(grid: Grid) -> Iterator[str]:
    shares = sum(grid.widths)
    widths = tuple(sum(WIDTHS) * share // shares for share in grid.widths)
    yield _table_start(grid.caption, widths)
    styles = ["Figure" if is_figure else "Entry" for is_figure in grid.figures]
    for place, row in enumerate([grid.columns, *grid.rows]):
        is_header = place == 0
        yield _row(is_whole=True, is_header=is_header)
        for width, style, text in zip(widths, styles, row, strict=True):
            yield _CELL % width + _paragraph(style, _run(Run(text, bold=is_header))) + "</w:tc>"
        yield "</w:tr>"
    yield _AFTER_TABLE


def _row(*, is_whole: bool, is_header: bool) -> str:
    properties = "<w:cantSplit/>" * is_whole + "<w:tblHeader/>" * is_header
    return f"<w:tr><w:trPr>{properties}</w:trPr>" if properties else "<w:tr>"


def _paragraph(style: str, inner: str, properties: str = "") -> str:
    if not style:
        return f"<w:p>{inner}</w:p>"
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inner}</w:p>'


def _run(run: Run) -> str:
    look = ('<w:rStyle w:val="Hyperlink"/>' if run.link else "") + "<w:b/>" * run.bold
    look += "<w:i/>" * run.italic
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    words = _words(run.text)
    if "\n" in words or "\t" in words:
        words = words.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">').replace("\t", " ")
    return f'<w:r>{properties}<w:t xml:space="preserve">{words}</w:t></w:r>'


def _colour(answered: Answered) -> str:
    """The colour as shading behind its word, and the goal beside it."""
    fill = FILLS.get(answered.level)
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    word = f"<w:r><w:rPr><w:b/>{shade}</w:rPr><w:t>{_words(answered.level_label)}</w:t></w:r>"
    if not answered.title:
        return word
    title = " ".join(answered.title.split())
    return f'{word}<w:r><w:t xml:space="preserve">: {_words(title)}</w:t></w:r>'


def _gap(text: str) -> str:
    return f'<w:r><w:rPr><w:rStyle w:val="Gap"/></w:rPr><w:t>{_words(text)}</w:t></w:r>'


def _words(text: str) -> str:
    """``text`` as XML, without the characters that no XML file may hold."""
    return escape(NOT_IN_XML.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(NOT_IN_XML.sub("", text))
