"""Mail that comes back: read, kept once, and believed only about what we sent."""

import json
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.http import Http404
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from notifications import bounces, clock, mailbox, outbox
from notifications.bounces import Kind, Notice, clear, refusing, take, tell_again
from notifications.delivery import drain
from notifications.invariants import breaches
from notifications.mailbox import PassedOver, read_mailbox
from notifications.models import Bounce, OutboxMessage, Reminder, UndeliverableAddress
from notifications.planning import address, plan
from notifications.views import LARGEST_BODY, MOST_EVENTS, mail_events
from scripts.mailbox import Fault
from tests.notifications.conftest import NOW
from tests.notifications.errands import Errand

pytestmark = [
    pytest.mark.portable,
    pytest.mark.usefixtures("errand_table", "errand_duty"),
    pytest.mark.django_db(transaction=True),
]
ANNA = "anna@norrby.example"
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _promises_hold(db):
    yield
    assert breaches() == []


def enqueue(key="hello", to=ANNA, now=NOW, **fields):
    context = {"silent": "tick", "since": NOW}
    outbox.enqueue(
        key=key, address=to, template="notifications/alert", context=context, now=now, **fields
    )
    return OutboxMessage.objects.get(key=key)


def send(days=0, **more):
    return drain(lambda: NOW + timedelta(days=days, **more))


def sent(mailbox, key="hello", days=0, to=ANNA):
    enqueue(key, to=to)
    assert send(days) == {"sent": 1}
    return OutboxMessage.objects.get(key=key)


def status(message):
    return OutboxMessage.objects.get(pk=message.pk).status


def notice(message, kind=Kind.HARD, days=0, is_lost=True, to=ANNA):
    return Notice(message.message_id, to, kind, "5.1.1 Unknown", NOW + days * A_DAY, is_lost)


def report(message, *, to=ANNA, code="5.1.1", action="failed", returned="message/rfc822"):
    """As Postfix writes it; Exchange returns the headers only."""
    return (
        "From: MAILER-DAEMON@mail.example\r\nMIME-Version: 1.0\r\nMessage-ID: <dsn@mail>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.\r\n\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mail.example\r\n\r\n"
        f"Original-Recipient: rfc822;{to}\r\nFinal-Recipient: rfc822; sent.on@elsewhere.example\r\n"
        f"Action: {action}\r\nStatus: {code}\r\n"
        f"Diagnostic-Code: smtp; 550 {code}\r\n    User unknown\r\n\r\n"
        f"--x\r\nContent-Type: {returned}\r\n\r\n"
        f"From: Trepart\r\nMessage-ID: {message.message_id}\r\n\r\nHej\r\n\r\n--x--\r\n"
    ).encode()


@pytest.fixture
def inbox(tmp_path, settings):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    settings.REPLIES_URL = f"maildir://{tmp_path}"

    def receive(*mails):
        for number, mail in enumerate(mails):
            (tmp_path / "new" / str(number)).write_bytes(mail)
        return read_mailbox(NOW)

    return receive


class TestTheServerRefusesTheRecipient:
    def test_the_address_is_marked_and_meets_no_server_again(self, mailbox):
        mailbox.refused = "norrby.example"
        first = enqueue("first", to="Anna@norrby.example")
        assert send() == {"failed": 1}
        marked = UndeliverableAddress.objects.get()
        assert (marked.address, marked.message_id) == (ANNA, first.message_id)
        assert marked.reason == "550 5.1.1 Refused"
        mailbox.refused = "nowhere.example"
        second = enqueue("second")
        assert send() == {"failed": 1}
        assert OutboxMessage.objects.get(pk=second.pk).reason == bounces.TAKES_NO_MAIL
        assert mailbox.deliveries() == []
        assert clear(address=ANNA, by=None, now=NOW)
        enqueue("third")
        assert send() == {"sent": 1}

    def test_a_person_with_a_new_address_is_reached(self, mailbox, person):
        anna = person(email=ANNA)
        mailbox.refused = ANNA
        outbox.enqueue(
            key="a",
            recipient=anna.pk,
            template="notifications/alert",
            context={"silent": "tick", "since": NOW},
            now=NOW,
        )
        assert send() == {"failed": 1}
        assert list(bounces.undeliverable_people()) == [anna]
        anna.email = "anna.berg@norrby.example"
        anna.save()
        assert list(bounces.undeliverable_people()) == []

    @pytest.mark.parametrize("words", ["552 5.2.2 Full", "550 5.7.1 Blocked", "552 Too much"])
    def test_what_says_nothing_about_the_address_counts_as_soft(self, mailbox, words):
        mailbox.refused, mailbox.refusal = "norrby.example", words
        enqueue()
        assert send() == {"failed": 1}
        assert Bounce.objects.get().kind == "soft"
        assert refusing([ANNA]) == set()

    def test_for_a_while_is_no_bounce(self, mailbox):
        mailbox.faults = [Fault.parse("rcpt:4xx")]
        enqueue()
        assert send() == {"due": 1}
        assert not Bounce.objects.exists()


