"""Everything that the page of a collaboration shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from notifications.duties import OpenDuty, open_duties
from organisations.models import Party, User
from portfolio.queries.documents import Document, UnitTrack, documents_of, unit_tracks
from portfolio.queries.events import Event, events_of, nearest
from portfolio.queries.track import TrackStep, track
from records.queries import as_told_to
from reminders.queries import PartyDutyRow, party_owing
from sbs_workflow.doors import roles_let_in
from sbs_workflow.engine import Choice, choices
from sbs_workflow.gates import Reason, open_gates
from sbs_workflow.models import (
    Collaboration,
    TransitionRecord,
)
from sbs_workflow.permissions import roles_held
from sbs_workflow.queries import Person, Turn, people_of, whose_turn


@dataclass(frozen=True)
class CollaborationPage:
    """Everything the page of a collaboration shows."""

    collaboration: Collaboration
    turn: Turn | None
    duties: list[PartyDutyRow]
    gates: list[Reason]
    choices: list[Choice]
    track: list[TrackStep]
    units: list[UnitTrack]
    agreements_and_interventions: list[Document]
    events: list[Event]
    people: list[Person]
    records: list[TransitionRecord]
    # Whether this person has taken over a role in it of late.
    has_taken_over: bool

    @property
    def steps(self) -> list[Choice]:
        """The steps that lead on."""
        return [choice for choice in self.choices if not choice.step.is_exit]

    @property
    def exits(self) -> list[Choice]:
        """Pausing, ending, extending: what is seldom done and stands apart."""
        return [choice for choice in self.choices if choice.step.is_exit]


def collaboration_page(collaboration: Collaboration, user: User, today: date) -> CollaborationPage:
    duties = open_duties(today, scopes=[collaboration.pk])
    gates = open_gates(collaboration, collaboration.phase, today) if collaboration.is_live else []
    documents = documents_of(collaboration, user)
    # What was last done in a case that has ended lies around its end.
    around = min(today, collaboration.interventions_end_on or today)
    participations = collaboration.participations.select_related("unit").order_by("unit__sort_key")
    parties = parties_of(user, collaboration, [each.unit_id for each in participations])
    return CollaborationPage(
        collaboration=collaboration,
        turn=whose_turn(collaboration.state, duties, today),
        duties=[party_duty_row(duty, collaboration, user, today) for duty in duties],
        gates=[reason.as_read_by(parties) for reason in gates],
        choices=choices(collaboration, user, today, gates=gates),
        track=track(collaboration),
        units=unit_tracks(participations, documents, roles_held(user).in_units),
        agreements_and_interventions=[d for d in documents if d.unit_id is None],
        events=nearest(events_of(collaboration, around), today),
        people=as_told_to(people_of(collaboration, today), parties),
        records=list(
            TransitionRecord.objects.filter(collaboration=collaboration).select_related("by")[:8]
        ),
        has_taken_over=roles_held(user).has_taken_over(
            collaboration, [each.unit_id for each in participations if each.left_on is None]
        ),
    )


def party_duty_row(
    duty: OpenDuty, collaboration: Collaboration, user: User, today: date
) -> PartyDutyRow:
    """A unit's duty is ours to open for that unit and its huvudman, and for no other unit.

    What only some of a party's people can do is not for the others to open.
    """
    held = roles_held(user)
    roles = held.for_object(collaboration)
    if duty.unit_id is not None:
        roles |= held.in_units.get(duty.unit_id, frozenset())
    is_ours = any(
        role.party == party_owing(duty) and role in roles_let_in(duty.duty.action) for role in roles
    )
    return PartyDutyRow(duty, today, is_ours=is_ours)


def parties_of(user: User, collaboration: Collaboration, units: Iterable[UUID]) -> set[Party]:
    """For whom this person works in the case; a role in a unit counts in a case of that unit."""
    held = roles_held(user)
    in_units = (held.in_units.get(unit, frozenset()) for unit in units)
    return {role.party for role in held.for_object(collaboration).union(*in_units)}
