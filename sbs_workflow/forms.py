"""The form of a step, and those that open a collaboration and name its units and people."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import DateField, QuerySet
from django.utils.translation import gettext_lazy as _

from organisations.models import (
    LONGEST_BREAK,
    LONGEST_SCHOOL_YEAR,
    Organisation,
    Party,
    Role,
    SchoolBreak,
    Unit,
)
from organisations.prose import LineInput, ProseInput
from sbs_workflow.engine import Choice
from sbs_workflow.handing_over import TakenOverForm
from sbs_workflow.models import Collaboration, Promise
from sbs_workflow.widgets import DayField, form_field
from sbs_workflow.writing import TogetherForm

# Fields of the machines whose order a database constraint keeps.
PERIODS = (("starts_on", "ends_on"), ("interventions_start_on", "interventions_end_on"))
# Days that lie ahead: today would be a wrong answer that is easily left as it stands.
AHEAD = ("interventions_end_on", "repayment_due_on", "resume_on")


class StepForm(forms.Form):
    # The state that the person saw: somebody else may have been first meanwhile.
    seen_state = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choice: Choice, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice = choice
        instance = choice.instance
        self.fields["seen_state"].initial = instance.as_seen
        for name in choice.step.inputs:
            field = instance._meta.get_field(name)
            self.fields[name] = form_field(field, required=True)
            known = getattr(instance, name)
            is_today = isinstance(field, DateField) and name not in AHEAD
            self.fields[name].initial = known or (today if is_today else None)
        if choice.needs_reason:
            self.fields["reason"] = ProseInput(
                label=choice.step.reason_label or _("Reason"),
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


class CollaborationForm(TogetherForm, forms.ModelForm):  # type: ignore[type-arg]
    """What the agency knows of a case; the university is matched later."""

    class Meta:
        model = Collaboration
        fields = (
            "name",
            "organiser",
            "university",
            "cohort",
            "reference",
            "selection_source",
            "contact_person",
        )
        help_texts = {
            "name": _("Usually the name of the school authority."),
            "university": _("Is matched near the end of the situation analysis."),
            "cohort": _("Such as VT2027."),
            "selection_source": _("What the selection builds on, such as a report and its number."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisers = Organisation.objects.filter(party=Party.ORGANISER)
        universities = Organisation.objects.filter(party=Party.UNIVERSITY)
        self.fields["organiser"].queryset = organisers  # type: ignore[attr-defined]
        self.fields["organiser"].empty_label = _("Choose")  # type: ignore[attr-defined]
        self.fields["university"].queryset = universities  # type: ignore[attr-defined]
        self.fields["university"].empty_label = _("none yet")  # type: ignore[attr-defined]
        if not self.instance._state.adding:
            # Who takes part is what the case is about: it does not change.
            del self.fields["organiser"]


class AddUnitForm(forms.Form):
    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.none(), empty_label=_("Choose")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    reason = ProseInput(
        label=_("Why does the unit leave?"), widget=forms.Textarea(attrs={"rows": 3})
    )


class AssignForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("The person logs in with this address.")
    )
    name = LineInput(
        label=_("Name"),
        max_length=150,
        required=False,
        help_text=_("Only for somebody who is new in the organisation; they get an invitation."),
    )
    starts_on = DayField(label=_("From"))
    is_deputy = forms.BooleanField(
        label=_("As a deputy"),
        required=False,
        help_text=_("Has the same rights, and is reminded while nobody else holds the role."),
    )

    def __init__(self, *args: Any, roles: list[Role], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(r.value, r.label) for r in roles]  # type: ignore[attr-defined]
        self.fields["starts_on"].initial = today

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class PromiseForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What became of it?"), choices=Promise.Outcome.choices, widget=forms.RadioSelect
    )
    word = ProseInput(label=_("A word about it"), required=False)
    what = ProseInput(
        label=_("What is promised instead"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only for a promise that is changed."),
    )
    due_on = DayField(label=_("By"), required=False)

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].initial = promise.what
        self.fields["due_on"].initial = promise.due_on
        self.promise = promise

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == Promise.Outcome.CHANGED and "what" in data:
            is_same = data["what"] in ("", self.promise.what)
            if is_same and data.get("due_on") == self.promise.due_on:
                self.add_error("what", _("Write what is promised instead, or choose another day."))
        return data


class HandoverForm(TakenOverForm):
    """A last day, and for each role that is left a successor or a word about why there is none."""

    ends_on = DayField(label=_("Last day"))
    starts_on = DayField(
        label=_("Whoever takes over begins"),
        help_text=_("Preferably before the last day, so that you have time to meet."),
    )
    close_account = forms.BooleanField(
        label=_("Close the account too"),
        required=False,
        help_text=_("On the last day at the earliest. An account that is used elsewhere is kept."),
    )

    def __init__(self, *args: Any, today: date, leaves_altogether: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].initial = self.fields["starts_on"].initial = today
        if not leaves_altogether:
            del self.fields["close_account"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        last_day = data.get("ends_on")
        if last_day and any(last_day < role.held.starts_on for role in self.roles):
            self.add_error("ends_on", _("The role ends before it begins."))
        return data

    def shared_fields(self) -> list[forms.BoundField]:
        """Those that hold for every role."""
        shared = ("ends_on", "starts_on", "close_account")
        return [self[name] for name in shared if name in self.fields]


class NameSomebodyForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    name = LineInput(
        label=_("Name"),
        max_length=150,
        required=False,
        help_text=_("Only for somebody who is new in the organisation; they get an invitation."),
    )
    starts_on = DayField(label=_("From"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Write the right address, or leave it as it is if it works again."),
    )


class PeriodForm(forms.Form):
    first_day = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day"))

    longest: timedelta
    too_long: Any

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The end must come after the start."))
        elif first and last and last - first >= self.longest:
            self.add_error("last_day", self.too_long)
        return data


class BreakForm(PeriodForm):
    name = LineInput(
        label=_("Name"), max_length=100, help_text=_("Such as Autumn break or In-service day.")
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=SchoolBreak.Kind.choices,
        initial=SchoolBreak.Kind.HOLIDAY,
        widget=forms.RadioSelect,
    )
    field_order = ("name", "kind", "first_day", "last_day")

    longest = LONGEST_BREAK
    too_long = _("A break may last for a hundred days at most.")


class SchoolYearForm(PeriodForm):
    longest = LONGEST_SCHOOL_YEAR
    too_long = _("A school year may last for a year at most.")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("first_day") and data.get("first_day") == data.get("last_day"):
            self.add_error("last_day", _("The end must come after the start."))
        return data


class SureForm(forms.Form):
    """Nothing to fill in: the page asks once whether it is meant."""
