"""The filters of the portfolio, read from the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portfolio.queries import SORTS, Filters
from sbs_workflow.models import Phase


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
