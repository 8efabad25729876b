"""What was brought from the register of schools, and which unit came after which."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisations.models.people import Unit, User
from organisations.prose import LineField


class RegisterFile(models.Model):
    """A file of the register that somebody brought: what was read of it, and what was taken in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = LineField(_("file"), max_length=200)
    brought_by = models.ForeignKey(
        User, verbose_name=_("brought by"), on_delete=models.PROTECT, related_name="+"
    )
    brought_at = models.DateTimeField(_("brought"))
    with_new_organisers = models.BooleanField(
        _("also school authorities that are not here"), default=False
    )
    # Each as ``organisations.register.Row``, which knows no persons.
    rows = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("file of the register")
        verbose_name_plural = _("files of the register")
        ordering = ("-brought_at",)

    def __str__(self) -> str:
        return self.name


class TakenIn(models.Model):
    """One change that somebody has let the register make here."""

    file = models.ForeignKey(RegisterFile, on_delete=models.PROTECT, related_name="taken_in")
    what = models.CharField(_("what"), max_length=20)
    code = models.CharField(_("school unit code"), max_length=11)
    before = LineField(_("before"), max_length=200, blank=True)
    after = LineField(_("after"), max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("change from the register")
        verbose_name_plural = _("changes from the register")
        ordering = ("-at", "pk")

    def __str__(self) -> str:
        return f"{self.what} {self.code}"


class UnitSuccession(models.Model):
    """One unit came after another: two that follow one are a split, one after two a merger.

    The register gives every new unit a new code and does not say which it follows (domain.md 6.7).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    earlier = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    later = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="precedents")

    class Meta:
        verbose_name = _("succession of units")
        verbose_name_plural = _("successions of units")
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="unit_succession_once"),
            models.CheckConstraint(
                name="unit_succession_of_another", condition=~Q(earlier=F("later"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.earlier} → {self.later}"
