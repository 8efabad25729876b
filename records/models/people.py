"""What was decided about a person's data, and names that only their own party may read."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from organisations.prose import LineField, ProseField
from records.models.trail import AppendOnly


class ProtectedIdentity(models.Model):
    """Skyddade personuppgifter: the name and address of somebody whom others know by role only.

    The account itself then carries the role as its name. So no page, letter, file or feed of ours
    can give the name away: it stands here and nowhere else, and is read by the own party only.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="protected_identity",
    )
    name = LineField(_("name"), max_length=150)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("protected identity")
        verbose_name_plural = _("protected identities")

    def __str__(self) -> str:
        return str(self.user)


class PersonDecision(AppendOnly):
    """What somebody did with a person's data, and why: an extract, a protection, an erasure."""

    class What(models.TextChoices):
        EXTRACT = "extract", _("Extract from the register")
        RECTIFY = "rectify", _("Name corrected")
        PROTECT = "protect", _("Identity protected")
        UNPROTECT = "unprotect", _("Protection ended")
        PSEUDONYMISE = "pseudonymise", _("Account closed and made nameless")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=20, choices=What.choices)
    reason = ProseField(_("reason"), blank=True, max_length=1_000)
    # Whoever did it, and for which organisation; empty for the person's own extract.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision about personal data")
        verbose_name_plural = _("decisions about personal data")
        ordering = ("-at",)

    def __str__(self) -> str:
        return str(self.get_what_display())
