"""Writing the documents of the units, and setting colours."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.prose import ProseInput
from plans.models import (
    ActionPlan,
    Cause,
    Evidence,
    GoalRating,
    PlannedGoal,
    Problem,
    SituationAnalysis,
)
from plans.wording import DEVELOPMENT_AREAS, wording_for
from sbs_workflow.widgets import DayField, Suggestions
from sbs_workflow.writing import TogetherForm

PARTICIPANTS_HINT = _("Groups and ways, such as a workshop with all staff. No names.")
NEW_CAUSES = 2


class AnalysisForm(TogetherForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SituationAnalysis
        fields = ("text", "views_of_children", "participants", "priorities")
        help_texts = {
            "text": _(
                "What do results and other evidence show, briefly? The problems stand above."
            ),
            "participants": PARTICIPANTS_HINT,
            "priorities": _("One a line, the most important first."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wording = wording_for(self.instance.unit)
        self.fields["views_of_children"].label = wording.views_of_children
        self.fields["views_of_children"].help_text = wording.views_of_children_hint


class ProblemForm(TogetherForm, forms.Form):
    """A problem and its causes on one page: an emptied cause is taken away."""

    text = ProseInput(label=_("The problem"), widget=forms.Textarea(attrs={"rows": 3}))
    development_area = ProseInput(label=_("Development area"), max_length=200, required=False)

    def __init__(
        self, *args: Any, analysis: SituationAnalysis, problem: Problem | None, **kwargs: Any
    ) -> None:
        self.known = {f"cause_{c.pk}": c for c in problem.causes.all()} if problem else {}
        initial = {name: cause.text for name, cause in self.known.items()}
        if problem:
            initial |= {"text": problem.text, "development_area": problem.development_area}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["text"].help_text = wording_for(analysis.unit).problem_hint
        self.fields["development_area"].widget = Suggestions(
            [*analysis.prioritised_areas, *DEVELOPMENT_AREAS]
        )
        for name, cause in self.known.items():
            self.fields[name] = self._cause_field(_("Cause %(n)s") % {"n": cause.number})
            self.fields[name].help_text = _("Empty the box to take the cause away.")
        self.new = [f"new_cause_{n}" for n in range(1, NEW_CAUSES + 1)]
        for name in self.new:
            self.fields[name] = self._cause_field(_("Another cause"))
        if not self.known:
            first = self.fields[self.new[0]]
            first.label, first.help_text = _("Cause"), _("Why is it so? One cause in each box.")

    @staticmethod
    def _cause_field(label: Any) -> ProseInput:
        return ProseInput(label=label, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def said(self) -> dict[str, Any]:
        """What ``write_problem`` is given."""
        causes: list[tuple[Cause | None, str]] = [
            (cause, self.cleaned_data[name]) for name, cause in self.known.items()
        ]
        causes += [(None, self.cleaned_data[name]) for name in self.new]
        return {
            "text": self.cleaned_data["text"],
            "development_area": self.cleaned_data["development_area"],
            "causes": causes,
        }


class EvidenceForm(TogetherForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Evidence
        fields = ("text", "kind", "voice", "noted_on", "cause")
        field_classes = {"noted_on": DayField}
        widgets = {"kind": forms.RadioSelect, "voice": forms.RadioSelect}
        labels = {"cause": _("Speaks for"), "noted_on": _("When it was noted")}
        help_texts = {"text": _("No names, and nothing that points out a single child.")}

    def __init__(self, *args: Any, problem: Problem, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("kind", "voice"):
            self.fields[name].choices = self.fields[name].choices[1:]  # type: ignore[attr-defined]
        causes: Any = self.fields["cause"]
        causes.queryset = problem.causes.all()
        causes.empty_label = _("the problem itself")

    def clean_noted_on(self) -> date:
        day: date = self.cleaned_data["noted_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class PlanForm(TogetherForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ActionPlan
        fields = ("text", "follow_up", "participants")
        help_texts = {
            "text": _("Other development work going on, and what the plan rests on."),
            "follow_up": _("When and where do you look at the plan as a whole?"),
            "participants": PARTICIPANTS_HINT,
        }


class GoalForm(TogetherForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = PlannedGoal
        fields = (
            "problem",
            "causes",
            "text",
            "short_term_effect",
            "long_term_effect",
            "measure",
            "baseline",
            "target",
            "follow_up_on",
            "follow_up_by",
        )
        field_classes = {"follow_up_on": DayField}
        widgets = {
            "causes": forms.CheckboxSelectMultiple,
            **{
                name: forms.Textarea(attrs={"rows": 3})
                for name in PlannedGoal.TEXTS
                if name != "follow_up_by"
            },
        }
        labels = {
            "problem": _("Problem"),
            "causes": _("Causes that the goal is to change"),
            "text": _("The goal"),
        }
        help_texts = {
            "text": _("What will be different? One sentence is enough."),
            "baseline": _("So that a change can be seen."),
            "follow_up_by": _("A function, such as the management team."),
        }

    def __init__(
        self, *args: Any, plan: ActionPlan, problems: Sequence[Problem], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        wording = wording_for(plan.unit)
        for name, term in (("short_term_effect", _("soon")), ("long_term_effect", _("long term"))):
            self.fields[name].label = f"{wording.effect_question}, {term}"
        self.fields["short_term_effect"].help_text = wording.effect_hint
        self.fields["measure"].help_text = wording.measure_hint
        choice: Any = self.fields["problem"]
        choice.queryset = Problem.objects.filter(pk__in=[problem.pk for problem in problems])
        choice.label_from_instance = lambda problem: f"{problem.number}. {problem.text[:100]}"
        choice.empty_label = None
        causes: Any = self.fields["causes"]
        causes.queryset = Cause.objects.filter(problem__in=problems).select_related("problem")
        causes.label_from_instance = lambda cause: f"{cause.problem.number}. {cause.text}"


class RevisionForm(forms.Form):
    reason = ProseInput(
        label=_("Why is the plan revised?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The adopted version stays in force until the new one is adopted."),
    )


class RatingForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = GoalRating
        fields = ("level", "justification", "evidence_kind", "evidence")
        widgets = {
            "level": forms.RadioSelect,
            "justification": forms.Textarea(attrs={"rows": 3}),
            "evidence": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {"level": _("How far has it come?"), "justification": _("What do you see?")}
        help_texts = {
            "justification": _("A sentence or two. Red means started, and never failure."),
            "evidence": _("May be left out. No names of children."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level: Any = self.fields["level"]
        level.choices = level.choices[1:]
        kind: Any = self.fields["evidence_kind"]
        kind.choices = [("", _("Nothing chosen")), *kind.choices[1:]]
