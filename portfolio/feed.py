"""A person's calendar as calendar programs read it: meetings, visits and due dates.

It holds times, places and titles: whoever finds the address learns no more.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Event, Timezone, vDDDTypes, vText, vUri

from interventions.models import Visit
from meetings.invitations import SWEDISH_TIME, event_of, new_calendar, plain
from meetings.models import Meeting
from notifications import outbox
from notifications.clock import local_date
from notifications.duties import open_duties
from organisations.models import User
from sbs_workflow.audience import owed_by
from sbs_workflow.permissions import roles_held

BEHIND = AHEAD = timedelta(days=365)
READ_AGAIN_AFTER = timedelta(hours=1)
FREE = vText("TRANSPARENT")
NOT_IN_A_CALENDAR = (Meeting.State.NEEDED, Meeting.State.PROPOSED, Meeting.State.CANCELLED)


def feed_of(user: User, now: datetime) -> bytes:
    """The calendar of a person whose roles are loaded (four queries)."""
    today = local_date(now)
    period, stamp = (today - BEHIND, today + AHEAD), vDDDTypes(now.astimezone(UTC))
    calendar = new_calendar()
    calendar.add("x-wr-calname", "Trepart")
    calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(Timezone.from_ical(SWEDISH_TIME))
    with override(settings.LANGUAGE_CODE):
        for meeting in meetings_of(user, *period):
            calendar.add_component(event_of(meeting, stamp))
        for event in (*_visits(user, stamp, *period), *_due_dates(user, stamp, *period)):
            calendar.add_component(event)
    return calendar.to_ical(sorted=False)


def meetings_of(user: User, first: date, last: date) -> QuerySet[Meeting]:
    """Those that the person is invited to and may still see."""
    rows: QuerySet[Meeting] = (
        Meeting.objects.visible_to(user)
        .filter(participants__user=user, starts_at__date__range=(first, last))
        .exclude(state__in=NOT_IN_A_CALENDAR)
        .only("collaboration", "kind", "state", "starts_at", "ends_at", "place", "sequence")
        .prefetch_related("collaboration")
        .order_by("starts_at", "pk")
    )
    return rows


def _visits(user: User, stamp: vDDDTypes, first: date, last: date) -> Iterator[Event]:
    """Of the person's own cases, and of a unit's people those to the unit; a manager has none."""
    held = roles_held(user)
    own = Q(collaboration__in=held.in_collaborations)
    own |= Q(collaboration__organiser__in=held.in_organisations)
    own |= Q(collaboration__university__in=held.in_organisations)
    own |= Q(units__in=held.in_units)
    rows = (
        Visit.objects.visible_to(user)
        .filter(own, takes_place_on__range=(first, last))
        .exclude(state=Visit.State.CANCELLED)
        .order_by("takes_place_on", "pk", "units__sort_key")
        .values_list("takes_place_on", "pk", "collaboration__name", "units__name")
    )
    for (day, key, case), of_visit in groupby(rows, itemgetter(0, 1, 2)):
        units = dict.fromkeys(unit for *_visit, unit in of_visit)
        words = [_("Visit"), *units, case]
        yield _day(str(key), day, words, _address("interventions:visit", key), stamp)


def _due_dates(user: User, stamp: vDDDTypes, first: date, last: date) -> Iterator[Event]:
    today = first + BEHIND
    for owed in open_duties(today, mine=owed_by(user, today), until=last):
        if owed.due_on >= first:
            words = [str(owed.duty.label), owed.subject, owed.scope_name]
            key = f"{owed.duty.name}.{owed.object_id}"
            page = _address(owed.duty.action, owed.object_id)
            yield _day(key, owed.due_on, words, page, stamp)


def _address(name: str, key: UUID) -> str:
    """As ``reverse`` would write it, which a calendar of hundreds of entries is too long for."""
    before, after = _around_the_key(name)
    return f"{settings.SITE_URL}{before}{key}{after}"


@cache
def _around_the_key(name: str) -> tuple[str, str]:
    nobody = UUID(int=0)
    before, _key, after = reverse(name, args=[nobody]).partition(str(nobody))
    return before, after


def _day(key: str, on: date, words: Iterable[str | None], page: str, stamp: vDDDTypes) -> Event:
    """A whole day that leaves its hours free."""
    event = Event()
    event["UID"] = vText(f"{key}@{outbox.domain()}")
    event["DTSTAMP"] = stamp
    event["DTSTART"] = vDDDTypes(on)
    event["DTEND"] = vDDDTypes(on + timedelta(days=1))
    event["SUMMARY"] = vText(plain(", ".join(filter(None, words))))
    event["URL"] = vUri(page)
    event["TRANSP"] = FREE
    return event
