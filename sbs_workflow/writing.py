"""Two people write in the same form: what only one of them changed is joined, the rest is chosen.

Nobody overwrites a text without having seen it, and nobody loses what they wrote.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import blake2s
from typing import Any, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.models import model_to_dict
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _

from organisations.prose import ProseField, ProseInput, tidy
from sbs_workflow.differences import Piece, word_difference

Whose = Literal["mine", "theirs"]


@dataclass(frozen=True)
class Conflict:
    """Two versions of one field, as shown beside it; see ``components/conflict.html``.

    ``version`` is the digest of theirs: a choice is between the versions that were seen.
    """

    choice_name: str
    version: str
    pieces: list[Piece]  # from mine to theirs
    chosen: Whose | None


class TogetherForm(forms.Form):
    """A form about something stored, which somebody else may change while one is writing.

        class AnalysisForm(TogetherForm, forms.ModelForm): ...

    What is stored are the values of the ``instance``, or the ``initial`` that a plain form is
    given. A hidden field carries their digests to the page and back, so that each field knows:

    - stored as it was seen: what was typed is taken;
    - nothing new typed: what is stored meanwhile is kept;
    - both changed, and not alike: an error, and the field shows both versions and a choice.

    The view stands behind ``door(…, alone=True)``, so that nobody writes between the comparison
    and the action. ``cleaned_data`` holds what is to be stored. A request without the
    hidden field was made by hand, and is taken at its word.
    """

    seen = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-seen": ""}), max_length=10_000
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.stored: dict[str, Any] = self._read_stored(options.get("initial") or {})
        self.conflicts: dict[str, Conflict] = {}
        self.fields["seen"].initial = self._digests
        for field in self.fields.values():
            # A browser that fills in an older text after a reload would not fill in what was seen.
            field.widget.attrs.setdefault("autocomplete", "off")

    def _read_stored(self, suggested: dict[str, Any]) -> dict[str, Any]:
        """The stored values by field; what is only suggested to the person is not among them."""
        instance = getattr(self, "instance", None)
        if instance is None:
            return suggested
        if instance._state.adding:
            return {}
        return {**self.initial, **model_to_dict(instance, fields=list(suggested))}

    def _shared(self, names: Iterable[str]) -> list[str]:
        """Those of ``names`` that are fields in which a person writes."""
        return [
            name
            for name, field in self.fields.items()
            if name in names and not field.disabled and not field.widget.is_hidden
        ]

    def _digests(self) -> str:
        return json.dumps({name: digest(self.stored[name]) for name in self._shared(self.stored)})

    def clean(self) -> dict[str, Any]:
        super().clean()
        seen = _read_digests(self.cleaned_data.pop("seen", ""))
        if seen is None:
            return self.cleaned_data
        # A row of a table that somebody has added or taken away is in one of the two only.
        for name in self._shared({*seen, *self.stored}):
            before = seen.get(name, digest(None))
            if before != digest(self.stored.get(name)):
                self._meet(name, before)
        return self.cleaned_data

    def _meet(self, name: str, seen: str) -> None:
        """Somebody has changed this field since it was seen."""
        mine, version = self.cleaned_data.get(name), digest(self.stored.get(name))
        # A value that this form does not know can be neither kept nor chosen.
        with suppress(ValidationError):
            theirs = self._stored_as_typed(name)
            if name in self.cleaned_data and digest(mine) in (seen, version):
                self.cleaned_data[name] = theirs
                return
            chosen = self._chosen(name, version)
            self._show(
                name,
                Conflict(
                    choice_name=self.add_prefix(f"choice_{name}"),
                    version=version,
                    pieces=self._difference(name, mine, theirs),
                    chosen=chosen,
                ),
            )
            if chosen == "theirs":
                self.errors.pop(name, None)
                self.cleaned_data[name] = theirs
            elif chosen is None:
                self.add_error(name, _("Somebody else has changed this. Choose what to keep."))

    def _stored_as_typed(self, name: str) -> Any:
        field = self.fields[name]
        return field.clean(field.prepare_value(self.stored.get(name)))

    def _chosen(self, name: str, version: str) -> Whose | None:
        """The choice between the versions that are shown, if it has been made."""
        answer = self.data.get(self.add_prefix(f"choice_{name}"))
        choices: dict[str, Whose] = {f"mine {version}": "mine", f"theirs {version}": "theirs"}
        return choices.get(str(answer))

    def _show(self, name: str, conflict: Conflict) -> None:
        self.conflicts[name] = conflict
        self[name].conflict = conflict  # type: ignore[attr-defined]  # for the template

    def _difference(self, name: str, mine: Any, theirs: Any) -> list[Piece]:
        """Texts word by word, everything else as a whole."""
        old, new = self._in_words(name, mine), self._in_words(name, theirs)
        if isinstance(self.fields[name], ProseInput):
            return word_difference(old, new)
        return [Piece("removed", old), Piece("same", " "), Piece("added", new)]

    def _in_words(self, name: str, value: Any) -> str:
        field: Any = self.fields[name]
        # Rows of a table name themselves.
        has_labels = isinstance(field, forms.ChoiceField) and not hasattr(field, "queryset")
        return in_words(value, dict(field.choices) if has_labels else {})


@dataclass(frozen=True)
class UnstoredText:
    """A text that came too late, and how what is stored differs from it."""

    label: str
    text: str
    pieces: list[Piece]


def unstored_texts(instance: Model, names: set[str], sent: dict[str, str]) -> list[UnstoredText]:
    """Those of the texts ``sent`` for fields ``names`` that are not what is stored."""
    return [
        UnstoredText(str(field.verbose_name), typed, word_difference(typed, stored))
        for field in instance._meta.concrete_fields
        if field.name in names and isinstance(field, ProseField)
        if (typed := tidy(sent.get(field.name, "")).strip())
        if typed != (stored := tidy(field.value_from_object(instance)).strip())
    ]


def digest(value: Any) -> str:
    """The same for what is stored and for what was typed, where they mean the same."""
    return blake2s(_plain(value).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return tidy(value).strip()
        case Model():
            return str(value.pk)
        case Decimal():
            return f"{value.normalize():f}"
        case datetime():
            return value.astimezone(UTC).isoformat()
        case Iterable():
            return "\n".join(sorted(map(_plain, value)))
    return str(value)


def _read_digests(sent: str) -> dict[str, str] | None:
    with suppress(ValueError):
        read = json.loads(sent)
        if isinstance(read, dict):
            return read
    return None


def in_words(value: Any, labels: dict[str, Any]) -> str:
    """A typed value as people read it."""
    match value:
        case None:
            return ""
        case bool():
            return _("Yes") if value else _("No")
        case str():
            return str(labels.get(value, value))
        case datetime():
            return date_format(value, "j F Y H:i")
        case date():
            return date_format(value, "j F Y")
        case Model():
            return str(value)
        case Iterable():
            return ", ".join(in_words(each, labels) for each in value)
    return str(localize(value))
