"""How far a made-up case has come by today, when, and who takes part in it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from cases.bulk.rows import Rows
from cases.bulk.world import Case
from notifications.clock import STOCKHOLM
from organisations.models import Role, Unit, User
from organisations.swedish import search_text, sort_key
from sbs_workflow.models import (
    Assignment,
    Collaboration,
    CollaborationState,
    Participation,
    TransitionRecord,
    WorkflowModel,
)
from sbs_workflow.models.collaboration import REPLY_WITHIN

State = CollaborationState
# How long each state lasts, in the order in which a case passes through them.
LASTS = {
    State.OFFERED: 30,
    State.ACCEPTED: 30,
    State.ANALYSING: 220,
    State.PLANNING: 100,
    State.AGREED: 20,
    State.ACTIVE: 730,
    State.REPORTING: 80,
    State.CLOSED: 250,
    State.FOLLOWED_UP: 400,
}
STEPS = {
    State.OFFERED: ("offer", Role.PROCESS_SUPPORTER),
    State.ACCEPTED: ("accept", Role.HEAD_OF_AUTHORITY),
    State.ANALYSING: ("start_analysis", Role.PROCESS_SUPPORTER),
    State.PLANNING: ("start_planning", Role.PROCESS_SUPPORTER),
    State.AGREED: ("agree", Role.PROCESS_SUPPORTER),
    State.ACTIVE: ("start_interventions", Role.TEAM_LEADER),
    State.REPORTING: ("start_reporting", Role.PROCESS_SUPPORTER),
    State.CLOSED: ("close", Role.PROCESS_SUPPORTER),
    State.FOLLOWED_UP: ("follow_up", Role.PROCESS_SUPPORTER),
}
# Of a hundred cases; most are active.
SPREAD = {
    State.OFFERED: 2,
    State.ACCEPTED: 1,
    State.ANALYSING: 6,
    State.PLANNING: 5,
    State.AGREED: 2,
    State.ACTIVE: 64,
    State.EXTENDED: 4,
    State.REPORTING: 6,
    State.CLOSED: 5,
    State.FOLLOWED_UP: 3,
    State.PAUSED: 1,
    State.WITHDRAWN: 1,
}
# These happen in the midst of the interventions.
DURING_INTERVENTIONS = {
    State.EXTENDED: "extend",
    State.PAUSED: "pause",
    State.WITHDRAWN: "withdraw",
}
EXTENSION = timedelta(days=180)
SENTENCES = (
    "Lärgrupperna har kommit i gång, och samtalen rör undervisningen.",
    "Arbetet går framåt, men tiden mellan besöken behöver skyddas.",
    "Åtgärderna prövas i två arbetslag och sprids sedan till de övriga.",
    "Målen är på god väg, och eleverna märker skillnad i klassrummet.",
)


class Course:
    """One case from its offer to today: every row in the state that its dates imply.

    The chapters about its documents, visits and meetings add theirs to the same ``rows``.
    """

    def __init__(self, rows: Rows, case: Case, today: date) -> None:
        self.rows = rows
        self.random = rows.random
        self.case = case
        self.today = today
        self.state = State(self.random.choices(list(SPREAD), list(SPREAD.values()))[0])
        self.entered = dict(self._entered())
        self.actors = {
            Role.PROCESS_SUPPORTER: case.team.supporters[0],
            Role.TEAM_LEADER: case.team.team_leader,
            Role.HEAD_OF_AUTHORITY: case.head,
        }
        self.starts_on = self.entered.get(State.ACTIVE)
        self.ends_on = self._end()
        self.is_over = self.state in (State.REPORTING, State.CLOSED, State.FOLLOWED_UP)
        self.collaboration = self._open()
        self._take_part()
        self._assign()
        self._record_phases()

    def _entered(self) -> Iterator[tuple[State, date]]:
        """When the case came into each state on its way."""
        order = list(LASTS)
        present = order.index(State.ACTIVE if self.state in DURING_INTERVENTIONS else self.state)
        day = self.today - timedelta(days=self.random.randint(3, LASTS[order[present]] - 3))
        if self.state == State.EXTENDED:
            day = self.today - timedelta(days=self.random.randint(740, 880))
        yield order[present], day
        for earlier in reversed(order[:present]):
            day -= timedelta(days=LASTS[earlier])
            yield earlier, day

    def has_reached(self, state: State) -> bool:
        return state in self.entered

    def period(self) -> tuple[date, date]:
        """Of the insatser, once they have begun."""
        assert self.starts_on is not None
        assert self.ends_on is not None
        return self.starts_on, self.ends_on

    def writer(self, unit: Unit) -> tuple[User, Role]:
        """Who writes for a unit; the administration is answered for by its head."""
        principal = self.case.principals.get(unit.pk)
        if principal:
            return principal, Role.PRINCIPAL
        return self.case.head, Role.HEAD_OF_AUTHORITY

    def some_units(self) -> list[Unit]:
        return self.random.sample(self.case.units, self.random.choice((1, 2)))

    def sentence(self) -> str:
        return self.random.choice(SENTENCES)

    def _open(self) -> Collaboration:
        case = self.case
        details: dict[str, Any] = {
            "due_on": self.entered[State.OFFERED] + REPLY_WITHIN
            if self.state == State.OFFERED
            else None,
            "stopped_in": State.ACTIVE if self.state in (State.PAUSED, State.WITHDRAWN) else "",
            "resume_on": self.today + timedelta(days=60) if self.state == State.PAUSED else None,
        }
        university = case.team.university
        name = case.organiser.name
        return self.rows.add(
            Collaboration,
            name=name,
            cohort=f"HT {self.entered[State.OFFERED].year}",
            agency=case.agency,
            organiser=case.organiser,
            university=university if self.has_reached(State.PLANNING) else None,
            state=self.state,
            reference=f"Load {case.number + 1}",
            selection_source="Skolinspektionens underlag",
            contact_person=case.head.name,
            offered_on=self.entered[State.OFFERED],
            offer_channel=Collaboration.OfferChannel.TELEPHONE,
            mandate_reference="Nämnden § 12" if self.has_reached(State.ACCEPTED) else "",
            analysis_starts_on=self.entered.get(State.ANALYSING),
            interventions_start_on=self.starts_on,
            interventions_end_on=self.ends_on,
            closing_seminar_on=self.entered.get(State.CLOSED),
            followed_up_on=self.entered.get(State.FOLLOWED_UP),
            sort_key=sort_key(name),
            search_text=search_text([name, university.name, *(u.name for u in case.units)]),
            **details,
        )

    def _take_part(self) -> None:
        for unit in self.case.units:
            self.rows.add(
                Participation,
                collaboration=self.collaboration,
                unit=unit,
                joined_on=self.entered[State.OFFERED],
            )

    def _end(self) -> date | None:
        if self.starts_on is None:
            return None
        end = self.starts_on + timedelta(days=LASTS[State.ACTIVE])
        return end + EXTENSION if self.state == State.EXTENDED else end

    def _assign(self) -> None:
        team = self.case.team
        people = [(user, Role.PROCESS_SUPPORTER) for user in team.supporters]
        if self.has_reached(State.PLANNING):
            people.append((team.team_leader, Role.TEAM_LEADER))
            people.append((team.education_leader, Role.EDUCATION_LEADER))
        for user, role in people:
            self.rows.add(
                Assignment,
                collaboration=self.collaboration,
                user=user,
                role=role,
                starts_on=self.entered[State.OFFERED],
            )

    def _record_phases(self) -> None:
        before = State.CANDIDATE
        for state, day in sorted(self.entered.items(), key=lambda entry: entry[1]):
            step, role = STEPS[state]
            self.record(self.collaboration, step, before, day, role, to_state=state)
            before = state
        if turn := DURING_INTERVENTIONS.get(self.state):
            role = Role.HEAD_OF_AUTHORITY if turn == "withdraw" else Role.PROCESS_SUPPORTER
            day = self.today - timedelta(days=1)
            self.record(self.collaboration, turn, before, day, role, reason=SENTENCES[1])

    def record(
        self,
        instance: WorkflowModel,
        transition: str,
        from_state: str,
        day: date,
        role: Role | None,
        *,
        to_state: str = "",
        by: User | None = None,
        reason: str = "",
    ) -> None:
        self.rows.add(
            TransitionRecord,
            collaboration=self.collaboration,
            machine=instance.machine_slug,
            object_id=instance.pk,
            object_name=instance.object_name,
            transition=transition,
            from_state=from_state,
            to_state=to_state or instance.state,
            by=by or (self.actors[role] if role else None),
            role=role or "",
            party=role.party if role else "",
            occurred_at=at(day, 9),
            reason=reason,
        )


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), STOCKHOLM)
