"""The private calendar of a person: what it holds, and who reads it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import vobject
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from meetings.actions.feed import open_calendar_feed, revoke_calendar_feed
from meetings.models import CalendarFeed, Meeting
from notifications.clock import local_date
from organisations.models import Membership, User
from portfolio.feed import feed_of
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast
from tests.pages.canaries import release
from tests.pages.stage import Stage, set_stage

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def entries(user: User, now: datetime = NOW) -> list[Any]:
    """As a calendar program reads them, which both libraries do."""
    user = User.objects.get(pk=user.pk)
    load_roles(user, local_date(now))
    data = feed_of(user, now)
    found: list[Any] = Calendar.from_ical(data).walk("VEVENT")
    [other] = vobject.readComponents(data.decode())
    assert len(other.contents.get("vevent", [])) == len(found)
    assert len({str(event["UID"]) for event in found}) == len(found)
    return found


def titles(user: User, now: datetime = NOW) -> list[str]:
    return [str(event["SUMMARY"]) for event in entries(user, now)]


def in_days(days: int) -> datetime:
    return NOW + timedelta(days=days)


def a_meeting(cast: Cast, days: int, *guests: User, **fields: Any) -> Meeting:
    return factories.meeting(
        cast.ours.collaboration,
        participants=[(guest, "organiser") for guest in guests],
        **{
            "state": "booked",
            "starts_at": in_days(days),
            "ends_at": in_days(days) + timedelta(hours=1),
            **fields,
        },
    )


# --- what it holds -------------------------------------------------------------------------


def test_meetings_that_one_is_invited_to_with_hour_and_place(cast: Cast):
    head = cast.ours.head_of_authority
    meeting = a_meeting(cast, 7, head, place="Rum 3")
    a_meeting(cast, 8, cast.ours.team_leader)
    [event] = [it for it in entries(head) if "Trepart" in it["SUMMARY"]]
    assert event.start == meeting.starts_at
    assert event["LOCATION"] == "Rum 3"
    assert str(meeting.pk) in event["UID"]
    assert "ATTENDEE" not in event


@pytest.mark.parametrize(
    ("days", "state", "is_there"),
    [
        (7, "booked", True),
        (-300, "approved", True),
        (360, "booked", True),
        (370, "booked", False),
        (-370, "approved", False),
        (7, "cancelled", False),
        (7, "proposed", False),
    ],
)
def test_a_year_behind_and_ahead_of_what_stands(cast: Cast, days: int, state: str, is_there: bool):
    head = cast.ours.head_of_authority
    meeting = a_meeting(cast, days, head, state=state)
    assert any(str(meeting.pk) in event["UID"] for event in entries(head)) == is_there


def test_visits_of_ones_own_case_and_of_ones_own_unit(cast: Cast):
    side = cast.ours
    day = TODAY + timedelta(days=20)
    visit = factories.visit(
        side.collaboration, state="planned", takes_place_on=day, units=[side.school]
    )

    def sees(user: User) -> bool:
        return any(str(event["UID"]).startswith(str(visit.pk)) for event in entries(user))

    for user in (side.team_leader, side.head_of_authority, side.principal, side.university_lead):
        assert sees(user), user
    for user in (side.preschool_principal, cast.agency_manager, cast.theirs.team_leader):
        assert not sees(user), user
    [event] = [it for it in entries(side.principal) if str(visit.pk) in it["UID"]]
    assert event["DTSTART"].dt == day
    assert event["SUMMARY"] == "Besök, Älvskolan, Ådalens kommun"
    assert event["TRANSP"] == "TRANSPARENT"


def test_due_dates_that_one_owes_long_before_they_are_urgent(cast: Cast):
    due_on = TODAY + timedelta(days=202)  # a Monday
    needed = factories.meeting(cast.ours.collaboration, due_on=due_on)

    def due(user: User) -> list[date]:
        mine = [event for event in entries(user) if str(needed.pk) in event["UID"]]
        return [event["DTSTART"].dt for event in mine]

    assert due(cast.ours.process_supporter) == [due_on]
    assert due(cast.ours.head_of_authority) == due(cast.outsider) == []


def test_who_has_left_the_case_sees_nothing_of_it_any_more(cast: Cast):
    head = cast.ours.head_of_authority
    a_meeting(cast, 7, head)
    assert titles(head)
    Membership.objects.filter(user=head).update(ends_on=TODAY - timedelta(days=1))
    assert titles(head) == []


def test_nothing_that_people_wrote_of_a_case_is_in_it(cast: Cast, stage: Stage):
    """Titles and places alone: the texts of reports, minutes and logs are read behind a log-in."""
    release(cast.ours, stage, "KANARI-VÅR")
    release(cast.theirs, set_stage(cast.theirs), "KANARI-DERAS")
    for user in cast.ours.people.values():
        for event in entries(user):
            assert set(event) <= SHOWN
            assert "KANARI" not in str(event.get("DESCRIPTION", ""))
            assert "DERAS" not in event.to_ical().decode()


SHOWN = {
    "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "URL", "DESCRIPTION", "LOCATION",
    "TRANSP",
}  # fmt: skip


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast.ours)


def test_it_takes_the_same_few_queries_however_much_there_is(cast: Cast):
    def queries() -> int:
        user = User.objects.get(pk=cast.ours.team_leader.pk)
        load_roles(user, TODAY)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            feed_of(user, NOW)
        return len(caught)

    def fill(count: int) -> None:
        for number in range(count):
            a_meeting(cast, number + 1, cast.ours.team_leader)
            day = TODAY + timedelta(days=number)
            factories.visit(cast.ours.collaboration, state="planned", takes_place_on=day,
                            units=[cast.ours.school])  # fmt: skip

    fill(1)
    few = queries()
    fill(8)
    assert queries() == few <= 4


# --- its address ---------------------------------------------------------------------------


def address_of(client: Client) -> str:
    address = client.get("/min-kalender/").context["address"]
    return str(address.https).removeprefix("http://localhost:8000") if address else ""


@pytest.fixture
def head(cast: Cast, client: Client) -> User:
    client.force_login(cast.ours.head_of_authority)
    return cast.ours.head_of_authority


def test_a_person_makes_changes_and_stops_an_address(head: User, client: Client):
    stranger = Client()
    assert address_of(client) == ""
    client.post("/min-kalender/", {"new": "on"})
    first = address_of(client)
    page = client.get("/min-kalender/").content.decode()
    assert f'href="webcal://localhost:8000{first}"' in page
    assert f"<code>http://localhost:8000{first}</code>" in page
    assert stranger.get(first).status_code == 200

    client.post("/min-kalender/", {"new": "on"})
    second = address_of(client)
    assert second != first
    assert [stranger.get(it).status_code for it in (first, second)] == [404, 200]

    client.post("/min-kalender/", {"revoke": "on"})
    assert address_of(client) == ""
    assert stranger.get(second).status_code == 404


def test_looking_makes_and_stops_nothing(head: User, client: Client):
    client.get("/min-kalender/?new=on")
    client.post("/min-kalender/", {})
    assert not CalendarFeed.objects.exists()


def test_the_feed_is_one_persons_and_kept_by_no_cache(cast: Cast, client: Client):
    a_meeting(cast, 7, cast.ours.head_of_authority)
    feed = open_calendar_feed(by=cast.ours.head_of_authority, now=NOW)
    response = client.get(f"/kalender/{feed.token}.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    calendar: Any = Calendar.from_ical(response.content)
    assert calendar["X-WR-CALNAME"] == "Trepart"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert "sessionid" not in response.cookies


@pytest.mark.parametrize("change", ["x", "", "{key}", "{key}.", "{key}.{other}", "å.ä", "a" * 5000])
def test_a_forged_address_leads_nowhere(cast: Cast, client: Client, change: str):
    feed = open_calendar_feed(by=cast.ours.head_of_authority, now=NOW)
    other = open_calendar_feed(by=cast.ours.team_leader, now=NOW).token.partition(".")[2]
    forged = change.format(key=feed.pk, other=other)
    assert client.get(f"/kalender/{forged}.ics").status_code == 404


def test_an_address_of_a_closed_account_leads_nowhere(cast: Cast, client: Client):
    feed = open_calendar_feed(by=cast.ours.head_of_authority, now=NOW)
    User.objects.filter(pk=cast.ours.head_of_authority.pk).update(is_active=False)
    assert client.get(f"/kalender/{feed.token}.ics").status_code == 404


def test_the_database_holds_no_address_and_one_open_row_each(cast: Cast):
    feed = open_calendar_feed(by=cast.ours.head_of_authority, now=NOW)
    signature = feed.token.partition(".")[2]
    assert all(signature not in str(value) for value in CalendarFeed.objects.values_list().get())
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeed.objects.create(user=feed.user, created_at=NOW)
    revoke_calendar_feed(by=cast.ours.team_leader, now=NOW)
    assert CalendarFeed.objects.get().revoked_at is None
