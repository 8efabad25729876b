"""A year of the whole programme, for the agency's report to the government (INT19, R17).

Scope, cost, direction, implementation and results. Nobody is ranked, and a group of few units is
not shown apart, so that nobody can be pointed out by it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from assessments.models import CapacityMapping, GovernmentReport
from interventions.models import Agreement, Instalment, Intervention, Visit
from meetings.models import Meeting, MeetingKind
from organisations.models import Unit
from plans.models import ActionPlan, Goal, GoalRating, Level, PlannedGoal, Whose
from reports.models import Report
from reports.queries.synthesis import area_key
from sbs_workflow.models import Collaboration, Participation, TransitionRecord

FEWEST_UNITS = 5  # of a group that is shown apart: inferred
VISITED = (Visit.State.DONE, Visit.State.LOGGED, Visit.State.SHARED)
# The colours from the one to reach; a goal without an agreed colour comes last.
COLOURS = (Level.ACHIEVED, Level.WELL_UNDER_WAY, Level.STARTED, Level.NOT_BEGUN)
NO_COLOUR = ""


@dataclass(frozen=True)
class Group:
    """Units, and what is counted among them; the name is empty where groups are put together."""

    name: str
    units: int
    count: int = 0


def name_among(group: "Group | ColourSpread", groups: "Sequence[Group | ColourSpread]") -> str:
    """What people call it: those that are put together have no name of their own."""
    if group.name:
        return group.name
    return _("The others together") if len(groups) > 1 else _("All together")


@dataclass(frozen=True)
class ColourSpread:
    """How many goals have each colour, in the order of ``COLOURS`` and then without one."""

    name: str
    units: int
    counts: dict[str, int]

    @property
    def goals(self) -> int:
        return sum(self.counts.values())

    @property
    def rows(self) -> list[tuple[str, str, int]]:
        """A colour's value, its word, and how many goals have it."""
        named = [(level.value, str(level.label), self.counts.get(level, 0)) for level in COLOURS]
        return [*named, (NO_COLOUR, _("No colour agreed on yet"), self.counts.get(NO_COLOUR, 0))]


@dataclass(frozen=True)
class Scope:
    organisers: int
    cases: int
    units: int
    insatser: int
    accepted: int
    started: int
    closed: int
    ended_early: int
    forms: list[Group]


@dataclass(frozen=True)
class Cost:
    """Kronor. Granted is what the agreements say in all; due is what they say is paid that year."""

    agreements: int
    granted: Decimal
    due: Decimal
    without_amount: int


@dataclass(frozen=True)
class Implementation:
    visits: int
    visited_cases: int
    meetings: int
    cases_that_met: int
    interim_reports: int
    final_reports: int
    mappings: int


@dataclass(frozen=True)
class YearlyAccount:
    """``year`` is the year it tells of."""

    year: int
    scope: Scope
    cost: Cost
    areas: list[Group]
    implementation: Implementation
    results: ColourSpread
    results_by_form: list[ColourSpread]

    @property
    def scope_figures(self) -> list[tuple[str, str]]:
        """What is counted, in words, and the number."""
        scope = self.scope
        return [
            (_("School authorities"), in_figures(scope.organisers)),
            (_("Collaborations"), in_figures(scope.cases)),
            (_("Units, the administrations among them"), in_figures(scope.units)),
            (_("Insatser under way during the year"), in_figures(scope.insatser)),
            (_("Collaborations that said yes this year"), in_figures(scope.accepted)),
            (_("Collaborations whose insatser began this year"), in_figures(scope.started)),
            (_("Collaborations that were closed this year"), in_figures(scope.closed)),
            (_("Collaborations that ended early this year"), in_figures(scope.ended_early)),
        ]

    @property
    def cost_figures(self) -> list[tuple[str, str]]:
        cost = self.cost
        return [
            (_("Agreements and decisions in force during the year"), in_figures(cost.agreements)),
            (_("Granted in them, for their whole periods (kronor)"), in_figures(cost.granted)),
            (_("To be paid this year, as they say (kronor)"), in_figures(cost.due)),
            (_("Agreements that name no amount"), in_figures(cost.without_amount)),
        ]

    @property
    def implementation_figures(self) -> list[tuple[str, str]]:
        done = self.implementation
        return [
            (_("Visits"), in_figures(done.visits)),
            (_("Collaborations that were visited"), in_figures(done.visited_cases)),
            (_("Meetings of all three parties"), in_figures(done.meetings)),
            (_("Collaborations that had such a meeting"), in_figures(done.cases_that_met)),
            (_("Interim reports received"), in_figures(done.interim_reports)),
            (_("Final reports received"), in_figures(done.final_reports)),
            (_("Mappings of improvement capacity shared"), in_figures(done.mappings)),
        ]


