"""Answers that calendars send: read, kept when they count, and refused with a reason."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from meetings.actions import reschedule_meeting
from meetings.actions.replies import bring_reply, receive_reply
from meetings.invitations import LARGEST_REPLY, Reply, UnreadableReply, read_reply
from meetings.mailbox import reply_in
from meetings.models import Meeting
from organisations.models import Party, User
from sbs_workflow.engine import TransitionRefused, perform
from tests import factories
from tests.cast import NOW, Cast

pytestmark = pytest.mark.portable


def reply_file(
    meeting: Meeting,
    guest: User,
    answer: str = "ACCEPTED",
    *,
    written_at: datetime = NOW,
    sequence: int | None = None,
    method: str = "REPLY",
    uid: str = "",
) -> bytes:
    """As Outlook writes it, in its own order and with lines of its own."""
    number = meeting.sequence if sequence is None else sequence
    lines = [
        "BEGIN:VCALENDAR",
        f"METHOD:{method}",
        "PRODID:Microsoft Exchange Server 2010",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        f"ATTENDEE;PARTSTAT={answer};CN={guest.name}:MAILTO:{guest.email.upper()}",
        "COMMENT;LANGUAGE=sv-SE:Jag kommer\\n",
        f"UID:{uid or f'{meeting.pk}@localhost'}",
        "SUMMARY;LANGUAGE=sv-SE:Accepterat: Trepartsavstämning",
        "DTSTART;TZID=W. Europe Standard Time:20260317T090000",
        f"DTSTAMP:{written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{number}",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(lines).encode() + b"\r\n"


def mail_with(file: bytes, sender: str) -> bytes:
    head = f"From: Sara <{sender}>\r\nSubject: Accepterat\r\nMIME-Version: 1.0\r\n"
    return head.encode() + (
        b'Content-Type: multipart/alternative; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/plain\r\n\r\nJag kommer\r\n"
        b"--x\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: 8bit\r\n\r\n" + file + b"\r\n--x--\r\n"
    )


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    side = cast.ours
    people = [side.process_supporter, side.head_of_authority, side.team_leader]
    return factories.meeting(
        side.collaboration,
        state="booked",
        sequence=1,
        participants=list(zip(people, Party, strict=True)),
    )


def answers(meeting: Meeting) -> dict[str, str]:
    rows = meeting.participants.exclude(answer="").values_list("user__email", "answer")
    return {email.partition("@")[0]: answer for email, answer in rows}


def bring(meeting: Meeting, file: bytes, by: User, now: datetime = NOW) -> None:
    bring_reply(meeting=meeting, reply=read_reply(file), by=by, now=now)


# --- reading -------------------------------------------------------------------------------

MEETING = Meeting(sequence=4)
GUEST = User(name="Sara", email="sara@adalen.example")


@pytest.mark.parametrize("answer", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_an_answer_is_read(answer: str):
    reply = read_reply(reply_file(MEETING, GUEST, answer))
    assert (reply.meeting, reply.sequence) == (MEETING.pk, 4)
    assert (reply.address, reply.answer) == ("sara@adalen.example", answer.lower())
    assert reply.written_at == NOW


GOOD = reply_file(MEETING, GUEST)
NONSENSE = [
    b"",
    b"\x00\xff" * 1000,
    b"PK\x03\x04" + bytes(500),
    b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n",
    b"BEGIN:X\r\n" * 9000,
    reply_file(MEETING, GUEST, method="REQUEST"),
    reply_file(MEETING, GUEST, "DELEGATED"),
    reply_file(MEETING, GUEST, uid="someone-elses@example.com"),
    GOOD.replace(b"DTSTAMP", b"X-STAMP"),
    GOOD.replace(b"SEQUENCE:4", b"SEQUENCE:four"),
    GOOD.replace(b"ATTENDEE", b"ATTENDEE;PARTSTAT=DECLINED:mailto:b@x.se\r\nATTENDEE"),
    GOOD.replace(b"END:VEVENT", b"END:VEVENT\r\nBEGIN:VEVENT\r\nEND:VEVENT"),
    GOOD * 2,
    GOOD + bytes(LARGEST_REPLY),
]


@pytest.mark.parametrize("data", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_refused_with_a_word(data: bytes):
    with pytest.raises(UnreadableReply, match=r"^\w+ .{20,}\.$"):
        read_reply(data)


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=12), st.integers(0, 40))
def test_a_damaged_file_is_read_or_refused(place: int, put: bytes, cut: int):
    damaged = GOOD[:place] + put + GOOD[place + cut :]
    with suppress(UnreadableReply):
        assert isinstance(read_reply(damaged), Reply)


# --- what counts ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_guest_and_whoever_runs_the_meeting_bring_answers(cast: Cast, meeting: Meeting):
    head = cast.ours.head_of_authority
    bring(meeting, reply_file(meeting, head), head)
    bring(meeting, reply_file(meeting, cast.ours.team_leader, "DECLINED"), cast.agency_manager)
    assert answers(meeting) == {"head.of.authority": "accepted", "team.leader": "declined"}


@pytest.mark.django_db
def test_nobody_answers_for_another(cast: Cast, meeting: Meeting):
    file = reply_file(meeting, cast.ours.head_of_authority)
    for by in (cast.ours.team_leader, cast.ours.principal, cast.outsider):
        with pytest.raises(PermissionDenied):
            bring(meeting, file, by)
    with pytest.raises(TransitionRefused):
        receive_reply(reply=read_reply(file), sender=cast.ours.team_leader.email, now=NOW)
    with pytest.raises(TransitionRefused):
        bring(meeting, reply_file(meeting, cast.outsider), cast.ours.process_supporter)
    assert answers(meeting) == {}


@pytest.mark.django_db
def test_the_newest_answer_counts_in_whatever_order_they_come(cast: Cast, meeting: Meeting):
    head = cast.ours.head_of_authority
    yes = reply_file(meeting, head, "ACCEPTED", written_at=NOW - timedelta(hours=2))
    no = reply_file(meeting, head, "DECLINED", written_at=NOW - timedelta(hours=1))
    bring(meeting, no, head)
    with pytest.raises(TransitionRefused):
        bring(meeting, yes, head)
    bring(meeting, no, head)
    assert answers(meeting) == {"head.of.authority": "declined"}


@pytest.mark.django_db
def test_a_clock_that_is_ahead_keeps_no_later_answer_out(cast: Cast, meeting: Meeting):
    head = cast.ours.head_of_authority
    bring(meeting, reply_file(meeting, head, written_at=NOW + timedelta(days=900)), head)
    later = NOW + timedelta(hours=1)
    bring(meeting, reply_file(meeting, head, "DECLINED", written_at=later), head, now=later)
    assert answers(meeting) == {"head.of.authority": "declined"}


@pytest.mark.django_db
@pytest.mark.parametrize("sequence", [0, 2])
def test_an_answer_to_another_version_is_none_to_this_one(
    cast: Cast, meeting: Meeting, sequence: int
):
    head = cast.ours.head_of_authority
    with pytest.raises(TransitionRefused):
        bring(meeting, reply_file(meeting, head, sequence=sequence), head)


@pytest.mark.django_db
def test_moving_the_meeting_asks_anew(cast: Cast, meeting: Meeting):
    head = cast.ours.head_of_authority
    bring(meeting, reply_file(meeting, head), head)
    moved = reschedule_meeting(
        meeting=meeting,
        starts_at=NOW + timedelta(days=9),
        ends_at=NOW + timedelta(days=9, hours=1),
        reason="Krock.",
        by=cast.ours.process_supporter,
        now=NOW,
    )
    assert answers(meeting) == {}
    bring(moved, reply_file(moved, head, "TENTATIVE"), head)
    assert answers(meeting) == {"head.of.authority": "tentative"}


@pytest.mark.django_db
def test_a_cancelled_meeting_and_an_unknown_one_take_no_answers(cast: Cast, meeting: Meeting):
    head = cast.ours.head_of_authority
    cancelled = perform(meeting.cancel, by=cast.agency_manager, now=NOW, reason="Halka")
    with pytest.raises(TransitionRefused):
        bring(cancelled, reply_file(cancelled, head), head)
    unknown = read_reply(reply_file(meeting, head, uid=f"{uuid4()}@localhost"))
    with pytest.raises(TransitionRefused):
        receive_reply(reply=unknown, sender=head.email, now=NOW)


# --- the page ------------------------------------------------------------------------------


def upload(client: Client, meeting: Meeting, data: bytes) -> Any:
    file = SimpleUploadedFile("invite.ics", data, content_type="text/calendar")
    return client.post(f"/mote/{meeting.pk}/kalendersvar/", {"file": file})


@pytest.mark.django_db
def test_an_uploaded_answer_stands_beside_the_name(cast: Cast, meeting: Meeting, client: Client):
    client.force_login(cast.ours.head_of_authority)
    page = f"/mote/{meeting.pk}/"
    before = client.get(page).content.decode()
    assert "/kalendersvar/" in before
    answered = upload(client, meeting, reply_file(meeting, cast.ours.head_of_authority))
    assert answered.status_code == 302
    assert client.get(page).content.decode() != before
    assert answers(meeting) == {"head.of.authority": "accepted"}


@pytest.mark.django_db
def test_a_file_of_three_megabytes_or_nonsense_is_refused(
    cast: Cast, meeting: Meeting, client: Client
):
    client.force_login(cast.ours.head_of_authority)
    for data in (bytes(3_000_000), b"%PDF-1.7", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"):
        response = upload(client, meeting, data)
        assert response.status_code == 422
        assert response.context["form"].errors["file"]
    assert answers(meeting) == {}


@pytest.mark.django_db
def test_an_answer_about_another_meeting_is_refused(cast: Cast, meeting: Meeting, client: Client):
    client.force_login(cast.ours.head_of_authority)
    other = factories.meeting(cast.ours.collaboration, state="booked")
    response = upload(client, meeting, reply_file(other, cast.ours.head_of_authority))
    assert response.status_code == 422


@pytest.mark.django_db
def test_others_of_the_case_see_the_answers_and_bring_none(
    cast: Cast, meeting: Meeting, client: Client
):
    client.force_login(cast.ours.principal)
    assert "/kalendersvar/" not in client.get(f"/mote/{meeting.pk}/").content.decode()
    assert upload(client, meeting, GOOD).status_code == 403


# --- the mailbox ---------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    settings.REPLIES_URL = f"maildir://{tmp_path}"
    return tmp_path


def read_mailbox() -> str:
    told = StringIO()
    call_command("read_mailbox", stdout=told, stderr=told)
    return told.getvalue()


@pytest.mark.django_db
def test_answers_in_a_folder_are_read_once(cast: Cast, meeting: Meeting, folder: Path):
    head = cast.ours.head_of_authority
    (folder / "new" / "1").write_bytes(mail_with(reply_file(meeting, head), head.email))
    (folder / "new" / "2").write_bytes(mail_with(GOOD, "spy@example.com"))
    (folder / "new" / "3").write_bytes(b"From: a@b.example\r\n\r\nHej!\r\n")
    (folder / "new" / "4").write_bytes(b"\xff\x00" * 2_000_000)
    told = read_mailbox()
    assert "kept: 1\npassed over: 3" in told
    assert answers(meeting) == {"head.of.authority": "accepted"}
    assert len(list((folder / "cur").iterdir())) == 4
    assert "kept: 0\npassed over: 0" in read_mailbox()


def test_without_a_mailbox_the_command_says_so(settings: Any):
    settings.REPLIES_URL = ""
    with pytest.raises(CommandError, match="REPLIES_URL"):
        read_mailbox()


def test_a_mail_tells_its_sender_and_its_answer():
    found = reply_in(message_from_bytes(mail_with(GOOD, "sara@adalen.example")))
    assert found is not None
    sender, reply = found
    assert (sender, reply.answer) == ("sara@adalen.example", "accepted")


class ImapServer(socketserver.ThreadingTCPServer):
    """As much of RFC 3501 as the reading of a mailbox needs."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, mails: list[bytes]) -> None:
        self.mails = dict(enumerate(mails, 1))
        self.seen: set[int] = set()
        self.log_in = ""
        super().__init__(("127.0.0.1", 0), ImapDialogue)


