"""Agreements, insatser and visits as people write them."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from interventions.models import Agreement, Intervention, Visit
from organisations.models import Unit
from sbs_workflow.widgets import DayField


class AgreementForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Agreement
        fields = ("kind", "reference", "starts_on", "ends_on", "amount")
        field_classes = {"starts_on": DayField, "ends_on": DayField}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (start := data.get("starts_on")) and (end := data.get("ends_on")) and end < start:
            self.add_error("ends_on", _("The end must come after the start."))
        return data


class AmendmentForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the agreement amended?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The agreement in force stands until the new version is signed."),
    )


class InterventionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Intervention
        fields = (
            "name",
            "development_area",
            "provider",
            "provider_name",
            "participants",
            "starts_on",
            "ends_on",
            "units",
        )
        field_classes = {"starts_on": DayField, "ends_on": DayField}
        widgets = {"units": forms.CheckboxSelectMultiple}
        help_texts = {
            "participants": _("Functions and numbers, such as all teachers, 24."),
            "provider_name": _("Only if it is not the university of the collaboration."),
        }

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (start := data.get("starts_on")) and (end := data.get("ends_on")) and end < start:
            self.add_error("ends_on", _("The end must come after the start."))
        return data


class VisitDayForm(forms.Form):
    seen_state = forms.CharField(widget=forms.HiddenInput)
    takes_place_on = DayField(label=_("Day"))

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_state"].initial = visit.as_seen
        self.fields["takes_place_on"].initial = visit.takes_place_on


class PlanVisitForm(VisitDayForm):
    form = forms.ChoiceField(
        label=_("Form"), choices=Visit.Form.choices, widget=forms.RadioSelect, initial="on_site"
    )
    units = forms.ModelMultipleChoiceField(
        label=_("Units"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, visit: Visit, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, visit=visit, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]
        if units.count() == 1:
            self.fields["units"].initial = list(units)


class LogForm(forms.Form):
    """Made for a phone just after the visit: two texts, the rest is chosen or already known."""

    units = forms.ModelMultipleChoiceField(
        label=_("Units"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    log = forms.CharField(
        label=_("What was done?"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("A few sentences are enough. No names of children."),
    )
    next_steps = forms.CharField(
        label=_("Until next time"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was promised, by whom and by when."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Visit.Kind.choices, widget=forms.RadioSelect, initial="supervision"
    )
    form = forms.ChoiceField(
        label=_("Form"), choices=Visit.Form.choices, widget=forms.RadioSelect, initial="on_site"
    )
    duration_minutes = forms.IntegerField(
        label=_("Minutes"), min_value=5, max_value=900, initial=360
    )
    share = forms.BooleanField(
        label=_("Share the log with all three parties now"), required=False, initial=True
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]


class UnplannedLogForm(LogForm):
    takes_place_on = DayField(label=_("Day"))
    field_order = ("takes_place_on",)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["takes_place_on"].initial = today

    def clean_takes_place_on(self) -> date:
        day: date = self.cleaned_data["takes_place_on"]
        if day > self.today:
            raise forms.ValidationError(_("The visit has not taken place yet."))
        return day
