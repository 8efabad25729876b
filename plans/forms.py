"""Writing the documents of the units."""

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import ActionPlan, SituationAnalysis

PARTICIPANTS_HINT = _("Groups and ways, such as a workshop with all staff. No names.")


class AnalysisForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SituationAnalysis
        fields = ("text", "views_of_children", "participants")
        labels = {"text": _("Problems, causes and what they build on")}
        help_texts = {
            "text": _(
                "What do results and other evidence show, and why is it so? No names of children."
            ),
            "views_of_children": _(
                "What do the children or pupils say themselves, and how did you ask?"
            ),
            "participants": PARTICIPANTS_HINT,
        }


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ActionPlan
        fields = ("text", "follow_up", "participants")
        labels = {"text": _("Problems, causes, goals and expected effects")}
        help_texts = {
            "text": _("Write a goal for each problem, and the effect you expect to see."),
            "follow_up": _("What will you look at, when, and who does it?"),
            "participants": PARTICIPANTS_HINT,
        }


class RevisionForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the plan revised?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The adopted version stays in force until the new one is adopted."),
    )
