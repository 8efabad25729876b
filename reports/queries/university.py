"""What the work itself says in the report of the lärosäte: what it has done, given and seen.

Nothing is read here that one of the three parties may not read, since all of them get the report.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.formats import date_format, number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.models import CapacityMapping, Dimension, DimensionRating, Round
from assessments.queries import DimensionRow
from interventions.models import (
    AssignmentPlan,
    Deviation,
    InterimTask,
    Intervention,
    Outline,
    PlannedMonth,
    Visit,
)
from organisations.models import Unit
from plans.models import ActionPlan, GoalRating, Level, PlannedGoal, Whose
from plans.queries import goals_in_force
from plans.queries.ratings import DIRECTIONS, ORDER
from reports.models import UniversityReport
from reports.queries.facts import Facts
from sbs_workflow.headcounts import in_words

State = Visit.State
DONE = (State.DONE, State.LOGGED, State.SHARED)
IN_SHORT = 30  # words of a log, where a whole period is told
MINUTES = 60  # in an hour


@dataclass(frozen=True)
class Period:
    """What a report tells of: its own term, or everything from the beginning to the end."""

    after: date | None = None
    until: date | None = None

    def of(self, rows: QuerySet[Any], day: str) -> QuerySet[Any]:
        """Those of ``rows`` whose ``day`` lies in the period, or that have none."""
        wanted = Q()
        if self.after:
            wanted &= Q(**{f"{day}__gt": self.after})
        if self.until:
            wanted &= Q(**{f"{day}__lte": self.until})
        return rows.filter(wanted)


def period_of(report: UniversityReport) -> Period:
    """An interim report follows on the one before it, so that nothing is told in two of them."""
    if report.kind == UniversityReport.Kind.FINAL:
        return Period()
    before = report.by_the_same.filter(kind=report.kind, number__lt=report.number)
    after = before.order_by("-number").values_list("deadline_on", flat=True).first()
    return Period(after, report.deadline_on)


@dataclass(frozen=True)
class UniversityKnown:
    """Answers the questions of the form by the names that they give their sources."""

    report: UniversityReport
    period: Period
    # There is no matrix in this report.
    insatser: tuple[Any, ...] = ()

    def text(self, source: str) -> str:
        return TEXTS[source](self) if source else ""

    def facts(self, source: str) -> list[Facts]:
        return FACTS[source](self)

    @property
    def is_of_the_whole(self) -> bool:
        return self.report.kind == UniversityReport.Kind.FINAL


def known_of_university(report: UniversityReport) -> UniversityKnown:
    return UniversityKnown(report, period_of(report))


# --- what was commissioned -------------------------------------------------------------------


def assignment(known: UniversityKnown) -> str:
    """The uppdragsplan that the lärosäte has confirmed."""
    confirmed = (AssignmentPlan.State.CONFIRMED, AssignmentPlan.State.CLOSED)
    plan = _of_case(known, AssignmentPlan).filter(state__in=confirmed).first()
    return plan.text if plan else ""


def insatser(known: UniversityKnown) -> list[Facts]:
    rows = _of_case(known, Intervention).filter(provider=Intervention.Provider.UNIVERSITY)
    return [
        Facts(
            _("Insatser of the university"),
            [_("Insats"), _("Units"), _("Who takes part"), _("Period"), _("State")],
            [
                [
                    str(insats),
                    _names(insats.units.all()),
                    insats.participants_in_words,
                    _from_to(insats.starts_on, insats.ends_on),
                    insats.state_label,
                ]
                for insats in rows.prefetch_related("units")
            ],
            _("No insats has been agreed on."),
            [4, 3, 4, 3, 2],
        )
    ]


# --- visits ----------------------------------------------------------------------------------


def visits(known: UniversityKnown) -> list[Facts]:
    rows = known.period.of(
        _of_case(known, Visit).filter(takes_place_on__isnull=False), "takes_place_on"
    )
    found = list(rows.prefetch_related("units").order_by("takes_place_on"))
    kept = [visit for visit in found if visit.state != State.CANCELLED]
    return [_support(known, found), _by_unit(kept), _one_by_one(known, kept)]


def _support(known: UniversityKnown, found: list[Visit]) -> Facts:
    """What was planned beside what was done: in the uppdragsplan days, on site visits."""
    states = Counter(visit.state for visit in found)
    months = PlannedMonth.objects.filter(
        assignment__collaboration=known.report.collaboration_id,
        assignment__state__in=(AssignmentPlan.State.CONFIRMED, AssignmentPlan.State.CLOSED),
    )
    days = known.period.of(months, "month").aggregate(days=Sum("days"))["days"] or Decimal(0)
    counted = {
        _("Days in the assignment plan"): _number(days),
        _("Visits done"): str(sum(states[state] for state in DONE)),
        _("Visits ahead"): str(states[State.PLANNED] + states[State.CONFIRMED]),
        _("Visits cancelled"): str(states[State.CANCELLED]),
    }
    return Facts(
        _("Planned and done"),
        [_("What"), _("How many")],
        [list(row) for row in counted.items()],
        "",
        [3, 1],
    )


def _by_unit(kept: list[Visit]) -> Facts:
    units = {unit.pk: unit for visit in kept for unit in visit.units.all()}
    return Facts(
        _("Visits by unit"),
        [
            _("Unit"),
            _("Visits planned"),
            _("Visits done"),
            _("Hours"),
            _("Kinds"),
            _("Most people at a visit"),
        ],
        [
            _unit_row(unit, [visit for visit in kept if unit in visit.units.all()])
            for unit in sorted(units.values(), key=lambda unit: unit.sort_key)
        ],
        _("No visit has been planned."),
        [4, 2, 2, 2, 4, 4],
    )


def _unit_row(unit: Unit, own: list[Visit]) -> list[str]:
    done = [visit for visit in own if visit.state in DONE]
    told = [visit for visit in done if visit.state == State.SHARED]
    minutes = sum(visit.duration_minutes or 0 for visit in told)
    kinds = Counter(str(visit.get_kind_display()) for visit in told if visit.kind)
    return [
        unit.name,
        str(len(own)),
        str(len(done)),
        _number(Decimal(minutes) / MINUTES),
        ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()),
        in_words(_most_at_once(told)),
    ]


def _most_at_once(told: Iterable[Visit]) -> list[tuple[str, int | None]]:
    """Of each function the most at one visit, since the same people come again."""
    most: dict[str, int | None] = {}
    for visit in told:
        for function, number in visit.participants:
            if function not in most or (number or 0) > (most[function] or 0):
                most[function] = number
    return list(most.items())


def _one_by_one(known: UniversityKnown, kept: list[Visit]) -> Facts:
    """Only what is shared is told of a visit: its log is the lärosäte's own until then."""
    return Facts(
        _("Visit by visit"),
        [_("Day"), _("Visit"), _("Units"), _("What was done")],
        [
            [
                _day(visit.takes_place_on),
                _kind_and_form(visit),
                _names(visit.units.all()),
                _told_of(visit, in_short=known.is_of_the_whole),
            ]
            for visit in kept
        ],
        _("No visit has been planned."),
        [2, 3, 3, 7],
    )


