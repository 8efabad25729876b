"""Trepartsavstämning, tvåpartssamtal, förväntanssamtal and introduction (domain.md 2.12)."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import transition

from meetings.models.kinds import MeetingKind
from meetings.models.rules import USUAL
from meetings.permissions import can_approve_minutes, can_run_meeting
from notifications.working_days import add_working_days
from organisations.models import Party
from organisations.prose import LineField, ProseField
from sbs_workflow.models import (
    Collaboration,
    StateField,
    WorkflowModel,
    WorkflowQuerySet,
    state_constraint,
    step,
)
from sbs_workflow.permissions import time_itself

MINUTES_WITHIN = 5  # working days, domain.md 2.12
SILENCE_APPROVES_AFTER = 10  # working days, domain.md 2.12


class MeetingState(models.TextChoices):
    NEEDED = "needed", _("To be booked")
    PROPOSED = "proposed", _("Times proposed")
    BOOKED = "booked", _("Booked")
    HELD = "held", _("Held")
    NOT_QUORATE = "not_quorate", _("Held without all parties")
    MINUTED = "minuted", _("Minutes written")
    APPROVED = "approved", _("Minutes confirmed")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


class Meeting(WorkflowModel):
    machine_slug = "mote"
    State = MeetingState
    Kind = MeetingKind

    class Form(models.TextChoices):
        ON_SITE = "on_site", _("On site")
        DIGITAL = "digital", _("Digital")

    # It took place with all required parties, whatever became of the minutes.
    WAS_HELD: ClassVar[tuple[MeetingState, ...]] = (State.HELD, State.MINUTED, State.APPROVED)
    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="meetings"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MeetingKind.choices)
    state = StateField(_("state"), choices=MeetingState.choices, default=State.NEEDED)
    due_on = models.DateField(_("due"), null=True, blank=True)
    # What the rule of its kind said when it was called, where that is not the usual.
    initiator = models.CharField(
        _("who calls it"), max_length=20, choices=Party.choices, blank=True, editable=False
    )
    required = models.JSONField(_("who must be there"), default=list, blank=True, editable=False)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    form = models.CharField(_("form"), max_length=20, choices=Form.choices, blank=True)
    place = LineField(_("place or link"), max_length=300, blank=True)
    # Calendars replace what they know by what has a higher number (RFC 5545, 3.8.7.4).
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    minutes = ProseField(pgettext_lazy("meeting", "minutes"), blank=True, max_length=20_000)
    minuted_on = models.DateField(_("minutes written on"), null=True, blank=True)
    no_next_because = ProseField(_("why no next one is needed"), blank=True)

    objects = WorkflowQuerySet.as_manager()

    class Meta(WorkflowModel.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            state_constraint("meeting", MeetingState),
            models.CheckConstraint(
                name="meeting_kind_known", condition=Q(kind__in=MeetingKind.values)
            ),
            models.CheckConstraint(
                name="meeting_end_after_start",
                condition=Q(starts_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="meeting_booked_has_time",
                condition=Q(state__in=["needed", "proposed", "cancelled"])
                | Q(starts_at__isnull=False),
            ),
            # The missing meeting is one row, so that it is owed once (house.md 5).
            models.UniqueConstraint(
                fields=["collaboration", "kind"],
                condition=Q(state="needed"),
                name="one_needed_meeting_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "kind", "due_on"],
                name="meeting_due",
                condition=Q(due_on__isnull=False),
            ),
            models.Index(fields=["collaboration", "starts_at"], name="meeting_of_collaboration"),
        ]

    def __str__(self) -> str:
        label = str(self.get_kind_display())
        if self.starts_at is None:
            return label
        return f"{label} {date_format(timezone.localtime(self.starts_at), 'j F Y')}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting", args=[self.pk])

    @property
    def as_seen(self) -> str:
        """A booked meeting can be moved and is still booked."""
        return f"{self.state} {self.sequence}"

    @property
    def held_on(self) -> date | None:
        return timezone.localtime(self.starts_at).date() if self.starts_at else None

    @property
    def may_agree_on_colours(self) -> bool:
        """All three were there, and the minutes are not confirmed yet."""
        all_three = len(self.required_parties) == len(Party)
        return all_three and self.state in (self.State.HELD, self.State.MINUTED)

    @property
    def required_parties(self) -> tuple[Party, ...]:
        """Who must be there for the meeting to count (KAU 2018)."""
        return tuple(Party(each) for each in self.required) or USUAL[self.kind].required

    @property
    def called_by(self) -> Party:
        """The party that calls the meeting and writes its minutes."""
        return Party(self.initiator or USUAL[self.kind].initiator)

    @property
    def confirming_parties(self) -> tuple[Party, ...]:
        """Those who were not the ones to write the minutes say whether they are right."""
        return tuple(party for party in self.required_parties if party != self.called_by)

    @property
    def has_minutes(self) -> bool:
        """Until they are written, ``minutes`` are a proposal made of what was kept."""
        written = (self.State.MINUTED, self.State.APPROVED)
        return self.minuted_on is not None or self.state in written

    def _set_time(self, starts_at: datetime, ends_at: datetime) -> None:
        self.starts_at = starts_at
        self.ends_at = ends_at
        self.sequence += 1
        # Once the day has passed somebody owes a word on how it went.
        self.due_on = add_working_days(timezone.localtime(starts_at).date(), 1)

    def _owe_minutes(self) -> None:
        assert self.held_on is not None
        self.due_on = add_working_days(self.held_on, MINUTES_WITHIN)

    @transition(
        field=state,
        source=[State.NEEDED, State.PROPOSED],
        target=State.BOOKED,
        permission=can_run_meeting,
        custom=step(_("Book the meeting"), page="meetings:book"),
    )
    def book(self, *, starts_at: datetime, ends_at: datetime, form: str, place: str) -> None:
        self._set_time(starts_at, ends_at)
        self.form = form
        self.place = place

    @transition(
        field=state,
        source=[State.NEEDED, State.PROPOSED],
        target=State.PROPOSED,
        permission=can_run_meeting,
        custom=step(_("Ask which times suit"), page="meetings:propose"),
    )
    def propose(self) -> None:
        """Taken by ``open_poll``; the meeting is still to be booked, by the day it was owed."""

    @transition(
        field=state,
        source=State.BOOKED,
        target=State.BOOKED,
        permission=can_run_meeting,
        custom=step(_("Move or change the meeting"), page="meetings:reschedule", is_exit=True),
    )
    def reschedule(
        self, *, starts_at: datetime, ends_at: datetime, form: str = "", place: str = ""
    ) -> None:
        """Form and place stay as they are where none is named."""
        self._set_time(starts_at, ends_at)
        self.form = form or self.form
        self.place = place or self.place

    @transition(
        field=state,
        source=State.BOOKED,
        target=State.HELD,
        permission=can_run_meeting,
        custom=step(_("Record who came"), page="meetings:hold"),
    )
    def hold(self, *, no_next_because: str = "") -> None:
        """Taken by ``hold_meeting`` when every required party was there."""
        self.no_next_because = no_next_because
        self._owe_minutes()

    @transition(
        field=state,
        source=State.BOOKED,
        target=State.NOT_QUORATE,
        permission=can_run_meeting,
        custom=step(_("Record that a party was missing"), offered=False),
    )
    def hold_without_quorum(self) -> None:
        """It is kept as what it was, and the meeting is still owed."""
        self.due_on = None

    @transition(
        field=state,
        source=State.HELD,
        target=State.MINUTED,
        permission=can_run_meeting,
        custom=step(_("Write the minutes"), inputs=("minutes",), stamps=("minuted_on",)),
    )
    def write_minutes(self, *, minutes: str, minuted_on: date) -> None:
        self.minutes = minutes
        self.minuted_on = minuted_on
        self.due_on = add_working_days(minuted_on, SILENCE_APPROVES_AFTER)

    @transition(
        field=state,
        source=State.MINUTED,
        target=State.HELD,
        permission=can_approve_minutes,
        custom=step(
            _("Ask for a correction"),
            needs_reason=True,
            reason_label=_("What needs to be corrected?"),
            is_exit=True,
        ),
    )
    def ask_for_correction(self) -> None:
        """The minutes go back to whoever wrote them, and are due as before."""
        self._owe_minutes()

    @transition(
        field=state,
        source=State.MINUTED,
        target=State.APPROVED,
        permission=can_approve_minutes,
        custom=step(_("Confirm the minutes"), page="meetings:confirm"),
    )
    def approve(self) -> None:
        """Taken by ``confirm_minutes`` when every other party has confirmed them."""
        self.due_on = None

    @transition(
        field=state,
        source=State.MINUTED,
        target=State.APPROVED,
        permission=time_itself,
        custom=step(_("The minutes stand: nobody objected")),
    )
    def approve_by_silence(self) -> None:
        self.due_on = None

    @transition(
        field=state,
        source=[State.PROPOSED, State.BOOKED],
        target=State.CANCELLED,
        permission=can_run_meeting,
        custom=step(_("Cancel the meeting"), needs_reason=True, is_exit=True),
    )
    def cancel(self) -> None:
        """A meeting that is cancelled is owed again: see ``meetings.effects``."""
        self.due_on = None
        self.sequence += 1


class MeetingParticipant(models.Model):
    """Somebody who is invited to a meeting, for a party, what they answered and whether they came.

    The answer is one to the present invitation: it falls away when the meeting is moved.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("comes")
        TENTATIVE = "tentative", _("comes perhaps")
        DECLINED = "declined", _("does not come")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="meeting_participations"
    )
    party = models.CharField(_("party"), max_length=20, choices=Party.choices)
    answer = models.CharField(
        pgettext_lazy("meeting", "answer"), max_length=20, choices=Answer.choices, blank=True
    )
    # As the person's own calendar says it.
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    came = models.BooleanField(_("came"), null=True, blank=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="invited_once_to_a_meeting"),
            models.CheckConstraint(
                name="answer_to_meeting_has_time",
                condition=Q(answer="") | Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)
