"""Booking, moving and holding a meeting."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models import Meeting
from meetings.queries.guests import busy
from notifications.working_days import next_working_day
from organisations.models import Role, User
from organisations.prose import LineInput, ProseInput
from plans.models import Level, PlannedGoal
from plans.queries import GoalColours
from sbs_workflow.queries import Person
from sbs_workflow.widgets import ClockInput, DayField

# Those who stand for their party in most meetings; the rest are a tick away.
USUALLY_INVITED = (
    Role.PROCESS_SUPPORTER,
    Role.HEAD_OF_AUTHORITY,
    Role.COORDINATOR,
    Role.TEAM_LEADER,
)
USUAL_HOURS = (time(9, 0), time(10, 30))
TIME_FIELDS = ("day", "starts", "ends")


class TimeForm(forms.Form):
    """A day, a beginning and an end; gives ``starts_at`` and ``ends_at`` in Swedish time."""

    seen_state = forms.CharField(widget=forms.HiddenInput)
    day = DayField(label=_("Day"))
    starts = forms.TimeField(label=_("From"), widget=ClockInput)
    ends = forms.TimeField(label=_("To"), widget=ClockInput)

    def __init__(self, *args: Any, now: datetime, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["seen_state"].initial = meeting.as_seen
        self.fields["starts"].initial, self.fields["ends"].initial = USUAL_HOURS
        if meeting.starts_at and meeting.ends_at:
            self.fields["day"].initial = timezone.localtime(meeting.starts_at).date()
            self.fields["starts"].initial = timezone.localtime(meeting.starts_at).time()
            self.fields["ends"].initial = timezone.localtime(meeting.ends_at).time()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if time := read_time(self, self.now):
            data["starts_at"], data["ends_at"] = time
        return data

    def times(self) -> dict[str, datetime]:
        return {name: self.cleaned_data[name] for name in ("starts_at", "ends_at")}


def read_time(form: forms.Form, now: datetime, row: str = "") -> tuple[datetime, datetime] | None:
    """The beginning and the end that a form's ``day``, ``starts`` and ``ends`` say, aware.

    None when one of them is missing or wrong, which is then said beside it. ``row`` is what the
    names of the fields end with, in a form with several times.
    """
    day, starts, ends = (form.cleaned_data.get(f"{name}{row}") for name in TIME_FIELDS)
    if day is None or starts is None or ends is None:
        return None
    if ends <= starts:
        form.add_error(f"ends{row}", _("The meeting must end after it starts."))
        return None
    for name, hour in (("starts", starts), ("ends", ends)):
        if not _exists_once(datetime.combine(day, hour)):
            message = _("The clock is changed at that hour. Choose another time.")
            form.add_error(f"{name}{row}", message)
            return None
    starts_at, ends_at = (timezone.make_aware(datetime.combine(day, h)) for h in (starts, ends))
    if starts_at <= now:
        form.add_error(f"day{row}", _("Choose a time that has not passed."))
        return None
    return starts_at, ends_at


def _exists_once(moment: datetime) -> bool:
    """Not inside the hour that daylight saving skips or repeats."""
    first, second = (timezone.make_aware(moment.replace(fold=fold)) for fold in (0, 1))
    return first.utcoffset() == second.utcoffset()


class BookingForm(TimeForm):
    form = forms.ChoiceField(label=_("Form"), choices=Meeting.Form.choices)
    place = LineInput(
        label=_("Place or link"), max_length=300, help_text=_("A room, an address or a link.")
    )
    participants = forms.MultipleChoiceField(
        label=_("Invited"), widget=forms.CheckboxSelectMultiple
    )
    # Asked for only when somebody is busy.
    anyway = forms.BooleanField(
        label=_("Choose this time anyway"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, people: list[Person], meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, **kwargs)
        self.meeting = meeting
        self.fields["form"].initial = Meeting.Form.DIGITAL
        offer_people(self, people, meeting)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if {"starts_at", "participants"} <= data.keys() and not data["anyway"]:
            self._warn_of_double_booking()
        return data

    def _warn_of_double_booking(self) -> None:
        names = busy(self.users(), **self.times(), besides=self.meeting)
        if names:
            self.fields["anyway"].widget = forms.CheckboxInput()
            warning = _("Already invited to another meeting at this time: %(names)s.")
            self.add_error("anyway", warning % {"names": ", ".join(names)})

    def users(self) -> list[User]:
        return list(User.objects.filter(pk__in=self.cleaned_data["participants"]))


def offer_people(form: forms.Form, people: list[Person], meeting: Meeting) -> None:
    """Those of the parties that must be there, as the choices of the form's ``participants``."""
    field = form.fields["participants"]
    assert isinstance(field, forms.MultipleChoiceField)
    # Somebody with two roles is invited once, in the first of them.
    by_user = {p.user_id: p for p in reversed(people) if p.party in meeting.required_parties}
    candidates = list(reversed(by_user.values()))
    field.choices = [
        (str(p.user_id), f"{p.name}, {p.role_label} ({p.party_label})") for p in candidates
    ]
    field.initial = [str(p.user_id) for p in candidates if p.role in USUALLY_INVITED]
    parties = ", ".join(str(party.label) for party in meeting.required_parties)
    field.help_text = _("At least one from each of: %(parties)s.") % {"parties": parties}


