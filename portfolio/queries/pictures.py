"""What the pictures of a collaboration are drawn from."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from interventions.models import (
    AssignmentPlan,
    Deviation,
    Intervention,
    PlannedMonth,
    Touch,
    Visit,
)
from organisations.models import Unit, User
from plans.models import Goal
from plans.queries import colours_of
from portfolio.pictures import (
    InterventionOnLine,
    LoadOfTerm,
    LoadOfUnit,
    MonthOfSupport,
    RatingPoint,
)
from portfolio.pictures.calendar import term_name
from sbs_workflow.models import Collaboration

MINUTES_OF_A_DAY = 360  # six hours on site: inferred
CROWDED_FROM = 5  # insatser at once in one unit: inferred, after what NOR found hard
DONE = (Visit.State.DONE, Visit.State.LOGGED, Visit.State.SHARED)
AHEAD = (Visit.State.PLANNED, Visit.State.CONFIRMED)


def support_months(collaboration: Collaboration) -> list[MonthOfSupport]:
    """Planned and done days of each month (two queries).

    Without a confirmed uppdragsplan every visit that is owed or planned counts as one day.
    """
    planned: dict[date, Decimal] = dict(
        PlannedMonth.objects.filter(
            assignment__collaboration=collaboration,
            assignment__state=AssignmentPlan.State.CONFIRMED,
        ).values_list("month", "days")
    )
    done: dict[date, Decimal] = defaultdict(Decimal)
    owed: dict[date, Decimal] = defaultdict(Decimal)
    visits = Visit.objects.filter(collaboration=collaboration).exclude(state=Visit.State.CANCELLED)
    for state, month, day, minutes, due_on in visits.values_list(
        "state", "month", "takes_place_on", "duration_minutes", "due_on"
    ):
        if state in DONE:
            done[day.replace(day=1)] += _days(state, minutes)
        if state != Visit.State.NEEDED or due_on:
            owed[month] += 1
    planned = planned or owed
    return [
        MonthOfSupport(month, planned.get(month, 0), done.get(month, 0))
        for month in sorted(planned.keys() | done.keys())
    ]


def _days(state: str, minutes: int | None) -> Decimal:
    """How long a visit was is a part of its log; until that is shared it counts as a day."""
    if state != Visit.State.SHARED or not minutes:
        return Decimal(1)
    return round(Decimal(minutes) / MINUTES_OF_A_DAY, 1)


def load_of_units(collaboration: Collaboration, user: User) -> tuple[list[LoadOfUnit], list[str]]:
    """What runs in each unit in each term, and the terms in their order (four queries)."""
    interventions = [
        each
        for each in _interventions(collaboration, user).prefetch_related("units")
        if each.starts_on and each.ends_on
    ]
    terms = sorted({term for each in interventions for term in _terms(each)})
    visited = _visits_by_unit_and_term(collaboration)
    units = Unit.objects.filter(
        participations__collaboration=collaboration, participations__left_on=None
    )
    return [
        LoadOfUnit(
            unit.name,
            tuple(
                _load(term, [e for e in interventions if _runs(e, unit, term)], visited[unit, term])
                for term in terms
            ),
        )
        for unit in units
    ], [term_name(term) for term in terms]


def _interventions(collaboration: Collaboration, user: User) -> QuerySet[Intervention]:
    found: QuerySet[Intervention] = (
        Intervention.objects.visible_to(user)
        .filter(collaboration=collaboration)
        .exclude(state=Intervention.State.CANCELLED)
    )
    return found


def first_of_term(day: date) -> date:
    return date(day.year, 1 if day.month < 7 else 7, 1)


def _terms(intervention: Intervention) -> Iterator[date]:
    """The first day of every half-year in which it runs."""
    assert intervention.starts_on is not None
    assert intervention.ends_on is not None
    term = first_of_term(intervention.starts_on)
    while term <= intervention.ends_on:
        yield term
        term = date(term.year, 7, 1) if term.month == 1 else date(term.year + 1, 1, 1)


def _runs(intervention: Intervention, unit: Unit, term: date) -> bool:
    return unit in intervention.units.all() and term in _terms(intervention)


def _visits_by_unit_and_term(collaboration: Collaboration) -> dict[tuple[Unit, date], int]:
    """How many visits each unit has had or has before it, by term."""
    found: dict[tuple[Unit, date], int] = defaultdict(int)
    visits = Visit.objects.filter(collaboration=collaboration, state__in=[*DONE, *AHEAD])
    for visit in visits.prefetch_related("units"):
        if visit.takes_place_on:
            for unit in visit.units.all():
                found[unit, first_of_term(visit.takes_place_on)] += 1
    return found


def _load(term: date, running: list[Intervention], visits: int) -> LoadOfTerm:
    return LoadOfTerm(
        term_name(term),
        tuple(str(each) for each in running),
        visits,
        crowded=len(running) >= CROWDED_FROM,
    )


def interventions_on_line(collaboration: Collaboration, user: User) -> list[InterventionOnLine]:
    """Every insats with its visits and deviations (four queries)."""
    touches = Touch.objects.visible_to(user).select_related("visit")
    rows = Intervention.objects.visible_to(user).filter(collaboration=collaboration)
    rows = rows.prefetch_related(
        Prefetch("touches", queryset=touches, to_attr="seen_touches"),
        Prefetch("deviations", queryset=Deviation.objects.order_by("reported_on")),
    )
    return [_on_line(each) for each in rows]


def _on_line(intervention: Intervention) -> InterventionOnLine:
    touches: Iterable[Touch] = intervention.seen_touches  # type: ignore[attr-defined]
    days = {touch.visit.takes_place_on for touch in touches}
    return InterventionOnLine(
        number=str(intervention.number),
        name=intervention.name,
        provider=intervention.provider_name or str(intervention.get_provider_display()),
        state=intervention.state_label,
        starts_on=intervention.starts_on,
        ends_on=intervention.ends_on,
        url=intervention.get_absolute_url(),
        visits=tuple(sorted(day for day in days if day)),
        deviations=tuple(each.reported_on for each in intervention.deviations.all()),
    )


def rating_points(goal: Goal) -> list[RatingPoint]:
    """Every rating of a goal (one query)."""
    colours = colours_of([goal.pk]).get(goal.pk)
    ratings = colours.ratings if colours else []
    return [RatingPoint(each.rated_on, each.level, each.whose) for each in ratings]
