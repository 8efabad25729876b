"""Writing a part of a report, asking about one, reading a file, and a new version of a form."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from organisations.prose import ProseInput
from plans.models import Level
from reports.actions import Key, Said
from reports.models import Question, Report, ReportKind
from reports.models.answers import ANSWER_LENGTH
from reports.queries import Cell, Content, Line, anchor
from reports.reading import NotReadable, Proposal
from reports.reading.package import LARGEST_FILE
from sbs_workflow.writing import TogetherForm, digest

T = TypeVar("T")

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
    earlier: list[tuple[Report, Cell]]
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
        self, line: Line, earlier: list[tuple[Report, Content]], questions: list[Question]
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
        label=_("Reply"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Say in short what you have completed, and complete the text itself as well."),
    )


class FileForm(forms.Form):
    """A Word file; whether it can be read is asked where it is read."""

    file = forms.FileField(
        label=_("Word file (.docx)"), widget=forms.FileInput(attrs={"accept": ".docx"})
    )

    def clean_file(self) -> bytes:
        """The bytes of the file; one that is too large is not read at all."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(
                _("The file is larger than 20 MB. Take out the pictures, and send it again.")
            )
        return bytes(file.read())

    def read(self, how: Callable[[bytes], T]) -> T | None:
        """What ``how`` makes of the file; None, with an error on the field, where it cannot."""
        try:
            return how(self.cleaned_data["file"])
        except NotReadable as refused:
            self.add_error("file", str(refused))
            return None


class FormFileForm(FileForm):
    kind = forms.ChoiceField(label=_("Which form"), choices=ReportKind.choices)


@dataclass(frozen=True)
class TakenCell:
    proposal: Proposal
    take: forms.BoundField
    text: forms.BoundField
    hidden: list[forms.BoundField]


class TakeForm(forms.Form):
    """Of what a file says, cell by cell, what a person takes; the words can be mended first.

    Built from the proposals on the way out, and from what was sent on the way back.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        content: Content,
        proposals: Sequence[Proposal] = (),
        trusts: bool = True,
    ) -> None:
        super().__init__(data)
        self.content = content
        self.proposals = {anchor(*proposal.key): proposal for proposal in proposals}
        self.fields["take"] = forms.CharField(required=False, initial="1", widget=forms.HiddenInput)
        names = set(self.proposals) or {
            anchor(*key) for key in content.by_key if f"text-{anchor(*key)}" in self.data
        }
        self.keys = {anchor(*key): key for key in content.by_key if anchor(*key) in names}
        for name, key in self.keys.items():
            self._add(name, content.by_key[key], self.proposals.get(name), trusts)

    def _add(self, name: str, cell: Cell, proposal: Proposal | None, trusts: bool) -> None:
        self.fields[f"take-{name}"] = forms.BooleanField(
            label=_("Take this in"),
            required=False,
            initial=bool(proposal and proposal.is_likely and proposal.text and trusts),
        )
        self.fields[f"text-{name}"] = ProseInput(
            label=_("As it will be stored"),
            required=False,
            max_length=ANSWER_LENGTH,
            initial=proposal.text if proposal else "",
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        self.fields[f"level-{name}"] = forms.ChoiceField(
            choices=COLOURS,
            required=False,
            initial=(proposal.level if proposal else "") or cell.level,
            widget=forms.HiddenInput,
        )
        self.fields[f"seen-{name}"] = forms.CharField(
            required=False, initial=digest([cell.text, cell.level]), widget=forms.HiddenInput
        )

    def clean(self) -> dict[str, Any]:
        """Nothing is taken over what somebody has stored since; the same words sent again are."""
        data = super().clean() or {}
        for name, key in self.keys.items():
            cell = self.content.by_key[key]
            stored = [cell.text, cell.level]
            is_as_seen = data.get(f"seen-{name}") == digest(stored)
            is_stored = [data.get(f"text-{name}"), data.get(f"level-{name}")] == stored
            if data.get(f"take-{name}") and not is_as_seen and not is_stored:
                error = _("Somebody has changed this cell meanwhile. Read the file again.")
                self.add_error(f"text-{name}", error)
        return data

    def said(self) -> dict[Key, Said]:
        """What was taken."""
        return {
            key: Said(self.cleaned_data[f"text-{name}"], self.cleaned_data[f"level-{name}"])
            for name, key in self.keys.items()
            if self.cleaned_data[f"take-{name}"]
        }

    def rows(self) -> Iterator[TakenCell]:
        for name, proposal in self.proposals.items():
            yield TakenCell(
                proposal,
                self[f"take-{name}"],
                self[f"text-{name}"],
                [self[f"level-{name}"], self[f"seen-{name}"]],
            )
