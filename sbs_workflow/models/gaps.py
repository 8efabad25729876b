"""What a party's lead must see to: a role that nobody holds, somebody whom no mail reaches."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notifications.working_days import add_working_days
from organisations.models import Party, Role, Unit
from sbs_workflow.models.workflow import WorkflowQuerySet

SEEN_TO_WITHIN = 5  # working days (domain.md R16, inferred)
# Without these nothing goes on: the others a party may do without.
NEEDED_ROLES = (Role.PROCESS_SUPPORTER, Role.PRINCIPAL, Role.TEAM_LEADER)


def due_when_noticed(noticed_on: date) -> date:
    return add_working_days(noticed_on, SEEN_TO_WITHIN)


class Gap(models.Model):
    """Something that is missing, from the day on which that was noticed until it no longer is.

    The scheduler opens and ends the rows; no state of theirs is ever set by hand.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collaboration = models.ForeignKey("sbs_workflow.Collaboration", on_delete=models.PROTECT)
    since = models.DateField(_("since"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)

    objects = WorkflowQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return reverse(f"sbs_workflow:{self._meta.model_name}", args=[self.pk])

    @property
    def collaboration_key(self) -> uuid.UUID:
        return self.collaboration_id

    @property
    def is_open(self) -> bool:
        return self.ended_on is None


def _due_while_open(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(ended_on__isnull=True, due_on__isnull=False)
        | Q(ended_on__isnull=False, due_on__isnull=True),
    )


class Vacancy(Gap):
    """A role that nobody holds, nor is named to hold from a later day."""

    role = models.CharField(
        _("role"), max_length=30, choices=[(role.value, role.label) for role in NEEDED_ROLES]
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True)

    class Meta(Gap.Meta):
        verbose_name = _("vacancy")
        verbose_name_plural = _("vacancies")
        default_related_name = "vacancies"
        constraints = [
            _due_while_open("vacancy_due_while_open"),
            models.CheckConstraint(
                name="vacancy_of_a_principal_names_the_unit",
                condition=Q(role="principal", unit__isnull=False)
                | Q(role__in=["team_leader", "process_supporter"], unit__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["collaboration", "role"],
                condition=Q(ended_on__isnull=True, unit__isnull=True),
                name="one_vacancy_of_a_role",
            ),
            models.UniqueConstraint(
                fields=["collaboration", "unit"],
                condition=Q(ended_on__isnull=True, unit__isnull=False),
                name="one_vacancy_in_a_unit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["role", "due_on"], name="vacancy_due", condition=Q(due_on__isnull=False)
            )
        ]

    def __str__(self) -> str:
        role = str(Role(self.role).label)
        return f"{role}, {self.unit}" if self.unit else role

    @property
    def kind(self) -> str:
        """What its permission goes by."""
        return self.role

    @property
    def party(self) -> Party:
        return Role(self.role).party


class AddressTrouble(Gap):
    """Somebody in a party whom no mail reaches; one row for a person, wherever they take part."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    party = models.CharField(_("party"), max_length=20, choices=Party.choices)

    class Meta(Gap.Meta):
        verbose_name = _("address that takes no mail")
        verbose_name_plural = _("addresses that take no mail")
        default_related_name = "address_troubles"
        constraints = [
            _due_while_open("address_trouble_due_while_open"),
            models.UniqueConstraint(
                fields=["user", "party"],
                condition=Q(ended_on__isnull=True),
                name="one_trouble_with_an_address",
            ),
        ]
        indexes = [
            models.Index(
                fields=["party", "due_on"],
                name="address_trouble_due",
                condition=Q(due_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def kind(self) -> str:
        """What its permission goes by."""
        return self.party
