"""Old redovisningar of a unit: the files, and what a person takes of what they say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.prose import LineInput, ProseInput
from reports.actions.history import Brought, BroughtColour
from reports.forms.writing import COLOURS
from reports.queries import KnownProblem
from reports.reading import NotReadable
from reports.reading.history import (
    KINDS,
    LONG,
    MOST_ROWS,
    SHORT,
    AlreadyThere,
    History,
    read_history,
)
from reports.reading.package import LARGEST_FILE
from sbs_workflow.widgets import DayField

MOST_FILES = 10
KEY = re.compile(rf"(?:{'|'.join(KINDS)})-[1-9]\d{{0,2}}")
TERMS = [(SHORT, _("in the short term")), (LONG, _("in the long term"))]
SHOWN = 80  # characters of a row that others point at


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files as a list of their names and bytes; each is measured before it is read."""

    widget = SeveralFiles(attrs={"accept": ".docx"})

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        files: list[Any] = list(data) if isinstance(data, list | tuple) else [data]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                _("Send at most %(most)s files at a time."), params={"most": MOST_FILES}
            )
        for file in files or [None]:
            super().clean(file, initial)
            if (file.size or 0) > LARGEST_FILE:
                raise forms.ValidationError(
                    _("The file is larger than 20 MB. Take out the pictures, and send it again.")
                )
        return [(str(file.name), bytes(file.read())) for file in files]


class OldReportsForm(forms.Form):
    reports = FilesField(
        label=_("Word files (.docx)"),
        help_text=_("Interim and final reports of this unit. You may choose several at once."),
    )

    def read(self, there: AlreadyThere) -> History | None:
        """What the files say; None, with an error on the field, where one cannot be read."""
        found: list[tuple[str, bytes]] = self.cleaned_data["reports"]
        for name, file in found:
            try:
                read_history([(name, file)], there)
            except NotReadable as refused:
                self.add_error("reports", f"{name}: {refused}")
        return None if self.errors else read_history(found, there)


@dataclass(frozen=True)
class FormRow:
    """A row on the page: the fields in their order, and where it comes from."""

    kind: str
    note: str
    take: forms.BoundField
    fields: list[forms.BoundField]
    hidden: list[forms.BoundField]


