"""Överenskommelse, insatser and the visits that carry them out (domain.md 2.6, 2.8, 2.12)."""

from datetime import date
from typing import Self
from uuid import UUID

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import formats
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import transition

from interventions.permissions import (
    can_lead_interventions,
    can_log_visit,
    can_propose_agreement,
    can_sign_for_organiser,
)
from notifications.working_days import add_working_days
from organisations.models import Party, Role, Unit, User
from sbs_workflow.models import (
    UNDER_WAY,
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


class AgreementQuerySet(WorkflowQuerySet):
    def visible_to(self, user: User) -> Self:
        """The agency's draft is its own until it is proposed (domain.md 2.2)."""
        held = roles_held(user)
        assigned, _organisations, _units = held.scopes_of(EVERY_AGENCY_ROLE)
        own = Q(collaboration__agency__in=held.in_organisations) | Q(collaboration__in=assigned)
        return super().visible_to(user).filter(own | Q(proposed_on__isnull=False))

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
    reference = models.CharField(_("case reference"), max_length=50, blank=True)
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
    amendment_reason = models.TextField(_("why it is amended"), blank=True, max_length=2_000)
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
        custom=step(_("Return with a comment"), needs_reason=True, is_exit=True),
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
        self.due_on = None

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
        self.due_on = None

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


class InterventionState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    READY = "ready", _("Ready to start")
    RUNNING = "running", _("Running")
    DEVIATION_OPEN = "deviation_open", _("Deviation to settle")
    EXTENDED = "extended", _("Extended")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class Intervention(WorkflowModel):
    """A numbered, named insats of the agreement; every report uses the same number (NOR)."""

    machine_slug = "insats"
    State = InterventionState

    class Provider(models.TextChoices):
        UNIVERSITY = "university", _("University")
        SPSM = "spsm", _("SPSM")
        CONSULTANT = "consultant", _("Consultant")

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="interventions"
    )
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    name = models.CharField(_("name"), max_length=200)
    development_area = models.CharField(_("development area"), max_length=200, blank=True)
    provider = models.CharField(
        _("provider"), max_length=20, choices=Provider.choices, default=Provider.UNIVERSITY
    )
    provider_name = models.CharField(_("name of the provider"), max_length=150, blank=True)
    participants = models.CharField(_("who takes part"), max_length=300, blank=True)
    units = models.ManyToManyField(Unit, verbose_name=_("units"), related_name="+")
    state = StateField(_("state"), choices=InterventionState.choices, default=State.PLANNED)
    due_on = models.DateField(_("due"), null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = WorkflowQuerySet.as_manager()

    class Meta(WorkflowModel.Meta):
        verbose_name = _("insats")
        verbose_name_plural = _("insatser")
        ordering = ("number",)
        constraints = [
            state_constraint("intervention", InterventionState),
            models.UniqueConstraint(
                fields=["collaboration", "number"], name="intervention_number_once"
            ),
            models.CheckConstraint(
                name="intervention_end_after_start",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("interventions:intervention", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.COMPLETED, self.State.CANCELLED)

    @transition(
        field=state,
        source=State.PLANNED,
        target=State.READY,
        conditions=[
            Guard(lambda i: i.participants.strip(), _("Write who takes part first.")),
            Guard(
                lambda i: i.collaboration.state in (Collaboration.State.AGREED, *UNDER_WAY),
                _("The agreement must be in force first."),
            ),
        ],
        permission=can_lead_interventions,
        custom=step(_("Mark as ready")),
    )
    def make_ready(self) -> None:
        pass

    @transition(
        field=state,
        source=State.READY,
        target=State.RUNNING,
        permission=can_lead_interventions,
        custom=step(_("Start the insats"), inputs=("starts_on",)),
    )
    def start(self, *, starts_on: date) -> None:
        self.starts_on = starts_on

    @transition(
        field=state,
        source=[State.RUNNING, State.EXTENDED],
        target=None,
        permission=can_log_visit,
        custom=step(_("Note an adaptation"), needs_reason=True, is_exit=True),
    )
    def adapt(self) -> None:
        """Adapting inside the agreement is expected; what and why is kept (KAU 2018)."""

    @transition(
        field=state,
        source=[State.RUNNING, State.EXTENDED],
        target=State.DEVIATION_OPEN,
        permission=holds(
            *EVERY_AGENCY_ROLE, Role.HEAD_OF_AUTHORITY, Role.TEAM_LEADER, Role.EDUCATION_LEADER
        ),
        custom=step(_("Report a deviation"), needs_reason=True, is_exit=True),
    )
    def report_deviation(self) -> None:
        """The plan cannot be kept (DEL)."""

    @transition(
        field=state,
        source=State.DEVIATION_OPEN,
        target=State.RUNNING,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Settle the deviation"), needs_reason=True),
    )
    def settle_deviation(self) -> None:
        """Accepted as an avsteg, or met by an amendment."""

    @transition(
        field=state,
        source=[State.RUNNING, State.EXTENDED],
        target=State.EXTENDED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Extend the insats"), inputs=("ends_on",), needs_reason=True, is_exit=True),
    )
    def extend(self, *, ends_on: date) -> None:
        self.ends_on = ends_on

    @transition(
        field=state,
        source=[State.RUNNING, State.EXTENDED],
        target=State.COMPLETED,
        permission=can_lead_interventions,
        custom=step(_("Complete the insats"), inputs=("ends_on",)),
    )
    def complete(self, *, ends_on: date) -> None:
        self.ends_on = ends_on

    @transition(
        field=state,
        source=[State.PLANNED, State.READY, State.RUNNING, State.EXTENDED],
        target=State.CANCELLED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Cancel the insats"), needs_reason=True, is_exit=True),
    )
    def cancel(self) -> None:
        pass


class VisitState(models.TextChoices):
    NEEDED = "needed", _("To be planned")
    PLANNED = "planned", pgettext_lazy("visit", "Planned")
    CONFIRMED = "confirmed", pgettext_lazy("visit", "Confirmed")
    DONE = "done", pgettext_lazy("visit", "Done")
    LOGGED = "logged", pgettext_lazy("visit", "Logged")
    SHARED = "shared", pgettext_lazy("visit", "Shared")
    CANCELLED = "cancelled", pgettext_lazy("visit", "Cancelled")


LOG_WITHIN = 3  # working days, R12 in domain.md 4.2


class Visit(WorkflowModel):
    """A visit on site, about one day a month (KAU 2018); one visit may cover several units."""

    machine_slug = "besok"
    State = VisitState

    class Form(models.TextChoices):
        ON_SITE = "on_site", _("On site")
        DIGITAL = "digital", _("Digital")

    class Kind(models.TextChoices):
        INPUT = "input", _("Input")
        SUPERVISION = "supervision", _("Supervision")
        OBSERVATION = "observation", _("Observation")
        TALK = "talk", _("Talk")

    collaboration = models.ForeignKey(
        Collaboration, on_delete=models.PROTECT, related_name="visits"
    )
    # The first day of the month that the visit belongs to.
    month = models.DateField(_("month"))
    units = models.ManyToManyField(Unit, verbose_name=_("units"), related_name="+", blank=True)
    state = StateField(_("state"), choices=VisitState.choices, default=State.NEEDED)
    due_on = models.DateField(_("due"), null=True, blank=True)
    takes_place_on = models.DateField(_("date"), null=True, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(900)],
    )
    form = models.CharField(_("form"), max_length=20, choices=Form.choices, default=Form.ON_SITE)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, blank=True)
    log = models.TextField(_("what was done"), blank=True, max_length=20_000)
    next_steps = models.TextField(_("until next time"), blank=True, max_length=5_000)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = WorkflowQuerySet.as_manager()

    class Meta(WorkflowModel.Meta):
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            state_constraint("visit", VisitState),
            models.CheckConstraint(
                name="visit_planned_has_date",
                condition=Q(state__in=["needed", "cancelled"]) | Q(takes_place_on__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_logged_has_log",
                condition=~Q(state__in=["logged", "shared"]) | ~Q(log=""),
            ),
            # The month's missing visit is one row, so that it is owed once (house.md 5).
            models.UniqueConstraint(
                fields=["collaboration", "month"],
                condition=Q(state="needed"),
                name="one_needed_visit_a_month",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"], name="visit_due", condition=Q(due_on__isnull=False)
            ),
            models.Index(fields=["collaboration", "takes_place_on"], name="visit_of_collaboration"),
        ]

    def __str__(self) -> str:
        if self.takes_place_on is None:
            return _("Visit in %(month)s") % {"month": formats.date_format(self.month, "F Y")}
        return _("Visit %(date)s") % {"date": formats.date_format(self.takes_place_on, "j F Y")}

    def get_absolute_url(self) -> str:
        return reverse("interventions:visit", args=[self.pk])

    @cached_property
    def unit_keys(self) -> list[UUID]:
        """A visit is confirmed by whoever is visited."""
        return [unit.pk for unit in self.units.all()]

    def log_is_open_to(self, user: User) -> bool:
        """The log is the university's own until it is shared (domain.md 2.2)."""
        if self.state == self.State.SHARED:
            return True
        return any(role.party == Party.UNIVERSITY for role in roles_held(user).for_object(self))

    def _set_date(self, takes_place_on: date) -> None:
        self.takes_place_on = takes_place_on
        # Once the day has passed the log is owed.
        self.due_on = add_working_days(takes_place_on, LOG_WITHIN)

    @property
    def as_seen(self) -> str:
        """A planned visit can be moved and is still planned."""
        return f"{self.state} {self.takes_place_on}" if self.takes_place_on else str(self.state)

    @property
    def may_be_logged(self) -> bool:
        return self.state in (self.State.PLANNED, self.State.CONFIRMED, self.State.DONE)

    @transition(
        field=state,
        source=State.NEEDED,
        target=State.PLANNED,
        permission=can_log_visit,
        custom=step(_("Plan the visit"), page="interventions:plan_visit"),
    )
    def plan(self, *, takes_place_on: date) -> None:
        self._set_date(takes_place_on)

    @transition(
        field=state,
        source=State.PLANNED,
        target=State.CONFIRMED,
        permission=holds(
            Role.PRINCIPAL, Role.PROCESS_LEADER, Role.HEAD_OF_AUTHORITY, Role.COORDINATOR
        ),
        custom=step(_("Confirm the visit")),
    )
    def confirm(self) -> None:
        pass

    @transition(
        field=state,
        source=[State.PLANNED, State.CONFIRMED],
        target=State.PLANNED,
        permission=can_log_visit,
        custom=step(_("Move the visit"), page="interventions:move_visit", is_exit=True),
    )
    def move(self, *, takes_place_on: date) -> None:
        self._set_date(takes_place_on)

    @transition(
        field=state,
        source=[State.PLANNED, State.CONFIRMED],
        target=State.DONE,
        permission=can_log_visit,
        custom=step(_("Note that the visit is done"), offered=False),
    )
    def finish(self) -> None:
        pass

    @transition(
        field=state,
        source=State.DONE,
        target=State.LOGGED,
        permission=can_log_visit,
        custom=step(_("Write the log"), page="interventions:log_visit"),
    )
    def write_log(self, *, log: str, next_steps: str, logged_by: User) -> None:
        self.log = log
        self.next_steps = next_steps
        self.logged_by = logged_by
        self.due_on = None

    @transition(
        field=state,
        source=State.LOGGED,
        target=State.SHARED,
        permission=can_log_visit,
        custom=step(_("Share the log")),
    )
    def share(self) -> None:
        """Until then the log is the university's own (domain.md 2.2)."""

    @transition(
        field=state,
        source=[State.PLANNED, State.CONFIRMED],
        target=State.CANCELLED,
        permission=can_log_visit,
        custom=step(_("Cancel the visit"), needs_reason=True, is_exit=True),
    )
    def cancel(self) -> None:
        """The month's visit is owed again: see ``interventions.effects``."""
        self.due_on = None

    @transition(
        field=state,
        source=State.NEEDED,
        target=State.CANCELLED,
        permission=can_log_visit,
        custom=step(_("No visit this month"), needs_reason=True, is_exit=True),
    )
    def skip(self) -> None:
        """A month without a visit is a valid entry: the support tapers off (KAU 2018)."""
        self.due_on = None
