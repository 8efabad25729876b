"""What the start page, the portfolio and the page of a collaboration show."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interventions.models import Agreement, Intervention, Visit
from meetings.models import Meeting
from notifications.duties import OpenDuty, open_duties, registry
from organisations.models import Party, Role, User
from organisations.swedish import search_words
from plans.models import ActionPlan, SituationAnalysis
from reports.models import Report
from sbs_workflow.audience import owed_by
from sbs_workflow.diagrams import arrows
from sbs_workflow.engine import Choice, choices
from sbs_workflow.gates import Reason, open_gates
from sbs_workflow.models import (
    Collaboration,
    CollaborationState,
    Participation,
    Phase,
    TransitionRecord,
    WorkflowModel,
    phase_of,
)
from sbs_workflow.permissions import roles_held
from sbs_workflow.queries import Person, Turn, people_of, whose_turn

PAGE_SIZE = 50
EVENTS_WITHIN = timedelta(days=120)
EVENTS_SHOWN = 12
TRACK = (
    Phase.ANALYSIS,
    Phase.PLAN,
    Phase.AGREEMENT,
    Phase.INTERVENTIONS,
    Phase.REPORTING,
)


# --- duties as people read them ------------------------------------------------


@dataclass(frozen=True)
class DutyRow:
    """One thing that somebody owes, with the words and the link that a list shows."""

    duty: OpenDuty
    today: date

    @property
    def label(self) -> str:
        return str(self.duty.duty.label)

    @property
    def why(self) -> str:
        return str(self.duty.duty.why)

    @property
    def url(self) -> str:
        return self.duty.url

    @property
    def due_on(self) -> date:
        return self.duty.due_on

    @property
    def scope_name(self) -> str:
        return self.duty.scope_name

    @property
    def subject(self) -> str:
        return self.duty.subject

    @property
    def overdue(self) -> bool:
        return self.duty.is_overdue(self.today)

    @property
    def days_late(self) -> int:
        return (self.today - self.duty.due_on).days

    @property
    def party(self) -> Party:
        return party_owing(self.duty)

    @property
    def party_label(self) -> str:
        return str(self.party.label)


def party_owing(duty: OpenDuty) -> Party:
    """The party of those who owe a duty."""
    return Role(duty.duty.owed_by[0]).party


@dataclass(frozen=True)
class PartyDutyRow(DutyRow):
    """On the page of a collaboration: its name goes without saying, others' duties have no link."""

    is_ours: bool

    @property
    def scope_name(self) -> str:
        return ""

    @property
    def url(self) -> str:
        return self.duty.url if self.is_ours else ""


@dataclass(frozen=True)
class OwnDutyRow(DutyRow):
    """In a person's own list the party goes without saying."""

    @property
    def party_label(self) -> str:
        return ""


def duties_of(user: User, today: date, limit: int = 50) -> list[OwnDutyRow]:
    """What this person owes, overdue first (one query)."""
    owed = open_duties(today, mine=owed_by(user, today), limit=limit)
    return [OwnDutyRow(duty, today) for duty in owed]


# --- collaborations in lists -----------------------------------------------------


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
    def state_label(self) -> str:
        return str(CollaborationState(self.state).label)

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


# --- the page of a collaboration --------------------------------------------------


@dataclass(frozen=True)
class Document:
    """An analysis, plan, report, agreement or insats in a list."""

    kind: str
    pk: UUID
    unit_id: UUID | None
    state: str
    number: int
    name: str
    due_on: date | None
    is_readable: bool

    @property
    def model(self) -> Any:
        return DOCUMENTS[self.kind].model

    @property
    def label(self) -> str:
        if self.kind == "intervention":
            return f"{self.number}. {self.name}"
        if self.kind in Report.Kind.values:
            label = str(Report.Kind(self.kind).label)
            return f"{label} {self.number}" if self.kind == Report.Kind.INTERIM else label
        name = str(self.model._meta.verbose_name).capitalize()
        if self.number == 1:
            return name
        return gettext("%(name)s, version %(number)s") % {"name": name, "number": self.number}

    @property
    def state_label(self) -> str:
        return str(self.model.State(self.state).label)

    @property
    def url(self) -> str:
        return reverse(DOCUMENTS[self.kind].url_name, args=[self.pk]) if self.is_readable else ""


