"""What calendars are told: read back by two libraries that know nothing of each other."""

from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Timezone

from meetings.actions import book_meeting, reschedule_meeting
from meetings.invitations import CANCEL, SWEDISH_TIME, invitation
from meetings.models import Meeting
from notifications.clock import STOCKHOLM
from notifications.delivery import drain
from notifications.models import OutboxMessage
from organisations.models import User
from sbs_workflow.engine import perform
from sbs_workflow.models import Collaboration
from scripts.mailbox import Mailbox
from tests import factories
from tests.cast import NOW, Cast

pytestmark = pytest.mark.portable

AT: dict[str, Any] = {
    "starts_at": NOW + timedelta(days=7),
    "ends_at": NOW + timedelta(days=7, hours=2),
    "form": Meeting.Form.DIGITAL,
    "place": "https://mote.example/ådalen",
}


def a_meeting(starts_at: datetime = AT["starts_at"], **fields: Any) -> Meeting:
    return Meeting(
        **{
            "kind": "quality",
            "collaboration": Collaboration(name="Ådalens kommun"),
            "sequence": 3,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "place": "Stadshuset, rum 3; våning 2",
            **fields,
        }
    )


SARA = User(name="Sara Skolchef", email="sara@adalen.example")


def written(meeting: Meeting, *, to: User = SARA, by: str = "Pia", **options: Any) -> str:
    return invitation(meeting, to=to, by=by, now=NOW, **options)


def events_read_by_two(text: str) -> tuple[Any, Any]:
    """The one event, as icalendar and as vobject read it."""
    [event] = Calendar.from_ical(text).walk("VEVENT")
    [other] = list(vobject.readComponents(text))
    return event, other.vevent


# --- one file ------------------------------------------------------------------------------


def test_two_libraries_read_the_same_invitation():
    meeting = a_meeting()
    text = written(meeting)
    event, other = events_read_by_two(text)
    assert Calendar.from_ical(text)["METHOD"] == "REQUEST"
    assert event["UID"] == other.uid.value == f"{meeting.pk}@localhost"
    assert (event["SEQUENCE"], other.sequence.value) == (3, "3")
    assert event.start == other.dtstart.value == meeting.starts_at
    assert event.end == other.dtend.value == meeting.ends_at
    assert event["SUMMARY"] == other.summary.value == "Trepartsavstämning, Ådalens kommun"
    assert event["LOCATION"] == other.location.value == "Stadshuset, rum 3; våning 2"
    assert (event["STATUS"], other.status.value) == ("CONFIRMED", "CONFIRMED")
    assert event["DTSTAMP"].dt == other.dtstamp.value == NOW
    address = settings.SITE_URL + meeting.get_absolute_url()
    assert event["URL"] == other.url.value == address
    assert address in event["DESCRIPTION"]


def test_the_only_address_beside_the_systems_is_the_receivers():
    event, _other = events_read_by_two(written(a_meeting()))
    guest, organizer = event["ATTENDEE"], event["ORGANIZER"]
    assert guest == "mailto:sara@adalen.example"
    wanted = {"CN": "Sara Skolchef", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION",
              "RSVP": "TRUE", "CUTYPE": "INDIVIDUAL"}  # fmt: skip
    assert dict(guest.params) == wanted
    assert organizer == f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
    assert organizer.params["CN"] == "Pia"


def test_a_cancellation_says_so():
    text = written(a_meeting(), method=CANCEL)
    event, other = events_read_by_two(text)
    assert Calendar.from_ical(text)["METHOD"] == "CANCEL"
    assert event["STATUS"] == other.status.value == "CANCELLED"


def test_the_same_meeting_is_the_same_file():
    meeting = a_meeting()
    assert written(meeting) == written(meeting)
    assert all(len(line.encode()) <= 75 for line in written(meeting).split("\r\n"))


@pytest.mark.parametrize(
    ("day", "offset"),
    [
        (date(2026, 3, 27), 1),
        (date(2026, 3, 28), 1),
        (date(2026, 3, 29), 2),
        (date(2026, 3, 30), 2),
        (date(2026, 10, 23), 2),
        (date(2026, 10, 24), 2),
        (date(2026, 10, 25), 1),
        (date(2026, 10, 26), 1),
    ],
)
def test_nine_o_clock_is_nine_in_the_weeks_when_the_clock_is_changed(day: date, offset: int):
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=STOCKHOLM)
    text = written(a_meeting(nine.astimezone(UTC)))
    assert f"DTSTART;TZID=Europe/Stockholm:{day:%Y%m%d}T090000\r\n" in text
    for event in events_read_by_two(text):
        start = event.start if hasattr(event, "start") else event.dtstart.value
        assert start == nine
        assert start.utcoffset() == timedelta(hours=offset)


