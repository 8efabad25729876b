"""Delredovisning and slutredovisning."""

from django.utils.translation import gettext as _

from cases.nodes import Mistake, Node
from cases.reading import Key, Reader, for_units
from cases.story import Story
from cases.vocabulary import REASON, UNITS, Told, event
from organisations.models import Unit
from plans.models import Level
from reports.actions import Said, write_answers
from reports.models import Report, ReportKind
from reports.permissions import can_write_report
from reports.queries import Content, content_of
from sbs_workflow.engine import TransitionRefused


def read_report_name(reader: Reader, node: Node) -> tuple[ReportKind, int]:
    """``interim 1`` or ``final``."""
    kind, _space, number = reader.text(node).partition(" ")
    if kind == Report.Kind.INTERIM and number.isdecimal() and len(number) == 1:
        return Report.Kind.INTERIM, int(number)
    if kind == Report.Kind.FINAL and not number:
        return Report.Kind.FINAL, 1
    raise Mistake(node, _("Write which report: interim 1, interim 2 or final."))


WHICH = Key("report", read_report_name, required=True)
TEXT = Key("text", for_units(Reader.text))
# The questions of the form that a file may answer by themselves, the same for each insats.
ANSWERS = tuple(
    Key(field, for_units(Reader.text))
    for field in ("improvements", "not_reached", "observed_effects", "lessons", "follow_up")
)


def _units(story: Story, told: Told) -> list[Unit]:
    """The units an event names, once time has opened their reports."""
    story.let_time_act()
    return story.chosen_units(told)


def _report(story: Story, told: Told, unit: Unit) -> Report:
    kind, number = told["report"]
    found = (
        Report.objects.filter(
            collaboration=story.collaboration, unit=unit, kind=kind, number=number
        )
        .select_related("unit")
        .first()
    )
    if found is None:
        raise TransitionRefused(_("%(unit)s has no such report to write.") % {"unit": unit.name})
    return found


@event("write report", WHICH, UNITS, Key("text", for_units(Reader.text), required=True), *ANSWERS)
def write(story: Story, told: Told) -> None:
    for unit in _units(story, told):
        _written(story, told, unit)


def _written(story: Story, told: Told, unit: Unit) -> Report:
    report = _report(story, told, unit)
    text = story.text_of(told, "text", unit)
    if not text:
        return report
    by = story.somebody(can_write_report, report, told)
    own = {key.name: story.text_of(told, key.name, unit) for key in ANSWERS}
    said = _as_answers(content_of(report), text, own)
    write_answers(report=report, answers=said, by=by, now=story.now)
    return report


def _as_answers(content: Content, text: str, own: dict[str, str]) -> dict[tuple[str, str], Said]:
    """A file tells a report in a few words: they are the lessons of the unit's first insats.

    Where nobody has said how it was followed up or how far a goal has come, the words stand there
    too, since the form does not do without.
    """
    found = {}
    for place, matrix in enumerate(content.matrices):
        for cell in matrix.cells:
            if words := own.get(cell.field):
                level = Level(cell.level or Level.STARTED) if cell.field == "improvements" else ""
                found[cell.key] = Said(words, str(level))
                continue
            is_told = place == 0 and cell.field == "lessons"
            is_gap = cell.field in ("follow_up", "improvements") and cell.is_empty
            if is_told or is_gap or (cell.is_goal and not cell.level):
                level = cell.level or (Level.STARTED if cell.field == "improvements" else "")
                found[cell.key] = Said(text if is_told or is_gap else cell.text, level)
            elif cell.field == "not_reached" and cell.is_empty:
                found[cell.key] = Said(text)
    return found


@event("finish report", WHICH, UNITS, TEXT, *ANSWERS)
def finish(story: Story, told: Told) -> None:
    """The unit is ready with it."""
    for unit in _units(story, told):
        story.take(_written(story, told, unit).mark_ready, told)


@event("submit report", WHICH, UNITS, TEXT, *ANSWERS)
def submit(story: Story, told: Told) -> None:
    """Writes it and marks it as ready first, where that has not been done."""
    for unit in _units(story, told):
        report = _written(story, told, unit)
        if report.state == Report.State.OPEN:
            report = story.take(report.mark_ready, told)
        story.take(report.submit, told)


@event("send report back", WHICH, UNITS, REASON)
def send_back(story: Story, told: Told) -> None:
    for unit in _units(story, told):
        story.take(_report(story, told, unit).send_back, told, reason=told["reason"])


@event("return report", WHICH, UNITS, REASON)
def return_for_completion(story: Story, told: Told) -> None:
    for unit in _units(story, told):
        story.take(_report(story, told, unit).return_for_completion, told, reason=told["reason"])


@event("accept report", WHICH, UNITS)
def accept(story: Story, told: Told) -> None:
    for unit in _units(story, told):
        story.take(_report(story, told, unit).accept, told)


@event("waive report", WHICH, UNITS, REASON)
def waive(story: Story, told: Told) -> None:
    for unit in _units(story, told):
        story.take(_report(story, told, unit).waive, told, reason=told["reason"])
