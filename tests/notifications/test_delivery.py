import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import override_settings

from notifications import outbox
from notifications.delivery import BACKOFF_MINUTES, Batch, drain
from notifications.failpoints import FailpointError
from notifications.invariants import breaches
from notifications.models import OutboxMessage
from notifications.smtp import Wire
from scripts.mailbox import Fault
from tests.notifications.conftest import NOW

pytestmark = [pytest.mark.portable, pytest.mark.django_db(transaction=True)]
MAILS = {
    "emails/test/hello.subject.txt": "Hello {{ name }}",
    "emails/test/hello.txt": "Hello {{ name }}, .\n.\nÅÄÖ until {{ until|date:'j F' }}",
    "emails/test/hello.html": "<p>Hello {{ name }}</p>",
    "emails/test/broken.subject.txt": "{% include 'nowhere' %}",
}

CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Å\r\n.\r\nEND:VCALENDAR\r\n"


@pytest.fixture(autouse=True)
def _mails(settings):
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", MAILS)]},
        }
    ]


@pytest.fixture(autouse=True)
def _promises_hold(db):
    yield
    assert breaches() == []


def enqueue(key="hello", address="anna@norrby.example", template="test/hello", **fields):
    context = {"name": "Anna", "until": NOW.date()} | fields.pop("context", {})
    outbox.enqueue(key=key, address=address, template=template, context=context, now=NOW, **fields)
    return OutboxMessage.objects.get(key=key)


def send(minutes=0, limit=None):
    return drain(lambda: NOW + timedelta(minutes=minutes), limit)


def statuses():
    return dict(OutboxMessage.objects.values_list("key", "status"))


class TestOutbox:
    def test_the_same_key_is_told_once(self):
        enqueue(context={"name": "Anna"})
        assert enqueue(context={"name": "Berit"}).context["name"] == "Anna"

    def test_the_name_of_a_message_follows_its_key(self):
        assert outbox.message_id("a") == outbox.message_id("a") != outbox.message_id("b")

    def test_a_message_goes_back_with_the_transaction_it_was_written_in(self, monkeypatch):
        monkeypatch.setenv("FAILPOINT", "after_outbox:raise")
        with pytest.raises(FailpointError), transaction.atomic():
            enqueue()
        assert statuses() == {}

    def test_suppress_stops_what_is_about_a_scope(self, mailbox):
        scope = uuid.uuid4()
        enqueue("a", scope_id=scope)
        enqueue("b")
        assert outbox.suppress(scope_id=scope, reason="paused", now=NOW) == 1
        assert send() == {"sent": 1}
        assert statuses() == {"a": "suppressed", "b": "sent"}

    def test_cancel_stops_what_a_key_begins_with(self):
        enqueue("meeting:1:anna")
        enqueue("meeting:10:anna")
        assert outbox.cancel(key_prefix="meeting:1:", reason="moved", now=NOW) == 1
        assert statuses() == {"meeting:1:anna": "cancelled", "meeting:10:anna": "due"}

    def test_hold_and_release(self, mailbox):
        enqueue()
        outbox.hold(reason="restored")
        assert send() == {}
        outbox.release()
        assert send() == {"sent": 1}

    def test_a_message_in_doubt_is_settled_by_evidence(self, mailbox):
        arrived, lost = enqueue("arrived"), enqueue("lost")
        OutboxMessage.objects.update(status="in_doubt")
        outbox.settle(arrived, arrived=True, by="the journal", now=NOW)
        outbox.settle(lost, arrived=False, by="the journal", now=NOW)
        assert statuses() == {"arrived": "sent", "lost": "due"}
        outbox.settle(arrived, arrived=False, by="a second thought", now=NOW)
        assert statuses()["arrived"] == "sent"


