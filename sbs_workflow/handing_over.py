"""The form that asks who takes over each role of somebody who leaves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.prose import LineInput
from sbs_workflow.actions import Left
from sbs_workflow.successors import HeldRole

# In place of a successor.
VACANT = "vacant"
IN_EACH_ROW = ("successor", "word")


class TakenOverForm(forms.Form):
    """For each role a successor, or a word about what happens while there is none."""

    def __init__(self, *args: Any, roles: Sequence[HeldRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles
        for role in roles:
            choices = [(str(user.pk), user.name) for user in role.candidates]
            self.fields[f"successor_{role.held.pk}"] = forms.ChoiceField(
                label=_("Who takes over?"),
                choices=[("", _("Choose")), (VACANT, _("Nobody yet")), *choices],
            )
            self.fields[f"word_{role.held.pk}"] = LineInput(
                label=_("What happens meanwhile?"),
                max_length=500,
                required=False,
                help_text=_("Only where nobody takes over yet."),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for role in self.roles:
            word = f"word_{role.held.pk}"
            if data.get(f"successor_{role.held.pk}") == VACANT and not data.get(word, "given"):
                self.add_error(word, _("Say what happens meanwhile."))
        return data

    def left(self) -> list[Left]:
        """Each role with who takes it over, or with the word where nobody does."""
        return [self._left(role) for role in self.roles]

    def _left(self, role: HeldRole) -> Left:
        chosen = self.cleaned_data[f"successor_{role.held.pk}"]
        if chosen == VACANT:
            return Left(role.held, word=self.cleaned_data[f"word_{role.held.pk}"])
        successor = next(user for user in role.candidates if str(user.pk) == chosen)
        return Left(role.held, successor)

    def rows(self) -> list[dict[str, Any]]:
        """Each role with its two fields."""
        return [
            {"role": role, "fields": [self[f"{name}_{role.held.pk}"] for name in IN_EACH_ROW]}
            for role in self.roles
        ]
