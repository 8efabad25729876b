"""What the work itself already says in a report, so that nobody types it twice.

Every source is a function from what is known to the text of a cell; a question of the form names
the one that it is filled in from. The texts are Swedish, as the document is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from interventions.models import Deviation, Intervention, Touch, Visit
from meetings.models import Meeting
from plans.models import ActionPlan, Cause, Evidence, Level, PlannedGoal
from plans.queries import GoalColours, colours_of, goals_in_force
from reports import richtext
from reports.models import Report
from reports.queries.facts import Facts
from sbs_workflow.headcounts import in_words


@dataclass(frozen=True)
class KnownGoal:
    number: int
    saying: PlannedGoal
    colours: GoalColours

    @property
    def latest(self) -> Any:
        """The rating that counts: what all have agreed on, or else the huvudman's own."""
        return self.colours.agreed or self.colours.latest("organiser")

    @property
    def level(self) -> str:
        level = str(self.latest.level) if self.latest else ""
        return "" if level == Level.NOT_BEGUN else level  # no colour of the form: domain.md 6.4


@dataclass(frozen=True)
class KnownInsats:
    """One insats as the unit of the report has taken part in it."""

    insats: Intervention
    goals: list[KnownGoal] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)

    @property
    def row(self) -> str:
        return str(self.insats.number)

    def text(self, source: str) -> str:
        return SOURCES[source](self) if source in SOURCES else ""


@dataclass(frozen=True)
class Known:
    insatser: list[KnownInsats]
    deviations: list[Deviation]

    def text(self, source: str) -> str:
        """Of a question that is asked once in a report."""
        return self._deviations() if source == "deviations" else ""

    def facts(self, source: str) -> list[Facts]:
        """The official forms hold nothing but questions and answers."""
        return []

    def _deviations(self) -> str:
        return richtext.as_list(
            f"{each.intervention}: {each.what}" + (f" {each.decision}" if each.decision else "")
            for each in self.deviations
        )


def known_of(report: Report) -> Known:
    """What is known for the unit of the report (a fixed number of queries)."""
    insatser = list(
        Intervention.objects.filter(collaboration=report.collaboration_id, units=report.unit_id)
        .exclude(state=Intervention.State.CANCELLED, starts_on=None)
        .prefetch_related(
            "goals",
            Prefetch("causes", Cause.objects.select_related("problem__analysis")),
        )
        .order_by("number")
    )
    sayings = _sayings(report)
    colours = colours_of(sayings)
    visits = _visits(report, insatser)
    meetings = _meetings(report)
    return Known(
        [
            _known_insats(report, insats, sayings, colours, visits[insats.pk], meetings)
            for insats in insatser
        ],
        list(
            Deviation.objects.filter(intervention__in=insatser)
            .select_related("intervention")
            .order_by("reported_on")
        ),
    )


def _sayings(report: Report) -> dict[UUID, PlannedGoal]:
    """What counts of each goal of the unit."""
    rows = PlannedGoal.objects.filter(
        plan__collaboration=report.collaboration_id, plan__unit=report.unit_id
    ).exclude(plan__state__in=ActionPlan.OPEN_STATES)
    return goals_in_force(rows.select_related("plan", "goal", "problem").prefetch_related("causes"))


def _known_insats(
    report: Report,
    insats: Intervention,
    sayings: dict[UUID, PlannedGoal],
    colours: dict[UUID, GoalColours],
    visits: list[Visit],
    meetings: list[Meeting],
) -> KnownInsats:
    """Its goals are those the agreement names, or those that are to change its causes."""
    linked = {goal.pk for goal in insats.goals.all()}
    causes = [
        cause for cause in insats.causes.all() if cause.problem.analysis.unit_id == report.unit_id
    ]
    own = [saying for key, saying in sayings.items() if key in linked]
    if not own:
        wanted = {cause.pk for cause in causes}
        own = [s for s in sayings.values() if wanted & {cause.pk for cause in s.causes.all()}]
    own.sort(key=lambda saying: saying.goal.number)
    return KnownInsats(
        insats,
        [
            KnownGoal(saying.goal.number, saying, colours.get(saying.goal_id, GoalColours()))
            for saying in own
        ],
        causes,
        visits,
        meetings,
    )


def _visits(report: Report, insatser: list[Intervention]) -> dict[UUID, list[Visit]]:
    """The visits to the unit whose logs are shared, by the insats they were about."""
    found: defaultdict[UUID, list[Visit]] = defaultdict(list)
    touches = Touch.objects.filter(
        intervention__in=insatser, visit__state=Visit.State.SHARED, visit__units=report.unit_id
    )
    for touch in touches.select_related("visit").order_by("visit__takes_place_on"):
        assert touch.intervention_id is not None
        found[touch.intervention_id].append(touch.visit)
    return found


def _meetings(report: Report) -> list[Meeting]:
    return list(
        Meeting.objects.filter(
            collaboration=report.collaboration_id,
            kind=Meeting.Kind.QUALITY,
            state__in=Meeting.WAS_HELD,
        ).order_by("starts_at")
    )


# --- one function for each source ----------------------------------------------------------


def participants(known: KnownInsats) -> str:
    return in_words(known.insats.participants)


def problems(known: KnownInsats) -> str:
    rows = [goal.saying.problem for goal in known.goals]
    rows += [cause.problem for cause in known.causes]
    return richtext.as_list(_once(row.text for row in rows))


def causes(known: KnownInsats) -> str:
    rows = [cause for goal in known.goals for cause in goal.saying.causes.all()]
    return richtext.as_list(_once(row.text for row in [*rows, *known.causes]))


def goals(known: KnownInsats) -> str:
    return richtext.as_list(goal.saying.text for goal in known.goals)


def expected_effects(known: KnownInsats) -> str:
    lines = []
    for goal in known.goals:
        if text := goal.saying.short_term_effect:
            lines.append(_("In the short term: %(effect)s") % {"effect": text})
        if text := goal.saying.long_term_effect:
            lines.append(_("In the long term: %(effect)s") % {"effect": text})
    return richtext.as_list(_once(lines))


def follow_up(known: KnownInsats) -> str:
    """Vilka har varit delaktiga: from visits, meetings and what the colours rest on."""
    lines = [_visit_line(visit) for visit in known.visits]
    if days := [meeting.held_on for meeting in known.meetings if meeting.held_on]:
        lines.append(_("The three parties together: %(days)s") % {"days": _days(days)})
    kinds = {r.evidence_kind for g in known.goals for r in g.colours.ratings if r.evidence_kind}
    if kinds:
        ways = ", ".join(str(kind.label).lower() for kind in Evidence.Kind if kind in kinds)
        lines.append(_("Evidence behind the goals: %(ways)s") % {"ways": ways})
    return richtext.as_list(lines)


def _visit_line(visit: Visit) -> str:
    kind = str(visit.get_kind_display() or _("Visit"))
    line = f"{kind} {_days([visit.takes_place_on])}"
    return f"{line}: {visit.participants_in_words}" if visit.participants else line


def _days(days: Iterable[date | None]) -> str:
    return ", ".join(date_format(day, "j F Y") for day in days if day)


def _once(texts: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(text.strip() for text in texts)


SOURCES: dict[str, Callable[[KnownInsats], str]] = {
    "participants": participants,
    "problems": problems,
    "causes": causes,
    "goals": goals,
    "expected_effects": expected_effects,
    "follow_up": follow_up,
}


def level_label(level: str) -> str:
    """The colour in words; nothing where nobody has said it."""
    return str(Level(level).label) if level else ""
