"""Invitations: a role that waits for the person it is meant for."""

import uuid
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.models.people import Organisation, Role, Unit, User, role_label
from organisations.prose import LineField


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> Self:
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)

    def waiting(self) -> Self:
        """Those that nobody has answered or withdrawn, run out or not."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """One role for whoever has the letter: good once, for a while, until it is revoked.

    Only a digest of the key in the letter is kept, so that nobody who reads the database can
    accept for others.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Invitation accepted")
        REVOKED = "revoked", _("Invitation withdrawn")
        EXPIRED = "expired", _("Invitation has run out")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"))
    name = LineField(_("name"), max_length=150)
    # On whose behalf: the organisation that the role belongs to.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations"
    )
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), on_delete=models.PROTECT, null=True, blank=True
    )
    # What a role of an upper house is held in, such as a collaboration, and its name as written
    # in the letter; this house knows no more of it.
    scope_id = models.UUIDField(null=True, blank=True)
    scope_name = LineField(max_length=200, blank=True)
    is_deputy = models.BooleanField(_("deputy"), default=False)
    starts_on = models.DateField(_("from"))

    key_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-invited_at",)
        constraints = [
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_revoked_or_accepted",
                condition=Q(revoked_at__isnull=True) | Q(accepted_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.role_text}"

    @property
    def role_text(self) -> str:
        """The role and where it is held, as people say it."""
        where = self.unit.name if self.unit else self.scope_name or self.organisation.name
        return f"{role_label(self.role, is_deputy=self.is_deputy)}, {where}"

    def state(self, now: datetime) -> State:
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.OPEN if self.expires_at > now else self.State.EXPIRED

    def first_day(self, today: date) -> date:
        """A role that waited longer than it was meant to begins on the day of the answer."""
        return max(self.starts_on, today)
