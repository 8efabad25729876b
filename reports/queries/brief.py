"""What the three parties have in front of them before they meet: the same facts for all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from interventions.models import PENDING, Agreement, Deviation, InterimTask, Visit
from meetings.models import ChangeProposal, Meeting, PreparationLine
from plans.models import ActionPlan, GoalRating, Level, PlannedGoal, Whose
from plans.queries import GoalColours, colours_of, goals_in_force
from sbs_workflow.models import Promise

VISITS_AHEAD = 10


@dataclass(frozen=True)
class GoalMove:
    """A goal with its agreed colour before and after, and what each party sees now."""

    saying: PlannedGoal
    before: Level
    now: Level
    colours: GoalColours

    @property
    def has_moved(self) -> bool:
        return self.before != self.now


@dataclass(frozen=True)
class Brief:
    """Only what all three parties may read: nothing here asks who is reading."""

    meeting: Meeting
    last: Meeting | None
    moves: list[GoalMove]
    visits_done: list[Visit]
    visits_planned: list[Visit]
    tasks: list[InterimTask]
    promises_open: list[Promise]
    promises_settled: list[Promise]
    deviations: list[Deviation]
    amendment: Agreement | None
    changes: list[ChangeProposal]
    preparation: list[PreparationLine]

    @property
    def moved(self) -> list[GoalMove]:
        return [move for move in self.moves if move.has_moved]

    @property
    def seen_differently(self) -> list[GoalMove]:
        return [move for move in self.moves if move.colours.parties_differ]


def brief_of(meeting: Meeting) -> Brief:
    """What has happened since the last meeting of the kind that counted (ten queries)."""
    last = _last_before(meeting)
    since = last.held_on if last and last.held_on else date.min
    visits = _visits_since(meeting, since)
    promises = _promises_since(meeting, since)
    return Brief(
        meeting=meeting,
        last=last,
        moves=list(_moves_since(meeting, since)),
        visits_done=[visit for visit in visits if visit.state in DONE],
        visits_planned=[visit for visit in visits if visit.state not in DONE][:VISITS_AHEAD],
        tasks=_tasks_since(meeting, since),
        promises_open=[promise for promise in promises if promise.is_open],
        promises_settled=[promise for promise in promises if not promise.is_open],
        deviations=_deviations_since(meeting, since),
        amendment=Agreement.objects.filter(
            collaboration=meeting.collaboration_id,
            state__in=PENDING,
            version__gt=1,
            proposed_on__isnull=False,
        ).first(),
        changes=list(
            ChangeProposal.objects.filter(
                meeting__collaboration=meeting.collaboration_id,
                meeting__starts_at__date__gte=since,
            )
            .exclude(meeting=meeting)
            .select_related("meeting")
            .order_by("meeting__starts_at")
        ),
        preparation=list(meeting.preparation.exclude(text="")),
    )


DONE = (Visit.State.DONE, Visit.State.LOGGED, Visit.State.SHARED)


def _last_before(meeting: Meeting) -> Meeting | None:
    held = Meeting.objects.filter(
        collaboration=meeting.collaboration_id, kind=meeting.kind, state__in=Meeting.WAS_HELD
    ).exclude(pk=meeting.pk)
    if meeting.starts_at:
        held = held.filter(starts_at__lt=meeting.starts_at)
    return held.order_by("-starts_at").first()


def _moves_since(meeting: Meeting, since: date) -> Iterator[GoalMove]:
    """What was agreed before the last meeting began, and what is agreed now."""
    rows = PlannedGoal.objects.filter(
        plan__collaboration=meeting.collaboration_id, plan__shared_on__isnull=False
    ).exclude(plan__state__in=ActionPlan.OPEN_STATES)
    sayings = goals_in_force(rows.select_related("plan__unit", "goal")).values()
    colours = colours_of(saying.goal_id for saying in sayings)
    for saying in sorted(sayings, key=lambda row: (row.plan.unit.sort_key, row.goal.number)):
        known = colours.get(saying.goal_id, GoalColours())
        earlier = GoalColours([r for r in known.ratings if _was_there_before(r, since)])
        yield GoalMove(saying, before=earlier.level, now=known.level, colours=known)


def _was_there_before(rating: GoalRating, since: date) -> bool:
    return rating.whose == Whose.AGREED and rating.rated_on < since


def _visits_since(meeting: Meeting, since: date) -> list[Visit]:
    """Those that are done since then, and those that have a day."""
    planned = Q(state__in=[Visit.State.PLANNED, Visit.State.CONFIRMED])
    done = Q(state__in=DONE, takes_place_on__gte=since)
    visits = Visit.objects.filter(planned | done, collaboration=meeting.collaboration_id)
    return list(visits.order_by("takes_place_on", "pk"))


def _tasks_since(meeting: Meeting, since: date) -> list[InterimTask]:
    """Those that are open or have been reported, and those of the visits since then."""
    tasks = InterimTask.objects.filter(collaboration=meeting.collaboration_id)
    recent = Q(visit__takes_place_on__gte=since) | ~Q(state=InterimTask.State.DISCUSSED)
    return list(tasks.filter(recent).select_related("unit").order_by("unit__sort_key", "pk"))


def _promises_since(meeting: Meeting, since: date) -> list[Promise]:
    promises = Promise.objects.filter(collaboration=meeting.collaboration_id, is_shared=True)
    recent = Q(settled_on=None) | Q(settled_on__gte=since)
    return list(promises.filter(recent).select_related("person"))


def _deviations_since(meeting: Meeting, since: date) -> list[Deviation]:
    """Those that are open, and those that were settled since then."""
    deviations = Deviation.objects.filter(intervention__collaboration=meeting.collaboration_id)
    recent = Q(settled_on=None) | Q(settled_on__gte=since)
    return list(deviations.filter(recent).select_related("intervention"))


def name_of_brief(brief: Brief) -> str:
    """Such as ``Underlag trepartsavstämning Ådalens kommun 2026-03-10``."""
    meeting = brief.meeting
    kind = str(meeting.get_kind_display())
    day = f" {timezone.localtime(meeting.starts_at):%Y-%m-%d}" if meeting.starts_at else ""
    return f"Underlag {kind[:1].lower()}{kind[1:]} {meeting.collaboration.name}{day}"
