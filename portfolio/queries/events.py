"""The meetings and visits of a collaboration, as one calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Q,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interventions.models import Visit
from meetings.models import Meeting
from portfolio.queries.columns import NO_DATE, NO_MOMENT, text
from sbs_workflow.models import (
    Collaboration,
)

EVENTS_WITHIN = timedelta(days=120)
EVENTS_SHOWN = 12


@dataclass(frozen=True)
class Event:
    """A meeting or a visit in the calendar of a collaboration."""

    kind: str
    pk: UUID
    state: str
    what: str
    on: date | None
    at: datetime | None
    due_on: date | None

    @property
    def is_meeting(self) -> bool:
        return self.kind == "meeting"

    @property
    def title(self) -> str:
        return str(Meeting.Kind(self.what).label) if self.is_meeting else str(_("Visit"))

    @property
    def state_label(self) -> str:
        states: Any = Meeting.State if self.is_meeting else Visit.State
        return str(states(self.state).label)

    @property
    def url(self) -> str:
        return reverse(
            "meetings:meeting" if self.is_meeting else "interventions:visit", args=[self.pk]
        )

    @property
    def moment(self) -> date | datetime | None:
        return self.at or self.on

    @property
    def day(self) -> date:
        """The Swedish day of the event, or the day by which it is to be planned."""
        if self.at is not None:
            return timezone.localtime(self.at).date()
        return self.on or self.due_on or date.max


def events_of(collaboration: Collaboration, around: date | None = None) -> list[Event]:
    """Meetings and visits, all or those within some months of a day (one query).

    Visits to be planned are shown one at a time: the months ahead are no news.
    """
    meetings = Meeting.objects.filter(collaboration=collaboration)
    visits = Visit.objects.filter(collaboration=collaboration).exclude(
        state=Visit.State.NEEDED, due_on__isnull=True
    )
    if not collaboration.is_live:
        # What was owed when the case ended will never be booked.
        meetings = meetings.exclude(state=Meeting.State.NEEDED, due_on__isnull=True)
    if around is not None:
        first, last = around - EVENTS_WITHIN, around + EVENTS_WITHIN
        meetings = meetings.exclude(state=Meeting.State.CANCELLED).filter(
            Q(starts_at__isnull=True) | Q(starts_at__date__gte=first, starts_at__date__lte=last)
        )
        visits = visits.exclude(state=Visit.State.CANCELLED).filter(
            Q(month__gte=first.replace(day=1), month__lte=last)
        )
    union = meetings.order_by().values_list(
        text("meeting"), "pk", "state", "kind", NO_DATE, "starts_at", "due_on"
    ).union(
        visits.order_by().values_list(
            text("visit"), "pk", "state", "kind", "takes_place_on", NO_MOMENT, "due_on"
        ),
        all=True,
    )  # fmt: skip
    return [Event(*row) for row in union]


def nearest(events: Sequence[Event], today: date) -> list[Event]:
    """Those to come, soonest first, then those that were, latest first."""

    in_order = sorted(events, key=lambda event: event.day)
    to_be_planned = [event for event in in_order if event.moment is None]
    first_visit = next((event for event in to_be_planned if not event.is_meeting), None)
    ahead = [event for event in to_be_planned if event.is_meeting or event is first_visit]
    ahead += [event for event in in_order if event.moment and event.day >= today]
    behind = [event for event in reversed(in_order) if event.moment and event.day < today]
    half = EVENTS_SHOWN // 2
    return ahead[:half] + behind[: EVENTS_SHOWN - min(len(ahead), half)]
