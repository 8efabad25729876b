"""Plan what is due now: the same code as the Celery task, without a broker."""

from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from notifications import clock, leaps, ticks


class Command(BaseCommand):
    help = "Takes the steps that time takes, plans reminders and puts them into digests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", type=_moment, help="as if it were this moment (ISO 8601)")
        parser.add_argument("--dry-run", action="store_true", help="tell, but change nothing")

    def handle(self, *, now: datetime | None, dry_run: bool, **_options: Any) -> None:
        if now is None:
            try:
                leaps.refuse(now := clock.now())
            except leaps.LeapError as leap:
                raise CommandError(str(leap)) from leap
        with transaction.atomic() if dry_run else nullcontext():
            result = ticks.run(now)
            if dry_run:
                transaction.set_rollback(True)
        for name, count in result.changed.items():
            self.stdout.write(f"{name}: {count}")
        self.stdout.write(f"planned: {result.planned}\naddressed: {result.addressed}")
        if result.failed:
            raise CommandError(f"Failed: {', '.join(result.failed)}")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.STOCKHOLM)
