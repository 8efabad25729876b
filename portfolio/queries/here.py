"""Where a case stands, for somebody who takes over in the middle of it."""

from dataclasses import dataclass
from datetime import date

from meetings.models import Meeting
from notifications.duties import open_duties
from organisations.models import User
from portfolio.queries.collaboration import parties_of, party_duty_row
from portfolio.queries.events import Event, events_of
from portfolio.queries.track import TrackStep, track
from records.queries import as_told_to
from reminders.queries import PartyDutyRow
from sbs_workflow.models import Collaboration, Promise, TransitionRecord
from sbs_workflow.queries import Person, Turn, people_of, whose_turn

DATES_SHOWN = 3
STEPS_SHOWN = 5


@dataclass(frozen=True)
class HereWeAre:
    """What a successor wants to know first."""

    track: list[TrackStep]
    turn: Turn | None
    records: list[TransitionRecord]
    promises: list[Promise]
    people: list[Person]
    dates: list[Event]
    duties: list[PartyDutyRow]
    last_meeting: Meeting | None


def here_we_are(collaboration: Collaboration, user: User, today: date) -> HereWeAre:
    """Only what this person may see (seven queries, and one where somebody is protected)."""
    duties = open_duties(today, scopes=[collaboration.pk])
    rows = [party_duty_row(duty, collaboration, user, today) for duty in duties]
    units = collaboration.participations.values_list("unit", flat=True)
    parties = parties_of(user, collaboration, units)
    return HereWeAre(
        track=track(collaboration),
        turn=whose_turn(collaboration.state, duties, today),
        records=list(
            TransitionRecord.objects.filter(collaboration=collaboration).select_related("by")[
                :STEPS_SHOWN
            ]
        ),
        promises=list(Promise.objects.visible_to(user).open().filter(collaboration=collaboration)),
        people=as_told_to(people_of(collaboration, today), parties),
        dates=_next_dates(collaboration, today),
        # One's own first: they are what was taken over.
        duties=sorted(rows, key=lambda row: not row.is_ours),
        last_meeting=Meeting.objects.visible_to(user)
        .filter(collaboration=collaboration, minuted_on__isnull=False)
        .order_by("-starts_at")
        .first(),
    )


def _next_dates(collaboration: Collaboration, today: date) -> list[Event]:
    ahead = [
        event
        for event in events_of(collaboration, today)
        if event.moment is not None and event.day >= today
    ]
    return sorted(ahead, key=lambda event: event.day)[:DATES_SHOWN]