class TestNotices:
    def test_hard_marks_at_once_and_the_message_has_failed(self, mailbox):
        message = sent(mailbox)
        assert take(notice(message), NOW + A_DAY)
        assert refusing(["ANNA@norrby.example", "other@norrby.example"]) == {ANNA}
        assert status(message) == "failed"
        assert not take(notice(message), NOW + A_DAY)
        assert Bounce.objects.count() == UndeliverableAddress.objects.count() == 1

    def test_three_soft_ones_in_a_fortnight_mark(self, mailbox):
        messages = [sent(mailbox, str(day), days=day) for day in (0, 20, 24, 28)]
        for day, message in zip((0, 20, 24), messages, strict=False):
            take(notice(message, Kind.SOFT, days=day), NOW + day * A_DAY)
            # The same news again is no other news.
            take(notice(message, Kind.SOFT, days=day), NOW + day * A_DAY)
            assert refusing([ANNA]) == set()
        take(notice(messages[3], Kind.SOFT, days=28), NOW + 28 * A_DAY)
        assert refusing([ANNA]) == {ANNA}

    def test_a_clock_that_is_ahead_counts_as_now(self, mailbox):
        message = sent(mailbox)
        take(notice(message, days=900), NOW)
        assert Bounce.objects.get().at == NOW

    def test_forged_about_somebody_else_it_is_passed_over(self, mailbox):
        message = sent(mailbox)
        waiting = enqueue("waiting")
        for forged in (
            notice(message, to="berit@norrby.example"),
            notice(waiting),
            Notice("<made.up@localhost>", ANNA, Kind.HARD, "5.1.1", NOW),
            notice(message, to="nonsense"),
        ):
            with pytest.raises(PassedOver):
                take(forged, NOW)
        assert not Bounce.objects.exists()
        assert status(message) == "sent"

    def test_one_that_comes_late_does_not_close_what_was_opened(self, mailbox):
        first, second = sent(mailbox, "first"), sent(mailbox, "second")
        take(notice(first), NOW + A_DAY)
        clear(address=ANNA, by=None, now=NOW + 2 * A_DAY)
        take(notice(second), NOW + 3 * A_DAY)
        assert refusing([ANNA]) == set()
        third = sent(mailbox, "third", days=4)
        take(notice(third), NOW + 5 * A_DAY)
        assert refusing([ANNA]) == {ANNA}

    def test_soft_ones_before_the_clearing_are_forgotten(self, mailbox):
        messages = [sent(mailbox, str(day), days=day) for day in range(4)]
        for message in messages[:3]:
            take(notice(message, Kind.SOFT), NOW + 3 * A_DAY)
        clear(address=ANNA, by=None, now=NOW + 4 * A_DAY)
        message = sent(mailbox, "later", days=5)
        take(notice(message, Kind.SOFT, days=5), NOW + 5 * A_DAY)
        assert refusing([ANNA]) == set()

    @pytest.mark.parametrize(("is_lost", "settled"), [(True, "failed"), (False, "sent")])
    def test_it_is_evidence_about_a_message_in_doubt(self, mailbox, is_lost, settled):
        message = sent(mailbox)
        OutboxMessage.objects.update(status="in_doubt", closed_at=None)
        take(notice(message, Kind.SOFT, is_lost=is_lost), NOW)
        assert status(message) == settled


