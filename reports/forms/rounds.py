"""Asking about a report, and replying."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.prose import ProseInput
from reports.actions import Key
from reports.models import Report
from reports.queries import Cell, Content, Line, anchor
from sbs_workflow.writing import TogetherForm


class ReturnForm(forms.Form):
    """A word about the whole, and a question to each section that needs one."""

    seen_state = forms.CharField(widget=forms.HiddenInput)
    reason = ProseInput(
        label=_("What needs to be completed, in short"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody in the collaboration can read it."),
    )

    def __init__(self, *args: Any, report: Report, content: Content | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["seen_state"].initial = report.as_seen
        self.keys: dict[str, Key] = {}
        for insats, line, cell in _every_cell(content):
            name = f"question-{anchor(cell.field, cell.row)}"
            self.keys[name] = cell.key
            label = " – ".join(filter(None, (insats, cell.title or line.short)))
            self.fields[name] = ProseInput(
                label=_("Question about: %(section)s") % {"section": label},
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def questions(self) -> dict[Key, str]:
        return {key: text for name, key in self.keys.items() if (text := self.cleaned_data[name])}


def _every_cell(content: Content | None) -> Iterator[tuple[str, Line, Cell]]:
    if content is None:
        return
    for matrix in content.matrices:
        for line in matrix.lines:
            for cell in line.cells:
                yield matrix.title, line, cell
    for line in content.once:
        yield "", line, line.cell


class ReplyForm(TogetherForm):
    reply = ProseInput(
        label=_("The reply"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Say in short what you have completed, and complete the text itself as well."),
    )