class TestSending:
    def test_it_arrives_as_it_is_kept(self, mailbox):
        message = enqueue()
        assert send() == {"sent": 1}
        mail = mailbox.message(1)
        assert mail["subject"] == "Hello Anna"
        assert mail["from"] == "Trepart <trepart@localhost>"
        assert mail["message-id"] == message.message_id
        text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
        assert text == "Hello Anna, .\n.\nÅÄÖ until 9 mars\n"
        message.refresh_from_db()
        assert (message.subject, message.text) == ("Hello Anna", text)
        assert message.html == "<p>Hello Anna</p>\n"

    def test_to_a_person_at_the_address_they_have_now(self, mailbox, person):
        anna = person(email="old@norrby.example")
        enqueue(address="", recipient=anna.pk)
        anna.email = "new@norrby.example"
        anna.save()
        send()
        assert mailbox.deliveries()[0]["recipient"] == "new@norrby.example"

    def test_a_closed_account_gets_nothing(self, mailbox, person):
        enqueue(address="", recipient=person(is_active=False).pk)
        assert send() == {"cancelled": 1}
        assert mailbox.deliveries() == []

    def test_hundreds_over_few_connections(self, mailbox, settings):
        for number in range(230):
            enqueue(f"hello:{number}", address=f"person{number}@norrby.example")
        assert send() == {"sent": 230}
        assert mailbox.connections == settings.SMTP_CONNECTIONS
        recipients = {it["recipient"] for it in mailbox.deliveries()}
        assert len(recipients) == len(mailbox.deliveries()) == 230

    def test_a_server_that_takes_few_connections_is_used_through_those(self, mailbox):
        mailbox.most_connections = 3
        for number in range(60):
            enqueue(f"hello:{number}")
        assert send() == {"sent": 60}
        assert mailbox.connections == 4

    def test_limit(self, mailbox):
        for number in range(5):
            enqueue(f"hello:{number}")
        assert send(limit=3) == {"sent": 3}

    def test_not_before_its_time_and_not_after_it(self, mailbox):
        message = enqueue("early")
        message.not_before = NOW + timedelta(hours=1)
        message.save()
        enqueue("late", valid_until=NOW)
        send()
        assert statuses() == {"early": "due", "late": "suppressed"}

    def test_a_calendar_travels_whole_as_reading_and_as_file(self, mailbox):
        enqueue(calendar=CALENDAR)
        assert send() == {"sent": 1}
        mail = mailbox.message(1)
        assert mail.get_content_type() == "multipart/mixed"
        alternatives, attached = mail.iter_parts()
        plain, html, calendar = alternatives.iter_parts()
        assert [it.get_content_type() for it in (plain, html)] == ["text/plain", "text/html"]
        assert "Anna" in plain.get_content()
        assert calendar.get_content_type() == "text/calendar"
        assert calendar.get_param("method") == "REQUEST"
        assert calendar.get_param("charset") == "utf-8"
        assert attached.get_filename() == "invite.ics"
        for part in (calendar, attached):
            assert part.get_payload(decode=True) == CALENDAR.encode()

    def test_each_recipient_gets_their_own_calendar_and_only_that(self, mailbox):
        for name in ("anna", "berit"):
            own = CALENDAR.replace("SUMMARY:", f"ATTENDEE:mailto:{name}\r\nSUMMARY:")
            enqueue(name, address=f"{name}@norrby.example", calendar=own)
        assert send() == {"sent": 2}
        for delivery in mailbox.deliveries():
            name, _, _ = delivery["recipient"].partition("@")
            [file] = mailbox.message(delivery["number"]).iter_attachments()
            assert f"mailto:{name}\r\n" in file.get_payload(decode=True).decode()

    def test_confidential_content_is_never_kept(self, mailbox):
        enqueue(confidential=True, calendar=CALENDAR)
        send()
        message = OutboxMessage.objects.get()
        assert (message.text, message.html, message.context) == ("", "", {})
        assert message.calendar == ""
        assert "Anna" in mailbox.message(1).get_body(("plain",)).get_content()


