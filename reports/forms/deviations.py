"""Where the avsteg of an accepted report are taken up."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting
from reports.actions import Where


class TakeUpForm(forms.Form):
    where = forms.ChoiceField(label=_("Where is it taken up?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, meeting: Meeting | None, by_when: str, **options: Any) -> None:
        super().__init__(*args, **options)
        choices: list[tuple[str, Any]] = []
        if meeting is not None:
            choices.append((Where.MEETING.value, _about(meeting)))
        choices.append((Where.AMENDMENT.value, _("As a new version of the agreement, at once")))
        where: Any = self.fields["where"]
        where.choices = choices
        where.initial = choices[0][0]
        where.help_text = by_when


def _about(meeting: Meeting) -> Any:
    if meeting.starts_at is None:
        return _("As a point of the next three-party meeting, which has no time yet")
    day = date_format(localtime(meeting.starts_at), "j F Y")
    return _("As a point of the three-party meeting on %(day)s") % {"day": day}
