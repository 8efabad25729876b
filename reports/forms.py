"""Writing a report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import Report
from sbs_workflow.writing import TogetherForm


class ReportForm(TogetherForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Report
        fields = ("text",)
        labels = {"text": _("What we did, what we see and what we have learnt")}
        help_texts = {
            "text": _(
                "Insats by insats: visible improvements, goals not reached and why,"
                " effects, lessons. No names of children."
            )
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 18})}
