"""What holds for each kind of meeting, as data that an administrator may change.

Nothing needs to be stored for the rules to hold: a row only says what is different.
"""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.kinds import MeetingKind
from organisations.models import Party
from organisations.prose import ProseField
from sbs_workflow.models import Collaboration

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

THREE = (Party.AGENCY, Party.ORGANISER, Party.UNIVERSITY)
TWO = (Party.AGENCY, Party.UNIVERSITY)


@dataclass(frozen=True)
class KindRule:
    """``cadence_days`` is how long after the last one the next is owed; None for once only.

    ``at_least`` is how many there are in the period of the insatser, and ``agenda`` the
    standing points.
    """

    initiator: Party
    required: tuple[Party, ...]
    cadence_days: int | None = None
    at_least: int | None = None
    agenda: "tuple[StrOrPromise, ...]" = ()


# KAU 2018; the numbers are inferred (domain.md 4.1 and 4.2, R2 and R6).
USUAL: dict[str, KindRule] = {
    MeetingKind.INTRODUCTION: KindRule(
        Party.AGENCY,
        THREE,
        agenda=(
            _("How problems and causes hang together"),
            _("A shared view of improvement work"),
            _("What happens next"),
        ),
    ),
    MeetingKind.EXPECTATION: KindRule(
        Party.UNIVERSITY,
        TWO,
        agenda=(
            _("What we expect of each other"),
            _("Ways of contact"),
            _("When it does not work"),
        ),
    ),
    MeetingKind.BILATERAL: KindRule(
        Party.UNIVERSITY,
        TWO,
        cadence_days=56,
        agenda=(_("Our expectations since last time"), _("How we work together")),
    ),
    MeetingKind.QUALITY: KindRule(
        Party.AGENCY,
        THREE,
        cadence_days=100,
        at_least=4,
        agenda=(
            _("A joint picture of how the insatser have landed against the goals"),
            _("Need of changes or additions"),
            _("Support for the local quality work"),
            _("Learning for all"),
        ),
    ),
}


class MeetingRule(models.Model):
    """What an administrator has changed for a kind, in the whole programme or in one case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=MeetingKind.choices)
    collaboration = models.ForeignKey(
        Collaboration,
        verbose_name=_("collaboration"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty for the whole programme."),
    )
    initiator = models.CharField(
        _("who calls it"), max_length=20, choices=Party.choices, blank=True
    )
    required = models.JSONField(
        _("who must be there"),
        default=list,
        blank=True,
        help_text=_(
            "Any of agency, organiser and university, as a list; empty for the usual ones."
        ),
    )
    cadence_days = models.PositiveSmallIntegerField(
        _("days until the next"),
        null=True,
        blank=True,
        validators=[MinValueValidator(7), MaxValueValidator(730)],
    )
    at_least = models.PositiveSmallIntegerField(
        _("how many in the period at least"), null=True, blank=True
    )
    agenda = ProseField(_("standing points, one a line"), blank=True)

    class Meta:
        verbose_name = _("meeting rule")
        verbose_name_plural = _("meeting rules")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "collaboration"], name="one_rule_of_a_kind_in_a_case"
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(collaboration__isnull=True),
                name="one_rule_of_a_kind_for_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.collaboration or _('all')}"

    def clean(self) -> None:
        """The list of parties is checked here, where the message stands beside the field."""
        if not isinstance(self.required, list) or set(self.required) - set(Party.values):
            raise ValidationError({"required": _("Name agency, organiser or university.")})

    @property
    def says_something(self) -> bool:
        """Whether anything is different from what holds without the row."""
        own = (self.initiator, self.required, self.cadence_days, self.at_least, self.agenda)
        return any(own)

    def changed(self, rule: KindRule) -> KindRule:
        """``rule`` with what this row says instead."""
        points = tuple(line.strip() for line in self.agenda.splitlines() if line.strip())
        return KindRule(
            Party(self.initiator) if self.initiator else rule.initiator,
            tuple(Party(each) for each in self.required) or rule.required,
            self.cadence_days or rule.cadence_days,
            self.at_least or rule.at_least,
            points or rule.agenda,
        )
