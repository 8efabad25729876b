"""What a changed rule would do: which meetings would be owed when, and who would call them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils import timezone

from meetings.models import USUAL, KindRule, Meeting, MeetingRule
from notifications.working_days import next_working_day
from organisations.models import Party
from sbs_workflow.models import UNDER_WAY, Collaboration

LAST_ONE_BEFORE_THE_END = timedelta(days=30)  # inferred
ON_ITS_WAY = (Meeting.State.PROPOSED, Meeting.State.BOOKED)


@dataclass(frozen=True)
class Owed:
    """A meeting that is to be booked: by when, who calls it and who must be there."""

    due_on: date | None
    initiator: Party
    required: tuple[Party, ...]

    @property
    def caller(self) -> str:
        return str(self.initiator.label)

    @property
    def parties(self) -> str:
        return ", ".join(str(party.label) for party in self.required)


@dataclass(frozen=True)
class RuleChange:
    """What becomes of the next meeting of a kind in one case; ``before`` is None for a new one."""

    collaboration: Collaboration
    rule: KindRule
    meeting: Meeting | None
    before: Owed | None
    after: Owed


def rule_under(kind: str, *changes: MeetingRule | None) -> KindRule:
    """The usual rule with what each row says instead, the programme's before the case's own."""
    rule = USUAL[kind]
    for change in changes:
        rule = change.changed(rule) if change else rule
    return rule


def what_would_change(kind: str, proposed: MeetingRule, today: date) -> list[RuleChange]:
    """Each case under way in which ``proposed`` moves or calls for a meeting (five queries).

    What is proposed or booked already keeps the rule that it was called under.
    """
    stored = MeetingRule.objects.filter(kind=kind)
    own = {row.collaboration_id: row for row in stored}
    if proposed.collaboration_id is None:
        cases = Collaboration.objects.filter(state__in=UNDER_WAY)
    else:
        cases = Collaboration.objects.filter(pk=proposed.collaboration_id, state__in=UNDER_WAY)
    own[proposed.collaboration_id] = proposed
    course = _course_of(kind, cases)
    waiting = {
        meeting.collaboration_id: meeting
        for meeting in Meeting.objects.filter(
            kind=kind, state=Meeting.State.NEEDED, collaboration__in=cases
        )
    }
    changes = []
    for case in cases.order_by("sort_key"):
        rule = rule_under(kind, own.get(None), own.get(case.pk))
        change = _change_in(case, rule, waiting.get(case.pk), course[case.pk], today)
        if change.before != change.after and change.after.due_on is not None:
            changes.append(change)
    return changes


@dataclass(frozen=True)
class _Course:
    """What there has been of a kind in a case: the last one, how many, and any on its way."""

    last_on: date | None
    held: int
    is_on_its_way: bool


def _course_of(kind: str, cases: Any) -> dict[UUID, _Course]:
    of_kind = Q(meetings__kind=kind)
    was_held = of_kind & Q(meetings__state__in=Meeting.WAS_HELD)
    rows: Iterable[Any] = cases.order_by().annotate(
        last_at=Max("meetings__starts_at", filter=was_held),
        held=Count("meetings", filter=was_held),
        coming=Count("meetings", filter=of_kind & Q(meetings__state__in=ON_ITS_WAY)),
    )
    return {
        row.pk: _Course(
            timezone.localtime(row.last_at).date() if row.last_at else None,
            row.held,
            bool(row.coming),
        )
        for row in rows
    }


def _change_in(
    case: Collaboration, rule: KindRule, waiting: Meeting | None, course: _Course, today: date
) -> RuleChange:
    before, due_on = None, None
    if waiting is not None:
        before = Owed(waiting.due_on, waiting.called_by, waiting.required_parties)
        due_on = waiting.due_on
    if not course.is_on_its_way or waiting:
        due_on = next_due(rule, case, course.last_on, course.held, today) or due_on
    after = Owed(due_on, rule.initiator, rule.required)
    return RuleChange(case, rule, waiting, before, after)


def next_due(
    rule: KindRule, case: Collaboration, last_on: date | None, held: int, today: date
) -> date | None:
    """When the next one of a kind is to be booked; None where the rule asks for none."""
    counted_from, ends_on = last_on or case.interventions_start_on, case.interventions_end_on
    if not rule.cadence_days or counted_from is None or ends_on is None:
        return None
    due_on = counted_from + timedelta(days=rule.cadence_days)
    if due_on > ends_on and held < (rule.at_least or 0):
        due_on = ends_on - LAST_ONE_BEFORE_THE_END
    # A rule that is changed makes nobody late.
    return next_working_day(max(due_on, today)) if due_on <= ends_on else None
