"""What a document says, in order, for comparing it with what another program reads in its file."""

from collections.abc import Iterator

from reports.layout import Answered, Document, Grid, Heading, Table, Text, Title
from reports.richtext import Block


def pieces(document: Document) -> Iterator[str]:
    """Every text of the tree from its beginning to its end, a paragraph or a cell at a time."""
    for node in document.nodes:
        match node:
            case Title(text) | Heading(text):
                yield text
            case Text(blocks):
                yield from _numbered(blocks)
            case Table(_caption, rows):
                for row in rows:
                    yield row.label
                    for answer in row.answers:
                        yield from _answered(answer)
            case Grid():
                for line in [node.columns, *node.rows]:
                    yield from line


def _answered(answer: Answered) -> Iterator[str]:
    if answer.level_label:
        yield f"{answer.level_label}: {answer.title}" if answer.title else answer.level_label
    if answer.gap:
        yield answer.gap
    yield from _numbered(answer.blocks)


def _numbered(blocks: list[Block]) -> Iterator[str]:
    """With the mark that stands before an item of a list, each list from one."""
    number = 0
    for block in blocks:
        number = number + 1 if block.style == "number" else 0
        mark = {"paragraph": "", "bullet": "•", "number": f"{number}."}[block.style]
        yield mark + block.text


def squeezed(text: str) -> str:
    """Without what a program that sets text in lines adds, drops or moves, and what nobody sees."""
    return "".join(sign for sign in text if sign.isprintable() and sign not in " -")
