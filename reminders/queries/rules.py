"""The rules of reminding as people read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.duties import Duty, Offset, Timing, registry
from notifications.lead_times import ChangedLeadTimes
from organisations.models import Party, Role


@dataclass(frozen=True)
class Telling:
    """When somebody is told, and who."""

    when: tuple[str, ...]
    who: tuple[str, ...]


@dataclass(frozen=True)
class RuleRow:
    """One rule with the lead times that hold in a scope, or in the programme."""

    duty: Duty
    timing: Timing

    @property
    def party(self) -> Party:
        return Role(self.duty.owed_by[0]).party

    @property
    def is_changed(self) -> bool:
        return self.timing != self.duty.timing

    @property
    def reminders(self) -> Telling:
        return Telling(tuple(map(in_words, self.timing.steps)), role_names(self.duty.owed_by))

    @property
    def ladder(self) -> Iterator[Telling]:
        for offset, rung in zip(self.timing.escalation, self.duty.ladder, strict=False):
            yield Telling((in_words(offset),), role_names(rung.told))


def rules(scope: UUID | None = None) -> list[RuleRow]:
    """Every duty that reminds, in the order of domain.md 4.2 (one query)."""
    changed = ChangedLeadTimes()
    reminding = (duty for duty in registry.values() if duty.timing.tracks)
    return [RuleRow(duty, changed.timing_in(duty, scope)) for duty in sorted(reminding, key=_place)]


def _place(duty: Duty) -> tuple[int, str]:
    number = duty.rule.removeprefix("R")
    return (int(number) if number.isdecimal() else 99, duty.name)


def role_names(roles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(Role(role).label) for role in roles)


def in_words(offset: Offset) -> str:
    """Such as "5 working days after"."""
    if offset.count == 0:
        return _("on the day itself")
    number = abs(offset.count)
    if offset.counts_working_days:
        words = (
            ngettext("%(n)s working day before", "%(n)s working days before", number)
            if offset.count < 0
            else ngettext("%(n)s working day after", "%(n)s working days after", number)
        )
    else:
        words = (
            ngettext("%(n)s day before", "%(n)s days before", number)
            if offset.count < 0
            else ngettext("%(n)s day after", "%(n)s days after", number)
        )
    return words % {"n": number}
