"""What is asked about a document, a person, and how long something is kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.prose import LineInput, ProseInput
from records.models import Registration
from records.models.retention import RecordKind
from records.queries.retention import REMOVABLE
from sbs_workflow.handing_over import TakenOverForm
from sbs_workflow.widgets import DayField


class SearchForm(forms.Form):
    sok = LineInput(label=_("Number or case"), required=False, max_length=100)

    def search(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("sok", ""))


class RegistrationForm(forms.Form):
    number = LineInput(
        label=_("Diary number"),
        required=False,
        max_length=50,
        help_text=_("As your own authority writes it, such as BUN 2026/182-609."),
    )
    status = forms.ChoiceField(
        label=_("Working paper or official document"),
        required=False,
        choices=Registration.Status.choices,
        help_text=_("Leave it to the process unless you know better."),
    )
    kind = forms.ChoiceField(
        label=_("Received or drawn up"),
        required=False,
        choices=[("", _("As the process says")), *Registration.Kind.choices],
    )
    dated_on = DayField(
        label=_("Date"), required=False, help_text=_("Only where it is another than is shown.")
    )
    secrecy = ProseInput(
        label=_("Secrecy"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Which paragraph, and what it is about; never the secret itself."),
    )


class ReasonForm(forms.Form):
    reason = ProseInput(
        label=_("Reason"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class NamelessForm(TakenOverForm, ReasonForm):
    """Who takes over what the person had in hand, and why the account goes."""

    is_sure = forms.BooleanField(label=_("I know that the name cannot be brought back"))

    def last_fields(self) -> list[forms.BoundField]:
        """Those that are no matter of one role."""
        return [self["reason"], self["is_sure"]]


class NameForm(forms.Form):
    name = LineInput(
        label=_("Your name"), max_length=150, help_text=_("As the others are to see it.")
    )


class ThinningForm(forms.Form):
    # The hash of the list that the person has read.
    seen = forms.CharField(widget=forms.HiddenInput)
    decision = LineInput(
        label=_("Decision"), max_length=200, help_text=_("Such as KS 2026:114 § 12.")
    )


class RetentionForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, kind.label) for kind in REMOVABLE]
    )
    years = forms.IntegerField(
        label=_("Years after the end of the case"),
        required=False,
        min_value=0,
        max_value=150,
        help_text=_("Leave it empty to keep it for good."),
    )
    decision = LineInput(
        label=_("Decision"), max_length=200, help_text=_("Such as KS 2026:114 § 12.")
    )

    def clean_kind(self) -> str:
        return RecordKind(self.cleaned_data["kind"]).value


def stored_registration(registration: Registration | None) -> dict[str, Any]:
    """What the form begins with."""
    names = RegistrationForm.base_fields
    return {name: getattr(registration, name) for name in names} if registration else {}
