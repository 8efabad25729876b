"""Collaborations as rows of a list, found, filtered and sorted."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.urls import reverse
from django.utils.translation import ngettext

from interventions.models import Visit
from meetings.models import Meeting
from notifications.duties import OpenDuty, open_duties, registry
from organisations.models import User
from organisations.swedish import search_words
from portfolio.queries.track import TRACK
from sbs_workflow.models import (
    Collaboration,
    CollaborationState,
    Participation,
    Phase,
    phase_of,
)
from sbs_workflow.queries import Turn, whose_turn

PAGE_SIZE = 50


@dataclass(frozen=True)
class CaseRow:
    """A collaboration as one row of a list."""

    pk: UUID
    name: str
    state: str
    phase: Phase
    next_meeting: datetime | None
    last_visit: date | None
    turn: Turn | None
    overdue: int
    units: list["UnitMark"] = field(default_factory=list)

    @property
    def url(self) -> str:
        return reverse("portfolio:collaboration", args=[self.pk])

    @property
    def state_note(self) -> str:
        """What the phase does not tell."""
        state = CollaborationState(self.state)
        is_told = state in (CollaborationState.PAUSED, CollaborationState.EXTENDED)
        return str(state.label) if is_told else ""

    @property
    def overdue_label(self) -> str:
        if not self.overdue:
            return ""
        return ngettext("%(late)s late", "%(late)s late", self.overdue) % {"late": self.overdue}

    @property
    def phase_label(self) -> str:
        return str(self.phase.label)

    @property
    def position(self) -> int:
        """How far it has come on the track of the phases: 0 before it, 6 after it."""
        if self.phase == Phase.CLOSED:
            return len(TRACK) + 1
        return TRACK.index(self.phase) + 1 if self.phase in TRACK else 0


@dataclass(frozen=True)
class UnitMark:
    """A unit in a list, with a mark when it is late with something."""

    name: str
    is_late: bool


ROW_FIELDS = ("pk", "name", "state", "stopped_in", "next_meeting", "last_visit")


def with_dates(collaborations: QuerySet[Collaboration], now: datetime) -> QuerySet[Collaboration]:
    """Annotated with ``next_meeting`` (of three parties, a moment) and ``last_visit`` (a date)."""
    next_meeting = Meeting.objects.filter(
        collaboration=OuterRef("pk"),
        kind=Meeting.Kind.QUALITY,
        state=Meeting.State.BOOKED,
        starts_at__gte=now,
    ).order_by("starts_at")
    last_visit = Visit.objects.filter(
        collaboration=OuterRef("pk"),
        state__in=[Visit.State.DONE, Visit.State.LOGGED, Visit.State.SHARED],
    ).order_by("-takes_place_on")
    return collaborations.annotate(
        next_meeting=Subquery(next_meeting.values("starts_at")[:1]),
        last_visit=Subquery(last_visit.values("takes_place_on")[:1]),
    )


def case_rows(rows: Iterable[dict[str, Any]], today: date) -> list[CaseRow]:
    """Rows of ``values(*ROW_FIELDS)`` with whose turn it is and what is late (two queries)."""
    rows = list(rows)
    keys = [row["pk"] for row in rows]
    duties: dict[UUID, list[OpenDuty]] = defaultdict(list)
    late_units: set[tuple[UUID, UUID | None]] = set()
    for duty in open_duties(today, scopes=keys) if keys else []:
        duties[duty.scope_id].append(duty)
        if duty.is_overdue(today):
            late_units.add((duty.scope_id, duty.unit_id))
    units: dict[UUID, list[UnitMark]] = defaultdict(list)
    for case, unit, name in Participation.objects.filter(
        collaboration__in=keys, left_on=None
    ).values_list("collaboration_id", "unit_id", "unit__name"):
        units[case].append(UnitMark(name, (case, unit) in late_units))
    return [
        CaseRow(
            pk=row["pk"],
            name=row["name"],
            state=row["state"],
            phase=phase_of(row["state"], row["stopped_in"]),
            next_meeting=row["next_meeting"],
            last_visit=row["last_visit"],
            turn=whose_turn(row["state"], duties[row["pk"]], today),
            overdue=sum(duty.is_overdue(today) for duty in duties[row["pk"]]),
            units=units[row["pk"]],
        )
        for row in rows
    ]


SORTS = {
    "namn": ("sort_key",),
    "-namn": ("-sort_key",),
    "mote": (F("next_meeting").asc(nulls_last=True), "sort_key"),
    "-mote": (F("next_meeting").desc(nulls_last=True), "sort_key"),
    "besok": (F("last_visit").asc(nulls_last=True), "sort_key"),
    "-besok": (F("last_visit").desc(nulls_last=True), "sort_key"),
}


@dataclass(frozen=True)
class Filters:
    """What a person asked the portfolio for; every field comes from the address."""

    query: str = ""
    phase: str = ""
    late: bool = False
    ended: bool = False
    sort: str = "namn"


ENDED = (
    CollaborationState.DECLINED,
    CollaborationState.LAPSED,
    CollaborationState.CLOSED,
    CollaborationState.FOLLOWED_UP,
    CollaborationState.WITHDRAWN,
    CollaborationState.TERMINATED,
)


def portfolio(user: User, filters: Filters, now: datetime, today: date) -> QuerySet[Any, Any]:
    """The collaborations this person may see and asked for, as ``values(*ROW_FIELDS)``."""
    cases = Collaboration.objects.visible_to(user)
    for word in search_words(filters.query):
        cases = cases.filter(search_text__contains=word)
    if filters.phase:
        cases = cases.filter(state__in=states_of(Phase(filters.phase)))
    elif not filters.ended and not filters.query:
        cases = cases.exclude(state__in=ENDED)
    if filters.late:
        cases = cases.filter(_late(today))
    return with_dates(cases, now).order_by(*SORTS[filters.sort]).values(*ROW_FIELDS)


def states_of(phase: Phase) -> list[str]:
    return [state for state in CollaborationState if phase_of(state, "") == phase]


def _late(today: date) -> Q:
    """Collaborations in which anything at all is overdue."""
    late = Q()
    for duty in registry.values():
        overdue = duty.standing_rows().filter(due_on__lt=today)
        late |= Q(pk__in=overdue.values(duty.scope))
    return late
