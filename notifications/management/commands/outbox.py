"""What has not been told and needs a person: listed, settled, held and let go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications import bounces, breaker, clock, outbox
from notifications.models import OutboxMessage, Reminder, UndeliverableAddress
from notifications.planning import NO_RECIPIENT

LISTS = ("failed", "in_doubt", "held", "no_recipient", "undeliverable")
BY = "an operator"


class Command(BaseCommand):
    help = (
        "Lists messages that failed, are in doubt or held, reminders that nobody can be told, "
        "and addresses that take no mail; settles, holds and lets go."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--failed", action="store_true")
        parser.add_argument("--in-doubt", action="store_true")
        parser.add_argument("--held", action="store_true")
        parser.add_argument("--no-recipient", action="store_true")
        parser.add_argument("--undeliverable", action="store_true")
        parser.add_argument("--hold", metavar="REASON", help="keep back everything that is due")
        parser.add_argument("--release", action="store_true", help="let go what was held")
        parser.add_argument("--clear", metavar="ADDRESS", help="the address takes mail again")
        parser.add_argument("--settle", metavar="KEY", help="what is in doubt or held, by evidence")
        evidence = parser.add_mutually_exclusive_group()
        evidence.add_argument(
            "--arrived", action="store_true", help="it is there: it counts as sent"
        )
        evidence.add_argument("--again", action="store_true", help="it is not: it is sent again")

    def handle(self, **options: Any) -> None:
        chosen = [name for name in LISTS if options[name]]
        if not self._act(options) and not chosen:
            chosen = list(LISTS)
        if stopped := breaker.standing():
            self.stdout.write(
                f"no mail leaves before {stopped.probe_at:%Y-%m-%d %H:%M:%S} UTC"
                f"\t{stopped.get_cause_display()}\t{stopped.reason}"
            )
        for name in chosen:
            match name:
                case "no_recipient":
                    self._list_reminders()
                case "undeliverable":
                    self._list_addresses()
                case _:
                    self._list_messages(name)

    def _act(self, options: dict[str, Any]) -> bool:
        """Whether anything was asked for but a list."""
        if options["hold"]:
            self.stdout.write(f"held: {outbox.hold(reason=options['hold'])}")
        if options["release"]:
            self.stdout.write(f"released: {outbox.release()}")
        if options["clear"]:
            if not bounces.clear(address=options["clear"], by=None, now=clock.now()):
                raise CommandError(f"{options['clear']} is not among those that take no mail.")
            self.stdout.write(f"cleared: {options['clear']}")
        if options["settle"]:
            self._settle(options["settle"], options["arrived"], options["again"])
        elif options["arrived"] or options["again"]:
            raise CommandError("Say which message: --settle KEY.")
        return any(options[name] for name in ("hold", "release", "clear", "settle"))

    def _settle(self, key: str, arrived: bool, again: bool) -> None:
        if not (arrived or again):
            raise CommandError("Say what the evidence is: --arrived or --again.")
        message = OutboxMessage.objects.filter(key=key).first()
        now = clock.now()
        if message is None or not outbox.settle(message, arrived=arrived, by=BY, now=now):
            raise CommandError(f"{key} is no message in doubt, nor held.")
        self.stdout.write(f"{key}: {'sent' if arrived else 'due'}")

    def _list_messages(self, status: str) -> None:
        for message in OutboxMessage.objects.filter(status=status).order_by("pk"):
            self.stdout.write(f"{status}\t{message.key}\t{message.message_id}\t{message.reason}")

    def _list_reminders(self) -> None:
        for reminder in Reminder.objects.filter(
            status=Reminder.Status.PLANNED, reason=NO_RECIPIENT
        ).order_by("pk"):
            self.stdout.write(f"{NO_RECIPIENT}\t{reminder}")

    def _list_addresses(self) -> None:
        for marked in UndeliverableAddress.objects.standing().order_by("since"):
            self.stdout.write(f"undeliverable\t{marked}\t{marked.since:%Y-%m-%d}\t{marked.reason}")
