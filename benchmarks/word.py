"""A final report of ten insatser as Word: written and read, against raw zip and python-docx."""

import tracemalloc
import zipfile
from io import BytesIO
from random import Random
from xml.sax.saxutils import escape

from docx import Document

from benchmarks import measure
from benchmarks.measure import Row, at_most, duration, in_turns
from plans.models import Level
from reports.blanks import shipped
from reports.layout import collected, document_of
from reports.queries import Area, Cell, Content, Line, Matrix
from reports.reading import read_report
from reports.word import write_document
from reports.word.writer import _fixed_parts

INSATSER, WORDS, TOGETHER, ON_ONE_DAY = 10, 300, 20, 260
RAW, OURS, PEER = "raw zip, string pieces", "write_document", "python-docx, add_table"
OPEN, READ = "docx.Document(file)", "read_report"
ONCE, IN_ONE = "twenty reports, one by one", "twenty reports in one file"


def main(arguments: list[str] | None = None) -> None:
    options = measure.options(__doc__, arguments)
    rounds = 1 if options.tiny else measure.ROUNDS
    content = report_of(1 if options.tiny else INSATSER, 20 if options.tiny else WORDS)
    together = 2 if options.tiny else TOGETHER
    measure.say_where(database="no database")
    rows = [
        *written(content, rounds),
        *read(content, rounds),
        *in_one_file(content, together, rounds),
        *memory(content, 3 if options.tiny else ON_ONE_DAY),
    ]
    measure.report(rows, options.json)


def report_of(insatser: int, words: int) -> Content:
    """As long in every cell as the longest of a real report."""
    random, form = Random(7), shipped("final")
    vocabulary = [
        "vi",
        "ser",
        "att",
        "lärarna",
        "prövar",
        "nya",
        "frågor",
        "&",
        "elever",
        "<tänker>",
        "högre",
        "varje",
        "vecka",
    ]

    def text() -> str:
        return " ".join(random.choices(vocabulary, k=words))

    matrices = []
    for number in range(1, insatser + 1):
        lines = []
        for question in form.in_matrix:
            is_goal = question.repeat == "goal"
            cell = Cell(
                question.id,
                f"{number}/1" if is_goal else str(number),
                text(),
                title="Eleverna tänker högre." if is_goal else "",
                level=Level.WELL_UNDER_WAY.value if is_goal else "",
            )
            label = question.label
            lines.append(Line(question.id, label, label, "", question.repeat, [cell]))
        matrices.append(Matrix(str(number), f"{number}. Insats", "Undervisning", lines))
    return Content(
        report="",
        kind="final",
        title=form.title,
        heading="Slutredovisning, Älvskolan",
        unit="Älvskolan",
        unit_kind="compulsory",
        organiser="Ådalens kommun",
        day="1 juni 2026",
        form_version=1,
        introduction=[list(pair) for pair in form.introduction],
        areas=[Area("Undervisning", "Välj utvecklingsområde", matrices)],
        once=[],
    )


def write_raw(content: Content) -> bytes:
    """The limit: the same words between constant strings, and nothing that a form needs."""
    rows = (
        f"<w:tr><w:tc><w:p><w:r><w:t>{escape(line.label)}</w:t></w:r></w:p></w:tc>"
        f"<w:tc><w:p><w:r><w:t>{escape(line.cell.text)}</w:t></w:r></w:p></w:tc></w:tr>"
        for line in content.lines
    )
    body = "".join(rows)
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in _fixed_parts().items():
            package.writestr(name, part)
        package.writestr("word/document.xml", f"<w:document><w:tbl>{body}</w:tbl></w:document>")
    return file.getvalue()


def write_with_python_docx(content: Content) -> bytes:
    document = Document()
    for matrix in content.matrices:
        table = document.add_table(rows=0, cols=2, style="Table Grid")
        for line in matrix.lines:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = line.label, line.cell.text
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def written(content: Content, rounds: int) -> list[Row]:
    n = len(content.matrices)
    seconds = in_turns(
        {
            RAW: lambda: write_raw(content),
            OURS: lambda: write_document(document_of(content)),
            PEER: lambda: write_with_python_docx(content),
        },
        rounds=rounds,
    )
    return [
        duration(RAW, n, 1, seconds[RAW]),
        duration(OURS, n, 1, seconds[OURS], against=RAW, others=seconds[RAW], goal=at_most(3)),
        duration(PEER, n, 1, seconds[PEER], against=RAW, others=seconds[RAW]),
    ]


def read(content: Content, rounds: int) -> list[Row]:
    n, file = len(content.matrices), write_document(document_of(content))
    seconds = in_turns(
        {OPEN: lambda: Document(BytesIO(file)), READ: lambda: read_report(file)}, rounds=rounds
    )
    return [
        duration(OPEN, n, 1, seconds[OPEN]),
        duration(READ, n, 1, seconds[READ], against=OPEN, others=seconds[OPEN], goal=at_most(2)),
    ]


def in_one_file(content: Content, together: int, rounds: int) -> list[Row]:
    contents = [content] * together
    seconds = in_turns(
        {
            ONCE: lambda: [write_document(document_of(each)) for each in contents],
            IN_ONE: lambda: write_document(collected("Slutredovisningar", contents)),
        },
        rounds=rounds,
    )
    return [
        duration(ONCE, together, 1, seconds[ONCE]),
        duration(
            IN_ONE,
            together,
            1,
            seconds[IN_ONE],
            against=ONCE,
            others=seconds[ONCE],
            goal=at_most(1.3),
        ),
    ]


def memory(content: Content, reports: int) -> list[Row]:
    """What is still held after all of them, beyond what one took at its most."""
    tracemalloc.start()
    write_document(document_of(content))
    after_one, peak_of_one = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    for _report in range(reports):
        write_document(document_of(content))
    after_all, peak_of_all = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    megabyte = 1024 * 1024
    what = f"memory at its most, {reports} reports"
    ratio = peak_of_all / peak_of_one
    against = "one report"
    held = (after_all - after_one) / megabyte
    return [
        Row(what, reports, 1, peak_of_all / megabyte, "MB", against, ratio, at_most(1.1)),
        Row("held after them", reports, 1, held, "MB", goal=at_most(1)),
    ]


if __name__ == "__main__":
    main()
