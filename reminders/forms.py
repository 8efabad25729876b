"""Why something is let be, until when, and how often mail comes."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notifications.duties import Duty, Offset, Timing
from notifications.models import MailChoice
from notifications.open_days import slide
from organisations.prose import LineInput
from reminders.actions import LONGEST_SNOOZE, refused_pause
from reminders.queries import role_names
from sbs_workflow.widgets import DayField

# As much as a rule bears without becoming a nuisance.
MOST_STEPS = 8
FURTHEST = 400


class SnoozeForm(forms.Form):
    until = DayField(label=_("Remind again on"))
    reason = LineInput(label=_("Why?"), max_length=500)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].initial = slide(today + LONGEST_SNOOZE / 2)

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if refused := refused_pause(until, self.today):
            raise ValidationError(refused)
        return until


class WaiveForm(forms.Form):
    reason = LineInput(
        label=_("Why need it not be done?"),
        max_length=500,
        help_text=_("Everybody in the collaboration can read this."),
    )


class MailChoiceForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=_("How often do you want reminders by mail?"),
        choices=MailChoice.Rhythm.choices,
        widget=forms.RadioSelect,
    )


class DistancesInput(LineInput):
    """Distances from a due date, as "-14 -7 +5w" reads; gives offsets in order of time."""

    def clean(self, value: Any) -> tuple[Offset, ...]:
        written = super().clean(value)
        try:
            offsets = {Offset.read(each.replace("a", "w")) for each in written.split()}
        except ValueError as unread:
            raise ValidationError(
                _("Write whole numbers with spaces between them, such as -14 -7 +5a.")
            ) from unread
        if len(offsets) > MOST_STEPS or any(abs(it.count) > FURTHEST for it in offsets):
            raise ValidationError(_("At most eight, and none further away than four hundred days."))
        return tuple(sorted(offsets, key=lambda it: (it.count, it.counts_working_days)))


class LeadTimesForm(forms.Form):
    steps = DistancesInput(
        label=_("Those who have the duty are reminded"),
        help_text=_(
            "Days from the due date: -14 is two weeks before, +1 the day after."
            " With an a, as in +5a, working days are counted."
        ),
    )
    escalation = DistancesInput(label=_("The others are told"), required=False)

    def __init__(self, *args: Any, duty: Duty, timing: Timing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duty = duty
        self.fields["steps"].initial = as_typed(timing.steps)
        if duty.ladder:
            self.fields["escalation"].initial = as_typed(timing.escalation)
            self.fields["escalation"].required = True
            self.fields["escalation"].help_text = _("In this order: %(roles)s.") % {
                "roles": "; ".join(", ".join(role_names(rung.told)) for rung in duty.ladder)
            }
        else:
            del self.fields["escalation"]

    def clean_steps(self) -> tuple[Offset, ...]:
        steps: tuple[Offset, ...] = self.cleaned_data["steps"]
        first = -self.duty.opens.count
        if any(it.count < first for it in steps):
            raise ValidationError(
                _("It is shown from %(days)s days before, and nobody is reminded earlier."),
                params={"days": self.duty.opens.count},
            )
        return steps

    def clean_escalation(self) -> tuple[Offset, ...]:
        escalation: tuple[Offset, ...] = self.cleaned_data["escalation"]
        if len(escalation) != len(self.duty.ladder):
            raise ValidationError(
                _("Give %(number)s distances, one for each of those who are told."),
                params={"number": len(self.duty.ladder)},
            )
        return escalation

    @property
    def timing(self) -> Timing:
        return Timing(self.cleaned_data["steps"], self.cleaned_data.get("escalation", ()))


def as_typed(offsets: tuple[Offset, ...]) -> str:
    return " ".join(f"{it.count:+}{'a' if it.counts_working_days else ''}" for it in offsets)
