"""What holds for a kind of meeting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import USUAL, KindRule
from organisations.models import Party
from organisations.prose import ProseInput


class MeetingRuleForm(forms.Form):
    initiator = forms.ChoiceField(
        label=_("Who calls it"), choices=Party.choices, widget=forms.RadioSelect
    )
    required = forms.MultipleChoiceField(
        label=_("Who must be there"),
        choices=Party.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The meeting counts when each of them was there."),
    )
    cadence_days = forms.IntegerField(
        label=_("Days until the next"),
        min_value=7,
        max_value=730,
        required=False,
        help_text=_("Empty for a meeting that is held once."),
    )
    at_least = forms.IntegerField(
        label=_("How many there are at least while the insatser go on"),
        min_value=1,
        max_value=50,
        required=False,
    )
    agenda = ProseInput(label=_("Standing points, one a line"))

    def __init__(self, *args: Any, kind: str, rule: KindRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = USUAL[kind]
        self.initial = {
            "initiator": rule.initiator,
            "required": list(rule.required),
            "cadence_days": rule.cadence_days,
            "at_least": rule.at_least,
            "agenda": "\n".join(map(str, rule.agenda)),
        }
        # What the programme asks for may come more seldom, but not go away.
        self.fields["cadence_days"].required = self.usual.cadence_days is not None
        self.fields["at_least"].required = self.usual.at_least is not None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("required") and data.get("initiator") not in (None, *data["required"]):
            self.add_error("required", _("Whoever calls the meeting must be there."))
        return data

    @property
    def rule(self) -> KindRule:
        data = self.cleaned_data
        points = (line.strip() for line in data["agenda"].splitlines())
        return KindRule(
            Party(data["initiator"]),
            tuple(party for party in Party if party in data["required"]),
            data["cadence_days"],
            data["at_least"],
            tuple(filter(None, points)),
        )
