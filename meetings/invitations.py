"""A meeting as calendars know it: invitations that go out, and the answers that come back.

iCalendar (RFC 5545 and 5546). The library escapes what people wrote; here it is made plain first.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event, Timezone, vCalAddress, vDDDTypes, vInt, vText, vUri

from meetings.models import Meeting, MeetingParticipant
from notifications import outbox
from notifications.clock import STOCKHOLM
from notifications.context import without_controls
from organisations.models import User
from organisations.prose import tidy

Answer = MeetingParticipant.Answer
PRODUCT = "-//Trepart//Trepart//SV"
REQUEST, CANCEL = "REQUEST", "CANCEL"
# As a rule and not as a list of dates, which Outlook reads best; directive 2000/84/EC.
SWEDISH_TIME = """\
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19970330T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
"""


def invitation(meeting: Meeting, *, to: User, by: str, now: datetime, method: str = REQUEST) -> str:
    """The file that puts the meeting into one person's calendar, or takes it out with CANCEL.

    It names no other guest: each person gets a file of their own. ``by`` is the name of whoever
    booked, moved or cancelled it.
    """
    with override(settings.LANGUAGE_CODE):
        event = event_of(meeting, vDDDTypes(now.astimezone(UTC)))
        event.add("status", "CONFIRMED" if method == REQUEST else "CANCELLED")
        event.add("organizer", _person(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], by or "Trepart"))
        guest = _person(to.email, to.name)
        guest.params["cutype"] = "INDIVIDUAL"
        guest.params["role"] = "REQ-PARTICIPANT"
        guest.params["partstat"] = "NEEDS-ACTION"
        guest.params["rsvp"] = "TRUE"
        event.add("attendee", guest)
    calendar = new_calendar()
    calendar.add("method", method)
    calendar.add_component(Timezone.from_ical(SWEDISH_TIME))
    calendar.add_component(event)
    return calendar.to_ical().decode()


def new_calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    return calendar


def event_of(meeting: Meeting, stamp: vDDDTypes) -> Event:
    """The meeting as an entry in any calendar, with nobody's name."""
    assert meeting.starts_at is not None
    assert meeting.ends_at is not None
    address = settings.SITE_URL + meeting.get_absolute_url()
    event = Event()
    event["UID"] = vText(f"{meeting.pk}@{outbox.domain()}")
    event["SEQUENCE"] = vInt(meeting.sequence)
    event["DTSTAMP"] = stamp
    event["DTSTART"] = vDDDTypes(meeting.starts_at.astimezone(STOCKHOLM))
    event["DTEND"] = vDDDTypes(meeting.ends_at.astimezone(STOCKHOLM))
    event["SUMMARY"] = vText(plain(f"{meeting.get_kind_display()}, {meeting.collaboration.name}"))
    event["URL"] = vUri(address)
    event["DESCRIPTION"] = vText(_("The meeting in Trepart: %(address)s") % {"address": address})
    if meeting.place:
        event["LOCATION"] = vText(plain(meeting.place))
    return event


def plain(text: str) -> str:
    """One line without control characters, as titles and names are."""
    # icalendar takes \N, as in \\server\Notes, for the end of a line.
    return " ".join(without_controls(tidy(text)).replace("\\N", "\\ N").split())


def _person(address: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{quote(address, safe='@+=&!$*~')}")
    person.params["cn"] = vText(plain(name))
    return person


# --- answers -------------------------------------------------------------------------------

LARGEST_REPLY = 100_000
_MAILTO = re.compile("^mailto:", re.IGNORECASE)
ANSWERS = {"ACCEPTED": Answer.ACCEPTED, "TENTATIVE": Answer.TENTATIVE, "DECLINED": Answer.DECLINED}


class UnreadableReply(Exception):  # noqa: N818 - a file that is none is no error of the program
    """The file is no answer to an invitation; the words say why, to the person who brought it."""


@dataclass(frozen=True)
class Reply:
    """What a guest's calendar answers (METHOD:REPLY), to which version of the invitation."""

    meeting: UUID
    sequence: int
    address: str
    answer: Answer
    written_at: datetime


def read_reply(data: bytes) -> Reply:
    """The one answer in a file; UnreadableReply when it is none, whatever it is instead."""
    if len(data) > LARGEST_REPLY:
        raise UnreadableReply(_("The file is too large to be an answer to an invitation."))
    try:
        calendar = Calendar.from_ical(data)
        events = calendar.walk("VEVENT")
        if calendar.get("METHOD") != "REPLY" or len(events) != 1:
            raise UnreadableReply(_("This is a calendar file, but no answer to an invitation."))
        return _reply_of(events[0])
    # The library promises no kind of error for what is no calendar at all.
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as fault:
        raise UnreadableReply(
            _("The file cannot be read as an answer to an invitation.")
        ) from fault


def _reply_of(event: Any) -> Reply:
    guest = event["ATTENDEE"]
    written_at = event["DTSTAMP"].dt
    return Reply(
        meeting=UUID(str(event["UID"]).partition("@")[0]),
        sequence=int(event.get("SEQUENCE", 0)),
        address=unquote(_MAILTO.sub("", guest)).lower(),
        answer=ANSWERS[guest.params["PARTSTAT"].upper()],
        written_at=written_at.astimezone(UTC),
    )