class RescheduleForm(BookingForm):
    reason = ProseInput(
        label=_("Why is it moved or changed?"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, **kwargs)
        self.fields["form"].initial = meeting.form
        self.fields["place"].initial = meeting.place
        invited = meeting.participants.values_list("user", flat=True)
        self.fields["participants"].initial = [str(user) for user in invited]


class AttendanceForm(forms.Form):
    seen_state = forms.CharField(widget=forms.HiddenInput)
    present = forms.MultipleChoiceField(
        label=_("Who came?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("The meeting counts when every party was there."),
    )

    def __init__(
        self, *args: Any, meeting: Meeting, cadence_days: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.fields["seen_state"].initial = meeting.as_seen
        field = self.fields["present"]
        assert isinstance(field, forms.MultipleChoiceField)
        people = meeting.participants.select_related("user").order_by("party", "user__name")
        self.party_of = {str(each.user_id): each.party for each in people}
        field.choices = [
            (str(each.user_id), f"{each.user.name} ({each.get_party_display()})") for each in people
        ]
        field.initial = list(self.party_of)
        if cadence_days and meeting.held_on:
            self._ask_for_the_next(meeting.held_on + timedelta(days=cadence_days))

    def _ask_for_the_next(self, usual: date) -> None:
        """Nobody leaves without a date, or a reason why none is needed."""
        self.fields["next_on"] = DayField(
            label=_("When do you meet next?"),
            required=False,
            initial=next_working_day(usual),
            help_text=_("The next meeting of the kind is to be booked by then."),
        )
        self.fields["no_next_because"] = ProseInput(
            label=_("Or why is no next one needed?"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not {"present", "next_on", "no_next_because"} <= data.keys():
            return data
        came = {self.party_of[key] for key in data["present"]}
        # Without one of the parties it does not count, and is owed again anyhow.
        counts = came.issuperset(self.meeting.required_parties)
        if data["no_next_because"]:
            data["next_on"] = None
        elif data["next_on"] and data["next_on"] <= self.meeting.held_on:
            self.add_error("next_on", _("The next meeting comes after this one."))
        elif counts and not data["next_on"]:
            self.add_error("next_on", _("Write the next date, or why none is needed."))
        return data

    def users(self) -> list[User]:
        return list(User.objects.filter(pk__in=self.cleaned_data["present"]))


class CallForm(forms.Form):
    kind = forms.ChoiceField(label=_("What kind of meeting?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, Meeting.Kind(kind).label) for kind in kinds]


class ColoursForm(forms.Form):
    """The goals of the case; only those that were talked about are filled in."""

    def __init__(
        self,
        *args: Any,
        sayings: Sequence[PlannedGoal],
        colours: Mapping[UUID, GoalColours],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sayings = sayings
        self.colours = colours
        for row in sayings:
            self.fields[f"level_{row.goal_id}"] = forms.ChoiceField(
                label=_("Agreed colour"),
                choices=[("", _("not talked about")), *Level.choices],
                required=False,
            )
            self.fields[f"why_{row.goal_id}"] = ProseInput(
                label=_("What do you see together?"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in self.sayings:
            level, why = f"level_{row.goal_id}", f"why_{row.goal_id}"
            if data.get(level) and not data.get(why) and why in data:
                self.add_error(why, _("Write a sentence about why."))
            if data.get(why) and not data.get(level) and level in data:
                self.add_error(level, _("Choose a colour too."))
        return data

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """Each goal with its colours so far and its two fields."""
        for row in self.sayings:
            yield {
                "saying": row,
                "colours": self.colours.get(row.goal_id, GoalColours()),
                "fields": [self[f"level_{row.goal_id}"], self[f"why_{row.goal_id}"]],
            }

    def agreed(self) -> list[dict[str, Any]]:
        """What ``agree_on_colours`` is given, for each goal that was talked about."""
        return [
            {
                "goal": row.goal,
                "level": level,
                "justification": self.cleaned_data[f"why_{row.goal_id}"],
            }
            for row in self.sayings
            if (level := self.cleaned_data[f"level_{row.goal_id}"])
        ]
