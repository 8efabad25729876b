"""A mail server that refuses everything is left alone, and everything leaves when it is well."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from notifications import breaker, outbox
from notifications.breaker import FIRST_WAIT, FLOWS, LONGEST_WAIT, Cause
from notifications.delivery import MOST_TRIES, Batch, drain
from notifications.invariants import breaches
from notifications.models import CircuitBreaker, OutboxMessage, UndeliverableAddress
from notifications.smtp import Wire
from scripts.mailbox import Fault
from tests.notifications.conftest import NOW

pytestmark = [pytest.mark.portable, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _promises_hold(db):
    yield
    assert breaches() == []


def enqueue(count, first=0):
    for number in range(first, first + count):
        outbox.enqueue(
            key=f"hello:{number:03}",
            address=f"person{number}@town{number % 3}.example",
            template="notifications/alert",
            context={"silent": "tick", "since": NOW},
            now=NOW,
        )


def send(minutes=0.0):
    return drain(lambda: NOW + timedelta(minutes=minutes))


def everything_is(status):
    return set(OutboxMessage.objects.values_list("status", flat=True)) == {status}


REFUSES_EVERYTHING = {
    "nobody listens": lambda server, settings: setattr(settings, "EMAIL_PORT", 1),
    "closes at once": lambda server, settings: server.faults.append(Fault.parse("connect:drop")),
    "greets with 421": lambda server, settings: server.faults.append(Fault.parse("banner:421")),
    "wants a log-in": lambda server, settings: setattr(server, "login", ("trepart", "secret")),
    "refuses the sender": lambda server, settings: server.faults.append(Fault.parse("mail:5xx")),
    "refuses everybody": lambda server, settings: setattr(server, "refused", ".example"),
}


class TestNothingIsLost:
    @pytest.mark.parametrize("way", REFUSES_EVERYTHING)
    def test_mail_waits_and_leaves_when_the_server_is_well(self, mailbox, settings, way):
        enqueue(12)
        port = settings.EMAIL_PORT
        REFUSES_EVERYTHING[way](mailbox, settings)
        assert send() == {"due": 12}
        met = mailbox.connections
        for minutes in (0.1, 0.5, 0.9):
            assert send(minutes) == {}
        assert mailbox.connections == met

        waits = [1, 2, 4, 8, 16, 30, 30]
        at = 0.0
        for wait in waits:
            at += wait
            assert send(at - 0.1) == {}
            assert send(at) == {"due": 1}
        settings.EMAIL_PORT, mailbox.login, mailbox.refused = port, None, "refused.example"
        mailbox.faults.clear()
        assert send(at + 29) == {}
        assert send(at + 30) == {"sent": 12}
        assert len(mailbox.deliveries()) == 12
        assert breaker.standing() is None
        assert not UndeliverableAddress.objects.exists()

    def test_new_mail_waits_too(self, mailbox):
        mailbox.faults = [Fault.parse("mail:5xx")]
        enqueue(1)
        send()
        enqueue(3, first=1)
        mailbox.faults = []
        assert send(0.5) == {}
        assert send(1) == {"sent": 4}


class TestOneRecipient:
    def test_four_bad_ones_are_no_reason(self, mailbox):
        mailbox.refused = ".example"
        enqueue(4)
        assert send() == {"failed": 4}
        assert breaker.standing() is None

    def test_one_accepted_among_many_is_enough(self, mailbox):
        mailbox.refused = "town0.example"
        enqueue(1, first=1)
        for number in range(8):
            enqueue(1, first=3 * number)
        assert send() == {"failed": 8, "sent": 1}

    def test_different_answers_are_about_different_people(self, mailbox, settings):
        settings.SMTP_CONNECTIONS = 1
        enqueue(6)
        mailbox.refused = ".example"
        mailbox.refusal = "550 5.1.1 Refused"
        batch = Batch.claim(NOW, 10)
        *most, last = batch.pack()
        with Wire() as wire:
            for parcel in most:
                batch.hand_over({wire.open_lines(1)[0]: parcel})
            mailbox.refusal = "550 5.2.1 Closed"
            batch.hand_over({wire.open_lines(1)[0]: last})
        batch.judge(FLOWS)
        assert everything_is("failed")

    def test_few_connections_are_judged_together(self, mailbox, settings):
        settings.SMTP_CONNECTIONS = 2
        mailbox.refused = ".example"
        enqueue(6)
        assert send() == {"due": 6}
        assert CircuitBreaker.objects.get().cause == Cause.RECIPIENTS

    def test_a_probe_to_a_bad_address_closes_what_the_server_opened(self, mailbox):
        mailbox.faults = [Fault.parse("mail:4xx")]
        enqueue(3)
        send()
        mailbox.faults, mailbox.refused = [], "person0@town0.example"
        assert send(1) == {"failed": 1, "sent": 2}

    def test_people_whose_town_is_gone_fail_at_last(self, mailbox):
        """Everything that waits is refused, and it is not for our sake."""
        mailbox.refused = ".example"
        enqueue(5)
        at, tries = 0.0, 0
        while not everything_is("failed"):
            send(at)
            at += 31
            tries += 1
            assert tries < 5 * MOST_TRIES + 5
        assert UndeliverableAddress.objects.count() == 5
        mailbox.refused = "nowhere.example"
        enqueue(1, first=5)
        assert send(at) == {"sent": 1}


class TestTogether:
    def test_one_sender_probes(self):
        breaker.trip(Cause.SERVER, "No", FLOWS, NOW)
        later = NOW + FIRST_WAIT
        assert not breaker.ask(NOW).may_send
        together, permits = threading.Barrier(6), []

        def ask():
            together.wait()
            permits.append(breaker.ask(later))
            connection.close()

        senders = [threading.Thread(target=ask) for _ in range(6)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert sum(permit.may_send for permit in permits) == 1

    def test_senders_that_stop_it_at_once_count_as_one(self):
        for _ in range(3):
            breaker.trip(Cause.SERVER, "No", FLOWS, NOW)
        assert CircuitBreaker.objects.get().probe_at == NOW + FIRST_WAIT

    def test_a_sender_that_dies_while_it_probes_is_followed(self):
        breaker.trip(Cause.SERVER, "No", FLOWS, NOW)
        assert breaker.ask(NOW + FIRST_WAIT).is_probe
        assert not breaker.ask(NOW + FIRST_WAIT).may_send
        assert breaker.ask(NOW + FIRST_WAIT + breaker.PROBE_TAKES).is_probe

    def test_with_nothing_to_try_it_with_the_next_sender_may(self, mailbox):
        breaker.trip(Cause.SERVER, "No", FLOWS, NOW)
        assert send(1) == {}
        enqueue(2)
        assert send(1) == {"sent": 2}

    def test_a_clock_that_was_ahead_stops_nothing_for_long(self, mailbox):
        breaker.trip(Cause.SERVER, "No", FLOWS, NOW + timedelta(days=400))
        enqueue(2)
        assert CircuitBreaker.objects.filter(probe_at__gt=NOW + LONGEST_WAIT).exists()
        assert send() == {"sent": 2}


def test_a_wait_that_a_clock_ahead_began_ends_now(mailbox):
    mailbox.faults = [Fault.parse("rcpt:4xx")]
    enqueue(1)
    OutboxMessage.objects.update(not_before=NOW + timedelta(days=1))
    send(60 * 24 * 40)
    mailbox.faults = []
    assert send(1) == {"sent": 1}
