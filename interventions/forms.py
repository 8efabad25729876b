"""Agreements, insatser, assignments and visits as people write them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from interventions.actions import Log, PromiseMade, TaskGiven
from interventions.effects import months_between
from interventions.models import Agreement, AssignmentPlan, Intervention, Terms, Visit
from organisations.models import Party, Unit
from organisations.prose import ProseInput
from plans.models import PlannedGoal
from plans.wording import DEVELOPMENT_AREAS
from sbs_workflow.widgets import DayField, HeadcountsField, Suggestions
from sbs_workflow.writing import TogetherForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PEOPLE_HINT = _("One function a line with its number, such as: lärare 24.")
EMPTY_ROWS = 2
PROMISES = 3
TASKS = 2


def _text(label: "StrOrPromise", rows: int, **options: Any) -> ProseInput:
    return ProseInput(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


class PeriodForm(forms.BaseForm):
    """A form with a beginning and an end."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if (start := data.get("starts_on")) and (end := data.get("ends_on")) and end < start:
            self.add_error("ends_on", _("The end must come after the start."))
        return data


class AgreementForm(TogetherForm, PeriodForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Agreement
        fields = ("kind", "reference", "starts_on", "ends_on", "amount")
        field_classes = {"starts_on": DayField, "ends_on": DayField}


class PaymentPlanForm(TogetherForm, forms.Form):
    """Instalments and reporting dates in rows; an emptied row is taken away."""

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        instalments = list(agreement.instalments.all())
        reporting = list(agreement.reporting_dates.all())
        initial: dict[str, Any] = {}
        for number, row in enumerate(instalments, 1):
            initial |= {f"pays_on_{number}": row.pays_on, f"amount_{number}": row.amount}
        initial |= {f"report_on_{n}": row.report_on for n, row in enumerate(reporting, 1)}
        super().__init__(*args, initial=initial, **kwargs)
        self.instalments = range(1, len(instalments) + EMPTY_ROWS + 1)
        self.reporting = range(1, len(reporting) + EMPTY_ROWS + 1)
        for n in self.instalments:
            self.fields[f"pays_on_{n}"] = DayField(
                label=_("Instalment %(n)s, day") % {"n": n}, required=False
            )
            self.fields[f"amount_{n}"] = forms.DecimalField(
                label=_("Instalment %(n)s, kronor") % {"n": n},
                required=False,
                min_value=0,
                max_digits=12,
                decimal_places=2,
                localize=True,
            )
        for n in self.reporting:
            self.fields[f"report_on_{n}"] = DayField(
                label=_("Interim report %(n)s is due") % {"n": n}, required=False
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in self.instalments:
            day, amount = data.get(f"pays_on_{n}"), data.get(f"amount_{n}")
            if amount is not None and not day and f"pays_on_{n}" in data:
                self.add_error(f"pays_on_{n}", _("Write the day too."))
            if day and amount is None and f"amount_{n}" in data:
                self.add_error(f"amount_{n}", _("Write the amount too."))
        return data

    def said(self) -> dict[str, Any]:
        """What ``write_payment_plan`` is given."""
        data = self.cleaned_data
        instalments: list[tuple[date, Decimal]] = [
            (data[f"pays_on_{n}"], data[f"amount_{n}"])
            for n in self.instalments
            if data[f"pays_on_{n}"]
        ]
        reporting = [day for n in self.reporting if (day := data[f"report_on_{n}"])]
        return {"instalments": instalments, "reporting_dates": reporting}


class AmendmentForm(forms.Form):
    reason = _text(
        _("Why is the agreement amended?"),
        4,
        help_text=_("The agreement in force stands until the new version is signed."),
    )


class ServingForm(TogetherForm, forms.ModelForm):  # type: ignore[type-arg]
    """Chooses the goals and causes that an insats serves, among those that the person may read.

    ``causes`` are their words, as ``causes_said`` gives them.
    """

    def serve(self, sayings: Sequence[PlannedGoal], causes: Mapping[UUID, str]) -> None:
        goal_field: Any = self.fields["goals"]
        cause_field: Any = self.fields["causes"]
        texts = {row.goal_id: _goal_in_a_list(row) for row in sayings}
        goal_field.queryset = goal_field.queryset.filter(pk__in=texts)
        goal_field.label_from_instance = lambda goal: texts[goal.pk]
        cause_field.queryset = cause_field.queryset.filter(pk__in=causes).select_related(
            "problem__analysis__unit"
        )
        cause_field.label_from_instance = lambda cause: (
            f"{cause.problem.analysis.unit}: {causes[cause.pk]}"
        )

    def clean_goals(self) -> list[Any]:
        return self._with_hidden("goals")

    def clean_causes(self) -> list[Any]:
        return self._with_hidden("causes")

    def _with_hidden(self, name: str) -> list[Any]:
        """What is linked stays so while its unit reworks it, and the person cannot see it."""
        field: Any = self.fields[name]
        hidden = (
            []
            if self.instance._state.adding
            else getattr(self.instance, name).exclude(pk__in=field.queryset.values("pk"))
        )
        return [*self.cleaned_data[name], *hidden]


def _goal_in_a_list(row: PlannedGoal) -> str:
    return f"{row.plan.unit}, {row.goal.number}. {row.text}"


class TermsForm(PeriodForm, ServingForm):
    participants = HeadcountsField(label=_("Who takes part"), required=False, help_text=PEOPLE_HINT)

    class Meta:
        model = Terms
        fields = (
            "name",
            "development_area",
            "provider",
            "provider_name",
            "participants",
            "units",
            "goals",
            "causes",
            "starts_on",
            "ends_on",
            "amount",
        )
        field_classes = {"starts_on": DayField, "ends_on": DayField}
        widgets = {
            "units": forms.CheckboxSelectMultiple,
            "goals": forms.CheckboxSelectMultiple,
            "causes": forms.CheckboxSelectMultiple,
        }
        labels = {"goals": _("Goals it serves"), "causes": _("Causes it works on")}
        help_texts = {
            "provider_name": _("Only if it is not the university of the collaboration."),
            "amount": _("Only if the money is divided among the insatser."),
        }

    def __init__(
        self,
        *args: Any,
        units: Any,
        sayings: Sequence[PlannedGoal],
        causes: Mapping[UUID, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]
        self.fields["development_area"].widget = Suggestions(DEVELOPMENT_AREAS)
        self.serve(sayings, causes)


class LinksForm(ServingForm):
    class Meta:
        model = Intervention
        fields = ("goals", "causes")
        widgets = {"goals": forms.CheckboxSelectMultiple, "causes": forms.CheckboxSelectMultiple}
        labels = {"goals": _("Goals it serves"), "causes": _("Causes it works on")}

    def __init__(
        self,
        *args: Any,
        sayings: Sequence[PlannedGoal],
        causes: Mapping[UUID, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.serve(sayings, causes)


class OutlineForm(TogetherForm, forms.Form):
    text = _text(
        _("Outline"),
        6,
        help_text=_("What is done, in what order. A light outline is enough: it will be adapted."),
    )


class AdaptForm(OutlineForm):
    reason = _text(
        _("Why is it adapted?"), 3, help_text=_("Everybody in the collaboration can read it.")
    )


class AssignmentForm(TogetherForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = AssignmentPlan
        fields = ("text",)


class AnswerForm(TogetherForm, forms.Form):
    """The lärosäte's answer: its team, and a number of days for each month of the period."""

    team = _text(
        _("Team leader and team"),
        3,
        help_text=_("Who leads, who carries out the insatser, and who to turn to."),
    )

    def __init__(
        self, *args: Any, assignment: AssignmentPlan, start: date, end: date, **kwargs: Any
    ) -> None:
        planned = {row.month: row.days for row in assignment.months.all()}
        self.months = {self._name(month): month for month in months_between(start, end)}
        initial: dict[str, Any] = {"team": assignment.team}
        for name, month in self.months.items():
            initial[name] = planned.get(month, _usual_days(month, end) if not planned else 0)
        super().__init__(*args, initial=initial, **kwargs)
        for name, month in self.months.items():
            self.fields[name] = forms.DecimalField(
                label=date_format(month, "F Y"),
                required=False,
                min_value=0,
                max_value=31,
                max_digits=3,
                decimal_places=1,
                widget=forms.NumberInput(attrs={"step": "0.5"}),
            )

    @property
    def month_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.months]

    @staticmethod
    def _name(month: date) -> str:
        return f"days_{month:%Y_%m}"

    def said(self) -> dict[str, Any]:
        """What ``answer_assignment`` is given; an empty month has no days."""
        days = {month: self.cleaned_data[name] or 0 for name, month in self.months.items()}
        return {"team": self.cleaned_data["team"], "days": days}


def _usual_days(month: date, end: date) -> Decimal:
    """A day a month, thinning out to every other month in the last half year (KAU 2018)."""
    months_left = (end.year - month.year) * 12 + end.month - month.month
    return Decimal(months_left % 2 == 0) if months_left < 6 else Decimal(1)


class VisitDayForm(forms.Form):
    seen_state = forms.CharField(widget=forms.HiddenInput)
    takes_place_on = DayField(label=_("Day"))

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_state"].initial = visit.as_seen
        self.fields["takes_place_on"].initial = visit.takes_place_on


def _units_field(units: Sequence[Unit]) -> forms.TypedMultipleChoiceField:
    """A choice among units that are at hand already, so that checking it asks no database."""
    known = {str(unit.pk): unit for unit in units}
    return forms.TypedMultipleChoiceField(
        label=_("Units"),
        choices=[(key, unit.name) for key, unit in known.items()],
        coerce=known.get,
        widget=forms.CheckboxSelectMultiple,
    )


class PlanVisitForm(VisitDayForm):
    form = forms.ChoiceField(
        label=_("Form"), choices=Visit.Form.choices, widget=forms.RadioSelect, initial="on_site"
    )

    def __init__(self, *args: Any, visit: Visit, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, visit=visit, **kwargs)
        self.fields["units"] = _units_field(units)
        if len(units) == 1:
            self.fields["units"].initial = [str(units[0].pk)]


class FinishForm(forms.Form):
    """Nothing to fill in."""


class LogForm(forms.Form):
    """Made for a phone just after the visit: one text, the rest is chosen or already known."""

    log = _text(
        _("What was done?"),
        6,
        max_length=20_000,
        help_text=_("A few sentences are enough. No names of children."),
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
    participants = HeadcountsField(label=_("Who took part"), required=False, help_text=PEOPLE_HINT)
    next_steps = _text(_("Until next time"), 3, required=False)
    share = forms.BooleanField(
        label=_("Share the log with all three parties now"), required=False, initial=True
    )

    def __init__(
        self,
        *args: Any,
        units: Sequence[Unit],
        interventions: Sequence[Intervention],
        sayings: Sequence[PlannedGoal],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.interventions = {str(each.pk): each for each in interventions}
        self.goals = {str(row.goal_id): row.goal for row in sayings}
        self.fields["units"] = _units_field(units)
        self._choose("interventions", _("Insatser it was about"), interventions)
        self._choose("goals", _("Goals it was about"), sayings)
        self._add_promises()
        self._add_tasks()

    def _choose(self, name: str, label: Any, rows: Iterable[Any]) -> None:
        found = [
            (str(row.goal_id), _goal_in_a_list(row))
            if isinstance(row, PlannedGoal)
            else (str(row.pk), str(row))
            for row in rows
        ]
        if found:
            self.fields[name] = forms.MultipleChoiceField(
                label=label, choices=found, required=False, widget=forms.CheckboxSelectMultiple
            )

    def _add_promises(self) -> None:
        for n in range(1, PROMISES + 1):
            self.fields[f"promise_{n}"] = _text(_("Promise %(n)s") % {"n": n}, 2, required=False)
            self.fields[f"promise_party_{n}"] = forms.ChoiceField(
                label=_("Who promises"), choices=Party.choices, initial=Party.UNIVERSITY
            )
            self.fields[f"promise_by_{n}"] = DayField(label=_("By"), required=False)

    def _add_tasks(self) -> None:
        for n in range(1, TASKS + 1):
            self.fields[f"task_{n}"] = _text(_("Task %(n)s") % {"n": n}, 2, required=False)
            if len(self.units) > 1:
                self.fields[f"task_unit_{n}"] = forms.ChoiceField(
                    label=_("For"),
                    choices=[("", _("the units of the visit")), *_choices(self.units)],
                    required=False,
                )

    @property
    def promise_rows(self) -> Iterator[list[forms.BoundField]]:
        for n in range(1, PROMISES + 1):
            yield [self[f"promise_{n}"], self[f"promise_party_{n}"], self[f"promise_by_{n}"]]

    @property
    def task_rows(self) -> Iterator[list[forms.BoundField]]:
        for n in range(1, TASKS + 1):
            names = (f"task_{n}", f"task_unit_{n}")
            yield [self[name] for name in names if name in self.fields]

    def said(self) -> Log:
        """What the actions are given."""
        data = self.cleaned_data
        units = data["units"]
        return Log(
            text=data["log"],
            next_steps=data["next_steps"],
            units=units,
            interventions=[self.interventions[key] for key in data.get("interventions", [])],
            goals=[self.goals[key] for key in data.get("goals", [])],
            promises=[
                PromiseMade(Party(data[f"promise_party_{n}"]), what, data[f"promise_by_{n}"])
                for n in range(1, PROMISES + 1)
                if (what := data[f"promise_{n}"])
            ],
            tasks=[
                TaskGiven(unit, text)
                for n in range(1, TASKS + 1)
                if (text := data[f"task_{n}"])
                for unit in self._units_of(data.get(f"task_unit_{n}"), units)
            ],
            details={
                name: data[name] for name in ("kind", "form", "duration_minutes", "participants")
            },
            share=data["share"],
        )

    def _units_of(self, key: str | None, visited: list[Unit]) -> list[Unit]:
        return [self.units[key]] if key else visited


def _choices(known: dict[str, Unit]) -> list[tuple[str, str]]:
    return [(key, unit.name) for key, unit in known.items()]


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
