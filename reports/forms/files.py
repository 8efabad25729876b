"""A Word file that somebody sends: a report, or a new version of a form."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from organisations.prose import ProseInput
from reports.actions import Key, Said
from reports.blanks import FormQuestion
from reports.forms.writing import COLOURS
from reports.models import FormKind
from reports.models.answers import ANSWER_LENGTH
from reports.queries import Cell, Content, anchor
from reports.reading import NotReadable, Proposal
from reports.reading.package import LARGEST_FILE
from sbs_workflow.writing import digest

T = TypeVar("T")
SHOWN = 120  # characters of a heading in a list


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
    kind = forms.ChoiceField(label=_("Which form"), choices=FormKind.choices)

    field_order = ("kind", "file")


class HeadingsForm(forms.Form):
    """Which heading of a new version asks a question that could not be recognised in it.

    ``lost`` are the questions that are missing, ``headings`` the words that match none.
    """

    def __init__(
        self, data: Any = None, *, lost: Sequence[FormQuestion], headings: Sequence[str]
    ) -> None:
        super().__init__(data)
        self.headings = headings
        choices: list[tuple[str, Any]] = [("", _("It does not stand in the file"))]
        choices += [(str(place), words[:SHOWN]) for place, words in enumerate(headings)]
        for question in lost:
            self.fields[question.id] = forms.ChoiceField(
                label=question.short or question.label,
                help_text=question.label if question.short else "",
                choices=choices,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [place for place in data.values() if place]
        for slug, place in list(data.items()):
            if place and chosen.count(place) > 1:
                self.add_error(slug, _("A heading asks one question: choose another one here."))
        if not chosen and not self.errors:
            raise forms.ValidationError(_("Choose a heading for at least one question."))
        return data

    def said(self) -> dict[str, str]:
        """The heading of each question that was found."""
        return {
            slug: self.headings[int(place)] for slug, place in self.cleaned_data.items() if place
        }


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
            label=_("Take in: %(what)s") % {"what": proposal.label}
            if proposal
            else _("Take this in"),
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