def in_figures(number: int | Decimal) -> str:
    """Whole, with a space between the thousands, as Swedish writes it."""
    return f"{number:,.0f}".replace(",", "\N{NO-BREAK SPACE}")


def yearly_account(report: GovernmentReport) -> YearlyAccount:
    """Of all the agency's collaborations that took part in the year before the report.

    Twelve queries, however many there are.
    """
    year = report.year - 1
    first, last = date(year, 1, 1), date(year, 12, 31)
    cases = _taking_part(report, first, last)
    spreads, units_by_form = _spreads(cases, last), _units_with_goals(cases)
    return YearlyAccount(
        year=year,
        scope=_scope(cases, first, last),
        cost=_cost(cases, first, last),
        areas=_areas(cases, first, last),
        implementation=_implementation(cases, first, last),
        results=ColourSpread("", sum(units_by_form.values()), _together(spreads.values())),
        results_by_form=_by_form(spreads, units_by_form),
    )


def _taking_part(report: GovernmentReport, first: date, last: date) -> QuerySet[Any]:
    """Those that had said yes by the end of the year, and had not ended before it began."""
    ended_early = TransitionRecord.objects.filter(
        object_id=OuterRef("pk"),
        to_state__in=[Collaboration.State.WITHDRAWN, Collaboration.State.TERMINATED],
    ).order_by("-occurred_at")
    return (
        Collaboration.objects.filter(agency=report.agency, accepted_on__lte=last)
        .annotate(ended_early_at=Subquery(ended_early.values("occurred_at")[:1]))
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gte=first))
        .filter(Q(ended_early_at__isnull=True) | Q(ended_early_at__date__gte=first))
        .order_by()
    )


# --- scope ---------------------------------------------------------------------------------


def _scope(cases: QuerySet[Any], first: date, last: date) -> Scope:
    counted = cases.aggregate(
        organisers=Count("organiser", distinct=True),
        cases=Count("pk"),
        accepted=Count("pk", filter=Q(accepted_on__gte=first)),
        started=Count("pk", filter=Q(interventions_start_on__range=(first, last))),
        closed=Count("pk", filter=Q(closed_on__range=(first, last))),
        ended_early=Count("pk", filter=Q(ended_early_at__date__range=(first, last))),
    )
    by_kind = dict(
        Participation.objects.filter(
            Q(left_on__isnull=True) | Q(left_on__gte=first),
            collaboration__in=cases.values("pk"),
            joined_on__lte=last,
        )
        .values_list("unit__kind")
        .annotate(units=Count("unit", distinct=True))
    )
    forms = [Group(str(kind.label), by_kind[kind]) for kind in Unit.Kind if by_kind.get(kind)]
    return Scope(
        **counted,
        units=sum(by_kind.values()),
        insatser=_running(cases, first, last).count(),
        forms=shown_apart(forms, lambda few: Group("", sum(group.units for group in few))),
    )


def _running(cases: QuerySet[Any], first: date, last: date) -> QuerySet[Any]:
    """Insatser of which some part lay in the year."""
    running: QuerySet[Any] = Intervention.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=first),
        collaboration__in=cases.values("pk"),
        starts_on__lte=last,
    ).exclude(state=Intervention.State.CANCELLED)
    return running


Shown = TypeVar("Shown", Group, ColourSpread)


def shown_apart(groups: list[Shown], together: Callable[[list[Shown]], Shown]) -> list[Shown]:
    """The groups that are large enough, in their order, and the others put together last.

    One small group alone could be reckoned out from the sum, so that the smallest of the others
    goes with it; what is put together and still too small takes one more.
    """
    few: list[Shown] = [group for group in groups if group.units < FEWEST_UNITS]
    rest = sorted((group for group in groups if group not in few), key=lambda group: group.units)
    while few and rest and (len(few) == 1 or sum(g.units for g in few) < FEWEST_UNITS):
        few.append(rest.pop(0))
    if not few:
        return groups
    shown: list[Shown] = [group for group in groups if group not in few]
    shown.append(together(few))
    return shown


# --- cost ----------------------------------------------------------------------------------


