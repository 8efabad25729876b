"""Writing a sammanfattande analys."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.prose import LineInput, ProseInput
from reports.models import PASSAGE_LENGTH, CollaborationSynthesis
from sbs_workflow.writing import TogetherForm


class SynthesisForm(TogetherForm, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = CollaborationSynthesis
        fields = ("introduction", "conclusion")
        labels = {"introduction": _("Introduction"), "conclusion": _("Work that goes on")}
        help_texts = {
            "introduction": _("What have you done together, and what do you want to tell of?"),
            "conclusion": _("What goes on, what is watched over, and who answers for it?"),
        }


class PassageForm(TogetherForm):
    """The words of one section. ``search`` is stored nowhere: it finds sentences to choose."""

    text = ProseInput(
        label=_("In your own words"),
        required=False,
        max_length=PASSAGE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    search = LineInput(label=_("Search in all final reports"), required=False, max_length=200)

    def __init__(self, *args: Any, stored: str, searched: str, **options: Any) -> None:
        super().__init__(*args, initial={"text": stored}, **options)
        self.fields["search"].initial = searched
