"""The form of a step: the fields that the step asks for, and the reason."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import DateField
from django.utils.translation import gettext_lazy as _

from sbs_workflow.engine import Choice
from sbs_workflow.widgets import form_field

# Fields of the machines whose order a database constraint keeps.
PERIODS = (("starts_on", "ends_on"), ("interventions_start_on", "interventions_end_on"))


class StepForm(forms.Form):
    # The state that the person saw: somebody else may have been first meanwhile.
    seen_state = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choice: Choice, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice = choice
        instance = choice.instance
        self.fields["seen_state"].initial = instance.state
        for name in choice.step.inputs:
            field = instance._meta.get_field(name)
            self.fields[name] = form_field(field, required=True)
            known = getattr(instance, name)
            self.fields[name].initial = known or (today if isinstance(field, DateField) else None)
        if choice.needs_reason:
            self.fields["reason"] = forms.CharField(
                label=_("Reason"),
                max_length=5_000,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("Everybody in the collaboration can read it."),
            )
        if choice.open_gates:
            self.fields["past_gates"] = forms.BooleanField(
                label=_("Go on although this remains"),
                help_text=_("It is recorded with your name and your reason."),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for first, last in PERIODS:
            start = data.get(first) or getattr(self.choice.instance, first, None)
            if start and last in data and data[last] < start:
                self.add_error(last, _("The end must come after the start."))
        return data

    def inputs(self) -> dict[str, Any]:
        """What the transition itself is given."""
        return {name: self.cleaned_data[name] for name in self.choice.step.inputs}
