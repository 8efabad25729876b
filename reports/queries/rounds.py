"""What was completed from one round to the next, and who is writing just now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from reports.models import SubmittedCopy, WrittenReport
from reports.queries.content import Cell, Content, words_of
from sbs_workflow.differences import Piece, word_difference

STILL_WRITING = timedelta(minutes=10)


@dataclass(frozen=True)
class CellChange:
    """A cell that was changed: the label of its question, the insats and what is different."""

    label: str
    insats: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Round:
    """One submission, and what it changed since the one before."""

    copy: SubmittedCopy
    url: str
    changes: list[CellChange]


def rounds_of(report: WrittenReport) -> list[Round]:
    """Every submission, the latest first (one query)."""
    copies = report.copies.select_related("frozen_by").defer("file").order_by("round")
    found: list[Round] = []
    before: Content | None = None
    for copy in copies:
        content = Content.read(copy.content)
        changes = list(changes_between(before, content)) if before else []
        found.append(Round(copy, report.url_of("frozen", copy.round), changes))
        before = content
    return found[::-1]


def changes_between(before: Content, after: Content) -> Iterator[CellChange]:
    """Cell by cell, in the order of the later one; cells that are gone come last."""
    was = {cell.key: cell for cell in before.cells}
    for label, insats, cell in _named(after):
        old = was.pop(cell.key, Cell(*cell.key))
        if words_of(old) != words_of(cell):
            pieces = word_difference(words_of(old), words_of(cell))
            yield CellChange(label, insats, pieces)
    for label, insats, cell in _named(before):
        if cell.key in was and words_of(cell):
            yield CellChange(label, insats, [Piece("removed", words_of(cell))])


def _named(content: Content) -> Iterator[tuple[str, str, Cell]]:
    for matrix in content.matrices:
        for line in matrix.lines:
            for cell in line.cells:
                insats = f"{matrix.title}: {cell.title}" if cell.title else matrix.title
                yield line.short, insats, cell
    for line in content.once:
        yield line.short, "", line.cell


@dataclass(frozen=True)
class Writer:
    name: str
    row: str
    at: datetime


def writers_of(report: WrittenReport, now: datetime, *, but: object) -> list[Writer]:
    """Who else has written lately, each with the part they wrote in last (one query)."""
    answers = (
        report.answers.filter(written_at__gt=now - STILL_WRITING)
        .exclude(written_by=but)
        .select_related("written_by")
        .order_by("-written_at")
    )
    latest: dict[object, Writer] = {}
    for answer in answers:
        writer = Writer(answer.written_by.name, answer.row.partition("/")[0], answer.written_at)
        latest.setdefault(answer.written_by_id, writer)
    return list(latest.values())
