"""The kinds of meeting in the process (domain.md 4.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingKind(models.TextChoices):
    INTRODUCTION = "introduction", _("Introductory meeting")
    EXPECTATION = "expectation", _("Expectation talk")
    BILATERAL = "bilateral", _("Two-party talk")
    QUALITY = "quality", _("Three-party meeting")
