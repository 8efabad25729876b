"""Asking people who share no calendar which times suit them (issue 4; peers.md A11)."""

import uuid
from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from meetings.models.meeting import Meeting
from notifications.clock import local_date, start_of
from notifications.working_days import add_working_days
from organisations.models import Party, User
from sbs_workflow.models import Collaboration

FEWEST_TIMES, MOST_TIMES = 2, 8
# A link is good for one invitation only, and a signature made for anything else is good for none.
SIGNER = signing.Signer(salt="meetings.poll", sep=".")


class TimePoll(models.Model):
    """Several times for a meeting, and the day by which people say which of them suit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="polls")
    answers_by = models.DateField(_("answers by"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    # When those who have not answered are told next.
    remind_on = models.DateField(null=True, blank=True)
    # When whoever asked was told that the answers are in.
    told_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("poll of times")
        verbose_name_plural = _("polls of times")
        ordering = ("-opened_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(closed_at__isnull=True),
                name="one_open_poll_of_a_meeting",
            ),
            models.CheckConstraint(
                name="poll_closed_after_opened",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["answers_by"], name="poll_open", condition=Q(closed_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting}, {self.answers_by}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:times", args=[self.meeting_id])

    def is_open(self, now: datetime) -> bool:
        return self.closed_at is None and local_date(now) <= self.answers_by

    @property
    def closes_at(self) -> datetime:
        return start_of(self.answers_by + timedelta(days=1))

    def next_reminder(self, today: date) -> date | None:
        """Half-way and on the working day before the last; none on the day that it is opened."""
        opened_on = local_date(self.opened_at)
        half_way = opened_on + (self.answers_by - opened_on) / 2
        days = sorted({half_way, add_working_days(self.answers_by, -1)})
        return next((day for day in days if today < day < self.answers_by), None)


class ProposedTime(models.Model):
    """One of the times that people are asked about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(TimePoll, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        verbose_name = _("proposed time")
        verbose_name_plural = _("proposed times")
        ordering = ("starts_at", "ends_at")
        constraints = [
            models.CheckConstraint(
                name="proposed_end_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.UniqueConstraint(
                fields=["poll", "starts_at", "ends_at"], name="time_proposed_once"
            ),
        ]

    def __str__(self) -> str:
        starts, ends = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{date_format(starts, 'l j F Y H:i')}–{date_format(ends, 'H:i')}"


class PollInvitationQuerySet(models.QuerySet["PollInvitation"]):
    def visible_to(self, user: User) -> Self:
        """A person's own, as long as the case is theirs to see."""
        cases = Collaboration.objects.visible_to(user)
        return self.filter(user=user, collaboration__in=cases)

    def of_token(self, token: str) -> Self:
        """The one that a personal link was made for; none when we did not sign the link."""
        try:
            return self.filter(pk=SIGNER.unsign(token))
        except signing.BadSignature:
            return self.none()


class PollInvitation(models.Model):
    """Somebody who is asked, for a party, by a link of their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(TimePoll, on_delete=models.CASCADE, related_name="invitations")
    # As in the meeting: what is owed is found without a join (house.md 5).
    collaboration = models.ForeignKey(Collaboration, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    party = models.CharField(_("party"), max_length=20, choices=Party.choices)
    # By when an answer is owed; empty once it is given or no longer asked for.
    due_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = PollInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about times")
        verbose_name_plural = _("questions about times")
        constraints = [
            models.UniqueConstraint(fields=["poll", "user"], name="asked_once_in_a_poll"),
            models.CheckConstraint(
                name="invitation_party_known", condition=Q(party__in=Party.values)
            ),
            models.CheckConstraint(
                name="answered_is_not_owed",
                condition=Q(answered_at__isnull=True) | Q(due_on__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], name="poll_answer_due", condition=Q(due_on__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return str(self.poll.meeting)

    def get_absolute_url(self) -> str:
        """Behind the log-in; whoever has the link needs none."""
        return reverse("meetings:answer", args=[self.pk])

    @property
    def link(self) -> str:
        """The path that this person answers on without logging in."""
        return reverse("meetings:answer_by_link", args=[SIGNER.sign(self.pk.hex)])


class PollAnswer(models.Model):
    """What one person says of one time."""

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        IF_NEED_BE = "if_need_be", _("If need be")
        NO = "no", _("No")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.ForeignKey(PollInvitation, on_delete=models.CASCADE, related_name="answers")
    time = models.ForeignKey(ProposedTime, on_delete=models.CASCADE, related_name="answers")
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices)

    class Meta:
        verbose_name = _("answer about a time")
        verbose_name_plural = _("answers about times")
        constraints = [
            models.UniqueConstraint(fields=["invitation", "time"], name="one_answer_to_a_time"),
            models.CheckConstraint(
                name="poll_answer_known",
                condition=Q(answer__in=["yes", "if_need_be", "no"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_answer_display())
