"""Writing a part of a report."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.prose import ProseInput
from plans.models import Level
from reports.actions import Key, Said
from reports.models import Question, WrittenReport
from reports.models.answers import ANSWER_LENGTH
from reports.queries import Cell, Content, Line, anchor
from sbs_workflow.writing import TogetherForm

# Not yet begun is no colour of the form (domain.md 6.4).
COLOURS = [
    ("", _("No colour yet")),
    *[
        (level.value, level.label)
        for level in (Level.ACHIEVED, Level.WELL_UNDER_WAY, Level.STARTED)
    ],
]
ROWS_OF_A_BOX = 5


@dataclass(frozen=True)
class WrittenCell:
    """A cell with its inputs, and what the unit has answered to the same question before."""

    cell: Cell
    text: forms.BoundField
    level: forms.BoundField | None
    earlier: list[tuple[WrittenReport, Cell]]
    questions: list[Question]


class SectionForm(TogetherForm):
    """The cells of one part of a report: an insats, or what is asked once."""

    def __init__(self, *args: Any, lines: list[Line], **options: Any) -> None:
        self.cells = {cell.key: (line, cell) for line in lines for cell in line.cells}
        initial = {}
        for line, cell in self.cells.values():
            initial[_text_name(cell)] = cell.text
            if line.is_about_goals:
                initial[_level_name(cell)] = "" if cell.level == Level.NOT_BEGUN else cell.level
        super().__init__(*args, initial=initial, **options)
        for line, cell in self.cells.values():
            if line.is_about_goals:
                self.fields[_level_name(cell)] = forms.ChoiceField(
                    label=_("Colour"), choices=COLOURS, required=False, widget=forms.RadioSelect
                )
            rows = min(18, max(ROWS_OF_A_BOX, len(cell.text) // 70))
            self.fields[_text_name(cell)] = ProseInput(
                label=line.label,
                required=False,
                max_length=ANSWER_LENGTH,
                help_text=line.hint,
                widget=forms.Textarea(attrs={"rows": rows}),
            )
            if line.is_about_goals and cell.title:
                self.fields[_text_name(cell)].label = _("Visible improvements")

    def said(self) -> dict[Key, Said]:
        """What ``write_answers`` is given."""
        return {
            key: Said(
                self.cleaned_data[_text_name(cell)],
                self.cleaned_data.get(_level_name(cell), ""),
            )
            for key, (_line, cell) in self.cells.items()
            if _text_name(cell) in self.data  # what was not sent is not emptied
        }

    def written(
        self, line: Line, earlier: list[tuple[WrittenReport, Content]], questions: list[Question]
    ) -> Iterator[WrittenCell]:
        """The cells of a line as the page shows them."""
        for cell in line.cells:
            before = [(report, content.cell(*cell.key)) for report, content in earlier]
            yield WrittenCell(
                cell,
                self[_text_name(cell)],
                self[_level_name(cell)] if line.is_about_goals else None,
                [(report, found) for report, found in before if found and not found.is_empty],
                [question for question in questions if (question.field, question.row) == cell.key],
            )


def _text_name(cell: Cell) -> str:
    return anchor(cell.field, cell.row)


def _level_name(cell: Cell) -> str:
    return f"{anchor(cell.field, cell.row)}-level"
