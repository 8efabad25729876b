"""Asking which times suit, and answering."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.forms.booking import TIME_FIELDS, USUAL_HOURS, offer_people, read_time
from meetings.models import Meeting, PollAnswer, ProposedTime
from meetings.models.poll import FEWEST_TIMES, MOST_TIMES
from notifications.clock import local_date
from notifications.working_days import add_working_days
from organisations.models import User
from sbs_workflow.queries import Person
from sbs_workflow.widgets import ClockInput, DayField

ROWS_SEEN_AT_FIRST = 4
USUAL_DAYS_TO_ANSWER = 5  # working days


class PollForm(forms.Form):
    """Rows of day, beginning and end; a row without a day is left out."""

    seen_state = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, now: datetime, meeting: Meeting, people: list[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["seen_state"].initial = meeting.as_seen
        for number in range(1, MOST_TIMES + 1):
            self._add_row(f"_{number}", is_required=number <= FEWEST_TIMES)
        self.fields["answers_by"] = DayField(
            label=_("Last day to answer"),
            initial=add_working_days(local_date(now), USUAL_DAYS_TO_ANSWER),
            help_text=_("Before the first of the times."),
        )
        self.fields["participants"] = forms.MultipleChoiceField(
            label=_("Whom do you ask?"), widget=forms.CheckboxSelectMultiple
        )
        offer_people(self, people, meeting)

    def _add_row(self, row: str, *, is_required: bool) -> None:
        labels = (_("Day"), _("From"), _("To"))
        starts, ends = USUAL_HOURS
        self.fields[f"day{row}"] = DayField(label=labels[0], required=is_required)
        for name, label, usual in (("starts", labels[1], starts), ("ends", labels[2], ends)):
            self.fields[f"{name}{row}"] = forms.TimeField(
                label=label, widget=ClockInput, initial=usual, required=is_required
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.times: list[tuple[datetime, datetime]] = []
        for number in range(1, MOST_TIMES + 1):
            self._clean_row(f"_{number}")
        answers_by = data.get("answers_by")
        if answers_by and answers_by < local_date(self.now):
            self.add_error("answers_by", _("Choose a day that has not passed."))
        elif answers_by and any(local_date(starts) <= answers_by for starts, _ends in self.times):
            self.add_error("answers_by", _("Choose a day before the first of the times."))
        return data

    def _clean_row(self, row: str) -> None:
        if self.cleaned_data.get(f"day{row}"):
            for name in ("starts", "ends"):
                if name + row in self.cleaned_data and self.cleaned_data[name + row] is None:
                    self.add_error(name + row, _("Fill in the hour too."))
        time = read_time(self, self.now, row)
        if time in self.times:
            self.add_error(f"day{row}", _("This time is in the list already."))
        elif time:
            self.times.append(time)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of each time, for the page."""
        return [
            {"number": number, "fields": [self[f"{name}_{number}"] for name in TIME_FIELDS]}
            for number in range(1, MOST_TIMES + 1)
        ]

    @property
    def first_rows(self) -> list[dict[str, Any]]:
        return self.rows[:ROWS_SEEN_AT_FIRST]

    @property
    def more_rows(self) -> list[dict[str, Any]]:
        return self.rows[ROWS_SEEN_AT_FIRST:]

    @property
    def uses_more_rows(self) -> bool:
        return any(row["fields"][0].value() for row in self.more_rows)

    def users(self) -> list[User]:
        return list(User.objects.filter(pk__in=self.cleaned_data["participants"]))


class AnswersForm(forms.Form):
    """One question for each time; what was answered before is filled in."""

    def __init__(
        self, *args: Any, times: list[ProposedTime], given: dict[UUID, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.times = times
        for time in times:
            self.fields[f"time_{time.pk}"] = forms.ChoiceField(
                label=str(time),
                choices=PollAnswer.Answer.choices,
                widget=forms.RadioSelect,
                initial=given.get(time.pk),
                error_messages={"required": _("Say whether this time suits you.")},
            )

    def answers(self) -> dict[UUID, str]:
        return {time.pk: self.cleaned_data[f"time_{time.pk}"] for time in self.times}