class TestPoison:
    def test_control_characters_cannot_forge_headers(self, mailbox):
        enqueue(context={"name": "A\r\nBcc: spy@example.com\x00\x85\x1b"})
        assert send() == {"sent": 1}
        mail = mailbox.message(1)
        assert mail["bcc"] is None
        assert mail["subject"] == "Hello A Bcc: spy@example.com"
        assert len(mailbox.deliveries()) == 1

    def test_a_very_long_subject(self, mailbox):
        enqueue(context={"name": "å" * 2000})
        assert send() == {"sent": 1}
        assert mailbox.message(1)["subject"].startswith("Hello åå")

    @pytest.mark.parametrize(
        "address",
        [
            "nobody",
            "a b@norrby.example",
            "a@norrby.example\r\nRCPT TO:<spy@example.com>",
            "a@norrby.example>\r\nDATA",
            "å@norrby.example",
            "a@b@norrby.example,",
        ],
    )
    def test_a_bad_address_fails_alone(self, mailbox, address):
        enqueue("bad", address=address)
        enqueue("good")
        assert send() == {"failed": 1, "sent": 1}
        assert statuses()["bad"] == "failed"
        assert [it["recipient"] for it in mailbox.deliveries()] == ["anna@norrby.example"]

    def test_a_broken_template_fails_alone(self, mailbox, caplog):
        enqueue("bad", template="test/broken")
        enqueue("good")
        assert send() == {"failed": 1, "sent": 1}
        assert "TemplateDoesNotExist" in OutboxMessage.objects.get(key="bad").reason


class TestFaults:
    """Every step of the dialogue, every way to break it."""

    @pytest.mark.parametrize(
        ("fault", "status"),
        [
            *((f"{step}:drop", "due") for step in ("connect", "banner", "mail", "rcpt", "data")),
            *((f"{step}:4xx", "due") for step in ("banner", "mail", "rcpt", "data", "dot")),
            *((f"{step}:5xx", "failed") for step in ("rcpt", "data", "dot")),
            ("banner:5xx", "due"),
            ("mail:5xx", "due"),
            ("body:drop", "in_doubt"),
            ("dot:drop", "in_doubt"),
            ("reply:drop", "in_doubt"),
        ],
    )
    def test_fault(self, mailbox, fault, status):
        message = enqueue()
        mailbox.faults = [Fault.parse(fault)]
        assert send() == {status: 1}
        message.refresh_from_db()
        assert message.status == status
        assert message.reason

        mailbox.faults = []
        again = send(minutes=60)
        assert again == ({"sent": 1} if status == "due" else {})
        assert mailbox.lookup(message.message_id) == (status == "due" or fault == "reply:drop")

    @pytest.mark.parametrize(
        ("fault", "status"),
        [
            *((f"{step}:hang", "due") for step in ("connect", "banner", "mail", "rcpt", "data")),
            *((f"{step}:hang", "in_doubt") for step in ("body", "dot", "reply")),
            *((f"{step}:slow", "due") for step in ("banner", "mail", "rcpt", "data")),
        ],
    )
    def test_a_silent_or_dripping_server_is_left_in_time(self, mailbox, settings, fault, status):
        settings.EMAIL_TIMEOUT = 0.3
        enqueue()
        mailbox.faults = [Fault.parse(fault)]
        assert send() == {status: 1}

    def test_nobody_listens(self, mailbox, settings):
        settings.EMAIL_PORT = 1
        for number in range(3):
            enqueue(f"hello:{number}")
        assert send() == {"due": 3}

    def test_later_and_later(self, mailbox):
        message = enqueue()
        mailbox.faults = [Fault.parse("rcpt:4xx")]
        at = 0
        for wait in (*BACKOFF_MINUTES, BACKOFF_MINUTES[-1]):
            assert send(minutes=at) == {"due": 1}
            assert send(minutes=at) == {}
            message.refresh_from_db()
            assert message.not_before == NOW + timedelta(minutes=at + wait)
            at += wait

    def test_until_it_is_of_no_use(self, mailbox):
        enqueue(valid_until=NOW + timedelta(minutes=10))
        mailbox.faults = [Fault.parse("rcpt:4xx")]
        send()
        send(minutes=11)
        message = OutboxMessage.objects.get()
        assert (message.status, message.tries) == ("failed", 1)
        assert "451" in message.reason

    def test_five_bad_recipients_in_a_hundred_stop_no_other(self, mailbox):
        for number in range(100):
            host = "nowhere" if number % 20 == 0 else "norrby"
            enqueue(f"hello:{number}", address=f"person@{host}.example")
        mailbox.refused = "nowhere.example"
        assert send() == {"sent": 95, "failed": 5}

    def test_a_server_that_refuses_everything_is_left_alone(self, mailbox):
        for number in range(250):
            enqueue(f"hello:{number}")
        mailbox.faults = [Fault.parse("mail:4xx")]
        assert send() == {"due": 100}

    def test_twelve_kinds_of_faults_at_once_lose_and_double_nothing(self, mailbox):
        for number in range(300):
            enqueue(f"hello:{number}")
        mailbox.faults = [
            Fault.parse(f"{step}:{mode}:0.04")
            for step in ("mail", "rcpt", "data", "dot", "reply", "body")
            for mode in ("4xx", "drop")
            if (step, mode) != ("reply", "4xx")
        ]
        for minutes in range(0, 3000, 60):
            send(minutes=minutes)
            for message in OutboxMessage.objects.filter(status="in_doubt"):
                arrived = bool(mailbox.lookup(message.message_id))
                outbox.settle(message, arrived=arrived, by="the journal", now=NOW)
        assert set(statuses().values()) == {"sent"}
        names = [it["message_id"] for it in mailbox.deliveries()]
        assert len(names) == len(set(names)) == 300


