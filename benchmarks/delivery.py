"""Delivery to a sink: ours, with every phase committed, against smtplib, Django and queues."""

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection, send_mail

from benchmarks import database, measure
from benchmarks.measure import Row, at_least, in_turns, rate
from benchmarks.peers.senders import Mailer, PostOffice, Sender, TaskPerMail, celery_worker
from notifications import clock, letters
from notifications.delivery import drain
from notifications.models import OutboxMessage
from notifications.outbox import message_of

BACKEND = "django.core.mail.backends.smtp.EmailBackend"
TEMPLATE = "peers/letter"
ROUND_TRIP_SECONDS = 0.010
LIMIT = "smtplib, one kept connection, prebuilt bytes"
OURS = "ours, the same text to all"
OURS_EACH = "ours, a text of its own for each"


def main(arguments: list[str] | None = None) -> None:
    options = measure.options(__doc__, arguments)
    database.require_postgresql()
    mails, slow_mails, rounds = (10, 5, 1) if options.tiny else (1_000, 100, measure.ROUNDS)
    # Without fsync a commit would cost nothing, and so neither would our promise.
    with database.fresh("delivery"), database.fsync(on=not options.tiny):
        measure.say_where(database=f"{database.server()} with fsync")
        with sink(0) as port, celery_worker(port) as worker:
            rows = Delivery(port, mails).at_full_speed(rounds, worker)
        with sink(ROUND_TRIP_SECONDS) as port:
            rows += Delivery(port, slow_mails).with_round_trips(rounds)
        measure.report(rows, options.json)


@contextmanager
def sink(latency: float) -> Iterator[int]:
    """The port of a mail server in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("sink.py")), str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdin
        assert program.stdout
        try:
            yield int(program.stdout.readline())
        finally:
            program.stdin.close()


class Delivery:
    def __init__(self, port: int, mails: int) -> None:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        self.port = port
        self.mails = mails
        self.queues: dict[str, Sender] = {}
        self.addresses = [f"person.{number}@kommun.example" for number in range(mails)]
        self.letter = letters.letter(TEMPLATE, {"name": "Pia"})
        self.prebuilt = [
            self.letter.bytes_for(address, f"<{number}@localhost>", clock.now())
            for number, address in enumerate(self.addresses)
        ]

    def fill_queue(self, side: str) -> None:
        """Before its turn: what a side with a queue finds waiting."""
        OutboxMessage.objects.all().delete()
        if side in (OURS, OURS_EACH):
            self.fill_outbox(side)
        elif side in self.queues:
            self.queues[side].fill([self.message(address) for address in self.addresses])

    def fill_outbox(self, side: str) -> None:
        """In the words of one text or of many."""
        now = clock.now()
        OutboxMessage.objects.bulk_create(
            message_of(
                key=f"bench:{number}",
                template=TEMPLATE,
                context={"name": "Pia" if side == OURS else f"Pia {number}"},
                address=address,
                now=now,
            )
            for number, address in enumerate(self.addresses)
        )

    # --- the sides

    def send_prebuilt(self) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, local_hostname="bench") as smtp:
            for address, content in zip(self.addresses, self.prebuilt, strict=True):
                smtp.sendmail("trepart@localhost", [address], content)

    def send_messages(self) -> None:
        get_connection(BACKEND).send_messages([self.message(address) for address in self.addresses])

    def message(self, address: str) -> EmailMultiAlternatives:
        message = EmailMultiAlternatives(self.letter.subject, self.letter.text, to=[address])
        message.attach_alternative(self.letter.html, "text/html")
        return message

    def send_mail_each(self) -> None:
        for address in self.addresses:
            send_mail(
                self.letter.subject,
                self.letter.text,
                None,
                [address],
                html_message=self.letter.html,
                connection=get_connection(BACKEND),
            )

    def drain(self) -> None:
        reached = drain(clock.now)
        assert reached == {"sent": self.mails}, reached

    # --- the figures

    def at_full_speed(self, rounds: int, worker: subprocess.Popen[bytes]) -> list[Row]:
        self.queues = {
            "django-mailer": Mailer(),
            "django-post-office": PostOffice(),
            "a Celery task per mail": TaskPerMail(worker, self.accepted),
        }
        sides = {
            LIMIT: self.send_prebuilt,
            "Django send_messages, kept connection": self.send_messages,
            "Django send_mail each": self.send_mail_each,
            **{name: queue.send for name, queue in self.queues.items()},
            OURS: self.drain,
            OURS_EACH: self.drain,
        }
        seconds = in_turns(sides, before=self.fill_queue, rounds=rounds)
        self.require_arrival((rounds + 1) * len(sides))
        best = min(sides.keys() - {LIMIT, OURS, OURS_EACH}, key=lambda side: median(seconds[side]))
        size = Row("a mail", None, 1, len(self.prebuilt[0]), "bytes")
        goals = {OURS: at_least(0.5)}
        return [
            size,
            *(
                rate(
                    name,
                    self.mails,
                    taken,
                    against=LIMIT,
                    others=seconds[LIMIT],
                    goal=goals.get(name),
                )
                for name, taken in seconds.items()
            ),
            rate(
                f"{OURS}, times the best peer",
                self.mails,
                seconds[OURS],
                against=best,
                others=seconds[best],
                goal=at_least(1),
            ),
        ]

    def with_round_trips(self, rounds: int) -> list[Row]:
        sides = {LIMIT: self.send_prebuilt, OURS: self.drain}
        seconds = in_turns(sides, before=self.fill_queue, rounds=rounds)
        self.require_arrival((rounds + 1) * len(sides))
        return [
            rate(
                f"{side}; round trips of 10 ms",
                self.mails,
                taken,
                against=f"{LIMIT}; round trips of 10 ms",
                others=seconds[LIMIT],
                goal=at_least(3.5) if side == OURS else None,
            )
            for side, taken in seconds.items()
        ]

    def require_arrival(self, turns: int) -> None:
        """What did not arrive was not measured."""
        accepted = self.accepted()
        assert accepted == turns * self.mails, accepted

    def accepted(self) -> int:
        """How many mails the sink has taken."""
        with smtplib.SMTP("127.0.0.1", self.port, local_hostname="bench") as smtp:
            _code, accepted = smtp.noop()
        return int(accepted)


if __name__ == "__main__":
    main()
