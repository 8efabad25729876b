"""What a made-up case has come to by today: every row in the state that its dates imply."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from cases.bulk.rows import Rows
from cases.bulk.world import Case
from interventions.effects import months_between, planned_by
from interventions.models import LOG_WITHIN, Agreement, Intervention, Visit
from meetings.effects import CADENCE
from meetings.models import MINUTES_WITHIN, SILENCE_APPROVES_AFTER, Meeting, MeetingParticipant
from notifications.clock import STOCKHOLM
from notifications.working_days import add_working_days, next_working_day
from organisations.models import Party, Role, Unit, User
from organisations.swedish import search_text, sort_key
from plans.effects import ANALYSIS_TAKES, PLAN_TAKES
from plans.models import ActionPlan, SituationAnalysis
from reports.effects import OPENS_BEFORE, deadlines
from reports.models import READ_WITHIN, Report
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
INTERVENTIONS = 10
AREAS = ("Undervisningens kvalitet", "Språkutveckling", "Styrning och ledarskap", "Trygghet")
NAMES = (
    "Kollegiala observationer",
    "Språk hela dagen",
    "Leda lärgrupper",
    "Analysera undervisning",
    "Tidiga insatser i matematik",
    "Dokumentation som visar lärande",
    "Resultatdialoger",
    "Ramverk för lektioner",
    "Närvaro och delaktighet",
    "Pedagogiskt ledarskap",
)
SENTENCES = (
    "Lärgrupperna har kommit i gång, och samtalen rör undervisningen.",
    "Arbetet går framåt, men tiden mellan besöken behöver skyddas.",
    "Åtgärderna prövas i två arbetslag och sprids sedan till de övriga.",
    "Målen är på god väg, och eleverna märker skillnad i klassrummet.",
)


class Course:
    """Writes one case from its offer to today."""

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

    def run(self) -> None:
        self._open()
        if self.has_reached(State.ANALYSING):
            self._analyse()
        if self.has_reached(State.PLANNING):
            self._plan()
        if self.has_reached(State.ACTIVE):
            self._visit()
            self._meet(Meeting.Kind.QUALITY, self._three_parties())
            self._meet(Meeting.Kind.BILATERAL, self._two_parties())
            self._report()

    # --- the case itself ----------------------------------------------------------

    def _open(self) -> None:
        case = self.case
        self.starts_on = self.entered.get(State.ACTIVE)
        self.ends_on = self._end()
        self.is_over = self.state in (State.REPORTING, State.CLOSED, State.FOLLOWED_UP)
        details: dict[str, Any] = {
            "due_on": self.entered[State.OFFERED] + REPLY_WITHIN
            if self.state == State.OFFERED
            else None,
            "stopped_in": State.ACTIVE if self.state in (State.PAUSED, State.WITHDRAWN) else "",
            "resume_on": self.today + timedelta(days=60) if self.state == State.PAUSED else None,
        }
        university = case.team.university
        name = case.organiser.name
        self.collaboration = self.rows.add(
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
        for unit in case.units:
            self.rows.add(
                Participation,
                collaboration=self.collaboration,
                unit=unit,
                joined_on=self.entered[State.OFFERED],
            )
        self._assign()
        self._record_phases()

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
            self._record(self.collaboration, step, before, day, role, to_state=state)
            before = state
        if turn := DURING_INTERVENTIONS.get(self.state):
            role = Role.HEAD_OF_AUTHORITY if turn == "withdraw" else Role.PROCESS_SUPPORTER
            day = self.today - timedelta(days=1)
            self._record(self.collaboration, turn, before, day, role, reason=SENTENCES[1])

    def _record(
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
            occurred_at=_at(day, 9),
            reason=reason,
        )

    # --- analysis, plan and agreement -------------------------------------------------

    def _writer(self, unit: Unit) -> tuple[User, Role]:
        """Who writes for a unit; the administration is answered for by its head."""
        principal = self.case.principals.get(unit.pk)
        if principal:
            return principal, Role.PRINCIPAL
        return self.case.head, Role.HEAD_OF_AUTHORITY

    def _analyse(self) -> None:
        begun_on = self.entered[State.ANALYSING]
        concluded_on = self.entered.get(State.PLANNING)
        for unit in self.case.units:
            by, role = self._writer(unit)
            analysis = self.rows.add(
                SituationAnalysis,
                collaboration=self.collaboration,
                unit=unit,
                state="concluded" if concluded_on else "in_progress",
                text=SENTENCES[0],
                views_of_children=SENTENCES[3],
                participants="Alla arbetslag",
                due_on=None if concluded_on else next_working_day(begun_on + ANALYSIS_TAKES),
                shared_on=concluded_on,
                concluded_on=concluded_on,
            )
            self._record(
                analysis, "start", "not_started", begun_on, role, to_state="in_progress", by=by
            )
            if concluded_on:
                self._record(
                    analysis, "share", "in_progress", concluded_on, role, to_state="shared", by=by
                )
                later = concluded_on + timedelta(days=1)
                self._record(analysis, "conclude", "shared", later, role, by=by)

    def _plan(self) -> None:
        begun_on = self.entered[State.PLANNING]
        adopted_on = self.entered.get(State.AGREED)
        for unit in self.case.units:
            by, role = self._writer(unit)
            plan = self.rows.add(
                ActionPlan,
                collaboration=self.collaboration,
                unit=unit,
                state="adopted" if adopted_on else "draft",
                text=SENTENCES[2],
                follow_up=SENTENCES[1],
                due_on=None if adopted_on else next_working_day(begun_on + PLAN_TAKES),
                shared_on=adopted_on,
                adopted_on=adopted_on,
            )
            if adopted_on:
                self._record(plan, "adopt", "discussed", adopted_on, role, by=by)
        self._hold_expectation_talk(begun_on + timedelta(days=20))
        self._agree(begun_on, adopted_on)

    def _hold_expectation_talk(self, day: date) -> None:
        if day < self.today:
            self._held(Meeting.Kind.EXPECTATION, next_working_day(day), self._two_parties())
        else:
            self.rows.add(
                Meeting,
                collaboration=self.collaboration,
                kind=Meeting.Kind.EXPECTATION,
                due_on=next_working_day(day),
            )

    def _agree(self, begun_on: date, signed_on: date | None) -> None:
        agreement = self.rows.add(
            Agreement,
            collaboration=self.collaboration,
            state="signed" if signed_on else "draft",
            reference=f"Load {self.case.number + 1}-1",
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            amount=900_000,
            due_on=None if signed_on else next_working_day(begun_on + PLAN_TAKES),
            proposed_on=signed_on,
            organiser_signed_on=signed_on,
            agency_signed_on=signed_on,
        )
        if signed_on:
            self._record(
                agreement, "sign_for_agency", "countersigned", signed_on, Role.PROCESS_SUPPORTER
            )
        self._agree_on_interventions()

    def _agree_on_interventions(self) -> None:
        state = "planned"
        if self.starts_on:
            state = "completed" if self.is_over else "running"
        for number in range(1, INTERVENTIONS + 1):
            intervention = self.rows.add(
                Intervention,
                collaboration=self.collaboration,
                number=number,
                name=NAMES[number - 1],
                development_area=self.random.choice(AREAS),
                participants="Lärare och arbetslag",
                state=state,
                starts_on=self.starts_on,
                ends_on=self.ends_on,
            )
            for unit in self.random.sample(self.case.units, self.random.choice((1, 2))):
                self.rows.add(Intervention.units.through, intervention=intervention, unit=unit)
            if self.starts_on and state == "running":
                self._record(intervention, "start", "ready", self.starts_on, Role.TEAM_LEADER)
            elif self.ends_on and state == "completed":
                self._record(intervention, "complete", "running", self.ends_on, Role.TEAM_LEADER)

    # --- what goes on during the interventions ------------------------------------------

    def _period(self) -> tuple[date, date]:
        assert self.starts_on is not None
        assert self.ends_on is not None
        return self.starts_on, self.ends_on

    def _visit(self) -> None:
        """Shared logs behind us, now and then one not written yet; ahead nothing is planned."""
        start, end = self._period()
        for month in months_between(start, end):
            day = next_working_day(month.replace(day=self.random.randint(4, 26)))
            recent = self.today - timedelta(days=35) < day
            if day >= self.today or (recent and self.random.random() < 0.2):
                self._visit_ahead(month, start)
            elif recent and self.random.random() < 0.3:
                self._visit_to_log(month, day)
            else:
                self._visit_logged(month, day)

    def _visit_ahead(self, month: date, start: date) -> None:
        self.rows.add(
            Visit,
            collaboration=self.collaboration,
            month=month,
            due_on=None if self.is_over else planned_by(month, start),
        )

    def _visit_to_log(self, month: date, day: date) -> None:
        visit = self._visited(month, day, state="planned", due_on=add_working_days(day, LOG_WITHIN))
        planned_on = day - timedelta(days=20)
        self._record(visit, "plan", "needed", planned_on, Role.TEAM_LEADER)

    def _visit_logged(self, month: date, day: date) -> None:
        visit = self._visited(
            month,
            day,
            state="shared",
            log=self.random.choice(SENTENCES),
            logged_by=self.case.team.team_leader,
        )
        self._record(visit, "share", "logged", day + timedelta(days=1), Role.TEAM_LEADER)

    def _visited(self, month: date, day: date, **fields: Any) -> Visit:
        visit = self.rows.add(
            Visit,
            collaboration=self.collaboration,
            month=month,
            takes_place_on=day,
            duration_minutes=300,
            kind=self.random.choice(Visit.Kind.values),
            **fields,
        )
        for unit in self.random.sample(self.case.units, self.random.choice((1, 2))):
            self.rows.add(Visit.units.through, visit=visit, unit=unit)
        return visit

    def _two_parties(self) -> list[tuple[User, Party]]:
        team = self.case.team
        return [(team.supporters[0], Party.AGENCY), (team.team_leader, Party.UNIVERSITY)]

    def _three_parties(self) -> list[tuple[User, Party]]:
        return [*self._two_parties(), (self.case.head, Party.ORGANISER)]

    def _meet(self, kind: Meeting.Kind, people: Sequence[tuple[User, Party]]) -> None:  # type: ignore[valid-type]
        """One after the other, and the next one either booked or still to be booked."""
        start, end = self._period()
        due_on = start + CADENCE[kind]
        while (day := due_on - timedelta(days=self.random.randint(0, 12))) < self.today:
            if day > end:
                return
            self._held(kind, next_working_day(day), people)
            due_on = day + CADENCE[kind]
        if due_on <= end:
            self.rows.add(
                Meeting,
                collaboration=self.collaboration,
                kind=kind,
                due_on=None if self.is_over else next_working_day(due_on),
            )

    def _held(self, kind: str, day: date, people: Sequence[tuple[User, Party]]) -> None:
        minuted_on = add_working_days(day, MINUTES_WITHIN)
        stands_on = add_working_days(minuted_on, SILENCE_APPROVES_AFTER)
        if stands_on < self.today:
            state, due_on, step = "approved", None, ("approve_by_silence", "minuted")
        elif minuted_on < self.today and self.random.random() < 0.8:
            state, due_on, step = "minuted", stands_on, ("write_minutes", "held")
        else:
            state, due_on, step = "held", minuted_on, ("hold", "booked")
        meeting = self.rows.add(
            Meeting,
            collaboration=self.collaboration,
            kind=kind,
            state=state,
            due_on=due_on,
            starts_at=_at(day, 13),
            ends_at=_at(day, 15),
            form=Meeting.Form.ON_SITE,
            place="Kommunhuset",
            minutes="" if state == "held" else self.random.choice(SENTENCES),
            minuted_on=None if state == "held" else minuted_on,
        )
        for user, party in people:
            self.rows.add(MeetingParticipant, meeting=meeting, user=user, party=party, came=True)
        silent = state == "approved"
        three = kind == Meeting.Kind.QUALITY
        role = Role.PROCESS_SUPPORTER if three else Role.TEAM_LEADER
        self._record(meeting, *step, stands_on if silent else day, None if silent else role)

    def _report(self) -> None:
        for kind, number, deadline in deadlines(*self._period()):
            for unit in self.case.units:
                self._report_of(unit, kind, number, deadline)

    def _report_of(self, unit: Unit, kind: Any, number: int, deadline: date) -> None:
        opens_on = deadline - OPENS_BEFORE[kind]
        report = {
            "collaboration": self.collaboration,
            "unit": unit,
            "kind": kind,
            "number": number,
            "deadline_on": deadline,
        }
        settled = kind == Report.Kind.FINAL and self.state in (State.CLOSED, State.FOLLOWED_UP)
        if self.today < opens_on:
            self.rows.add(Report, **report, due_on=opens_on)
        elif settled or self.today > deadline + timedelta(days=40):
            self._received(report, "accepted", deadline)
        elif self.today > deadline - timedelta(days=5) and self.random.random() < 0.7:
            self._received(report, "submitted", deadline - timedelta(days=5))
        else:
            opened = self.rows.add(Report, **report, state="open", due_on=deadline)
            self._record(opened, "open", "scheduled", opens_on, None)

    def _received(self, report: dict[str, Any], state: str, day: date) -> None:
        received = self.rows.add(
            Report,
            **report,
            state=state,
            due_on=add_working_days(day, READ_WITHIN) if state == "submitted" else None,
            text=self.random.choice(SENTENCES),
            received_at=_at(day, 10),
        )
        if state == "accepted":
            self._record(received, "accept", "submitted", day, Role.PROCESS_SUPPORTER)
        else:
            self._record(received, "submit", "unit_ready", day, Role.HEAD_OF_AUTHORITY)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), STOCKHOLM)