class TestLeases:
    def claim(self):
        batch = Batch.claim(NOW, 100)
        assert batch.messages
        return batch

    def deliver(self, batch):
        with Wire() as wire:
            batch.deliver(wire)

    def lose_lease(self):
        OutboxMessage.objects.update(lease_until=NOW - timedelta(days=9999))

    def test_what_is_claimed_is_nobody_elses(self, mailbox):
        enqueue()
        self.claim()
        assert send() == {}

    def test_a_dead_senders_claim_is_free_after_its_lease(self, mailbox):
        enqueue()
        self.claim()
        self.lose_lease()
        assert send() == {"sent": 1}

    def test_a_sender_that_slept_past_its_lease_does_not_send(self, mailbox):
        message = enqueue()
        sleeper = self.claim()
        self.lose_lease()
        self.deliver(sleeper)
        assert mailbox.deliveries() == []
        assert send() == {"sent": 1}
        self.deliver(sleeper)
        assert mailbox.lookup(message.message_id) == 1

    def test_handing_that_outlives_its_lease_is_in_doubt(self, mailbox):
        enqueue()
        self.claim()
        OutboxMessage.objects.update(status="handing")
        self.lose_lease()
        assert send() == {}
        assert statuses() == {"hello": "in_doubt"}

    def test_cancelled_after_the_claim_is_not_sent(self, mailbox):
        enqueue("hello:1")
        enqueue("hello:2")
        batch = self.claim()
        outbox.cancel(key_prefix="hello:1", reason="moved", now=NOW)
        self.deliver(batch)
        assert statuses() == {"hello:1": "cancelled", "hello:2": "sent"}
        assert len(mailbox.deliveries()) == 1


def test_login_when_the_server_asks_for_it(mailbox):
    mailbox.login = ("trepart", "secret")
    enqueue()
    assert send() == {"due": 1}
    with override_settings(EMAIL_HOST_USER="trepart", EMAIL_HOST_PASSWORD="wrong"):
        assert send(minutes=60) == {"due": 1}
    with override_settings(EMAIL_HOST_USER="trepart", EMAIL_HOST_PASSWORD="secret"):
        assert send(minutes=120) == {"sent": 1}


def test_no_mail_travels_without_the_encryption_that_was_asked_for(mailbox):
    enqueue()
    with override_settings(EMAIL_USE_TLS=True):
        assert send() == {"due": 1}
    with override_settings(EMAIL_USE_SSL=True):
        assert send(minutes=60) == {"due": 1}
    assert mailbox.deliveries() == []