def test_a_meeting_over_the_change_of_the_clock_keeps_its_length():
    """Nobody books a night; yet two hours are two hours."""
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    event, other = events_read_by_two(written(a_meeting(before)))
    assert event.start.astimezone(UTC) == other.dtstart.value.astimezone(UTC) == before
    after = before + timedelta(hours=2)
    assert event.end.astimezone(UTC) == other.dtend.value.astimezone(UTC) == after


def test_the_rules_of_swedish_time_are_those_of_the_time_zone_database():
    """A calendar program that trusts our VTIMEZONE shows the hour that everybody else does."""
    ours: Any = Timezone.from_ical(SWEDISH_TIME)
    rules, truth = ours.to_tz(), ZoneInfo("Europe/Stockholm")
    noon = datetime(2020, 1, 1, 12)  # noqa: DTZ001 - a wall clock, in each of two zones
    for number in range(365 * 15):
        wall = noon + timedelta(days=number)
        assert wall.replace(tzinfo=rules).utcoffset() == wall.replace(tzinfo=truth).utcoffset()


HOSTILE = [
    "Rum 3\r\nATTENDEE:mailto:spy@example.com",
    "Rum 3\nEND:VEVENT\nBEGIN:VEVENT",
    'Rum "3"; CN=x: \\n , ;',
    "å" * 10_000,
    "👩‍🏫🏳️‍🌈 möte",
    "\x00\x07\x1b[31m\x85\u2028\u202e",
    "^n^'^^",
    r"\\skolan\Norra\\N",
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text: str):
    guards_its_event(text)


@given(st.text(max_size=300))
def test_any_words_stay_words(text: str):
    guards_its_event(text)


def guards_its_event(text: str) -> None:
    meeting = a_meeting(place=text, collaboration=Collaboration(name=text))
    file = written(meeting, to=User(name=text, email="sara@adalen.example"), by=text)
    event, other = events_read_by_two(file)
    assert event["ATTENDEE"] == "mailto:sara@adalen.example"
    assert event["UID"] == other.uid.value == f"{meeting.pk}@localhost"
    assert event["SUMMARY"].count("\n") == 0
    names = {line.partition(":")[0].partition(";")[0] for line in unfolded(file)}
    assert names <= KNOWN
    place = other.contents["location"][0].value if "location" in other.contents else ""
    assert event.get("LOCATION", "") == place


KNOWN = {
    "BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "METHOD", "TZID", "TZNAME", "TZOFFSETFROM",
    "TZOFFSETTO", "DTSTART", "DTEND", "DTSTAMP", "RRULE", "UID", "SEQUENCE", "SUMMARY", "LOCATION",
    "URL", "DESCRIPTION", "STATUS", "ORGANIZER", "ATTENDEE",
}  # fmt: skip


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


@pytest.mark.parametrize("address", ["a@b.example\r\nX-EVIL:1", "a b@c.example", "å@b.example"])
def test_an_odd_address_cannot_leave_its_line(address: str):
    text = written(a_meeting(), to=User(name="A", email=address))
    assert {line.partition(":")[0].partition(";")[0] for line in unfolded(text)} <= KNOWN


# --- what the mails carry ------------------------------------------------------------------


def three_parties(cast: Cast) -> list[User]:
    return [cast.ours.process_supporter, cast.ours.head_of_authority, cast.ours.team_leader]


def book(cast: Cast, **options: Any) -> Meeting:
    return book_meeting(
        meeting=factories.meeting(cast.ours.collaboration),
        participants=options.pop("participants", three_parties(cast)),
        by=cast.ours.process_supporter,
        now=NOW,
        **AT | options,
    )


def move(meeting: Meeting, cast: Cast, **options: Any) -> Meeting:
    return reschedule_meeting(
        meeting=meeting,
        by=cast.ours.process_supporter,
        now=NOW + timedelta(hours=1),
        reason="Krock i kalendern.",
        **{
            "starts_at": AT["starts_at"] + timedelta(days=1),
            "ends_at": AT["ends_at"] + timedelta(days=1),
            **options,
        },
    )


def told(template: str) -> dict[str, Any]:
    """By the name of each receiver, the calendar that came with this mail."""
    rows = OutboxMessage.objects.filter(template=f"meetings/{template}")
    return {row.recipient.name: Calendar.from_ical(row.calendar) for row in rows if row.recipient}


@pytest.mark.django_db
def test_booking_moving_and_cancelling_are_one_event_in_three_versions(cast: Cast):
    meeting = book(cast)
    moved = move(meeting, cast)
    perform(
        moved.cancel, by=cast.ours.process_supporter, now=NOW + timedelta(hours=2), reason="Halka"
    )
    seen = []
    for template, method in (("booked", "REQUEST"), ("moved", "REQUEST"), ("cancelled", "CANCEL")):
        files = told(template)
        assert set(files) == {person.name for person in three_parties(cast)}
        for name, file in files.items():
            assert file["METHOD"] == method
            [event] = file.walk("VEVENT")
            assert event["ATTENDEE"].params["CN"] == name
            seen.append((event["UID"], int(event["SEQUENCE"])))
    assert seen == [(f"{meeting.pk}@localhost", number) for number in (1, 2, 3) for _ in range(3)]


