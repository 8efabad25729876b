"""What has not been told and needs a person: listed, held and let go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from notifications import outbox
from notifications.models import OutboxMessage, Reminder
from notifications.planning import NO_RECIPIENT


class Command(BaseCommand):
    help = "Lists messages that failed or are in doubt, and reminders that nobody can be told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--failed", action="store_true")
        parser.add_argument("--in-doubt", action="store_true")
        parser.add_argument("--no-recipient", action="store_true")
        parser.add_argument("--hold", metavar="REASON", help="keep back everything that is due")
        parser.add_argument("--release", action="store_true", help="let go what was held")

    def handle(self, **options: Any) -> None:
        if options["hold"]:
            self.stdout.write(f"held: {outbox.hold(reason=options['hold'])}")
        if options["release"]:
            self.stdout.write(f"released: {outbox.release()}")
        chosen = [name for name in ("failed", "in_doubt", "no_recipient") if options[name]]
        if not (chosen or options["hold"] or options["release"]):
            chosen = ["failed", "in_doubt", "no_recipient"]
        for name in chosen:
            if name == "no_recipient":
                self._list_reminders()
            else:
                self._list_messages(name)

    def _list_messages(self, status: str) -> None:
        for message in OutboxMessage.objects.filter(status=status).order_by("pk"):
            self.stdout.write(f"{status}\t{message.key}\t{message.message_id}\t{message.reason}")

    def _list_reminders(self) -> None:
        for reminder in Reminder.objects.filter(
            status=Reminder.Status.PLANNED, reason=NO_RECIPIENT
        ).order_by("pk"):
            self.stdout.write(f"{NO_RECIPIENT}\t{reminder}")
