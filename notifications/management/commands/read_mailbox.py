"""Read what people and mail servers have answered; see docs/running.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications import clock
from notifications.mailbox import read_mailbox


class Command(BaseCommand):
    help = "Reads answers to invitations and returned mail from the mailbox of REPLIES_URL."

    def handle(self, **_options: Any) -> None:
        if not settings.REPLIES_URL:
            raise CommandError("REPLIES_URL is not set, so there is no mailbox to read.")
        reading = read_mailbox(clock.now())
        for why in reading.passed_over:
            self.stderr.write(f"passed over: {why}")
        self.stdout.write(f"kept: {reading.kept}\npassed over: {len(reading.passed_over)}")