class ImapDialogue(socketserver.StreamRequestHandler):
    server: ImapServer

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            for answer in self.answers(command):
                self.wfile.write(answer + b"\r\n")
            self.wfile.write(f"{tag} OK done\r\n".encode())

    def answers(self, command: str) -> Iterator[bytes]:
        match command.split():
            case ["CAPABILITY"]:
                yield b"* CAPABILITY IMAP4rev1"
            case ["LOGIN", *words]:
                self.server.log_in = " ".join(words)
            case ["SELECT", _]:
                yield f"* {len(self.server.mails)} EXISTS".encode()
            case ["UID", "SEARCH", *_]:
                unseen = sorted(self.server.mails.keys() - self.server.seen)
                yield b"* SEARCH " + " ".join(map(str, unseen)).encode()
            case ["UID", "FETCH", number, *_]:
                mail = self.server.mails[int(number)]
                head = f"* {number} FETCH (UID {number} BODY[]<0> {{{len(mail)}}}\r\n".encode()
                yield head + mail + b")"
            case ["UID", "STORE", number, *_]:
                self.server.seen.add(int(number))


@pytest.mark.django_db
def test_answers_behind_imap_are_read_once(cast: Cast, meeting: Meeting, settings: Any):
    head = cast.ours.head_of_authority
    server = ImapServer([mail_with(reply_file(meeting, head), head.email), b"Hej\r\n"])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    settings.REPLIES_URL = f"imap://trepart%40x.se:hemligt@127.0.0.1:{port}/INBOX"
    try:
        assert "kept: 1\npassed over: 1" in read_mailbox()
        assert server.seen == {1, 2}
        assert server.log_in == 'trepart@x.se "hemligt"'
        assert "kept: 0" in read_mailbox()
    finally:
        server.shutdown()
        server.server_close()
    assert answers(meeting) == {"head.of.authority": "accepted"}


@pytest.mark.parametrize("address", ["imap://a:b@mail.example.se", "pop3://x", "/var/mail"])
def test_no_password_travels_in_the_open(address: str, settings: Any):
    settings.REPLIES_URL = address
    with pytest.raises(ImproperlyConfigured, match="REPLIES_URL is"):
        read_mailbox()