class TestReports:
    @pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
    def test_a_report_in_the_mailbox_marks_the_address(self, mailbox, inbox, returned):
        message = sent(mailbox)
        reading = inbox(report(message, returned=returned))
        assert (reading.kept, reading.passed_over) == (1, [])
        assert UndeliverableAddress.objects.get().reason == "5.1.1 smtp; 550 5.1.1 User unknown"
        assert status(message) == "failed"

    @pytest.mark.parametrize(
        ("words", "kind", "becomes"),
        [
            ({"code": "4.4.1", "action": "delayed"}, "soft", "sent"),
            ({"code": "4.4.7"}, "soft", "failed"),
            ({"code": "5.2.2"}, "soft", "failed"),
            ({"code": "nonsense"}, "hard", "failed"),
        ],
    )
    def test_kinds(self, mailbox, inbox, words, kind, becomes):
        message = sent(mailbox)
        assert inbox(report(message, **words)).kept == 1
        assert Bounce.objects.get().kind == kind
        assert status(message) == becomes

    @pytest.mark.parametrize("words", [{"action": "relayed"}, {"to": "berit@norrby.example"}])
    def test_what_does_not_count_is_passed_over(self, mailbox, inbox, words):
        message = sent(mailbox)
        reading = inbox(report(message, **words), b"Hej\r\n", b"\xff\x00" * 900_000)
        assert (reading.kept, len(reading.passed_over)) == (0, 3)
        assert status(message) == "sent"

    def test_a_reader_that_breaks_stops_no_other_mail(self, mailbox, inbox, monkeypatch, caplog):
        def breaks(mail, now):
            if mail["Subject"] == "break":
                raise RuntimeError
            return False

        monkeypatch.setattr("notifications.mailbox._readers", [breaks, bounces.returned_mail])
        reading = inbox(b"Subject: break\r\n\r\n", report(sent(mailbox)))
        assert (reading.kept, reading.passed_over) == (1, ["RuntimeError: "])

    @given(st.integers(0, 900), st.binary(max_size=12), st.integers(0, 60))
    def test_a_damaged_report_is_read_or_is_none(self, place, put, cut):
        whole = report(OutboxMessage(message_id="<a@localhost>"))
        damaged = message_from_bytes(whole[:place] + put + whole[place + cut :])
        with suppress(PassedOver):
            assert all(isinstance(it, Notice) for it in bounces.notices_in(damaged, NOW))

    def test_both_houses_read(self):
        readers = {reader.__name__ for reader in mailbox._readers}
        assert readers == {"returned_mail", "answered_invitation"}


