"""Send what is due: the same code as the Celery task, without a broker.

It fails while something is left that should have left, so that a script can go on until it does.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications import alerts, clock, delivery, leaps


class Command(BaseCommand):
    help = "Sends due mail until none is left or the mail server lets nothing through."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--max", type=int, help="stop after so many messages")
        parser.add_argument("--once", action="store_true", help="stop after one claim")

    def handle(self, *, max: int | None, once: bool, **_options: Any) -> None:  # noqa: A002
        try:
            leaps.refuse(clock.now())
        except leaps.LeapError as leap:
            raise CommandError(str(leap)) from leap
        limit = delivery.CLAIMED_AT_ONCE if once else max
        reached = delivery.drain(clock.now, limit)
        alerts.leave_sign_of_life("send", clock.now())
        for status, count in sorted(reached.items()):
            self.stdout.write(f"{status}: {count}")
        if left := delivery.left_behind(clock.now()):
            raise CommandError(f"left due: {left}")
