"""The points of a meeting, what each party brings, and what is kept of it."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from meetings.actions import Kept, PromiseMade
from meetings.models import AgendaPoint, LearningAnswer, MeetingParticipant
from organisations.models import Party, User
from organisations.prose import LineInput, ProseInput
from sbs_workflow.widgets import DayField
from sbs_workflow.writing import TogetherForm

PROMISES = 3  # lines at a time; saving gives new ones


class PointForm(TogetherForm):
    title = LineInput(label=_("Point"), max_length=200)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
    )
    owner_party = forms.ChoiceField(
        label=_("Who leads it"), choices=[("", _("nobody yet")), *Party.choices], required=False
    )

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "minutes", "owner_party")}


class PreparationForm(TogetherForm):
    text = ProseInput(
        label=_("What do you want to bring up?"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One line is enough. All who are in the meeting read it."),
    )


class NotesForm(TogetherForm):
    """What came of each point, and below it what is decided, promised and to be changed."""

    decisions = ProseInput(
        label=_("Decisions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line."),
    )
    change = ProseInput(
        label=_("What should change in the agreement, and why?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It becomes a draft of a new version once the minutes are written."),
    )

    def __init__(
        self,
        *args: Any,
        points: Sequence[AgendaPoint],
        participants: Sequence[MeetingParticipant],
        initial: dict[str, Any],
        **kwargs: Any,
    ) -> None:
        outcomes = {f"outcome_{point.pk}": point.outcome for point in points}
        super().__init__(*args, initial=initial | outcomes, **kwargs)
        self.points = points
        self.people = {str(each.user_id): each for each in participants}
        for point in points:
            self.fields[f"outcome_{point.pk}"] = ProseInput(
                label=_("What came of it?"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        for n in range(1, PROMISES + 1):
            self._add_promise(n)
        # What is stored of them has fields only now.
        for name in outcomes:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def _add_promise(self, n: int) -> None:
        people = [(key, str(each.user)) for key, each in self.people.items()]
        self.fields[f"promise_{n}"] = ProseInput(
            label=_("Promise"), required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        self.fields[f"promise_party_{n}"] = forms.ChoiceField(
            label=_("Who promises"), choices=Party.choices, initial=Party.ORGANISER
        )
        self.fields[f"promise_person_{n}"] = forms.ChoiceField(
            label=_("Who sees to it"), choices=[("", _("the party")), *people], required=False
        )
        self.fields[f"promise_by_{n}"] = DayField(label=_("By"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in range(1, PROMISES + 1):
            person = self.people.get(data.get(f"promise_person_{n}", ""))
            if person and person.party != data.get(f"promise_party_{n}"):
                self.add_error(f"promise_person_{n}", _("The person comes for another party."))
        return data

    @property
    def point_rows(self) -> Iterator[tuple[AgendaPoint, forms.BoundField]]:
        for point in self.points:
            yield point, self[f"outcome_{point.pk}"]

    @property
    def promise_rows(self) -> Iterator[list[forms.BoundField]]:
        names = ("promise", "promise_party", "promise_person", "promise_by")
        for n in range(1, PROMISES + 1):
            yield [self[f"{name}_{n}"] for name in names]

    def said(self) -> Kept:
        """What ``keep_notes`` is given."""
        data = self.cleaned_data
        lines = (line.strip() for line in data["decisions"].splitlines())
        return Kept(
            outcomes={point.pk: data[f"outcome_{point.pk}"] for point in self.points},
            decisions=[line for line in lines if line],
            promises=[
                PromiseMade(
                    party=Party(data[f"promise_party_{n}"]),
                    what=data[f"promise_{n}"],
                    person=self._person(data[f"promise_person_{n}"]),
                    due_on=data[f"promise_by_{n}"],
                )
                for n in range(1, PROMISES + 1)
                if data[f"promise_{n}"]
            ],
            change=data["change"],
        )

    def _person(self, key: str) -> User | None:
        return self.people[key].user if key else None


class ConfirmForm(forms.Form):
    seen_state = forms.CharField(widget=forms.HiddenInput)


class ChangeForm(forms.Form):
    because = ProseInput(
        label=_("What came of it?"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example the version that it is part of, or why all stays as it is."),
    )


class LearningForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Was it an occasion for learning?"),
        choices=LearningAnswer.Answer.choices,
        widget=forms.RadioSelect,
    )
    word = ProseInput(
        label=_("What did you learn, or miss?"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only those who were in the meeting read it."),
    )