def _cost(cases: QuerySet[Any], first: date, last: date) -> Cost:
    """Of each case the version that was last in force in the year."""
    versions = (
        Agreement.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=first),
            collaboration__in=cases.values("pk"),
            agency_signed_on__lte=last,
            starts_on__lte=last,
        )
        .order_by("collaboration", "-version")
        .values_list("collaboration_id", "pk", "amount")
    )
    in_force: dict[UUID, tuple[UUID, Decimal | None]] = {}
    for case, version, amount in versions:
        in_force.setdefault(case, (version, amount))
    signed = {version for version, _amount in in_force.values()}
    instalments = Instalment.objects.filter(
        agreement__collaboration__in=cases.values("pk"), pays_on__range=(first, last)
    ).values_list("agreement_id", "amount")
    amounts = [amount for _version, amount in in_force.values()]
    return Cost(
        agreements=len(in_force),
        granted=sum((amount for amount in amounts if amount), Decimal(0)),
        due=sum((amount for version, amount in instalments if version in signed), Decimal(0)),
        without_amount=sum(amount is None for amount in amounts),
    )


# --- direction -----------------------------------------------------------------------------


def _areas(cases: QuerySet[Any], first: date, last: date) -> list[Group]:
    """Development areas by name, each with its units and its insatser."""
    names: dict[str, str] = {}
    units: dict[str, set[UUID]] = defaultdict(set)
    insatser: dict[str, set[UUID]] = defaultdict(set)
    rows = _running(cases, first, last).order_by("number", "pk")
    for pk, area, unit in rows.values_list("pk", "development_area", "units"):
        key = area_key(area)
        names.setdefault(key, area or _("Without a development area"))
        insatser[key].add(pk)
        if unit:
            units[key].add(unit)

    def of(keys: list[str], name: str) -> Group:
        return Group(
            name,
            len(set[UUID]().union(*(units[key] for key in keys))),
            len(set[UUID]().union(*(insatser[key] for key in keys))),
        )

    by_name = {names[key]: key for key in sorted(names)}
    return shown_apart(
        [of([key], name) for name, key in by_name.items()],
        lambda few: of([by_name[group.name] for group in few], ""),
    )


# --- implementation ------------------------------------------------------------------------


def _implementation(cases: QuerySet[Any], first: date, last: date) -> Implementation:
    keys = cases.values("pk")
    visits = Visit.objects.filter(
        collaboration__in=keys, state__in=VISITED, takes_place_on__range=(first, last)
    ).aggregate(visits=Count("pk"), visited_cases=Count("collaboration", distinct=True))
    meetings = Meeting.objects.filter(
        collaboration__in=keys,
        kind=MeetingKind.QUALITY,
        state__in=Meeting.WAS_HELD,
        starts_at__date__range=(first, last),
    ).aggregate(meetings=Count("pk"), cases_that_met=Count("collaboration", distinct=True))
    reports = Report.objects.filter(
        collaboration__in=keys, received_at__date__range=(first, last)
    ).aggregate(
        interim_reports=Count("pk", filter=Q(kind=Report.Kind.INTERIM)),
        final_reports=Count("pk", filter=Q(kind=Report.Kind.FINAL)),
    )
    mappings = CapacityMapping.objects.filter(
        collaboration__in=keys, state=CapacityMapping.State.DONE, done_on__range=(first, last)
    ).count()
    return Implementation(**visits, **meetings, **reports, mappings=mappings)


# --- results -------------------------------------------------------------------------------


def _goals(cases: QuerySet[Any]) -> QuerySet[Any]:
    """The goals of plans that were adopted, whatever version followed."""
    planned = PlannedGoal.objects.filter(
        goal=OuterRef("pk"),
        plan__state__in=[ActionPlan.State.ADOPTED, ActionPlan.State.SUPERSEDED],
    )
    goals: QuerySet[Any] = Goal.objects.filter(
        Exists(planned), collaboration__in=cases.values("pk")
    ).order_by()
    return goals


def _spreads(cases: QuerySet[Any], last: date) -> dict[str, Counter[str]]:
    """By form of school, how many goals had which agreed colour when the year ended."""
    agreed = GoalRating.objects.filter(
        goal=OuterRef("pk"), whose=Whose.AGREED, rated_on__lte=last
    ).order_by("-rated_at")
    rows = (
        _goals(cases)
        .annotate(colour=Subquery(agreed.values("level")[:1]))
        .values_list("unit__kind", "colour")
        .annotate(goals=Count("pk"))
    )
    spreads: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, colour, goals in rows:
        spreads[kind][colour or NO_COLOUR] += goals
    return spreads


def _units_with_goals(cases: QuerySet[Any]) -> dict[str, int]:
    rows = _goals(cases).values_list("unit__kind").annotate(units=Count("unit", distinct=True))
    return dict(rows)


def _by_form(spreads: dict[str, Counter[str]], units: dict[str, int]) -> list[ColourSpread]:
    forms = [
        ColourSpread(str(kind.label), units[kind], spreads[kind])
        for kind in Unit.Kind
        if kind in spreads
    ]
    return shown_apart(
        forms,
        lambda few: ColourSpread("", sum(g.units for g in few), _together(g.counts for g in few)),
    )


def _together(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total
