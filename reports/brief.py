"""The brief of a meeting as a document, for the file in Word and as PDF.

As ``layout``, it knows the tree and nothing of Word.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from reports.layout import Document, Grid, Heading, Node, Text, Title
from reports.queries.brief import Brief, GoalMove
from reports.richtext import Block, Run
from sbs_workflow.models import Promise


def brief_document(brief: Brief) -> Document:
    """In Swedish, whoever asks for it."""
    with override(settings.LANGUAGE_CODE):
        title = _title_of(brief)
        return Document(title=title, subject="", key="", nodes=[Title(title), *_nodes(brief)])


def _title_of(brief: Brief) -> str:
    kind = brief.meeting.get_kind_display()
    name = brief.meeting.collaboration.name
    return _("Brief: %(meeting)s, %(collaboration)s") % {"meeting": kind, "collaboration": name}


def _nodes(brief: Brief) -> Iterator[Node]:
    yield from _facts(brief)
    yield from _colours(brief)
    yield from _visits(brief)
    yield from _promises(brief)
    yield Heading(_("Deviations and changes"))
    yield _lines(_changes(brief))
    yield Heading(_("What the parties want to bring up"))
    yield _lines(f"{line.get_party_display()}: {line.text}" for line in brief.preparation)


def _facts(brief: Brief) -> Iterator[Node]:
    if brief.meeting.held_on:
        yield _paragraph(_day(brief.meeting.held_on))
    if brief.last:
        yield _paragraph(_("Since the meeting %(day)s.") % {"day": _day(brief.last.held_on)})
    else:
        yield _paragraph(_("It is the first meeting of its kind."))


def _colours(brief: Brief) -> Iterator[Node]:
    yield Heading(_("Colours that have moved"))
    yield _grid(
        _("Colours that have moved"),
        {_("Goal"): 4, _("Before"): 1, _("Now"): 1},
        [[_goal_of(move), str(move.before.label), str(move.now.label)] for move in brief.moved],
        _("No agreed colour has moved."),
    )
    if brief.seen_differently:
        heading = _("The parties see it differently")
        yield Heading(heading, 2)
        rows = [
            [_goal_of(move), "\n".join(map(str, move.colours.own))]
            for move in brief.seen_differently
        ]
        yield _grid(heading, {_("Goal"): 3, _("Each party"): 2}, rows, "")


def _goal_of(move: GoalMove) -> str:
    return f"{move.saying.plan.unit}: {move.saying.text}"


def _visits(brief: Brief) -> Iterator[Node]:
    yield Heading(_("Visits"))
    yield _grid(
        _("Visits"),
        {_("Day"): 1, _("Visit"): 2, _("State"): 1},
        [
            [_day(visit.takes_place_on), str(visit), str(visit.state_label)]
            for visit in [*brief.visits_done, *brief.visits_planned]
        ],
        _("No visit has been done or planned."),
    )
    yield Heading(_("Between the visits"))
    yield _grid(
        _("Between the visits"),
        {_("Unit"): 1, _("Task"): 2, _("How it went"): 1},
        [
            [str(task.unit), task.text, str(task.get_course_display() or task.state_label)]
            for task in brief.tasks
        ],
        _("No task has been given."),
    )


def _promises(brief: Brief) -> Iterator[Node]:
    columns = {_("Party"): 1, _("Promise"): 2, _("What became of it"): 1}
    for heading, promises in (
        (_("Open promises"), brief.promises_open),
        (_("Promises that were kept, changed or dropped"), brief.promises_settled),
    ):
        yield Heading(heading)
        rows = [[str(each.party_label), each.what, _course_of(each)] for each in promises]
        yield _grid(heading, columns, rows, _("None."))


def _course_of(promise: Promise) -> str:
    if promise.settled_on:
        return " – ".join(filter(None, (str(promise.get_outcome_display()), promise.word)))
    return _("by %(date)s") % {"date": _day(promise.due_on)} if promise.due_on else ""


def _changes(brief: Brief) -> Iterator[str]:
    yield from (f"{each.intervention}: {each.what}" for each in brief.deviations)
    yield from (change.text for change in brief.changes)
    if brief.amendment:
        yield f"{brief.amendment}: {brief.amendment.state_label}"


# --- the parts of any document ---------------------------------------------------------------


def _grid(caption: str, columns: dict[str, int], rows: list[list[str]], empty: str) -> Node:
    """``columns`` with the share of the width that each takes; ``empty`` instead of no rows."""
    if not rows:
        return _paragraph(empty)
    return Grid(caption, list(columns), rows, tuple(columns.values()))


def _lines(lines: Iterable[str]) -> Node:
    blocks = [Block("bullet", (Run(line),)) for line in lines]
    return Text(blocks) if blocks else _paragraph(_("None."))


def _paragraph(text: str) -> Text:
    return Text([Block("paragraph", (Run(text),))])


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""
