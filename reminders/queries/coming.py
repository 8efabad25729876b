"""What will be told, to whom and why, as people read it before it leaves."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from notifications.duties import Duty, Timing
from notifications.forecast import Coming, forecast
from notifications.lead_times import ChangedLeadTimes
from organisations.models import Party, Role, User
from sbs_workflow.models import Collaboration
from sbs_workflow.permissions import LEAD_OF_PARTY, roles_held

DAYS_AHEAD = 30
# How the reason of a reminder that somebody has left out begins; a name follows.
CHOSEN_OUT = "left out by "


@dataclass(frozen=True)
class ComingRow:
    """A reminder that will be told, with the names of those who get it."""

    coming: Coming
    names: tuple[str, ...]
    may_leave_out: bool

    @property
    def left_out_by(self) -> str:
        """Who has said: not this one."""
        reason = self.coming.let_be
        return reason.removeprefix(CHOSEN_OUT) if reason.startswith(CHOSEN_OUT) else ""

    @property
    def leave_out_url(self) -> str:
        it = self.coming
        step = f"{it.duty.set_for.isoformat()}_{it.step}"
        return reverse("reminders:leave_out", args=[it.duty.object_id, it.duty.duty.name, step])

    @property
    def is_let_be(self) -> bool:
        return bool(self.coming.let_be)

    @property
    def party(self) -> Party:
        return Role(self.coming.duty.duty.owed_by[0]).party


def coming_to(
    user: User, today: date, collaboration: Collaboration | None = None
) -> list[ComingRow]:
    """Everything that will be told about what this person may see, in the next thirty days."""
    visible = Collaboration.objects.visible_to(user)
    if collaboration is not None:
        visible = visible.filter(pk=collaboration.pk)
    cases = {case.pk: case for case in visible}
    coming = forecast(today, days=DAYS_AHEAD, scopes=cases.keys())
    names = names_of(person for it in coming for person in it.people)
    return [
        ComingRow(
            it,
            tuple(sorted(names[person] for person in it.people if person in names)),
            _leads(user, cases[it.duty.scope_id], it),
        )
        for it in coming
    ]


def _leads(user: User, collaboration: Collaboration, coming: Coming) -> bool:
    lead = LEAD_OF_PARTY[Role(coming.duty.duty.owed_by[0]).party]
    return lead in roles_held(user).for_object(collaboration)


def names_of(people: Iterable[UUID]) -> Mapping[UUID, str]:
    return dict(User.objects.filter(pk__in=set(people)).values_list("pk", "name"))


@dataclass(frozen=True)
class Preview:
    """What other lead times would do in the next thirty days."""

    before: list[Coming]
    after: list[Coming]

    @property
    def letters_before(self) -> int:
        return _letters(self.before)

    @property
    def letters_after(self) -> int:
        return _letters(self.after)


def _letters(coming: Collection[Coming]) -> int:
    """Lines to people: how much is told, whatever else stands in the same mail."""
    return sum(len(it.people) for it in coming if not it.let_be)


def preview(
    duty: Duty, timing: Timing, today: date, collaboration: Collaboration | None
) -> Preview:
    scopes = None if collaboration is None else [collaboration.pk]
    then = ChangedLeadTimes()
    now = forecast(today, days=DAYS_AHEAD, duties=[duty], scopes=scopes)
    then.suppose(duty, None if collaboration is None else collaboration.pk, timing)
    return Preview(
        now, forecast(today, days=DAYS_AHEAD, duties=[duty], scopes=scopes, lead_times=then)
    )
