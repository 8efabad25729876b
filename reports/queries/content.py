"""What a report says, cell by cell: the answers of people over what the work itself knows.

The same value is shown on the page, written as Word, frozen at submission and compared between
rounds. ``Content.read`` and ``Content.plain`` are each other's inverse.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from organisations.models import User
from plans.models import GoalRating, Level
from reports.blanks import SHIPPED_VERSION, Form, FormQuestion, shipped
from reports.models import (
    FrozenCopy,
    Report,
    ReportTemplate,
    SubmittedCopy,
    UniversityReport,
    WrittenAnswer,
    WrittenReport,
)
from reports.queries.facts import Facts
from reports.queries.known import Known, KnownInsats, known_of
from reports.queries.university import UniversityKnown, known_of_university
from reports.richtext import plain
from sbs_workflow.models import Collaboration

NO_INSATS = "1"  # the matrix of a unit that the agreement names no insats for
WHOLE = "ovrigt"  # the part with the questions that are asked once


@dataclass(frozen=True)
class Cell:
    """One answer. ``known`` is what the work says; ``text`` what counts, theirs or known.

    ``title`` is the goal that the cell is about. ``colours`` are the goal's earlier colours,
    as pairs of an occasion and a level.
    """

    field: str
    row: str
    text: str = ""
    known: str = ""
    title: str = ""
    level: str = ""
    known_level: str = ""
    colours: list[list[str]] = dataclasses.field(default_factory=list)
    written_at: str = ""
    written_by: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.field, self.row

    @property
    def is_touched(self) -> bool:
        return bool(self.written_at)

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()

    @property
    def is_goal(self) -> bool:
        return self.row.count("/") == 1

    @property
    def level_label(self) -> str:
        return str(Level(self.level).label) if self.level else ""

    @property
    def written(self) -> datetime | None:
        return datetime.fromisoformat(self.written_at) if self.written_at else None


@dataclass(frozen=True)
class Line:
    """One row of a matrix, or a question asked once: its label, and a cell or one a goal.

    ``section`` is the part that a question asked once is written in, ``facts`` what the work itself
    says about it.
    """

    field: str
    label: str
    short: str
    hint: str
    repeat: str
    cells: list[Cell]
    demanded: str = ""
    section: str = ""
    facts: list[Facts] = dataclasses.field(default_factory=list)

    @property
    def cell(self) -> Cell:
        return self.cells[0]

    @property
    def is_about_goals(self) -> bool:
        return self.repeat == "goal"


@dataclass(frozen=True)
class Matrix:
    """The matrix of one insats; ``row`` is its number in the agreement."""

    row: str
    title: str
    area: str
    lines: list[Line]

    def line(self, field: str) -> Line | None:
        return next((line for line in self.lines if line.field == field), None)

    @property
    def cells(self) -> Iterator[Cell]:
        for line in self.lines:
            yield from line.cells


@dataclass(frozen=True)
class Area:
    """The insatser of one development area."""

    name: str
    label: str
    matrices: list[Matrix]


@dataclass(frozen=True)
class Part:
    """What is written on one page: an insats, or questions that are asked once."""

    key: str
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Content:
    """``unit`` is whose report it is; ``prefix`` how the URL names of its pages begin."""

    report: str
    kind: str
    title: str
    heading: str
    unit: str
    unit_kind: str
    organiser: str
    day: str
    form_version: int
    introduction: list[list[str]]
    areas: list[Area]
    once: list[Line]
    prefix: str = ""

    @property
    def matrices(self) -> list[Matrix]:
        return [matrix for area in self.areas for matrix in area.matrices]

    @property
    def lines(self) -> Iterator[Line]:
        for matrix in self.matrices:
            yield from matrix.lines
        yield from self.once

    @property
    def cells(self) -> Iterator[Cell]:
        for line in self.lines:
            yield from line.cells

    def cell(self, field: str, row: str) -> Cell | None:
        return self.by_key.get((field, row))

    @property
    def by_key(self) -> dict[tuple[str, str], Cell]:
        return {cell.key: cell for cell in self.cells}

    @property
    def parts(self) -> list[Part]:
        """In the order in which they are written."""
        parts = [Part(m.row, m.title or _("The insats"), m.lines) for m in self.matrices]
        once: dict[str, list[Line]] = {}
        for line in self.once:
            once.setdefault(line.section or WHOLE, []).append(line)
        for key, lines in once.items():
            title = _("For the whole report") if key == WHOLE else lines[0].short
            parts.append(Part(key, title, lines))
        return parts

    def part(self, key: str) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)

    def url_of(self, part: str) -> str:
        """Where this part is written."""
        return reverse(f"reports:{self.prefix}write", args=[self.report, part])

    def plain(self) -> dict[str, Any]:
        """As it is kept in a frozen copy."""
        return asdict(self)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        areas = [
            Area(area["name"], area["label"], [_matrix(matrix) for matrix in area["matrices"]])
            for area in kept["areas"]
        ]
        return cls(**{**kept, "areas": areas, "once": [_line(line) for line in kept["once"]]})


def _said_by(rating: GoalRating) -> str:
    """Whose colour it is and of what day, for one that was not agreed in a meeting."""
    return f"{rating.get_whose_display()} {date_format(rating.rated_on, 'j F Y')}"


def _matrix(kept: dict[str, Any]) -> Matrix:
    return Matrix(**{**kept, "lines": [_line(line) for line in kept["lines"]]})


def _line(kept: dict[str, Any]) -> Line:
    cells = [Cell(**cell) for cell in kept["cells"]]
    facts = [Facts(**each) for each in kept.get("facts", ())]
    return Line(**{**kept, "cells": cells, "facts": facts})


# --- the form ------------------------------------------------------------------------------


def form_in_use(kind: str) -> Form:
    """The version that a report which opens now follows (two queries where one was uploaded)."""
    found = ReportTemplate.objects.filter(kind=kind, is_active=True).first()
    return _uploaded(found) if found else shipped(kind)


def form_of(report: WrittenReport) -> Form:
    """The version that the report keeps to its end."""
    kind, version = report.form_kind, report.form_version
    if version in (None, SHIPPED_VERSION):
        return form_in_use(kind) if version is None else shipped(kind)
    return _uploaded(ReportTemplate.objects.get(kind=kind, version=version))


def _uploaded(template: ReportTemplate) -> Form:
    first = shipped(template.kind)
    introduction = [(style, text) for style, text in template.introduction]
    title = next((text for style, text in introduction if style == "title"), first.title)
    return first.reworded(
        template.version,
        title,
        [pair for pair in introduction if pair[0] != "title"],
        template.fields.values_list("slug", "label"),
    )


# --- the content ---------------------------------------------------------------------------


def content_of(report: WrittenReport, form: Form | None = None) -> Content:
    """As it stands now, in Swedish (a fixed number of queries)."""
    with override(settings.LANGUAGE_CODE):
        form = form or form_of(report)
        answers = {
            (answer.field, answer.row): answer
            for answer in report.answers.select_related("written_by")
        }
        return _Writer(report, form, _known_of(report), answers).content()


def _known_of(report: WrittenReport) -> Known | UniversityKnown:
    if isinstance(report, UniversityReport):
        return known_of_university(report)
    assert isinstance(report, Report)
    return known_of(report)


def content_at_hand(report: WrittenReport) -> Content:
    """As ``content_of``, and asked once a page: not for whoever writes in it meanwhile."""
    known: Content = report.__dict__.setdefault("content_at_hand", None) or content_of(report)
    report.__dict__["content_at_hand"] = known
    return known


def content_for(report: WrittenReport, user: User) -> Content | None:
    """What this person may read: while it is written others read it as it was submitted.

    What has been submitted is what was frozen, whatever has become of the plan since.
    """
    if report.is_being_written and report.is_own_side(user):
        return content_at_hand(report)
    if report.state in ("scheduled", "waived"):
        return None
    copy = latest_copy(report)
    return Content.read(copy.content) if copy else content_of(report)


def latest_copy(report: WrittenReport) -> SubmittedCopy | None:
    copy: SubmittedCopy | None = report.copies.defer("file").order_by("-round").first()
    return copy


def earlier_reports(report: WrittenReport) -> list[tuple[WrittenReport, Content]]:
    """What the same unit or lärosäte has submitted before, the latest first (one query)."""
    earlier = report.by_the_same.filter(deadline_on__lt=report.deadline_on).exclude(pk=report.pk)
    earlier = earlier.exclude(state__in=report.BEING_WRITTEN)
    related = (f"report__{name}" for name in ("collaboration", *report.RELATED))
    copies = (
        report.copies.model.objects.filter(report__in=earlier)
        .select_related(*related)
        .defer("file")
        .order_by("-report__deadline_on", "-round")
    )
    found: dict[Any, tuple[WrittenReport, Content]] = {}
    for copy in copies:
        found.setdefault(copy.report_id, (copy.report, Content.read(copy.content)))
    return list(found.values())


def submitted_contents(collaboration: Collaboration, user: User) -> list[Content]:
    """The final reports of all units that this person may read, as last submitted (two queries)."""
    copies = (
        FrozenCopy.objects.filter(
            report__in=Report.objects.visible_to(user),
            report__collaboration=collaboration,
            report__kind=Report.Kind.FINAL,
        )
        .select_related("report")
        .defer("file")
        .order_by("report__unit__sort_key", "-round")
    )
    latest: dict[Any, Content] = {}
    for copy in copies:
        latest.setdefault(copy.report_id, Content.read(copy.content))
    return list(latest.values())


@dataclass(frozen=True)
class _Writer:
    report: WrittenReport
    form: Form
    known: Known | UniversityKnown
    answers: dict[tuple[str, str], WrittenAnswer]

    def content(self) -> Content:
        report = self.report
        return Content(
            report=str(report.pk),
            kind=report.kind,
            title=self.form.title,
            heading=str(report),
            unit=report.signed_by,
            unit_kind=report.unit_kind,
            organiser=report.collaboration.organiser.name,
            day=date_format(report.deadline_on, "j F Y"),
            form_version=self.form.version,
            introduction=[list(pair) for pair in self.form.introduction],
            areas=list(self._areas()),
            once=[
                self._line(q, [self._cell(q, "", known=self.known.text(q.source))])
                for q in self.form.asked_once
            ],
            prefix=report.PREFIX,
        )

    def _areas(self) -> Iterator[Area]:
        if not self.form.in_matrix:
            return
        label = self.form.area.label if self.form.area else ""
        by_area: dict[str, list[Matrix]] = {}
        for insats in self.known.insatser:
            matrix = self._matrix(insats.row, str(insats.insats), insats)
            by_area.setdefault(insats.insats.development_area, []).append(matrix)
        if not by_area:
            by_area[""] = [self._matrix(NO_INSATS, "", None)]
        for name, matrices in by_area.items():
            yield Area(name, label, matrices)

    def _matrix(self, row: str, title: str, insats: KnownInsats | None) -> Matrix:
        lines = []
        for question in self.form.in_matrix:
            if question.repeat == "goal":
                cells = list(self._goal_cells(question, row, insats))
            else:
                known = insats.text(question.source) if insats else ""
                cells = [self._cell(question, row, known=known)]
            lines.append(self._line(question, cells))
        return Matrix(row, title, insats.insats.development_area if insats else "", lines)

    def _goal_cells(
        self, question: FormQuestion, row: str, insats: KnownInsats | None
    ) -> Iterator[Cell]:
        """One a goal; where no goal is known, one for the insats as a whole."""
        if insats is None or not insats.goals:
            yield self._cell(question, row)
            return
        for goal in insats.goals:
            latest = goal.latest
            yield self._cell(
                question,
                f"{row}/{goal.number}",
                title=goal.saying.text,
                known=latest.evidence or latest.justification if latest else "",
                known_level=goal.level,
                colours=[
                    [rating.occasion or _said_by(rating), str(rating.level)]
                    for rating in reversed(goal.colours.ratings)
                ],
            )

    def _cell(
        self,
        question: FormQuestion,
        row: str,
        *,
        known: str = "",
        known_level: str = "",
        **rest: Any,
    ) -> Cell:
        answer = self.answers.get((question.id, row))
        return Cell(
            field=question.id,
            row=row,
            text=answer.text if answer else known,
            known=known,
            level=(answer.level if answer else "") or known_level,
            known_level=known_level,
            written_at=answer.written_at.isoformat() if answer else "",
            written_by=answer.written_by.name if answer else "",
            **rest,
        )

    def _line(self, question: FormQuestion, cells: list[Cell]) -> Line:
        kind = self.report.unit_kind
        return Line(
            field=question.id,
            label=question.label_for(kind),
            short=question.short_label_for(kind),
            hint=question.hint_for(kind),
            repeat=question.repeat,
            cells=cells,
            demanded=question.demanded,
            section=question.section,
            facts=self.known.facts(question.facts) if question.facts else [],
        )


def words_of(cell: Cell) -> str:
    """The words of a cell with its colour, as two rounds are compared."""
    return "\n".join(filter(None, (cell.level_label, plain(cell.text))))
