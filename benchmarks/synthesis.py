"""The final reports of a huvudman read together, and very many that are submitted on one day."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

from benchmarks import database, measure
from benchmarks.measure import Row, at_most, duration, in_turns, queries_of
from benchmarks.word import report_of
from organisations.models import Unit
from reports.actions import choose_sentence
from reports.drafts import synthesis_document
from reports.models import CollaborationSynthesis, FrozenCopy, Report, SectionKind
from reports.queries import SectionKey, synthesis_of, synthesis_said
from reports.word import write_document
from sbs_workflow.engine import perform
from sbs_workflow.models import Collaboration, Participation
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast, build_cast

FEW, MANY, INSATSER, SENTENCES, CHOSEN = 50, 500, 3, 8, 100
ON_ONE_DAY, WORDS = 260, 300
SPOKEN = (
    "vi ser att lärarna barnen eleverna rektor arbetslaget prövar använder dokumenterar tillsammans"
    " rutiner språket trygghet uppföljning undervisningen samtalen oftare varje vecka fler nya"
    " kollegiala roller mål enkäten 12 procent mindre frånvaro högskolan handledningen blir har"
)
VOCABULARY = SPOKEN.split()


def main(arguments: list[str] | None = None) -> None:
    options = measure.options(__doc__, arguments)
    rounds = 1 if options.tiny else measure.ROUNDS
    few, many = (2, 4) if options.tiny else (FEW, MANY)
    with database.fresh("synthesis"):
        measure.say_where(database=database.server())
        cast = build_cast()
        load_roles(cast.ours.coordinator, TODAY)
        measure.progress(f"{few + many} final reports")
        smaller = case_with(cast, few)
        larger = case_with(cast, many)
        rows = [
            *read_together(cast, smaller, larger, few, many, rounds),
            *written(cast, larger, many, rounds),
            *submitted_on_one_day(cast, 2 if options.tiny else ON_ONE_DAY),
        ]
        measure.report(rows, options.json)


def case_with(cast: Cast, reports: int) -> Collaboration:
    """A case with so many units, each with its final report."""
    case = factories.collaboration(cast, state="reporting")
    random = Random(reports)
    for unit in _units(cast, case, reports):
        report = Report.objects.create(
            collaboration=case,
            unit=unit,
            kind=Report.Kind.FINAL,
            state=Report.State.SUBMITTED,
            deadline_on=TODAY,
            received_at=NOW,
        )
        _freeze(report, _content(report, random), cast)
    return case


def _units(cast: Cast, case: Collaboration, wanted: int) -> list[Unit]:
    kinds = (Unit.Kind.PRESCHOOL, Unit.Kind.COMPULSORY)
    before = Unit.objects.count()
    units = Unit.objects.bulk_create(
        Unit(
            organiser=cast.ours.organiser,
            name=f"Enhet {number}",
            kind=kinds[number % 2],
            sort_key=f"enhet {number:05}",
        )
        for number in range(before, before + wanted)
    )
    Participation.objects.bulk_create(
        Participation(collaboration=case, unit=unit, joined_on=TODAY) for unit in units
    )
    return units


def _content(report: Report, random: Random) -> dict[str, Any]:
    """As a unit submits it: some sentences in every cell."""
    plain = report_of(INSATSER, 0).plain()
    plain |= {"report": str(report.pk), "unit": report.unit.name, "unit_kind": report.unit.kind}
    for area in plain["areas"]:
        for matrix in area["matrices"]:
            for line in matrix["lines"]:
                for cell in line["cells"]:
                    cell["text"] = " ".join(_sentence(random) for _ in range(SENTENCES))
    return plain


def _sentence(random: Random) -> str:
    return f"{' '.join(random.choices(VOCABULARY, k=12)).capitalize()}."


def _freeze(report: Report, content: dict[str, Any], cast: Cast) -> None:
    FrozenCopy.objects.create(
        report=report,
        round=1,
        content=content,
        file=b"",
        sha256=sha256(b"").hexdigest(),
        frozen_at=NOW,
        frozen_by=cast.ours.coordinator,
    )


def read_together(
    cast: Cast, smaller: Collaboration, larger: Collaboration, few: int, many: int, rounds: int
) -> Iterator[Row]:
    """Ten times the reports may take ten times as long."""
    reader = cast.ours.coordinator
    one, ten = f"synthesis of {few} reports", f"synthesis of {many} reports"
    seconds = in_turns(
        {
            one: lambda: synthesis_of(smaller, reader),
            ten: lambda: synthesis_of(larger, reader),
        },
        rounds=rounds,
    )
    linear = [taken * many / few for taken in seconds[one]]
    yield duration(one, few, 1, seconds[one])
    yield duration(
        ten,
        many,
        1,
        seconds[ten],
        against=f"{many // few} times {few}",
        others=linear,
        goal=at_most(1.2),
    )
    asked = queries_of(lambda: synthesis_of(smaller, reader))
    for n, case in ((few, smaller), (many, larger)):
        found = queries_of(partial(synthesis_of, case, reader))
        yield Row(f"its queries, {n} reports", n, 1, found, "queries", goal=at_most(asked))


def written(cast: Cast, case: Collaboration, reports: int, rounds: int) -> Iterator[Row]:
    """With chosen sentences, as its page and its file need it."""
    by = cast.ours.coordinator
    synthesis = factories.synthesis(case)
    sentences = synthesis_of(case, by).sentences
    for number, sentence in enumerate(sentences[:: max(len(sentences) // CHOSEN, 1)][:CHOSEN]):
        if number == 0:
            _choose_first(synthesis, sentence.key, cast)
        factories.excerpt(
            synthesis,
            Report(pk=sentence.report),
            by=by,
            field=sentence.field,
            text=sentence.text,
            position=number + 2,
        )
    page, file = "the written synthesis, 100 sentences chosen", "its Word file"
    seconds = in_turns(
        {
            page: lambda: synthesis_said(synthesis, by),
            file: lambda: write_document(synthesis_document(synthesis_said(synthesis, by))),
        },
        rounds=rounds,
    )
    yield duration(page, reports, 1, seconds[page])
    yield duration(file, reports, 1, seconds[file])
    asked = queries_of(lambda: synthesis_said(synthesis, by))
    yield Row("its queries", reports, 1, asked, "queries", goal=at_most(3))


def _choose_first(synthesis: CollaborationSynthesis, key: str, cast: Cast) -> None:
    """Through the action itself, so that it is tried at this size too."""
    section = SectionKey(SectionKind.LESSONS)
    choose_sentence(
        synthesis=synthesis, section=section, key=key, by=cast.ours.coordinator, now=NOW
    )


def submitted_on_one_day(cast: Cast, reports: int) -> list[Row]:
    """What is held at once while the last tenth of so many are submitted, beside the first tenth.

    Each is frozen with its files. As many are submitted before, for whatever is kept for good.
    """
    tenth = max(reports // 10, 1)
    measure.progress(f"{reports + tenth} reports to submit")
    case = factories.collaboration(cast, state="reporting")
    text = " ".join(Random(11).choices(VOCABULARY, k=WORDS))
    # Whoever submits a report reads it in a request of their own: nothing of it is kept here.
    ready = [
        factories.report(case, unit, kind="final", state="unit_ready", text=text).pk
        for unit in _units(cast, case, reports + tenth)
    ]
    _submit(ready[:tenth], cast)
    tracemalloc.start()
    measured = [
        _memory(partial(_submit, ready[start : start + tenth], cast))
        for start in range(tenth, len(ready), tenth)
    ]
    tracemalloc.stop()
    peaks, held = [peak for peak, _held in measured], sum(held for _peak, held in measured)
    what, against = f"memory at its most, the last tenth of {reports} reports", "the first tenth"
    ratio = peaks[-1] / peaks[0]
    megabyte = 1024 * 1024
    return [
        Row(what, reports, 1, peaks[-1] / megabyte, "MB", against, ratio, at_most(1.1)),
        Row("held after them", reports, 1, max(held, 0) / megabyte, "MB", goal=at_most(1)),
    ]


def _submit(keys: list[UUID], cast: Cast) -> None:
    for key in keys:
        report = Report.objects.select_related("collaboration", "unit").get(pk=key)
        perform(report.submit, by=cast.ours.head_of_authority, now=NOW)


def _memory(work: Callable[[], object]) -> tuple[int, int]:
    """The most that is held beyond what was, while it works and after it, in bytes."""
    gc.collect()
    before, _peak = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    work()
    _now, peak = tracemalloc.get_traced_memory()
    gc.collect()
    after, _peak = tracemalloc.get_traced_memory()
    return peak - before, after - before


if __name__ == "__main__":
    main()
