"""Lead times as they hold now: the usual ones, or what administrators have written instead."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from notifications.duties import Duty, Timing
from notifications.models import LeadTimes


class ScopedTiming(NamedTuple):
    """Lead times, and the scopes that they hold in, or all others."""

    timing: Timing
    scopes: tuple[UUID, ...]
    are_in: bool


class ChangedLeadTimes:
    """Everything that is written down, read in one query."""

    def __init__(self) -> None:
        self._by_rule: defaultdict[str, dict[UUID | None, LeadTimes]] = defaultdict(dict)
        for row in LeadTimes.objects.all():
            self._by_rule[row.rule][row.scope_id] = row

    def suppose(self, duty: Duty, scope: UUID | None, timing: Timing) -> None:
        """As if these lead times were written down, to see what they would do."""
        self._by_rule[duty.name][scope] = LeadTimes(
            rule=duty.name,
            scope_id=scope,
            steps=" ".join(step.written for step in timing.steps),
            escalation=" ".join(step.written for step in timing.escalation),
        )

    def timing_in(self, duty: Duty, scope: UUID | None) -> Timing:
        changed = self._by_rule.get(duty.name, {})
        return duty.timing_with(changed.get(scope, changed.get(None)))

    def timings_of(self, duty: Duty) -> Iterator[ScopedTiming]:
        """The lead times of a duty everywhere, and those of the scopes that have their own."""
        changed = self._by_rule.get(duty.name, {})
        scopes_of: defaultdict[Timing, list[UUID]] = defaultdict(list)
        for scope, row in changed.items():
            if scope is not None:
                scopes_of[duty.timing_with(row)].append(scope)
        others = tuple(scope for scope in changed if scope is not None)
        yield ScopedTiming(duty.timing_with(changed.get(None)), others, are_in=False)
        for timing, scopes in scopes_of.items():
            yield ScopedTiming(timing, tuple(scopes), are_in=True)