def _kind_and_form(visit: Visit) -> str:
    form = str(visit.get_form_display()).lower()
    kind = visit.get_kind_display() if visit.state == State.SHARED else ""
    return f"{kind}, {form}" if kind else f"{visit.state_label}, {form}"


def _told_of(visit: Visit, *, in_short: bool) -> str:
    if visit.state != State.SHARED:
        return ""
    if in_short:
        return Truncator(visit.log).words(IN_SHORT)
    return "\n".join(filter(None, (visit.log, visit.next_steps)))


# --- between the visits ----------------------------------------------------------------------


def tasks(known: UniversityKnown) -> list[Facts]:
    rows = _of_case(known, InterimTask).select_related("unit", "visit")
    given = list(
        known.period.of(rows, "visit__takes_place_on").order_by(
            "unit__sort_key", "visit__takes_place_on"
        )
    )
    return [
        Facts(
            _("Tasks between the visits"),
            [_("Unit"), _("Tasks given"), _("Reported back"), _("How it went")],
            [
                _tasks_of(unit, [task for task in given if task.unit == unit])
                for unit in dict.fromkeys(task.unit for task in given)
            ],
            _("No task has been given."),
            [4, 2, 2, 6],
        ),
        Facts(
            _("What the units have seen"),
            [_("Unit"), _("Task"), _("How it went"), _("What we saw")],
            [
                [task.unit.name, task.text, str(task.get_course_display()), task.report]
                for task in given
                if task.course
            ],
            _("No task has been reported."),
            [3, 5, 3, 5],
        ),
    ]


def _tasks_of(unit: Unit, given: list[InterimTask]) -> list[str]:
    courses = Counter(str(task.get_course_display()) for task in given if task.course)
    said = ", ".join(f"{course} {count}" for course, count in courses.most_common())
    return [unit.name, str(len(given)), str(courses.total()), said]


# --- what was changed ------------------------------------------------------------------------


def adaptations(known: UniversityKnown) -> list[Facts]:
    """An outline with a reason is an adaptation; the first one has none."""
    of_case = {"intervention__collaboration": known.report.collaboration_id}
    outlines = Outline.objects.filter(**of_case).exclude(reason="")
    deviations = Deviation.objects.filter(**of_case)
    return [
        Facts(
            _("Adaptations"),
            [_("Day"), _("Insats"), _("What it became"), _("Why")],
            [
                [
                    _day(outline.written_at),
                    str(outline.intervention),
                    outline.text,
                    outline.reason,
                ]
                for outline in known.period.of(outlines, "written_at__date")
                .select_related("intervention")
                .order_by("written_at")
            ],
            _("Nothing has been adapted."),
            [2, 3, 5, 5],
        ),
        Facts(
            _("Deviations"),
            [_("Day"), _("Insats"), _("What could not be kept"), _("What came of it")],
            [
                [
                    _day(deviation.reported_on),
                    str(deviation.intervention),
                    deviation.what,
                    _end_of(deviation),
                ]
                for deviation in known.period.of(deviations, "reported_on")
                .select_related("intervention")
                .order_by("reported_on")
            ],
            _("No deviation has been reported."),
            [2, 3, 5, 5],
        ),
    ]


