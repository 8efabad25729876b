"""What a meeting is about: its points, each with its time, its owner and what came of it."""

import uuid
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting
from organisations.models import Party, User
from organisations.prose import LineField, ProseField
from sbs_workflow.models import Collaboration

TAKES_UP_POINTS = (
    Meeting.State.NEEDED,
    Meeting.State.PROPOSED,
    Meeting.State.BOOKED,
    Meeting.State.HELD,
)


class MeetingPartQuerySet(models.QuerySet["AgendaPoint"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user))

    def settled_by(self, day: Any) -> Self:
        """Those that are dealt with, or that a meeting takes up by that day.

        ``day`` is a date, or an expression for one. A meeting without a time counts by when it is
        to be held, and one that did not come about does not count.
        """
        in_time = Q(meeting__starts_at__date__lte=day) | Q(
            meeting__starts_at=None, meeting__due_on__lte=day
        )
        waits = Q(state=PointState.OPEN, meeting__state__in=TAKES_UP_POINTS)
        return self.filter(Q(state=PointState.DEALT_WITH) | waits & in_time)


class PointState(models.TextChoices):
    OPEN = "open", _("To talk about")
    DEALT_WITH = "dealt_with", _("Dealt with")
    SENT_ON = "sent_on", _("Sent to next time")


class AgendaPoint(models.Model):
    """One point of a meeting; who changes it need not be the one who runs the meeting."""

    State = PointState
    path_to_document = "meeting"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField(_("place"))
    title = LineField(_("point"), max_length=200)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
    )
    owner_party = models.CharField(
        _("who leads it"), max_length=20, choices=Party.choices, blank=True
    )
    # Something of a house above, such as a report, that waits for what comes of the point.
    about = models.UUIDField(null=True, blank=True, editable=False, db_index=True)
    outcome = ProseField(_("what came of it"), blank=True)
    state = models.CharField(max_length=20, choices=PointState.choices, default=PointState.OPEN)
    # What it became at the next meeting of the kind.
    sent_on_to = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="came_from"
    )

    objects = MeetingPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda point")
        verbose_name_plural = _("agenda points")
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(name="agenda_point_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="agenda_point_state_known", condition=Q(state__in=PointState.values)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()

    @property
    def collaboration(self) -> Collaboration:
        return self.meeting.collaboration