@pytest.mark.django_db
def test_who_is_dropped_gets_a_cancellation_and_who_is_new_an_invitation(cast: Cast):
    meeting = book(cast)
    people = [*three_parties(cast)[:2], cast.ours.education_leader]
    move(meeting, cast, participants=people)
    assert set(told("moved")) == {"Pia Processtödjare", "Sara Skolchef"}
    assert {name: file["METHOD"] for name, file in told("uninvited").items()} == {
        "Ture Teamledare": "CANCEL"
    }
    newcomer = [row for row in told("booked").items() if row[0] == "Ulla Utbildningsledare"]
    assert [file["METHOD"] for _name, file in newcomer] == ["REQUEST"]
    assert OutboxMessage.objects.count() == 3 + 4
    assert set(meeting.participants.values_list("user__name", flat=True)) == {
        "Pia Processtödjare", "Sara Skolchef", "Ulla Utbildningsledare"
    }  # fmt: skip


@pytest.mark.django_db
def test_a_change_that_leaves_a_party_without_anybody_is_refused(cast: Cast, client: Client):
    meeting = book(cast)
    client.force_login(cast.ours.process_supporter)
    before = OutboxMessage.objects.count()
    response = client.post(f"/mote/{meeting.pk}/flytta/", a_form(meeting, three_parties(cast)[:2]))
    assert response.status_code == 422
    assert OutboxMessage.objects.count() == before


def a_form(meeting: Meeting, people: list[User], **fields: str) -> dict[str, Any]:
    return {
        "seen_state": meeting.as_seen,
        "day": "2099-03-18",
        "starts": "09:00",
        "ends": "10:30",
        "form": "digital",
        "place": "En annan länk",
        "participants": [str(person.pk) for person in people],
        "reason": "Krock i kalendern.",
        **fields,
    }


@pytest.mark.django_db
def test_a_person_who_is_busy_is_warned_of_and_may_be_invited_anyway(cast: Cast, client: Client):
    other = factories.meeting(
        cast.ours.collaboration, kind="bilateral", state="booked",
        starts_at=datetime(2099, 3, 18, 10, tzinfo=STOCKHOLM),
        ends_at=datetime(2099, 3, 18, 11, tzinfo=STOCKHOLM),
    )  # fmt: skip
    other.participants.create(user=cast.ours.team_leader, party="university")
    meeting = book(cast)
    client.force_login(cast.ours.process_supporter)
    url, form = f"/mote/{meeting.pk}/flytta/", a_form(meeting, three_parties(cast))
    warned = client.post(url, form)
    assert warned.status_code == 422
    assert "Ture Teamledare" in str(warned.context["form"].errors["anyway"])
    assert "Sara" not in str(warned.context["form"].errors["anyway"])
    assert not warned.context["form"]["anyway"].is_hidden
    assert client.post(url, form | {"anyway": "on"}).status_code == 302


@pytest.mark.django_db
def test_meetings_that_only_touch_are_no_double_booking(cast: Cast, client: Client):
    for starts, ends in ((8, 9), (11, 12)):
        other = factories.meeting(
            cast.ours.collaboration, kind="bilateral", state="booked",
            starts_at=datetime(2099, 3, 18, starts, tzinfo=STOCKHOLM),
            ends_at=datetime(2099, 3, 18, ends, tzinfo=STOCKHOLM),
        )  # fmt: skip
        other.participants.create(user=cast.ours.team_leader, party="university")
    meeting = book(cast)
    client.force_login(cast.ours.process_supporter)
    form = a_form(meeting, three_parties(cast), starts="09:00", ends="11:00")
    assert client.post(f"/mote/{meeting.pk}/flytta/", form).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_an_invitation_arrives_as_it_was_written(cast: Cast, tmp_path: Any, settings: Any):
    server = Mailbox(tmp_path / "mailbox").start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    try:
        book(cast, place="Rum 3\r\nBcc: spy@example.com")
        assert drain(lambda: NOW) == {"sent": 3}
        rows = OutboxMessage.objects.values_list("recipient__email", "calendar")
        kept = {str(email): calendar for email, calendar in rows}
        for delivery in server.deliveries():
            mail = server.message(int(delivery["number"]))
            assert mail["bcc"] is None
            [file] = mail.iter_attachments()
            data: Any = file.get_payload(decode=True)
            assert data.decode() == kept[str(delivery["recipient"])]
            assert [it.get_content_type() for it in mail.walk()] == [
                "multipart/mixed", "multipart/alternative", "text/plain", "text/html",
                "text/calendar", "application/ics",
            ]  # fmt: skip
            addresses = {person.email for person in three_parties(cast)}
            assert {it for it in addresses if it in data.decode()} == {delivery["recipient"]}
    finally:
        server.stop()
