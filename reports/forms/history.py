"""Old redovisningar of a unit: the files, and what a person takes of what they say."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interventions.models import EarlierAccount
from organisations.prose import LineInput, ProseInput
from reports.actions.history import Brought, BroughtAccount, BroughtColour, BroughtInsats
from reports.forms.writing import COLOURS
from reports.queries import KnownProblem
from reports.reading import NotReadable
from reports.reading.history import (
    KINDS,
    LONG,
    SHORT,
    AlreadyThere,
    History,
    ProposedRow,
    read_history,
)
from reports.reading.package import LARGEST_FILE
from sbs_workflow.widgets import DayField

MOST_FILES = 10
KEY = re.compile(rf"(?:{'|'.join(KINDS)})-[1-9]\d{{0,2}}")
TERMS = [(SHORT, _("in the short term")), (LONG, _("in the long term"))]
SHOWN = 80  # characters of a row that others point at
ORDER = (
    "number", "text", "area", "participants", "of", "goals", "term", "level", "day",
    *EarlierAccount.TEXTS,
)  # fmt: skip
LONGEST_ABOUT = 160  # characters
MOST_ROWS = 240  # of one turn: more are never proposed


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
    """A row on the page: the fields in their order, and where it comes from.

    ``belongs`` is what it is a part of, as the page says it. ``is_open`` shows its fields at once:
    where something is wrong, or only guessed.
    """

    kind: str
    note: str
    belongs: str
    is_open: bool
    take: forms.BoundField
    fields: list[forms.BoundField]
    hidden: list[forms.BoundField]


def _is_proposed(row: ProposedRow) -> bool:
    """Whether it is ticked from the beginning; what a report says goes with its insats."""
    return row.is_likely or row.known or bool(row.of and row.kind != "account")


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
        for key in self.keys:
            self.fields[f"take-{key}"].label = _("Take in: %(what)s") % {"what": self._about(key)}

    # --- its fields ------------------------------------------------------------------------

    def _add(self, key: str) -> None:
        kind = key.partition("-")[0]
        row = self.rows_read.get(key)
        self.fields[f"take-{key}"] = forms.BooleanField(
            required=False,
            initial=bool(row and _is_proposed(row)),
        )
        add: Callable[[str, Any], None] = getattr(self, f"_add_{kind}")
        add(key, row)
        if kind in ("account", "colour"):
            self._hide(f"from-{key}", row.told_in if row else "")
        self._hide(f"note-{key}", row.note if row else "")

    def _add_problem(self, key: str, row: Any) -> None:
        self._text(key, row, _("As it will be stored"))
        self._line(f"area-{key}", _("Development area"), row.area if row else "")

    def _add_cause(self, key: str, row: Any) -> None:
        self._text(key, row, _("As it will be stored"))
        self.fields[f"of-{key}"] = self._choice(_("Belongs to the problem"), "problem", row)

    _add_goal = _add_cause

    def _add_effect(self, key: str, row: Any) -> None:
        self._text(key, row, _("As it will be stored"))
        self.fields[f"of-{key}"] = self._choice(_("Belongs to the goal"), "goal", row)
        self.fields[f"term-{key}"] = forms.ChoiceField(
            label=_("When"), choices=TERMS, initial=row.term if row else SHORT
        )

    def _add_insats(self, key: str, row: Any) -> None:
        self.fields[f"number-{key}"] = forms.IntegerField(
            label=_("Number in the agreement, if it had one"),
            required=False,
            min_value=1,
            max_value=999,
            initial=row.number if row else None,
        )
        self._line(f"text-{key}", _("Name of the insats"), row.text if row else "")
        self._line(f"area-{key}", _("Development area"), row.area if row else "")
        self._prose(f"participants-{key}", _("Who took part"), row.participants if row else "")
        self.fields[f"goals-{key}"] = forms.MultipleChoiceField(
            label=_("Goals that it served"),
            choices=list(self._choices("goal")),
            required=False,
            initial=row.goals if row else [],
            widget=forms.CheckboxSelectMultiple,
        )

    def _add_account(self, key: str, row: Any) -> None:
        self.fields[f"of-{key}"] = self._choice(_("Is about the insats"), "insats", row)
        self._day(key, row)
        for name in EarlierAccount.TEXTS:
            words = row.texts.get(name, "") if row else ""
            self._prose(f"{name}-{key}", EarlierAccount.label_of(name), words)

    def _add_colour(self, key: str, row: Any) -> None:
        self._text(key, row, _("What is said about it"))
        self.fields[f"of-{key}"] = self._choice(_("The goal"), "goal", row)
        self.fields[f"level-{key}"] = forms.ChoiceField(
            label=_("Colour"), choices=COLOURS, initial=row.level if row else ""
        )
        self._day(key, row)

    def _text(self, key: str, row: Any, label: Any) -> None:
        self._prose(f"text-{key}", label, row.text if row else "")

    def _prose(self, name: str, label: Any, words: str) -> None:
        self.fields[name] = ProseInput(
            label=label, required=False, initial=words, widget=forms.Textarea(attrs={"rows": 2})
        )

    def _line(self, name: str, label: Any, words: str) -> None:
        self.fields[name] = LineInput(label=label, required=False, max_length=200, initial=words)

    def _day(self, key: str, row: Any) -> None:
        self.fields[f"day-{key}"] = DayField(
            label=_("The day of the report"), required=False, initial=row.day if row else None
        )

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
                yield key, f"{self._number(key)}{self._words(key)[:SHOWN]}"
        if kind == "problem":
            for key, known in self.there.items():
                yield key, known.text[:SHOWN]

    def _number(self, key: str) -> str:
        """As people see it in a list: that of an insats in its agreement, or that of the row."""
        kind, _dash, number = key.rpartition("-")
        if kind == "insats":
            row = self.rows_read.get(key)
            known = row.number if row else self.data.get(f"number-{key}", "")
            return f"{known}. " if known else ""
        return f"{number}. "

    def _words(self, key: str) -> str:
        row = self.rows_read.get(key)
        words = row.text if row else str(self.data.get(f"text-{key}", ""))
        return words or gettext("without a name")

    # --- what is asked of them -------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in self._taken():
            kind = key.partition("-")[0]
            if not data.get(f"text-{key}") and kind not in ("account", "colour"):
                self._ask(f"text-{key}", _("Write something here, or leave the row out."))
            of = data.get(f"of-{key}")
            is_there = of in self.there or bool(of and data.get(f"take-{of}"))
            if kind not in ("problem", "insats") and not is_there:
                self._ask(f"of-{key}", _("Choose something that you take in too."))
            if kind == "colour":
                self._ask_about_colour(key, data)
            if (day := data.get(f"day-{key}")) and day > self.today:
                self._ask(f"day-{key}", _("This day has not come yet."))
        self._ask_about_numbers(data)
        return data

    def _ask_about_numbers(self, data: dict[str, Any]) -> None:
        """Two insatser of a unit have two numbers."""
        seen: set[int] = set()
        for key in self._taken():
            number = data.get(f"number-{key}")
            if number in seen:
                self._ask(f"number-{key}", _("Another insats has this number."))
            elif number:
                seen.add(number)

    def _ask_about_colour(self, key: str, data: dict[str, Any]) -> None:
        day = data.get(f"day-{key}")
        if not data.get(f"level-{key}"):
            self._ask(f"level-{key}", _("Choose a colour, or leave the row out."))
        if f"day-{key}" in self.errors:
            return
        if day is None:
            self._ask(f"day-{key}", _("Say which day the report is of."))

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
            insatser={
                k: BroughtInsats(
                    number=data[f"number-{k}"],
                    name=data[f"text-{k}"],
                    development_area=data[f"area-{k}"],
                    participants=data[f"participants-{k}"],
                    goals=data[f"goals-{k}"],
                )
                for k in of_kind("insats")
            },
            accounts=[
                BroughtAccount(
                    insats=data[f"of-{k}"],
                    told_in=data[f"from-{k}"][:200],
                    told_on=data[f"day-{k}"],
                    texts={name: data[f"{name}-{k}"] for name in EarlierAccount.TEXTS},
                )
                for k in of_kind("account")
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

    def _about(self, key: str) -> str:
        """What a row is, in the words that stand in it."""
        words = self._said(f"text-{key}")
        match key.partition("-")[0]:
            case "insats":
                words = f"{self._number(key)}{words or gettext('without a name')}"
            case "account":
                words = f"{self._chosen(f'of-{key}')}, {self._said(f'from-{key}')}"
            case "colour":
                words = f"{self._chosen(f'level-{key}')} – {self._chosen(f'of-{key}')}"
        return Truncator(words).chars(LONGEST_ABOUT)

    def _belongs(self, key: str) -> str:
        """To which problem or goal, where the words of the row do not say it."""
        kind = key.partition("-")[0]
        name = f"of-{key}"
        if kind not in ("cause", "goal", "effect"):
            return ""
        return f"{self.fields[name].label}: {self._chosen(name) or '–'}"

    def _said(self, name: str) -> str:
        return str(self[name].value() or "") if name in self.fields else ""

    def _chosen(self, name: str) -> str:
        """A choice as people read it."""
        field: Any = self.fields[name]
        value = self._said(name)
        return next((str(label) for key, label in field.choices if value and key == value), "")

    def _shows(self, name: str) -> bool:
        """A report that says nothing of the lessons gets no empty box for them."""
        if name not in self.fields:
            return False
        is_text_of_account = name.partition("-")[0] in EarlierAccount.TEXTS
        return not is_text_of_account or bool(self[name].value())

    # --- as the page shows them ------------------------------------------------------------

    def sections(self) -> list[tuple[Any, list[FormRow]]]:
        titles = {
            "problem": _("Problems and development areas"),
            "cause": _("Causes"),
            "goal": _("Goals"),
            "effect": _("Expected effects"),
            "insats": _("Insatser of then"),
            "account": _("What the reports say of the insatser"),
            "colour": _("Colours, by the day of the report"),
        }
        sections = ((titles[kind], list(self._rows(kind))) for kind in KINDS)
        return [(title, rows) for title, rows in sections if rows]

    def _rows(self, kind: str) -> Iterator[FormRow]:
        for key in self.keys:
            if not key.startswith(f"{kind}-"):
                continue
            names = [f"{name}-{key}" for name in ORDER]
            row = self.rows_read.get(key)
            yield FormRow(
                kind=kind,
                note=str(self[f"note-{key}"].value() or ""),
                belongs=self._belongs(key),
                is_open=bool(row and not row.is_likely)
                or any(name in self.errors for name in names),
                take=self[f"take-{key}"],
                fields=[self[name] for name in names if self._shows(name)],
                hidden=[
                    self[name] for name in (f"note-{key}", f"from-{key}") if name in self.fields
                ],
            )
