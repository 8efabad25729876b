"""Promises: what a party has said it will do, at a visit or in a meeting, and by when."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisations.models import Party, Role, User
from organisations.prose import ProseField
from sbs_workflow.models.workflow import WorkflowQuerySet
from sbs_workflow.permissions import roles_held


class PromiseQuerySet(WorkflowQuerySet):
    def visible_to(self, user: User) -> Self:
        """One that stands in an unshared log belongs to the party that wrote the log."""
        own = Q()
        for party in Party:
            assigned, organisations, _units = roles_held(user).scopes_of(
                role for role in Role if role.party == party
            )
            here = Q(collaboration__in=assigned) | Q(
                **{f"collaboration__{party}__in": organisations}
            )
            own |= Q(written_by=party) & here
        rows = super().visible_to(user).select_related("person")
        return rows.filter(Q(is_shared=True) | own)

    def open(self) -> Self:
        return self.filter(settled_on=None)


class Promise(models.Model):
    class Outcome(models.TextChoices):
        KEPT = "kept", _("Kept")
        CHANGED = "changed", pgettext_lazy("promise", "Changed")
        DROPPED = "dropped", _("Dropped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collaboration = models.ForeignKey(
        "sbs_workflow.Collaboration", on_delete=models.PROTECT, related_name="promises"
    )
    # The visit or meeting where it was made.
    made_in = models.UUIDField(editable=False)
    made_on = models.DateField(_("made on"))
    party = models.CharField(_("who promises"), max_length=20, choices=Party.choices)
    # Who sees to it, where one person does.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    what = ProseField(_("what is promised"))
    due_on = models.DateField(_("by"), null=True, blank=True)
    # The party whose log or minutes it stands in, and whether the others may read it.
    written_by = models.CharField(max_length=20, choices=Party.choices)
    is_shared = models.BooleanField(default=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True)
    word = ProseField(_("a word about it"), blank=True)
    # What was promised before, where this is the same promise in new words or to a new day.
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ("due_on", "made_on", "id")
        constraints = [
            models.CheckConstraint(name="promise_says_something", condition=~Q(what="")),
            models.CheckConstraint(
                name="promise_settled_has_outcome",
                condition=Q(settled_on__isnull=True, outcome="")
                | Q(settled_on__isnull=False, outcome__in=["kept", "changed", "dropped"]),
            ),
        ]
        indexes = [models.Index(fields=["collaboration", "made_in"], name="promise_made_in")]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        """It has no page of its own: it stands in the case."""
        return self.collaboration.get_absolute_url()

    @property
    def collaboration_key(self) -> uuid.UUID:
        return self.collaboration_id

    @property
    def unit_keys(self) -> list[uuid.UUID]:
        """Whoever works in a unit that takes part has a say too."""
        present = self.collaboration.participations.filter(left_on=None)
        return list(present.values_list("unit", flat=True))

    @property
    def party_label(self) -> str:
        return str(self.get_party_display())

    @property
    def is_open(self) -> bool:
        return self.settled_on is None
