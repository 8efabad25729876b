"""Who changed what, who read what, and the chain that shows if anybody has touched it since."""

from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisations.models import Party, Role, Unit, User
from organisations.prose import ProseField
from sbs_workflow.models import WorkflowQuerySet
from sbs_workflow.permissions import roles_held


class AppendOnlyError(TypeError):
    """Somebody tried to change or take away what is only ever added to."""

    def __init__(self) -> None:
        super().__init__("these rows are append-only")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError


class AppendOnly(models.Model):
    """A row that is written once; the database refuses the rest too (``records.triggers``)."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError


def of_own_side(user: User) -> Q:
    """Rows whose ``drafted_by`` and ``drafted_in`` name a draft of this person's own side."""
    held = roles_held(user)
    found = Q(drafted_by="")
    for party in Party:
        roles = [role for role in Role if role.party == party]
        cases, organisations, _units = held.scopes_of(roles)
        found |= Q(drafted_by=party) & (
            Q(collaboration__in=cases) | Q(**{f"collaboration__{party}__in": organisations})
        )
    return found | Q(drafted_by=Party.ORGANISER, drafted_in__in=held.in_units)


class ContentChangeQuerySet(WorkflowQuerySet, AppendOnlyQuerySet):  # type: ignore[override]
    def visible_to(self, user: User) -> Self:
        """How a draft came about stays with the party that wrote it, also when it is shared."""
        return super().visible_to(user).filter(of_own_side(user))


class ContentChange(AppendOnly):
    """One row of content that was added, changed or removed: by whom, in which role and when.

    ``fields`` says for each field what became of it: of a text a fingerprint before and after and
    how many words came and went, of anything else what it was. No text is stored here a second
    time, since what a person has taken out of a document must not live on in the trail.
    """

    class Kind(models.TextChoices):
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        REMOVED = "removed", _("Removed")

    collaboration = models.ForeignKey(
        "sbs_workflow.Collaboration", on_delete=models.PROTECT, related_name="content_changes"
    )
    machine = models.CharField(max_length=30, editable=False)
    object_id = models.UUIDField()
    object_name = models.CharField(max_length=300, editable=False)
    # The row itself, which may be a part of that object, such as a cause: its model and its key.
    part = models.CharField(max_length=60, editable=False)
    part_id = models.CharField(max_length=40, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    fields = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    party = models.CharField(max_length=20, choices=Party.choices, blank=True)
    reason = ProseField(blank=True)
    occurred_at = models.DateTimeField()
    # Whose draft it was then; empty when all who see the object could read it.
    drafted_by = models.CharField(max_length=20, choices=Party.choices, blank=True)
    drafted_in = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ContentChangeQuerySet.as_manager()  # type: ignore[assignment, misc]

    class Meta:
        verbose_name = _("change of content")
        verbose_name_plural = _("changes of content")
        ordering = ("-occurred_at", "-id")
        indexes = [
            models.Index(
                fields=["collaboration", "-occurred_at"], name="change_collaboration_time"
            ),
            models.Index(fields=["object_id", "-occurred_at"], name="change_object_time"),
        ]

    def __str__(self) -> str:
        return f"{self.object_name}: {self.part} {self.kind}"


class TrailLink(AppendOnly):
    """One link of a case's chain: the digest of a row of the trail and of the link before it.

    ``digest`` is SHA-256 in hexadecimal, as ``records.chain`` reckons it.
    """

    class Of(models.TextChoices):
        STEP = "step", _("Step")
        CHANGE = "change", _("Change of content")

    collaboration = models.ForeignKey(
        "sbs_workflow.Collaboration", on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveIntegerField()
    of = models.CharField(max_length=10, choices=Of.choices)
    record_id = models.BigIntegerField()
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = _("link of the trail")
        verbose_name_plural = _("links of the trail")
        ordering = ("collaboration", "position")
        constraints = [
            models.UniqueConstraint(
                fields=["collaboration", "position"], name="one_link_at_a_place"
            ),
            models.UniqueConstraint(fields=["of", "record_id"], name="a_record_is_linked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.collaboration_id} {self.position}"


class ReadRecordQuerySet(WorkflowQuerySet, AppendOnlyQuerySet):  # type: ignore[override]
    pass


class ReadRecord(AppendOnly):
    """Somebody opened the page of an object, once or many times within one hour."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role.choices, blank=True)
    party = models.CharField(max_length=20, choices=Party.choices, blank=True)
    collaboration = models.ForeignKey(
        "sbs_workflow.Collaboration", on_delete=models.PROTECT, related_name="+"
    )
    # The model of the object, such as ``plans.actionplan``; for a file, the name of its address.
    what = models.CharField(max_length=60, editable=False)
    object_id = models.UUIDField()
    # The beginning of the hour.
    hour = models.DateTimeField()

    objects = ReadRecordQuerySet.as_manager()  # type: ignore[assignment, misc]

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ("-hour", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["by", "what", "object_id", "hour"], name="read_once_an_hour"
            )
        ]
        indexes = [
            models.Index(fields=["collaboration", "-hour"], name="reading_collaboration_time")
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.object_id} {self.hour:%Y-%m-%d %H}"