def _end_of(deviation: Deviation) -> str:
    outcome = str(deviation.get_outcome_display()) or _("Not settled yet")
    return f"{outcome}. {deviation.decision}" if deviation.decision else outcome


# --- how far it has come ---------------------------------------------------------------------


def ratings(known: UniversityKnown) -> list[Facts]:
    """The lärosäte's own colours, and which way they have moved; nobody is ranked."""
    said: dict[Any, list[GoalRating]] = {}
    rows = GoalRating.objects.filter(
        goal__collaboration=known.report.collaboration_id, whose=Whose.UNIVERSITY
    )
    if known.period.until:
        rows = rows.filter(rated_on__lte=known.period.until)
    for rating in rows.order_by("rated_at"):
        said.setdefault(rating.goal_id, []).append(rating)
    planned = PlannedGoal.objects.filter(goal__in=said, plan__shared_on__isnull=False)
    sayings = goals_in_force(
        planned.exclude(plan__state__in=ActionPlan.OPEN_STATES).select_related("plan__unit", "goal")
    )
    in_order = sorted(sayings.values(), key=lambda s: (s.plan.unit.sort_key, s.goal.number))
    return [
        Facts(
            _("The goals as the university sees them"),
            [
                _("Unit"),
                _("Goal"),
                _("First"),
                _("Latest"),
                pgettext("of a goal", "Direction"),
                _("Why"),
            ],
            [
                [saying.plan.unit.name, saying.text, *_movement(said[saying.goal_id])]
                for saying in in_order
            ],
            _("The university has not set a colour for any goal."),
            [3, 5, 2, 2, 2, 5],
        )
    ]


def _movement(ratings: list[GoalRating]) -> list[str]:
    """Oldest first: where it began, where it is, and the way from one to the other."""
    first, latest = ratings[0], ratings[-1]
    was, now = ORDER[Level(first.level)], ORDER[Level(latest.level)]
    moved = str(DIRECTIONS[(now > was) - (now < was)]) if len(ratings) > 1 else ""
    labels = [str(first.get_level_display()), str(latest.get_level_display())]
    return [*labels, moved, latest.justification]


def capacity(known: UniversityKnown) -> list[Facts]:
    """The mapping at the start beside the one at the end (KAU 2018); only what all may read."""
    done = _of_case(known, CapacityMapping).filter(state=CapacityMapping.State.DONE)
    found: dict[int, dict[str, DimensionRating]] = {
        mapping.round: {rating.dimension: rating for rating in mapping.ratings.all()}
        for mapping in done.prefetch_related("ratings")
    }
    start, end = found.get(Round.START, {}), found.get(Round.END, {})
    parts = [DimensionRow(each, end.get(each), start.get(each)) for each in Dimension]
    return [
        Facts(
            _("The capacity to improve"),
            [_("Part"), _("At the start"), _("At the end"), _("It"), _("What it shows in")],
            [
                [
                    str(part.dimension.label),
                    _level_of(part.before),
                    _level_of(part.now),
                    part.moved,
                    _note_of(part),
                ]
                for part in parts
                if part.before or part.now
            ],
            _("No mapping has been shared yet."),
            [4, 3, 3, 2, 5],
        )
    ]


def _level_of(rating: DimensionRating | None) -> str:
    return f"{rating.level}, {rating.get_level_display()}" if rating else "–"


def _note_of(part: DimensionRow) -> str:
    rating = part.now or part.before
    return rating.note if rating else ""


# --- in words --------------------------------------------------------------------------------


def _of_case(known: UniversityKnown, model: Any) -> Any:
    return model.objects.filter(collaboration=known.report.collaboration_id)


def _names(units: Iterable[Unit]) -> str:
    return ", ".join(sorted(unit.name for unit in units))


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def _from_to(start: date | None, end: date | None) -> str:
    return f"{_day(start)} – {_day(end)}" if start else ""


def _number(value: Decimal) -> str:
    """Without decimals where there are none."""
    rounded = value.quantize(Decimal("0.1"))
    return number_format(rounded, 0 if rounded == rounded.to_integral_value() else 1)


TEXTS: dict[str, Callable[[UniversityKnown], str]] = {"assignment": assignment}
FACTS: dict[str, Callable[[UniversityKnown], list[Facts]]] = {
    "insatser": insatser,
    "visits": visits,
    "tasks": tasks,
    "adaptations": adaptations,
    "ratings": ratings,
    "capacity": capacity,
}
