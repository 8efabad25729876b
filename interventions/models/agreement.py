"""Överenskommelse or beslut om insatser, and its versions (domain.md 2.6)."""

import uuid
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from interventions.permissions import (
    can_propose_agreement,
    can_sign_for_organiser,
)
from organisations.models import Role, User
from organisations.prose import LineField, ProseField
from sbs_workflow.models import (
    Collaboration,
    Guard,
    StateField,
    WorkflowModel,
    WorkflowQuerySet,
    state_constraint,
    step,
)
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, holds, roles_held


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    RETURNED = "returned", _("Returned")
    COUNTERSIGNED = "countersigned", _("Signed by the school authority")
    SIGNED = "signed", _("Signed by both")
    DECIDED = "decided", _("Decided")
    REJECTED = "rejected", _("Rejected")
    SUPERSEDED = "superseded", _("Superseded")
    FULFILLED = "fulfilled", _("Fulfilled")
    TERMINATED = "terminated", _("Terminated")


IN_FORCE = (AgreementState.SIGNED, AgreementState.DECIDED)
PENDING = (
    AgreementState.DRAFT,
    AgreementState.PROPOSED,
    AgreementState.RETURNED,
    AgreementState.COUNTERSIGNED,
)


def agencys_own(user: User) -> Q:
    """What belongs to a collaboration where this person acts for the agency."""
    held = roles_held(user)
    assigned, _organisations, _units = held.scopes_of(EVERY_AGENCY_ROLE)
    return Q(collaboration__agency__in=held.in_organisations) | Q(collaboration__in=assigned)


class AgreementQuerySet(WorkflowQuerySet):
    def visible_to(self, user: User) -> Self:
        """The agency's draft is its own until it is proposed (domain.md 2.2).

        Whoever asked for an amendment may follow what becomes of it.
        """
        seen = super().visible_to(user)
        return seen.filter(agencys_own(user) | Q(proposed_on__isnull=False) | Q(amended_by=user))

    def in_force(self) -> Self:
        return self.filter(state__in=IN_FORCE)


