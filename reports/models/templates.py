"""The forms of reports as versioned data: a question keeps its stable id through all of them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisations.prose import LineField, ProseField
from reports.models.written import FormKind


class ReportTemplate(models.Model):
    """A version that an administrator has uploaded; the first ones are shipped in ``blanks``.

    The reports that open while it ``is_active`` follow it to their end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=FormKind.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    # Pairs of a style (``title``, ``heading`` or ``text``) and the words, above the first matrix.
    introduction = models.JSONField(default=list)
    # What stood in the file and belongs to no question that is known, each with the number of
    # questions above it: a person may say which question it is.
    unmatched = models.JSONField(default=list)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    is_active = models.BooleanField(_("in use"), default=False)

    class Meta:
        verbose_name = _("report form")
        verbose_name_plural = _("report forms")
        ordering = ("kind", "-version")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="form_version_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(is_active=True), name="one_form_in_use"
            ),
        ]

    def __str__(self) -> str:
        return _("%(kind)s, version %(version)s") % {
            "kind": self.get_kind_display(),
            "version": self.version,
        }

    def get_absolute_url(self) -> str:
        return reverse("reports:template", args=[self.pk])


class TemplateField(models.Model):
    """A question of one version: its label and place there; all else follows from the ``slug``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.ForeignKey(ReportTemplate, on_delete=models.CASCADE, related_name="fields")
    slug = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    label = ProseField(_("label"))
    # How the label was known for the question: exactly, by likeness, or by a person.
    matched = LineField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("question of a form")
        verbose_name_plural = _("questions of forms")
        ordering = ("template", "position")
        constraints = [
            models.UniqueConstraint(fields=["template", "slug"], name="question_once_in_a_form"),
        ]

    def __str__(self) -> str:
        return self.label