class HistoryForm(forms.Form):
    """Row by row what is taken; the words, and what belongs to what, can be mended first.

    Built from what was read on the way out, and from what was sent on the way back. ``problems``
    are those that the analysis has, by the key that a row points at them with.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        problems: Mapping[str, KnownProblem],
        today: date,
        history: History | None = None,
    ) -> None:
        super().__init__(data)
        self.today = today
        self.there = problems
        if history is not None:
            self.rows_read = {row.key: row for row in history.rows}
            self.keys = list(self.rows_read)
        else:
            self.rows_read = {}
            self.keys = [
                key for key in str(self.data.get("rows", "")).split(",") if KEY.fullmatch(key)
            ]
        self.keys = list(dict.fromkeys(self.keys))[:MOST_ROWS]
        self.fields["rows"] = forms.CharField(
            initial=",".join(self.keys), required=False, widget=forms.HiddenInput
        )
        for key in self.keys:
            self._add(key)

    # --- its fields ------------------------------------------------------------------------

    def _add(self, key: str) -> None:
        kind = key.partition("-")[0]
        row = self.rows_read.get(key)
        self.fields[f"take-{key}"] = forms.BooleanField(
            label=_("Take this in"),
            required=False,
            initial=bool(row and (row.is_likely or row.known or row.of)),
        )
        self.fields[f"text-{key}"] = ProseInput(
            label=_("What is said about it") if kind == "colour" else _("As it will be stored"),
            required=False,
            initial=row.text if row else "",
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        if kind == "problem":
            self.fields[f"area-{key}"] = LineInput(
                label=_("Development area"),
                required=False,
                max_length=200,
                initial=row.area if row else "",
            )
        if kind in ("cause", "goal"):
            self.fields[f"of-{key}"] = self._choice(_("Belongs to the problem"), "problem", row)
        if kind == "effect":
            self.fields[f"of-{key}"] = self._choice(_("Belongs to the goal"), "goal", row)
            self.fields[f"term-{key}"] = forms.ChoiceField(
                label=_("When"), choices=TERMS, initial=row.term if row else SHORT
            )
        if kind == "colour":
            self.fields[f"of-{key}"] = self._choice(_("The goal"), "goal", row)
            self.fields[f"level-{key}"] = forms.ChoiceField(
                label=_("Colour"), choices=COLOURS, initial=row.level if row else ""
            )
            self.fields[f"day-{key}"] = DayField(
                label=_("The day of the report"), required=False, initial=row.day if row else None
            )
        if kind == "colour":
            self._hide(f"from-{key}", row.told_in if row else "")
        self._hide(f"note-{key}", row.note if row else "")

    def _hide(self, name: str, words: str) -> None:
        self.fields[name] = LineInput(
            required=False, max_length=1_000, initial=words, widget=forms.HiddenInput
        )

    def _choice(self, label: Any, kind: str, row: Any) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=label,
            choices=[("", "–"), *self._choices(kind)],
            required=False,
            initial=row.of if row else "",
        )

    def _choices(self, kind: str) -> Iterator[tuple[str, str]]:
        for key in self.keys:
            if key.startswith(f"{kind}-"):
                number = key.rpartition("-")[2]
                yield key, f"{number}. {self._words(key)[:SHOWN]}"
        if kind == "problem":
            for key, known in self.there.items():
                yield key, known.text[:SHOWN]

    def _words(self, key: str) -> str:
        row = self.rows_read.get(key)
        return row.text if row else str(self.data.get(f"text-{key}", ""))

    # --- what is asked of them -------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in self._taken():
            kind = key.partition("-")[0]
            if not data.get(f"text-{key}") and kind != "colour":
                self._ask(f"text-{key}", _("Write something here, or leave the row out."))
            of = data.get(f"of-{key}")
            if kind != "problem" and not (of in self.there or (of and data.get(f"take-{of}"))):
                self._ask(f"of-{key}", _("Choose something that you take in too."))
            if kind == "colour":
                self._ask_about_colour(key, data)
        return data

    def _ask_about_colour(self, key: str, data: dict[str, Any]) -> None:
        day = data.get(f"day-{key}")
        if not data.get(f"level-{key}"):
            self._ask(f"level-{key}", _("Choose a colour, or leave the row out."))
        if f"day-{key}" in self.errors:
            return
        if day is None:
            self._ask(f"day-{key}", _("Say which day the report is of."))
        elif day > self.today:
            self._ask(f"day-{key}", _("This day has not come yet."))

    def _ask(self, name: str, what: Any) -> None:
        if name not in self.errors:
            self.add_error(name, what)

    def _taken(self) -> list[str]:
        return [key for key in self.keys if self.cleaned_data.get(f"take-{key}")]

    def said(self) -> Brought:
        """What was taken, as ``import_history`` is given it."""
        data, taken = self.cleaned_data, self._taken()

        def of_kind(kind: str) -> list[str]:
            return [key for key in taken if key.startswith(f"{kind}-")]

        return Brought(
            problems={k: (data[f"text-{k}"], data[f"area-{k}"]) for k in of_kind("problem")},
            there={key: known.pk for key, known in self.there.items()},
            causes=[(data[f"of-{k}"], data[f"text-{k}"]) for k in of_kind("cause")],
            goals={k: (data[f"of-{k}"], data[f"text-{k}"]) for k in of_kind("goal")},
            effects=[
                (data[f"of-{k}"], data[f"term-{k}"], data[f"text-{k}"]) for k in of_kind("effect")
            ],
            colours=[
                BroughtColour(
                    goal=data[f"of-{k}"],
                    level=data[f"level-{k}"],
                    rated_on=data[f"day-{k}"],
                    justification=data[f"text-{k}"],
                    occasion=data[f"from-{k}"][:200],
                )
                for k in of_kind("colour")
            ],
        )

    # --- as the page shows them ------------------------------------------------------------

    def sections(self) -> list[tuple[Any, list[FormRow]]]:
        titles = {
            "problem": _("Problems and development areas"),
            "cause": _("Causes"),
            "goal": _("Goals"),
            "effect": _("Expected effects"),
            "colour": _("Colours, by the day of the report"),
        }
        sections = ((titles[kind], list(self._rows(kind))) for kind in KINDS)
        return [(title, rows) for title, rows in sections if rows]

    def _rows(self, kind: str) -> Iterator[FormRow]:
        for key in self.keys:
            if not key.startswith(f"{kind}-"):
                continue
            names = [f"{name}-{key}" for name in ("text", "area", "of", "term", "level", "day")]
            yield FormRow(
                kind=kind,
                note=str(self[f"note-{key}"].value() or ""),
                take=self[f"take-{key}"],
                fields=[self[name] for name in names if name in self.fields],
                hidden=[
                    self[name] for name in (f"note-{key}", f"from-{key}") if name in self.fields
                ],
            )
