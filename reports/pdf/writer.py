"""A document tree as PDF that anybody can read and an archive can keep: PDF/UA-1 and PDF/A-2a.

typst typesets it by ``document.typ``, which meets the tree as data and no text as markup.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

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
from reports.pdf.characters import FOLDERS, shown
from reports.richtext import Block, Style

if TYPE_CHECKING:
    import typst

Data = dict[str, Any]
FOLDER = Path(__file__).parent
# Tagged for those who listen, and to be kept with all it needs to be shown (ISO 14289-1, 19005-2).
STANDARDS: list[Literal["ua-1", "a-2a"]] = ["ua-1", "a-2a"]
NO_TITLE = "–"


def write_pdf(document: Document, *, made_at: datetime) -> bytes:
    """The same tree and moment give the same bytes."""
    # Loaded by the first PDF: it is 80 MB of a process that else would not need it.
    import typst

    data = {
        "title": shown(document.title).strip() or NO_TITLE,
        "subject": shown(document.subject),
        "nodes": list(_nodes(document)),
    }
    compiler = typst.Compiler(
        (FOLDER / "document.typ").read_bytes(),
        root=str(FOLDER),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(data), "fills": json.dumps(FILLS)},
    )
    try:
        file = compiler.compile(
            format="pdf",
            pdf_standards=[*STANDARDS],
            timestamp=made_at.astimezone(UTC).replace(microsecond=0),
        )
    finally:
        _forget(compiler)
    assert isinstance(file, bytes)  # many files come for pictures only
    return file


def _forget(compiler: "typst.Compiler") -> None:
    """typst keeps what it made of the last ten documents, some 60 MB of a long one, for the next.

    Nobody asks for the same document again, so eleven empty ones follow it (15 ms in all).
    """
    for _document in range(11):
        compiler.compile(b"", format="pdf", sys_inputs={})


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(FOLDERS)
    )


def _nodes(document: Document) -> Iterator[Data]:
    level = 0
    for node, is_caption in document.placed:
        match node:
            case Title(text) | Heading(text) if not shown(text).strip():
                pass  # PDF/UA lets no heading be empty, and no outline leave a level out.
            case Title(text):
                level = 1
                yield {"kind": "title", "text": shown(text), "level": level}
            case Heading(text, wanted):
                level = min(wanted + 1, level + 1)
                yield {"kind": "heading", "text": shown(text), "level": level}
            case Text():
                yield {"kind": "text", "groups": _groups(node.groups), "is_caption": is_caption}
            case Table():
                yield _table(node)
            case Grid():
                yield _grid(node)


def _table(table: Table) -> Data:
    return {
        "kind": "table",
        "widths": WIDTHS,
        "repeats_first": table.repeats_first_row,
        "rows": [
            {
                "label": shown(row.label),
                "answers": list(map(_answer, row.answers)),
                "is_whole": row.holds_together,
            }
            for row in table.rows
        ],
    }


def _answer(answered: Answered) -> Data:
    return {
        "title": shown(" ".join(answered.title.split())),
        "level": answered.level,
        "level_label": shown(answered.level_label),
        "gap": shown(answered.gap),
        "groups": _groups(answered.groups),
    }


def _groups(groups: list[tuple[Style, list[Block]]]) -> list[Data]:
    return [{"style": style, "blocks": list(map(_runs, blocks))} for style, blocks in groups]


def _runs(block: Block) -> list[Data]:
    return [
        {"text": shown(run.text), "bold": run.bold, "italic": run.italic, "link": run.link}
        for run in block.runs
    ]


def _grid(grid: Grid) -> Data:
    return {
        "kind": "grid",
        "widths": grid.widths,
        "figures": grid.figures,
        "columns": list(map(shown, grid.columns)),
        "rows": [list(map(shown, row)) for row in grid.rows],
    }
