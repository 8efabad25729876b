"""Ekonomisk redovisning: what became of the money, one for each case (domain.md 2.11 and 3.6)."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from organisations.models import Role, User
from organisations.prose import LineField, ProseField
from reports.models.copies import SubmittedCopy
from reports.models.submitted import (
    MAY_BE_RETURNED,
    QUESTIONS_ARE_ANSWERED,
    SubmittedReport,
)
from sbs_workflow.models import (
    Collaboration,
    StateField,
    WorkflowQuerySet,
    state_constraint,
    step,
)
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, Holds, holds, roles_held, time_itself

# Who keeps the huvudman's accounts of a case, and who signs for it, as its agreement (inferred).
ACCOUNTANTS = (Role.COORDINATOR, Role.HEAD_OF_AUTHORITY)
SIGNATORY = Role.HEAD_OF_AUTHORITY
# Kronor, exact to the öre (domain.md 3.6).
DIGITS, DECIMALS = 12, 2
SMALLEST = Decimal("0.01")


class FinancialState(models.TextChoices):
    SCHEDULED = "scheduled", _("Scheduled")
    OPEN = "open", _("Open for writing")
    PREPARED = "prepared", _("Prepared, to be certified")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for completion")
    ACCEPTED = "accepted", _("Accepted")
    REPAYMENT_REQUESTED = "repayment_requested", _("Repayment requested")
    SETTLED = "settled", _("Settled")


class CostKind(models.TextChoices):
    SUBSTITUTES = "substitutes", _("Substitute staff")
    TRAVEL = "travel", _("Travel")
    MATERIALS = "materials", _("Materials")
    PROVIDER = "provider", _("External provider")
    OTHER = "other", _("Other costs")


@dataclass(frozen=True)
class CertifiesForAnother(Holds):
    """Lets through a signatory who has not prepared the report: four eyes see the numbers."""

    def role_of(self, instance: Any, user: Any) -> Role | None:
        is_preparer = user is not None and instance.prepared_by_id == user.pk
        return None if is_preparer else super().role_of(instance, user)


@dataclass(frozen=True)
class CertifiesOwn(Holds):
    """Lets through the signatory who has prepared the report, as happens in a small office."""

    def role_of(self, instance: Any, user: Any) -> Role | None:
        is_preparer = user is not None and instance.prepared_by_id == user.pk
        return super().role_of(instance, user) if is_preparer else None


class FinancialReportQuerySet(WorkflowQuerySet):
    def visible_to(self, user: User) -> Self:
        """Until it is submitted it belongs to the huvudman; then all may read what came in."""
        own = Q(collaboration__organiser__in=roles_held(user).in_organisations)
        received = Q(received_at__isnull=False) | Q(state=FinancialState.SCHEDULED)
        return super().visible_to(user).filter(own | received)


class FinancialReport(SubmittedReport):
    machine_slug = "ekonomi"
    State = FinancialState
    BEING_WRITTEN: ClassVar[tuple[str, ...]] = (State.OPEN, State.PREPARED, State.RETURNED)
    # The agency has said yes to the numbers.
    ACCEPTED_STATES = (State.ACCEPTED, State.REPAYMENT_REQUESTED, State.SETTLED)

    collaboration = models.OneToOneField(
        Collaboration, on_delete=models.PROTECT, related_name="financial_report"
    )
    state = StateField(_("state"), choices=FinancialState.choices, default=State.SCHEDULED)
    # As agreed when the report opened, in kronor.
    agreed = models.DecimalField(
        _("amount agreed on"),
        max_digits=DIGITS,
        decimal_places=DECIMALS,
        default=0,
        editable=False,
    )
    invoice_contact = LineField(_("contact for an invoice"), max_length=200, blank=True)
    question = ProseField(_("What does the agency ask?"), blank=True)
    reply = ProseField(_("reply"), blank=True)
    prepared_on = models.DateField(_("prepared on"), null=True, blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("prepared by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("certified by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    returned_on = models.DateField(_("returned on"), null=True, blank=True)
    repayment_amount = models.DecimalField(
        _("Amount to repay, in kronor"),
        max_digits=DIGITS,
        decimal_places=DECIMALS,
        null=True,
        blank=True,
        validators=[MinValueValidator(SMALLEST)],
    )
    repayment_due_on = models.DateField(_("The invoice is due"), null=True, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)

    objects = FinancialReportQuerySet.as_manager()

    class Meta(SubmittedReport.Meta):
        verbose_name = _("financial report")
        verbose_name_plural = _("financial reports")
        constraints = [
            state_constraint("financial_report", FinancialState),
            models.CheckConstraint(
                name="financial_report_submitted_was_certified",
                condition=~Q(state__in=["submitted", "accepted", "repayment_requested", "settled"])
                | Q(received_at__isnull=False, certified_by__isnull=False),
            ),
            models.CheckConstraint(
                name="financial_report_prepared_by_somebody",
                condition=~Q(state="prepared") | Q(prepared_by__isnull=False),
            ),
            models.CheckConstraint(
                name="financial_report_repays_something",
                condition=Q(repayment_amount__isnull=True) | Q(repayment_amount__gt=0),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"],
                name="financial_report_due",
                condition=Q(due_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(_("Financial report"))

    def get_absolute_url(self) -> str:
        return reverse("reports:finance", args=[self.pk])

    def is_own_side(self, user: User) -> bool:
        """Whether this person reads it while it is being written."""
        return self.collaboration.organiser_id in roles_held(user).in_organisations

    @property
    def is_open_for_writing(self) -> bool:
        return self.state in (self.State.OPEN, self.State.RETURNED)

    def has_open_questions(self) -> bool:
        return bool(self.question) and not self.reply.strip()

    @transition(
        field=state,
        source=State.SCHEDULED,
        target=State.OPEN,
        permission=time_itself,
        custom=step(_("The report opens")),
    )
    def open(self) -> None:
        self.due_on = self.deadline_on

    @transition(
        field=state,
        source=[State.OPEN, State.RETURNED],
        target=State.PREPARED,
        conditions=[QUESTIONS_ARE_ANSWERED],
        permission=holds(*ACCOUNTANTS),
        custom=step(_("Hand over to be certified"), stamps=("prepared_on",)),
    )
    def prepare(self, *, prepared_on: date) -> None:
        self.prepared_on = prepared_on

    @transition(
        field=state,
        source=State.PREPARED,
        target=State.OPEN,
        permission=holds(*ACCOUNTANTS),
        custom=step(_("Open it for writing again"), needs_reason=True, is_exit=True),
    )
    def reopen(self) -> None:
        self.prepared_on = None

    @transition(
        field=state,
        source=State.PREPARED,
        target=State.SUBMITTED,
        permission=CertifiesForAnother((SIGNATORY,)),
        custom=step(_("Certify and submit to the agency"), stamps=("received_at",)),
    )
    def certify(self, *, received_at: datetime) -> None:
        self._receive(received_at)

    @transition(
        field=state,
        source=State.PREPARED,
        target=State.SUBMITTED,
        permission=CertifiesOwn((SIGNATORY,)),
        custom=step(
            _("Certify what you have prepared yourself, and submit"),
            stamps=("received_at",),
            needs_reason=True,
            is_exit=True,
        ),
    )
    def certify_alone(self, *, received_at: datetime) -> None:
        """Nobody else can do the other half: then it is said why (inferred)."""
        self._receive(received_at)

    @transition(
        field=state,
        source=State.SUBMITTED,
        target=State.RETURNED,
        conditions=[MAY_BE_RETURNED],
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(
            _("Return for completion"),
            inputs=("question",),
            stamps=("returned_on",),
            is_exit=True,
        ),
    )
    def return_for_completion(self, *, question: str, returned_on: date) -> None:
        self.question, self.reply = question, ""
        self.returned_on = returned_on
        self._return(returned_on)

    @transition(
        field=state,
        source=State.SUBMITTED,
        target=State.ACCEPTED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Accept the financial report")),
    )
    def accept(self) -> None:
        """Whether anything is to be repaid, and by when it is asked for: ``effects``."""
        self.due_on = None

    @transition(
        field=state,
        source=State.ACCEPTED,
        target=State.REPAYMENT_REQUESTED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(
            _("Ask for repayment"),
            inputs=("repayment_amount", "repayment_due_on"),
            needs_reason=True,
        ),
    )
    def request_repayment(self, *, repayment_amount: Decimal, repayment_due_on: date) -> None:
        """Not used, used for something else, not accounted for, or terms broken (AKR)."""
        self.repayment_amount = repayment_amount
        self.repayment_due_on = self.due_on = repayment_due_on

    @transition(
        field=state,
        source=State.REPAYMENT_REQUESTED,
        target=State.SETTLED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Note that it is repaid"), stamps=("settled_on",)),
    )
    def settle(self, *, settled_on: date) -> None:
        self.settled_on = settled_on
        self.due_on = None


# --- its rows --------------------------------------------------------------------------------


class FinancialPartQuerySet(models.QuerySet[Any]):
    """Rows of a report, which have no pages of their own: seen by whoever sees the report."""

    def visible_to(self, user: User) -> Self:
        path = f"{self.model.path_to_document}__in"
        return self.filter(**{path: FinancialReport.objects.visible_to(user)})


class FinancialPart(models.Model):
    path_to_document = "report"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    objects = FinancialPartQuerySet.as_manager()

    class Meta:
        abstract = True


class FinancialInsats(FinancialPart):
    """What an insats was granted, and what the huvudman says became of it.

    ``number`` is its number in the agreement. 0 is what the agreement has not divided.
    """

    report = models.ForeignKey(FinancialReport, on_delete=models.CASCADE, related_name="insatser")
    number = models.PositiveSmallIntegerField(_("number"))
    name = LineField(_("name"), max_length=200)
    granted = models.DecimalField(
        _("granted"), max_digits=DIGITS, decimal_places=DECIMALS, default=0
    )
    paid = models.DecimalField(
        _("paid out"), max_digits=DIGITS, decimal_places=DECIMALS, null=True, blank=True
    )
    explanation = ProseField(_("explanation"), blank=True)

    class Meta:
        verbose_name = _("money of an insats")
        verbose_name_plural = _("money of insatser")
        ordering = ("report", "number")
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_account_an_insats"),
            models.CheckConstraint(
                name="granted_and_paid_not_negative",
                condition=Q(granted__gte=0) & (Q(paid__isnull=True) | Q(paid__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}" if self.number else self.name


class Cost(FinancialPart):
    """What one kind of cost took of the grant, and of the huvudman's own money; None: not said."""

    path_to_document = "insats__report"

    insats = models.ForeignKey(FinancialInsats, on_delete=models.CASCADE, related_name="costs")
    kind = models.CharField(_("kind of cost"), max_length=20, choices=CostKind.choices)
    used = models.DecimalField(
        _("used"), max_digits=DIGITS, decimal_places=DECIMALS, null=True, blank=True
    )
    own_share = models.DecimalField(
        _("own share"), max_digits=DIGITS, decimal_places=DECIMALS, null=True, blank=True
    )

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        ordering = ("insats", "kind")
        constraints = [
            models.UniqueConstraint(fields=["insats", "kind"], name="one_cost_a_kind"),
            models.CheckConstraint(name="cost_kind_known", condition=Q(kind__in=CostKind.values)),
            models.CheckConstraint(
                name="cost_not_negative",
                condition=(Q(used__isnull=True) | Q(used__gte=0))
                & (Q(own_share__isnull=True) | Q(own_share__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return str(CostKind(self.kind).label)


class FinancialCopy(SubmittedCopy):
    """What the agency received in one round.

    ``content`` is a ``reports.queries.Account`` as plain data, and ``file`` a workbook.
    """

    report = models.ForeignKey(FinancialReport, on_delete=models.PROTECT, related_name="copies")

    class Meta(SubmittedCopy.Meta):
        verbose_name = _("frozen copy of a financial report")
        verbose_name_plural = _("frozen copies of financial reports")
        constraints = [
            models.UniqueConstraint(fields=["report", "round"], name="one_financial_copy_a_round"),
        ]
