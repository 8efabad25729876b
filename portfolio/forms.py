"""The filters of the portfolio, read from the address."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portfolio.queries import SORTS, Filters
from records.queries import TrailChoices, TrailFilters
from sbs_workflow.models import Phase
from sbs_workflow.widgets import DayField


class FilterForm(forms.Form):
    sok = forms.CharField(label=_("Search"), required=False, max_length=100)
    fas = forms.ChoiceField(
        label=_("Phase"), required=False, choices=[("", _("All")), *Phase.choices]
    )
    forsenat = forms.BooleanField(label=_("Only what is late"), required=False)
    avslutade = forms.BooleanField(label=_("Ended ones too"), required=False)
    sortera = forms.ChoiceField(
        required=False, choices=[(key, key) for key in SORTS], widget=forms.HiddenInput
    )

    def filters(self) -> Filters:
        """What is asked for; whatever the address says that is not understood is left out."""
        self.is_valid()
        data = self.cleaned_data
        return Filters(
            query=data.get("sok", ""),
            phase=data.get("fas", ""),
            late=data.get("forsenat", False),
            ended=data.get("avslutade", False),
            sort=data.get("sortera") or "namn",
        )


class TrailForm(forms.Form):
    """What of the history is shown; an address that asks for nonsense shows everything."""

    om = forms.ChoiceField(label=_("About"), required=False)
    av = forms.ChoiceField(label=pgettext_lazy("history", "By"), required=False)
    dag = DayField(label=_("Day"), required=False)

    def __init__(self, *args: Any, choices: TrailChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything, everybody = ("", _("Everything")), ("", _("Everybody"))
        of_objects = [(str(key), name) for key, name in choices.objects]
        of_people = [(str(key), name) for key, name in choices.people]
        self.fields["om"].choices = [everything, *of_objects]  # type: ignore[attr-defined]
        self.fields["av"].choices = [everybody, *of_people]  # type: ignore[attr-defined]

    def filters(self) -> TrailFilters:
        self.is_valid()
        said = self.cleaned_data
        return TrailFilters(
            object_id=UUID(said["om"]) if said.get("om") else None,
            person=UUID(said["av"]) if said.get("av") else None,
            day=said.get("dag"),
        )