@dataclass(frozen=True)
class DocumentKind:
    model: Any
    url_name: str
    done: tuple[str, ...]


DOCUMENTS = {
    "analysis": DocumentKind(
        SituationAnalysis,
        "plans:analysis",
        (SituationAnalysis.State.SHARED, SituationAnalysis.State.CONCLUDED),
    ),
    "plan": DocumentKind(ActionPlan, "plans:plan", (ActionPlan.State.ADOPTED,)),
    "agreement": DocumentKind(
        Agreement,
        "interventions:agreement",
        (Agreement.State.SIGNED, Agreement.State.DECIDED, Agreement.State.FULFILLED),
    ),
    "intervention": DocumentKind(
        Intervention, "interventions:intervention", (Intervention.State.COMPLETED,)
    ),
    "interim": DocumentKind(Report, "reports:report", (Report.State.ACCEPTED, Report.State.WAIVED)),
    "final": DocumentKind(Report, "reports:report", (Report.State.ACCEPTED, Report.State.WAIVED)),
}
_NO_UNIT = Cast(Value(None), UUIDField())
_NO_DATE = Cast(Value(None), DateField())
_NO_MOMENT = Cast(Value(None), DateTimeField())


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _is(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


def documents_of(collaboration: Collaboration, user: User) -> list[Document]:
    """Every document of the collaboration, and whether this person may read it (one query)."""
    held = roles_held(user)
    all_units = collaboration.organiser_id in held.in_organisations
    sides = {role.party for role in held.for_object(collaboration)}

    def rows(model: Any, *values: Any, **conditions: Any) -> QuerySet[Any, Any]:
        found: QuerySet[Any, Any] = (
            model.objects.filter(collaboration=collaboration, **conditions)
            .order_by()
            .values_list(*values)
        )
        return found

    one = Value(1, output_field=IntegerField())
    shared = _is(Q(shared_on__isnull=False))
    union = rows(
        SituationAnalysis,
        _text("analysis"), "pk", "unit_id", "state", one, _text(""), "due_on", shared,
    ).union(
        rows(
            ActionPlan,
            _text("plan"), "pk", "unit_id", "state", "version", _text(""), "due_on", shared,
        ),
        rows(
            Report,
            "kind", "pk", "unit_id", "state", "number", _text(""), "deadline_on",
            _is(~Q(state__in=Report.UNSUBMITTED)),
        ),
        rows(
            Agreement,
            _text("agreement"), "pk", _NO_UNIT, "state", "version", _text(""), "due_on",
            _is(Q(proposed_on__isnull=False)),
        ),
        rows(
            Intervention,
            _text("intervention"), "pk", _NO_UNIT, "state", "number", "name", _NO_DATE,
            _is(Q(pk__isnull=False)),
        ),
        all=True,
    )  # fmt: skip
    found = []
    for kind, pk, unit, state, number, name, due_on, is_open in union:
        own = all_units or unit in held.in_units if unit else Party.AGENCY in sides
        found.append(Document(kind, pk, unit, state, number, name, due_on, bool(is_open or own)))
    order = list(DOCUMENTS)
    return sorted(found, key=lambda d: (order.index(d.kind), d.number))


@dataclass(frozen=True)
class Event:
    """A meeting or a visit in the calendar of a collaboration."""

    kind: str
    pk: UUID
    state: str
    what: str
    on: date | None
    at: datetime | None
    due_on: date | None

    @property
    def is_meeting(self) -> bool:
        return self.kind == "meeting"

    @property
    def title(self) -> str:
        return str(Meeting.Kind(self.what).label) if self.is_meeting else str(_("Visit"))

    @property
    def state_label(self) -> str:
        states: Any = Meeting.State if self.is_meeting else Visit.State
        return str(states(self.state).label)

    @property
    def url(self) -> str:
        return reverse(
            "meetings:meeting" if self.is_meeting else "interventions:visit", args=[self.pk]
        )

    @property
    def moment(self) -> date | datetime | None:
        return self.at or self.on

    @property
    def day(self) -> date:
        """The Swedish day of the event, or the day by which it is to be planned."""
        if self.at is not None:
            return timezone.localtime(self.at).date()
        return self.on or self.due_on or date.max


def events_of(collaboration: Collaboration, around: date | None = None) -> list[Event]:
    """Meetings and visits, all or those within some months of a day (one query).

    Visits to be planned are shown one at a time: the months ahead are no news.
    """
    meetings = Meeting.objects.filter(collaboration=collaboration)
    visits = Visit.objects.filter(collaboration=collaboration).exclude(
        state=Visit.State.NEEDED, due_on__isnull=True
    )
    if around is not None:
        first, last = around - EVENTS_WITHIN, around + EVENTS_WITHIN
        meetings = meetings.exclude(state=Meeting.State.CANCELLED).filter(
            Q(starts_at__isnull=True) | Q(starts_at__date__gte=first, starts_at__date__lte=last)
        )
        visits = visits.exclude(state=Visit.State.CANCELLED).filter(
            Q(month__gte=first.replace(day=1), month__lte=last)
        )
    union = meetings.order_by().values_list(
        _text("meeting"), "pk", "state", "kind", _NO_DATE, "starts_at", "due_on"
    ).union(
        visits.order_by().values_list(
            _text("visit"), "pk", "state", "kind", "takes_place_on", _NO_MOMENT, "due_on"
        ),
        all=True,
    )  # fmt: skip
    return [Event(*row) for row in union]


def nearest(events: Sequence[Event], today: date) -> list[Event]:
    """Those to come, soonest first, then those that were, latest first."""

    in_order = sorted(events, key=lambda event: event.day)
    to_be_planned = [event for event in in_order if event.moment is None]
    first_visit = next((event for event in to_be_planned if not event.is_meeting), None)
    ahead = [event for event in to_be_planned if event.is_meeting or event is first_visit]
    ahead += [event for event in in_order if event.moment and event.day >= today]
    behind = [event for event in reversed(in_order) if event.moment and event.day < today]
    half = EVENTS_SHOWN // 2
    return ahead[:half] + behind[: EVENTS_SHOWN - min(len(ahead), half)]


@dataclass(frozen=True)
class TrackStep:
    label: str
    status: str
    note: str = ""


@dataclass(frozen=True)
class UnitTrack:
    """A unit's way through the phases, and its documents."""

    participation: UUID
    name: str
    has_left: bool
    steps: list[TrackStep]
    documents: list[Document]


def track(collaboration: Collaboration) -> list[TrackStep]:
    """The phases of the collaboration itself."""
    phase = collaboration.phase
    position = (
        TRACK.index(phase) if phase in TRACK else (len(TRACK) if phase == Phase.CLOSED else -1)
    )
    stopped = collaboration.state == CollaborationState.PAUSED or collaboration.ended_early
    now = "paused" if stopped else "current"
    return [
        TrackStep(
            str(step.label),
            "done" if number < position else now if number == position else "ahead",
        )
        for number, step in enumerate(TRACK)
    ]


def unit_tracks(
    participations: Iterable[Participation], documents: Sequence[Document], today: date
) -> list[UnitTrack]:
    """For each unit how far its own documents have come."""
    by_unit: dict[UUID | None, list[Document]] = defaultdict(list)
    for document in documents:
        by_unit[document.unit_id].append(document)
    return [
        UnitTrack(
            participation.pk,
            participation.unit.name,
            participation.left_on is not None,
            [_track_step(d) for d in _latest(by_unit[participation.unit_id])],
            by_unit[participation.unit_id],
        )
        for participation in participations
    ]


def _latest(documents: Iterable[Document]) -> list[Document]:
    """Of plans only the version in force, or the newest."""
    plans = [d for d in documents if d.kind == "plan"]
    in_force = [d for d in plans if d.state == ActionPlan.State.ADOPTED] or plans[-1:]
    return [d for d in documents if d.kind != "plan" or d in in_force]


def _track_step(document: Document) -> TrackStep:
    if document.state in DOCUMENTS[document.kind].done:
        status = "done"
    elif document.state in ("not_started", "scheduled"):
        status = "ahead"
    else:
        status = "current"
    return TrackStep(document.label, status, document.state_label)


@dataclass(frozen=True)
class ArrowRow:
    """One step of a machine as a row of the table beside its picture."""

    label: str
    source: str
    target: str
    who: str


def arrow_rows(machine: type[WorkflowModel]) -> list[ArrowRow]:
    """Every step of a machine in words."""
    states: dict[str, Any] = machine.state_labels()
    return [
        ArrowRow(
            label=str(arrow.step.label),
            source=str(states[arrow.source]),
            target=str(states[arrow.target]),
            who=", ".join(str(role.label) for role in arrow.roles) or str(_("By itself")),
        )
        for arrow in arrows(machine)
    ]


@dataclass(frozen=True)
class CollaborationPage:
    """Everything the page of a collaboration shows."""

    collaboration: Collaboration
    turn: Turn | None
    duties: list[PartyDutyRow]
    gates: list[Reason]
    choices: list[Choice]
    track: list[TrackStep]
    units: list[UnitTrack]
    agreements_and_interventions: list[Document]
    events: list[Event]
    people: list[Person]
    records: list[TransitionRecord]

    @property
    def steps(self) -> list[Choice]:
        """The steps that lead on."""
        return [choice for choice in self.choices if not choice.step.is_exit]

    @property
    def exits(self) -> list[Choice]:
        """Pausing, ending, extending: what is seldom done and stands apart."""
        return [choice for choice in self.choices if choice.step.is_exit]


def collaboration_page(collaboration: Collaboration, user: User, today: date) -> CollaborationPage:
    duties = open_duties(today, scopes=[collaboration.pk])
    gates = open_gates(collaboration, collaboration.phase, today) if collaboration.is_live else []
    parties = _parties_of(user, collaboration)
    documents = documents_of(collaboration, user)
    # What was last done in a case that has ended lies around its end.
    around = min(today, collaboration.interventions_end_on or today)
    participations = collaboration.participations.select_related("unit").order_by("unit__sort_key")
    return CollaborationPage(
        collaboration=collaboration,
        turn=whose_turn(collaboration.state, duties, today),
        duties=[_party_duty_row(duty, collaboration, user, today) for duty in duties],
        gates=[reason.as_read_by(parties) for reason in gates],
        choices=choices(collaboration, user, today, gates=gates),
        track=track(collaboration),
        units=unit_tracks(participations, documents, today),
        agreements_and_interventions=[d for d in documents if d.unit_id is None],
        events=nearest(events_of(collaboration, around), today),
        people=people_of(collaboration, today),
        records=list(
            TransitionRecord.objects.filter(collaboration=collaboration).select_related("by")[:8]
        ),
    )


def _party_duty_row(
    duty: OpenDuty, collaboration: Collaboration, user: User, today: date
) -> PartyDutyRow:
    """A unit's duty is ours to open for that unit and its huvudman, and for no other unit."""
    held = roles_held(user)
    roles = held.for_object(collaboration)
    if duty.unit_id is not None:
        roles |= held.in_units.get(duty.unit_id, frozenset())
    ours = party_owing(duty) in {role.party for role in roles}
    return PartyDutyRow(duty, today, is_ours=ours)


def _parties_of(user: User, collaboration: Collaboration) -> set[Party]:
    held = roles_held(user)
    return {role.party for role in held.for_object(collaboration).union(*held.in_units.values())}
