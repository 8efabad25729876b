"""What an authority has registered about a document of a case (OSL 5:2, domain.md 6.1)."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from organisations.prose import LineField, ProseField
from sbs_workflow.models import WorkflowQuerySet


class Registration(models.Model):
    """One document in the register of one authority: what it adds to what follows from the state.

    The three authorities each have a diary number of their own for the same document. Without a
    row the document stands in the register all the same, with what the process itself tells.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        DRAWN_UP = "drawn_up", _("Drawn up")

    class Status(models.TextChoices):
        FROM_STATE = "", _("As the process says")
        WORKING_PAPER = "working_paper", _("Working paper")
        OFFICIAL = "official", _("Official document")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collaboration = models.ForeignKey(
        "sbs_workflow.Collaboration", on_delete=models.PROTECT, related_name="registrations"
    )
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    machine = models.CharField(max_length=30, editable=False)
    object_id = models.UUIDField(editable=False)
    # The authority's own number: never invented here, and unlike elsewhere (domain.md 6.1).
    number = LineField(_("diary number"), max_length=50, blank=True)
    status = models.CharField(
        _("working paper or official document"),
        max_length=20,
        choices=Status.choices,
        blank=True,
        default=Status.FROM_STATE,
    )
    kind = models.CharField(
        _("received or drawn up"), max_length=10, choices=Kind.choices, blank=True
    )
    dated_on = models.DateField(_("date"), null=True, blank=True)
    secrecy = ProseField(_("secrecy"), blank=True, max_length=500)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    registered_at = models.DateTimeField()

    objects = WorkflowQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "object_id"], name="registered_once_by_an_authority"
            )
        ]
        indexes = [models.Index(fields=["authority", "number"], name="registration_number")]

    def __str__(self) -> str:
        return self.number