class Agreement(WorkflowModel):
    """One version of the agreement or decision on insatser; an amendment is version n + 1."""

    machine_slug = "overenskommelse"
    State = AgreementState

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", _("Agreement")
        DECISION = "decision", _("Decision")

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="agreements"
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    kind = models.CharField(_("form"), max_length=20, choices=Kind.choices, default=Kind.AGREEMENT)
    state = StateField(_("state"), choices=AgreementState.choices, default=State.DRAFT)
    due_on = models.DateField(_("due"), null=True, blank=True)
    reference = LineField(_("case reference"), max_length=50, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    amount = models.DecimalField(
        _("amount in kronor"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    amendment_reason = ProseField(_("why it is amended"), blank=True)
    amended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    amended_as = models.CharField(
        _("proposed by"), max_length=30, choices=Role.choices, blank=True, editable=False
    )
    proposed_on = models.DateField(_("proposed on"), null=True, blank=True)
    organiser_signed_on = models.DateField(
        _("signed by the school authority"), null=True, blank=True
    )
    agency_signed_on = models.DateField(_("signed by the agency"), null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta(WorkflowModel.Meta):
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("-version",)
        constraints = [
            state_constraint("agreement", AgreementState),
            models.UniqueConstraint(
                fields=["collaboration", "version"], name="agreement_version_once"
            ),
            models.UniqueConstraint(
                fields=["collaboration"],
                condition=Q(state__in=[state.value for state in IN_FORCE]),
                name="one_agreement_in_force",
            ),
            models.UniqueConstraint(
                fields=["collaboration"],
                condition=Q(state__in=[state.value for state in PENDING]),
                name="one_agreement_pending",
            ),
            models.CheckConstraint(
                name="agreement_end_after_start",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"], name="agreement_due", condition=Q(due_on__isnull=False)
            )
        ]

    def __str__(self) -> str:
        if self.version == 1:
            return str(self.get_kind_display())
        return _("%(form)s, version %(version)s") % {
            "form": self.get_kind_display(),
            "version": self.version,
        }

    def get_absolute_url(self) -> str:
        return reverse("interventions:agreement", args=[self.pk])

    @property
    def is_open_for_writing(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    @transition(
        field=state,
        source=[State.DRAFT, State.RETURNED],
        target=State.PROPOSED,
        conditions=[
            Guard(lambda a: a.reference, _("Write the case reference first.")),
            Guard(lambda a: a.starts_on and a.ends_on, _("Write the period first.")),
            Guard(lambda a: a.terms.exists(), _("Add at least one insats first.")),
        ],
        permission=can_propose_agreement,
        custom=step(_("Propose to the school authority"), stamps=("proposed_on",)),
    )
    def propose(self, *, proposed_on: date) -> None:
        self.proposed_on = proposed_on

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.RETURNED,
        permission=can_sign_for_organiser,
        custom=step(
            _("Return with a comment"), needs_reason=True, reason_label=_("Comment"), is_exit=True
        ),
    )
    def return_with_comment(self) -> None:
        pass

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.COUNTERSIGNED,
        conditions=[
            Guard(
                lambda a: a.kind == Agreement.Kind.AGREEMENT,
                _("A decision is made by the agency and is not signed."),
            )
        ],
        permission=can_sign_for_organiser,
        custom=step(_("Sign for the school authority"), stamps=("organiser_signed_on",)),
    )
    def sign_for_organiser(self, *, organiser_signed_on: date) -> None:
        """The huvudman signs first, then Skolverket (the order is inferred)."""
        self.organiser_signed_on = organiser_signed_on

    @transition(
        field=state,
        source=State.COUNTERSIGNED,
        target=State.SIGNED,
        permission=can_propose_agreement,
        custom=step(_("Sign for the agency"), stamps=("agency_signed_on",)),
    )
    def sign_for_agency(self, *, agency_signed_on: date) -> None:
        self.agency_signed_on = agency_signed_on
        self.due_on = self.ends_on

    @transition(
        field=state,
        source=State.PROPOSED,
        target=State.DECIDED,
        conditions=[
            Guard(
                lambda a: a.kind == Agreement.Kind.DECISION,
                _("An agreement is signed by both and is not decided."),
            )
        ],
        permission=can_propose_agreement,
        custom=step(_("Decide"), stamps=("agency_signed_on",)),
    )
    def decide(self, *, agency_signed_on: date) -> None:
        self.agency_signed_on = agency_signed_on
        self.due_on = self.ends_on

    @transition(
        field=state,
        source=[*PENDING],
        target=State.REJECTED,
        conditions=[
            Guard(lambda a: a.version > 1, _("Only a proposed amendment can be rejected."))
        ],
        permission=holds(*EVERY_AGENCY_ROLE, Role.HEAD_OF_AUTHORITY),
        custom=step(_("Reject the amendment"), needs_reason=True, is_exit=True),
    )
    def reject(self) -> None:
        self.due_on = None

    @transition(
        field=state,
        source=list(IN_FORCE),
        target=State.SUPERSEDED,
        permission=can_propose_agreement,
        custom=step(_("Replaced by a new version"), offered=False),
    )
    def supersede(self) -> None:
        """Taken when the next version comes into force: see ``interventions.effects``."""
        self.due_on = None

    @transition(
        field=state,
        source=list(IN_FORCE),
        target=None,
        conditions=[Guard(lambda a: a.due_on, _("Its end is confirmed already."))],
        permission=holds(*EVERY_AGENCY_ROLE, Role.HEAD_OF_AUTHORITY),
        custom=step(_("Let it end as agreed"), needs_reason=True, is_exit=True),
    )
    def let_end(self) -> None:
        """Nobody wants to extend it; until then its end is owed a word (domain.md 4.2, R15)."""
        self.due_on = None

    @transition(
        field=state,
        source=list(IN_FORCE),
        target=State.FULFILLED,
        permission=can_propose_agreement,
        custom=step(_("Note that it is fulfilled")),
    )
    def fulfil(self) -> None:
        self.due_on = None

    @transition(
        field=state,
        source=list(IN_FORCE),
        target=State.TERMINATED,
        permission=holds(Role.AGENCY_MANAGER),
        custom=step(_("Terminate the agreement"), needs_reason=True, is_exit=True),
    )
    def terminate(self) -> None:
        self.due_on = None


class AgreementPartQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(agreement__in=Agreement.objects.visible_to(user))


class AgreementPart(models.Model):
    """A row of one version of the agreement, written while that is open."""

    path_to_document = "agreement"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement: Any

    objects = AgreementPartQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        url: str = self.agreement.get_absolute_url()
        return url

    @property
    def collaboration(self) -> Collaboration:
        collaboration: Collaboration = self.agreement.collaboration
        return collaboration


class Instalment(AgreementPart):
    """A part of the money, and when it is paid (domain.md 3.5)."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="instalments")
    pays_on = models.DateField(_("paid on"))
    amount = models.DecimalField(
        _("amount in kronor"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ("pays_on", "id")
        constraints = [
            models.CheckConstraint(name="instalment_not_negative", condition=Q(amount__gte=0))
        ]

    def __str__(self) -> str:
        return f"{self.pays_on} {self.amount}"


class ReportingDate(AgreementPart):
    """The day on which an interim report is due, as agreed."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="reporting_dates"
    )
    report_on = models.DateField(_("interim report due"))

    class Meta:
        verbose_name = _("reporting date")
        verbose_name_plural = _("reporting dates")
        ordering = ("report_on",)
        constraints = [
            models.UniqueConstraint(fields=["agreement", "report_on"], name="reporting_date_once")
        ]

    def __str__(self) -> str:
        return str(self.report_on)