class TestWebhook:
    @pytest.fixture(autouse=True)
    def _token(self, settings):
        settings.MAIL_EVENTS_TOKEN = "a-token-for-the-mail-service"

    def post(self, events, token="a-token-for-the-mail-service", method="POST"):
        body = events if isinstance(events, bytes) else json.dumps(events).encode()
        request = RequestFactory().generic(
            method,
            "/posthandelser/",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        answer = mail_events(request)
        return answer.status_code, json.loads(answer.content)

    def event(self, message, **changes):
        return {
            "message_id": message.message_id,
            "address": ANNA,
            "kind": "hard",
            "reason": "550 5.1.1\x00",
            "at": "2027-03-09T08:00:00Z",
        } | changes

    def test_events_are_kept_once(self, mailbox):
        message = sent(mailbox)
        events = [self.event(message), self.event(message, address="berit@norrby.example")]
        assert self.post(events) == (200, {"kept": 1, "known": 0, "passed_over": 1})
        assert self.post(events) == (200, {"kept": 0, "known": 1, "passed_over": 1})
        assert refusing([ANNA]) == {ANNA}

    def test_soft_leaves_the_message_as_sent(self, mailbox):
        message = sent(mailbox)
        assert self.post([self.event(message, kind="soft")])[1]["kept"] == 1
        assert status(message) == "sent"

    def test_only_with_the_token_and_only_where_there_is_one(self, mailbox, settings):
        events = [self.event(sent(mailbox))]
        assert self.post(events, token="guess")[0] == 401
        assert self.post(events, token="")[0] == 401
        assert self.post(events, method="GET")[0] == 405
        settings.MAIL_EVENTS_TOKEN = ""
        with pytest.raises(Http404):
            self.post(events, token="")
        assert not Bounce.objects.exists()

    def test_nonsense_is_refused_whole(self, mailbox):
        good = self.event(sent(mailbox))
        wrong = [
            b"",
            b"\xff",
            b"[" * 100_000,
            {"message_id": "x"},
            [good, "x"],
            [good, self.event(OutboxMessage(), kind="medium")],
            [good, good | {"at": "2027-03-09T08:00:00"}],
            [good, good | {"at": 5}],
            [good, good | {"address": None}],
            [good, {}],
            [good] * (MOST_EVENTS + 1),
        ]
        for events in wrong:
            assert self.post(events)[0] in (400, 413), str(events)[:80]
        assert self.post(b" " * (LARGEST_BODY + 1))[0] == 413
        assert not Bounce.objects.exists()


class TestToldAgain:
    """What somebody missed while their address was closed comes when it is open."""

    @pytest.fixture
    def missed(self, mailbox, person):
        """Two digests of two days, refused, while a colleague got theirs."""
        anna = person(email=ANNA)
        mailbox.refused = ANNA
        for day in (0, 1):
            Errand.objects.create(due_on=(NOW + day * A_DAY).date(), owner_id=anna.pk)
            plan(NOW + day * A_DAY)
            address(NOW + day * A_DAY)
            assert send(day) == {"failed": 1}
        assert OutboxMessage.objects.filter(status="failed").count() == 2
        mailbox.refused = "nowhere.example"
        return anna

    def letters(self):
        return OutboxMessage.objects.filter(status="due")

    def test_nothing_while_it_is_closed(self, missed):
        assert tell_again(NOW + 2 * A_DAY) == 0
        assert not self.letters().exists()

    @pytest.mark.parametrize("way", ["cleared", "another address"])
    def test_one_letter_with_all_of_it(self, missed, mailbox, way):
        if way == "cleared":
            clear(address=ANNA, by=missed, now=NOW + 2 * A_DAY)
        else:
            type(missed).objects.filter(pk=missed.pk).update(email="anna.b@norrby.example")
        assert tell_again(NOW + 2 * A_DAY) == 2
        assert tell_again(NOW + 2 * A_DAY) == 0
        assert send(2) == {"sent": 1}
        (mail,) = mailbox.messages()
        text = mail.get_body(("plain",)).get_content()
        assert all(str(errand.pk) in text for errand in Errand.objects.all())
        assert set(Reminder.objects.values_list("status", flat=True)) == {"told"}

    def test_what_is_done_meanwhile_is_not_told(self, missed, mailbox):
        clear(address=ANNA, by=None, now=NOW + 2 * A_DAY)
        Errand.objects.update(is_done=True)
        tell_again(NOW + 2 * A_DAY)
        assert send(2) == {"cancelled": 1}

    def test_it_goes_into_the_letter_that_waits(self, missed, mailbox):
        clear(address=ANNA, by=None, now=NOW + 2 * A_DAY)
        Errand.objects.create(due_on=clock.local_date(NOW + 2 * A_DAY), owner_id=missed.pk)
        plan(NOW + 2 * A_DAY)
        address(NOW + 2 * A_DAY)
        tell_again(NOW + 2 * A_DAY)
        assert len(self.letters().get().context["reminders"]) == 3

    def test_a_letter_that_fails_for_another_reason_is_not_tried_for_ever(self, missed, mailbox):
        clear(address=ANNA, by=None, now=NOW + 2 * A_DAY)
        tell_again(NOW + 2 * A_DAY)
        mailbox.faults = [Fault.parse("dot:5xx")]
        assert send(2) == {"failed": 1}
        assert tell_again(NOW + 3 * A_DAY) == 0

    def test_one_that_came_back_later_is_told_again_too(self, mailbox, person):
        anna = person(email=ANNA)
        Errand.objects.create(due_on=NOW.date(), owner_id=anna.pk)
        plan(NOW)
        address(NOW)
        assert send() == {"sent": 1}
        take(notice(OutboxMessage.objects.get()), NOW + A_DAY)
        clear(address=ANNA, by=None, now=NOW + 2 * A_DAY)
        assert tell_again(NOW + 2 * A_DAY) == 1
        assert send(2) == {"sent": 1}
        first, second = (entry["message_id"] for entry in mailbox.deliveries())
        assert first != second
