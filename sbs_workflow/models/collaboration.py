"""One huvudman's participation: the case that everything hangs on (domain.md 2.3)."""

from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, transition

from notifications.working_days import add_working_days, next_working_day
from organisations.models import (
    Organisation,
    Role,
    Unit,
    User,
)
from organisations.prose import LineField
from organisations.swedish import sort_key
from sbs_workflow.models.people import Participation
from sbs_workflow.models.phases import (
    LIVE,
    UNDER_WAY,
    WORKING,
    CollaborationState,
    Phase,
    phase_of,
)
from sbs_workflow.models.workflow import (
    Guard,
    StateField,
    WorkflowModel,
    state_constraint,
    step,
)
from sbs_workflow.permissions import EVERY_AGENCY_ROLE, holds, roles_held, time_itself

# How long each party has for the next step of the case; all inferred (domain.md 2.3).
OFFER_WITHIN = timedelta(days=30)
REPLY_WITHIN = timedelta(weeks=4)
BEGIN_WITHIN = 20  # working days
FOLLOW_UP_AFTER = timedelta(days=365)


class CollaborationQuerySet(models.QuerySet["Collaboration"]):
    def visible_to(self, user: User) -> Self:
        """Collaborations in which this person holds a role today, however it is held.

        A candidate is the agency's own draft: the other parties see it once it is offered.
        """
        held = roles_held(user)
        of_agency, _organisations, _units = held.scopes_of(EVERY_AGENCY_ROLE)
        inside = Q(pk__in=of_agency) | Q(agency__in=held.in_organisations)
        outside = Q(organiser__in=held.in_organisations) | Q(university__in=held.in_organisations)
        outside |= Q(pk__in=held.in_collaborations.keys() - of_agency)
        if held.in_units:
            taking_part = Participation.objects.filter(unit__in=held.in_units)
            outside |= Q(pk__in=taking_part.values("collaboration"))
        return self.filter(inside | (outside & ~Q(state=CollaborationState.CANDIDATE)))

    def lock(self, pk: Any) -> "Collaboration":
        """The row, held until the transaction ends: the lock that every change of a case takes."""
        return self.select_for_update(no_key=True).get(pk=pk)


