"""Nulägesanalys: problems, their causes and the evidence behind them."""

from typing import Any

from django.utils.translation import gettext as _

from cases.nodes import Node
from cases.reading import (
    NUMBER,
    Key,
    Reader,
    Row,
    choice,
    each_unit,
    for_units,
    list_of,
    read_lines,
    read_numbered,
    read_row,
    short,
)
from cases.story import Story, numbered
from cases.vocabulary import REASON, UNITS, Told, event
from organisations.models import Unit
from plans.actions import note_evidence, remove_problem, write_document, write_problem
from plans.models import Cause, Evidence, Problem, SituationAnalysis
from plans.permissions import can_write
from sbs_workflow.engine import TransitionRefused

TEXTS = {
    "text": "text",
    "children": "views_of_children",
    "participants": "participants",
    "priorities": "priorities",
}


def read_evidence(reader: Reader, node: Node) -> dict[str, Any]:
    return reader.keys(
        node,
        Key("kind", choice(Evidence.Kind), required=True),
        Key("voice", choice(Evidence.Voice), required=True),
        Key("on", Reader.past_day, required=True),
        Key("text", Reader.text, required=True),
        Key("cause", NUMBER),
    )


def read_problem(reader: Reader, node: Node) -> Row:
    return read_row(
        reader,
        node,
        Key("text", Reader.text),
        Key("area", short(200)),
        Key("causes", list_of(Reader.text)),
        Key("drop_causes", list_of(NUMBER)),
        Key("evidence", list_of(read_evidence)),
        new=("text",),
    )


PROBLEMS = Key("problems", each_unit(list_of(read_problem)))
CONTENT = (
    PROBLEMS,
    Key("drop", list_of(read_numbered)),
    Key("text", for_units(Reader.text)),
    Key("children", for_units(Reader.text)),
    Key("participants", for_units(Reader.text)),
    Key("priorities", for_units(read_lines)),
)


def analysis_of(story: Story, unit: Unit) -> SituationAnalysis:
    found = SituationAnalysis.objects.filter(collaboration=story.collaboration, unit=unit)
    return existing(found.select_related("unit").first(), unit)


def existing(document: Any, unit: Unit) -> Any:
    if document is None:
        raise TransitionRefused(
            _("%(unit)s has no such document in this phase.") % {"unit": unit.name}
        )
    return document


def write_texts(story: Story, told: Told, document: Any, names: dict[str, str]) -> Any:
    """Store the texts that the event gives; ``names`` pairs its keys with the fields."""
    texts = {
        field: text
        for name, field in names.items()
        if (text := story.text_of(told, name, document.unit))
    }
    if not texts:
        return document
    by = story.somebody(can_write, document, told)
    return write_document(document=document, by=by, now=story.now, **texts)


@event("write analysis", UNITS, *CONTENT)
def write_analysis(story: Story, told: Told) -> None:
    """Begins it where that has not been done."""
    for unit in story.chosen_units(told):
        _written(story, told, unit)


def _written(story: Story, told: Told, unit: Unit) -> SituationAnalysis:
    analysis = analysis_of(story, unit)
    if analysis.state == SituationAnalysis.State.NOT_STARTED:
        analysis = story.take(analysis.start, told)
    for named in told["drop"] or ():
        if story.units[named.unit] == unit:
            by = story.somebody(can_write, analysis, told)
            remove_problem(problem=story.problem(named), by=by, now=story.now)
    write_problems(story, told, analysis)
    written: SituationAnalysis = write_texts(story, told, analysis, TEXTS)
    return written


def write_problems(story: Story, told: Told, analysis: SituationAnalysis) -> None:
    for row in story.said_of(told, "problems", analysis.unit) or ():
        _write_problem(story, told, analysis, row)


def _write_problem(story: Story, told: Told, analysis: SituationAnalysis, row: Row) -> None:
    by = story.somebody(can_write, analysis, told)
    problem = row["number"] and numbered(analysis.problems, row["number"], row.node)
    written = write_problem(
        analysis=analysis,
        problem=problem,
        text=row["text"] or problem.text,
        development_area=row["area"] or (problem.development_area if problem else ""),
        causes=_causes(problem, row),
        by=by,
        now=story.now,
    )
    for evidence in row["evidence"] or ():
        cause = evidence.get("cause")
        note_evidence(
            problem=written,
            kind=evidence["kind"],
            voice=evidence["voice"],
            noted_on=evidence["on"],
            text=evidence["text"],
            cause=cause and numbered(written.causes, cause, row.node),
            by=by,
            now=story.now,
        )


def _causes(problem: Problem | None, row: Row) -> list[tuple[Cause | None, str]]:
    """The causes in the order of the file: those that are known are rewritten, then come new."""
    known = list(problem.causes.all()) if problem else []
    told = row["causes"] or []
    causes: list[tuple[Cause | None, str]] = [
        (known[place] if place < len(known) else None, text) for place, text in enumerate(told)
    ]
    if problem:
        dropped = row["drop_causes"] or ()
        causes += [(numbered(problem.causes, number, row.node), "") for number in dropped]
    return causes


@event("share analysis", UNITS, *CONTENT)
def share_analysis(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take(_written(story, told, unit).share, told)


@event("return analysis", UNITS, REASON)
def return_analysis(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take(analysis_of(story, unit).return_with_comments, told, reason=told["reason"])


@event("conclude analysis", UNITS)
def conclude_analysis(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take(analysis_of(story, unit).conclude, told)


@event("reopen analysis", UNITS, REASON)
def reopen_analysis(story: Story, told: Told) -> None:
    for unit in story.chosen_units(told):
        story.take(analysis_of(story, unit).reopen, told, reason=told["reason"])
