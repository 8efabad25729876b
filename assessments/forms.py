"""Writing a mapping, and noting how far the report to the government has come."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.actions import Said
from assessments.models import CapacityMapping, Dimension, Level
from assessments.queries import QUESTIONS
from organisations.prose import LineInput, ProseInput
from sbs_workflow.widgets import DayField
from sbs_workflow.writing import TogetherForm


class MappingForm(TogetherForm):
    """A level and a note for every dimension; several write it, and none of it is demanded yet."""

    mapped_on = DayField(label=_("Date of the mapping"), required=False)
    method = LineInput(
        label=_("How it was done"),
        required=False,
        max_length=200,
        help_text=_("For example a talk with the management, or a survey to all staff."),
    )

    def __init__(self, *args: Any, mapping: CapacityMapping, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"mapped_on": mapping.mapped_on, "method": mapping.method}
        said = {rating.dimension: rating for rating in mapping.ratings.all()}
        for each in Dimension:
            rating = said.get(each)
            initial[f"level_{each}"] = str(rating.level) if rating else ""
            initial[f"note_{each}"] = rating.note if rating else ""
        super().__init__(*args, initial=initial, **kwargs)
        for each in Dimension:
            self.fields[f"level_{each}"] = forms.ChoiceField(
                label=each.label,
                help_text=QUESTIONS[each],
                choices=[("", _("no level yet")), *Level.choices],
                required=False,
            )
            self.fields[f"note_{each}"] = ProseInput(
                label=_("%(part)s: what it shows in") % {"part": each.label},
                required=False,
                max_length=2_000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        for name in initial:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for each in Dimension:
            if data.get(f"note_{each}") and not data.get(f"level_{each}"):
                self.add_error(f"level_{each}", _("Choose a level for what you have written."))
        return data

    def said(self) -> dict[str, Any]:
        """What ``write_mapping`` is given."""
        data = self.cleaned_data
        return {
            "mapped_on": data["mapped_on"],
            "method": data["method"],
            "said": dict(self._ratings()),
        }

    def _ratings(self) -> Iterator[tuple[str, Said]]:
        for each in Dimension:
            level = self.cleaned_data[f"level_{each}"]
            yield each, (int(level) if level else None, self.cleaned_data[f"note_{each}"])


class DataCheckForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    note = ProseInput(
        label=_("What is done about what is missing?"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SubmissionForm(forms.Form):
    reference = LineInput(label=_("Case reference"), max_length=50)