class Collaboration(WorkflowModel):
    machine_slug = "samverkan"

    State = CollaborationState

    class OfferChannel(models.TextChoices):
        TELEPHONE = "telephone", _("Telephone")
        LETTER = "letter", _("Letter")
        EMAIL = "email", _("E-mail")
        MEETING = "meeting", _("Meeting")

    class DeclineReason(models.TextChoices):
        TIME = "time", _("Lack of time")
        RESOURCES = "resources", _("Lack of resources")
        OTHER_WORK = "other_work", _("Other development work under way")
        OTHER = "other", _("Another reason")

    name = LineField(_("name"), max_length=150)
    cohort = LineField(_("cohort"), max_length=20, blank=True)
    agency = models.ForeignKey(
        Organisation, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="+"
    )
    organiser = models.ForeignKey(
        Organisation,
        verbose_name=_("school authority"),
        on_delete=models.PROTECT,
        related_name="collaborations",
    )
    # Matched near the end of the analysis (VAL 2019).
    university = models.ForeignKey(
        Organisation,
        verbose_name=_("university"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    state = StateField(_("state"), choices=State.choices, default=State.CANDIDATE)
    due_on = models.DateField(_("due"), null=True, blank=True)

    reference = LineField(_("case reference"), max_length=50, blank=True)
    selection_source = LineField(_("selection source"), max_length=200, blank=True)
    contact_person = LineField(_("contact person"), max_length=150, blank=True)
    offered_on = models.DateField(_("offered on"), null=True, blank=True)
    offer_channel = models.CharField(
        _("how the offer was made"), max_length=20, choices=OfferChannel.choices, blank=True
    )
    mandate_reference = LineField(_("decision of the board"), max_length=200, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    decline_reason = models.CharField(
        _("reason for declining"), max_length=20, choices=DeclineReason.choices, blank=True
    )
    analysis_starts_on = models.DateField(_("analysis starts"), null=True, blank=True)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    interventions_start_on = models.DateField(_("interventions start"), null=True, blank=True)
    interventions_end_on = models.DateField(_("interventions end"), null=True, blank=True)
    closing_seminar_on = models.DateField(_("closing seminar"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    followed_up_on = models.DateField(_("followed up on"), null=True, blank=True)
    # The state in which the work was paused or ended early.
    stopped_in = models.CharField(max_length=30, blank=True, editable=False)
    resume_on = models.DateField(_("resumes"), null=True, blank=True)

    sort_key = models.CharField(max_length=200, editable=False)
    search_text = models.TextField(editable=False, default="")

    units = models.ManyToManyField(Unit, through="Participation", related_name="collaborations")

    objects = CollaborationQuerySet.as_manager()

    class Meta:
        verbose_name = _("collaboration")
        verbose_name_plural = _("collaborations")
        ordering = ("sort_key",)
        constraints = [
            state_constraint("collaboration", CollaborationState),
            models.CheckConstraint(
                name="collaboration_interventions_end_after_start",
                condition=Q(interventions_start_on__isnull=True)
                | Q(interventions_end_on__isnull=True)
                | Q(interventions_end_on__gte=F("interventions_start_on")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on"],
                name="collaboration_due",
                condition=Q(due_on__isnull=False),
            ),
            models.Index(fields=["sort_key"], name="collaboration_sorted"),
            models.Index(fields=["organiser"], name="collaboration_organiser"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("portfolio:collaboration", args=[self.pk])

    @property
    def collaboration(self) -> "Collaboration":  # type: ignore[override]
        return self

    @property
    def collaboration_key(self) -> UUID:
        return self.pk

    @property
    def phase(self) -> Phase:
        return phase_of(self.state, self.stopped_in)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def ended_early(self) -> bool:
        return self.state in (self.State.WITHDRAWN, self.State.TERMINATED)

    # --- the offer ------------------------------------------------------------

    @transition(
        field=state,
        source=State.CANDIDATE,
        target=State.OFFERED,
        conditions=[
            Guard(lambda c: c.selection_source, _("Name the source of the selection first.")),
            Guard(lambda c: c.contact_person, _("Name a contact person first.")),
        ],
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Record the offer"), inputs=("offered_on", "offer_channel")),
    )
    def offer(self, *, offered_on: date, offer_channel: str) -> None:
        self.offered_on = offered_on
        self.offer_channel = offer_channel
        self.due_on = offered_on + REPLY_WITHIN

    @transition(
        field=state,
        source=State.OFFERED,
        target=State.ACCEPTED,
        permission=holds(Role.HEAD_OF_AUTHORITY),
        custom=step(_("Accept the offer"), inputs=("mandate_reference",), stamps=("accepted_on",)),
    )
    def accept(self, *, mandate_reference: str, accepted_on: date) -> None:
        """The board must have said yes (GAL, FAL)."""
        self.mandate_reference = mandate_reference
        self.accepted_on = accepted_on
        self.due_on = add_working_days(accepted_on, BEGIN_WITHIN)

    @transition(
        field=state,
        source=State.OFFERED,
        target=State.DECLINED,
        permission=holds(Role.HEAD_OF_AUTHORITY),
        custom=step(_("Decline the offer"), inputs=("decline_reason",), is_exit=True),
    )
    def decline(self, *, decline_reason: str) -> None:
        self.decline_reason = decline_reason
        self.due_on = None

    @transition(
        field=state,
        source=State.OFFERED,
        target=State.LAPSED,
        permission=time_itself,
        custom=step(_("The offer lapses"), is_exit=True),
    )
    def lapse(self) -> None:
        self.due_on = None

    # --- the phases -----------------------------------------------------------

    @transition(
        field=state,
        source=State.ACCEPTED,
        target=State.ANALYSING,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(
            _("Start the situation analysis"), inputs=("analysis_starts_on",), leaves=Phase.OFFER
        ),
    )
    def start_analysis(self, *, analysis_starts_on: date) -> None:
        self.analysis_starts_on = analysis_starts_on
        self.due_on = None

    @transition(
        field=state,
        source=State.ANALYSING,
        target=State.PLANNING,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Go on to the action plan"), leaves=Phase.ANALYSIS),
    )
    def start_planning(self) -> None:
        pass

    @transition(
        field=state,
        source=State.PLANNING,
        target=State.AGREED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Confirm that all is agreed"), leaves=Phase.PLAN, stamps=("agreed_on",)),
    )
    def agree(self, *, agreed_on: date) -> None:
        self.agreed_on = agreed_on
        self.due_on = add_working_days(agreed_on, BEGIN_WITHIN)

    @transition(
        field=state,
        source=State.AGREED,
        target=State.ACTIVE,
        permission=holds(Role.TEAM_LEADER, Role.UNIVERSITY_LEAD),
        custom=step(
            _("Start the interventions"),
            inputs=("interventions_start_on", "interventions_end_on"),
            leaves=Phase.AGREEMENT,
        ),
    )
    def start_interventions(
        self, *, interventions_start_on: date, interventions_end_on: date
    ) -> None:
        self.interventions_start_on = interventions_start_on
        self.interventions_end_on = interventions_end_on
        self.due_on = None

    @transition(
        field=state,
        source=[State.ACTIVE, State.EXTENDED],
        target=State.EXTENDED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(
            _("Extend the interventions"),
            inputs=("interventions_end_on",),
            needs_reason=True,
            is_exit=True,
        ),
    )
    def extend(self, *, interventions_end_on: date) -> None:
        self.interventions_end_on = interventions_end_on

    @transition(
        field=state,
        source=[State.ACTIVE, State.EXTENDED],
        target=State.REPORTING,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(_("Go on to the final report"), leaves=Phase.INTERVENTIONS),
    )
    def start_reporting(self) -> None:
        pass

    @transition(
        field=state,
        source=[State.ACTIVE, State.EXTENDED],
        target=State.REPORTING,
        permission=time_itself,
        custom=step(_("The interventions have come to their end"), leaves=Phase.INTERVENTIONS),
    )
    def end_interventions(self) -> None:
        """The end date is reached (inferred)."""

    @transition(
        field=state,
        source=State.REPORTING,
        target=State.CLOSED,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(
            _("Close the collaboration"),
            inputs=("closing_seminar_on",),
            stamps=("closed_on",),
            leaves=Phase.REPORTING,
        ),
    )
    def close(self, *, closing_seminar_on: date, closed_on: date) -> None:
        self.closing_seminar_on = closing_seminar_on
        self.closed_on = closed_on
        self.due_on = next_working_day(closed_on + FOLLOW_UP_AFTER)

    @transition(
        field=state,
        source=State.CLOSED,
        target=State.FOLLOWED_UP,
        permission=holds(*EVERY_AGENCY_ROLE),
        custom=step(
            _("Record the follow-up"),
            inputs=("followed_up_on",),
            needs_reason=True,
            reason_label=_("What remains, and what does not?"),
        ),
    )
    def follow_up(self, *, followed_up_on: date) -> None:
        """A check 6 to 12 months later of what still stands (inferred; ALV23)."""
        self.followed_up_on = followed_up_on
        self.due_on = None

    # --- stopping ---------------------------------------------------------------

    @transition(
        field=state,
        source=list(WORKING),
        target=State.PAUSED,
        permission=holds(*EVERY_AGENCY_ROLE, Role.HEAD_OF_AUTHORITY),
        custom=step(_("Pause"), inputs=("resume_on",), needs_reason=True, is_exit=True),
    )
    def pause(self, *, resume_on: date) -> None:
        self.stopped_in = self.state
        self.resume_on = resume_on

    @transition(
        field=state,
        source=State.PAUSED,
        target=GET_STATE(lambda c: c.stopped_in, states=list(WORKING)),
        permission=holds(*EVERY_AGENCY_ROLE, Role.HEAD_OF_AUTHORITY),
        custom=step(_("Resume")),
    )
    def resume(self) -> None:
        self.resume_on = None

    @transition(
        field=state,
        source=[*WORKING, State.PAUSED],
        target=State.WITHDRAWN,
        permission=holds(Role.HEAD_OF_AUTHORITY),
        custom=step(_("Withdraw"), needs_reason=True, is_exit=True),
    )
    def withdraw(self) -> None:
        self._stop()

    @transition(
        field=state,
        source=[*WORKING, State.PAUSED],
        target=State.TERMINATED,
        permission=holds(Role.AGENCY_MANAGER),
        custom=step(_("Terminate"), needs_reason=True, is_exit=True),
    )
    def terminate(self) -> None:
        self._stop()

    def _stop(self) -> None:
        if self.state != self.State.PAUSED:
            self.stopped_in = self.state
        self.due_on = None
