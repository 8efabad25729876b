"""Organisations, their units, the people in them and the roles they hold there."""

import re
import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisations.prose import LineField
from organisations.swedish import search_text, sort_key


class Party(models.TextChoices):
    """The three parties of the programme."""

    AGENCY = "agency", _("National agency")
    ORGANISER = "organiser", _("School authority")
    UNIVERSITY = "university", _("University")


class Role(models.TextChoices):
    """The functions people have in SBS, named as there (domain.md 1.1)."""

    PROCESS_SUPPORTER = "process_supporter", _("Process supporter")
    AGENCY_MANAGER = "agency_manager", _("Agency manager")
    HEAD_OF_AUTHORITY = "head_of_authority", _("Head of authority")
    COORDINATOR = "coordinator", _("Coordinator")
    PRINCIPAL = "principal", _("Principal")
    PROCESS_LEADER = "process_leader", _("Process leader")
    UNIVERSITY_LEAD = "university_lead", _("University lead")
    TEAM_LEADER = "team_leader", _("Team leader")
    EDUCATION_LEADER = "education_leader", _("Education leader")

    @property
    def party(self) -> Party:
        return PARTY_OF_ROLE[self]


def role_label(role: str, *, is_deputy: bool) -> str:
    """The role as it is written beside a name."""
    label = str(Role(role).label)
    return gettext("%(role)s (deputy)") % {"role": label} if is_deputy else label


PARTY_OF_ROLE = {
    Role.PROCESS_SUPPORTER: Party.AGENCY,
    Role.AGENCY_MANAGER: Party.AGENCY,
    Role.HEAD_OF_AUTHORITY: Party.ORGANISER,
    Role.COORDINATOR: Party.ORGANISER,
    Role.PRINCIPAL: Party.ORGANISER,
    Role.PROCESS_LEADER: Party.ORGANISER,
    Role.UNIVERSITY_LEAD: Party.UNIVERSITY,
    Role.TEAM_LEADER: Party.UNIVERSITY,
    Role.EDUCATION_LEADER: Party.UNIVERSITY,
}
ORGANISATION_ROLES = (
    Role.AGENCY_MANAGER,
    Role.HEAD_OF_AUTHORITY,
    Role.COORDINATOR,
    Role.UNIVERSITY_LEAD,
)
UNIT_ROLES = (Role.PRINCIPAL, Role.PROCESS_LEADER)
COLLABORATION_ROLES = (Role.PROCESS_SUPPORTER, Role.TEAM_LEADER, Role.EDUCATION_LEADER)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person who logs in with an e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = LineField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


def validate_organisation_number(value: str) -> None:
    """Ten digits, the third at least 2, Luhn check digit (domain.md 6.7)."""
    if re.fullmatch(r"[0-9]{2}[2-9][0-9]{3}-?[0-9]{4}", value):
        digits = [int(digit) for digit in value.replace("-", "")]
        doubled = [d if i % 2 else sum(divmod(d * 2, 10)) for i, d in enumerate(digits)]
        if sum(doubled) % 10 == 0:
            return
    raise ValidationError(
        _("Write the organisation number with ten digits, such as 202100-5489."),
        code="organisation_number",
    )


class Organisation(models.Model):
    """Skolverket, a huvudman or a lärosäte."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.CharField(_("party"), max_length=20, choices=Party.choices)
    name = LineField(_("name"), max_length=150, unique=True)
    organisation_number = models.CharField(
        _("organisation number"),
        max_length=11,
        blank=True,
        validators=[validate_organisation_number],
    )
    municipality_code = models.CharField(
        _("municipality code"),
        max_length=4,
        blank=True,
        validators=[RegexValidator(r"^\d{4}$", _("Write the municipality code with four digits."))],
    )
    sort_key = models.CharField(max_length=200, editable=False)
    search_text = models.TextField(editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("sort_key",)
        constraints = [
            models.CheckConstraint(
                name="organisation_party_known", condition=Q(party__in=Party.values)
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = sort_key(self.name)
        self.search_text = search_text([self.name, self.municipality_code])
        super().save(*args, **kwargs)


class UnitQuerySet(models.QuerySet["Unit"]):
    def in_use(self, today: date) -> Self:
        """Those that have not ceased."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))


class Unit(models.Model):
    """A school or preschool of a huvudman, or its administration as a unit of its own."""

    class Kind(models.TextChoices):
        PRESCHOOL = "preschool", _("Preschool")
        COMPULSORY = "compulsory", _("Compulsory school")
        UPPER_SECONDARY = "upper_secondary", _("Upper secondary school")
        ADMINISTRATION = "administration", _("Administration")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organiser = models.ForeignKey(
        Organisation,
        verbose_name=_("school authority"),
        on_delete=models.PROTECT,
        related_name="units",
        limit_choices_to={"party": Party.ORGANISER},
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = LineField(_("name"), max_length=150)
    # Preschools are not in the register, so the code is optional (domain.md 6.7).
    school_unit_code = models.CharField(
        _("school unit code"),
        max_length=8,
        blank=True,
        validators=[RegexValidator(r"^\d{8}$", _("Write the school unit code with eight digits."))],
    )
    # As the register says; a unit that was entered by hand may have neither.
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    sort_key = models.CharField(max_length=200, editable=False)
    search_text = models.TextField(editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("sort_key",)
        constraints = [
            models.UniqueConstraint(
                fields=["organiser", "name"], name="unit_name_once_per_organiser"
            ),
            models.UniqueConstraint(
                fields=["organiser"],
                condition=Q(kind="administration"),
                name="one_administration_per_organiser",
            ),
            models.UniqueConstraint(
                fields=["school_unit_code"],
                condition=Q(ends_on__isnull=True) & ~Q(school_unit_code=""),
                name="school_unit_code_of_one_unit_in_use",
            ),
            models.CheckConstraint(
                name="unit_end_after_start",
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The administration comes last in every list of units.
        last = "~" if self.kind == self.Kind.ADMINISTRATION else ""
        self.sort_key = last + sort_key(self.name)
        self.search_text = search_text([self.name, self.school_unit_code])
        super().save(*args, **kwargs)


class DatedQuerySet(models.QuerySet[Any]):
    """Roles hold from ``starts_on`` to ``ends_on``, both days included."""

    def current(self, today: date) -> Self:
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
            starts_on__lte=today,
            user__is_active=True,
        )

    def named(self, today: date) -> Self:
        """Those that hold today, or will."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), user__is_active=True)


class Membership(models.Model):
    """A role that a person holds in an organisation, or in one unit of it, between two dates."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    role = models.CharField(
        _("role"),
        max_length=30,
        choices=[(role.value, role.label) for role in ORGANISATION_ROLES + UNIT_ROLES],
    )
    is_deputy = models.BooleanField(
        _("deputy"),
        default=False,
        help_text=_("Has the same rights, and is reminded while nobody else holds the role."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                name="membership_end_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="membership_unit_for_unit_roles",
                condition=Q(role__in=[r.value for r in UNIT_ROLES], unit__isnull=False)
                | Q(role__in=[r.value for r in ORGANISATION_ROLES], unit__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role_label}"

    @property
    def role_label(self) -> str:
        return role_label(self.role, is_deputy=self.is_deputy)

    def clean(self) -> None:
        if self.organisation.party != Role(self.role).party:
            raise ValidationError({"role": _("This role belongs to another party.")})
        if self.unit is not None and self.unit.organiser_id != self.organisation_id:
            raise ValidationError({"unit": _("This unit belongs to another school authority.")})
