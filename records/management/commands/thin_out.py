"""What may be thinned out, and the carrying out of what has been decided."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from notifications import clock
from records.actions import carry_out
from records.models import ThinningDecision
from records.queries import items_due


class Command(BaseCommand):
    help = "Lists what may be thinned out; removes only what somebody has decided to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--report", action="store_true", help="list what may be thinned out")
        what.add_argument(
            "--carry-out", action="store_true", help="carry out the decisions that stand"
        )
        parser.add_argument("--today", type=date.fromisoformat, help="the day of the report")

    def handle(self, *, report: bool, today: date | None, **_options: Any) -> None:
        if report:
            self._report(today or clock.today())
            return
        for decision in ThinningDecision.objects.filter(done=None).order_by("decided_at"):
            done = carry_out(decision=decision, now=clock.now())
            self.stdout.write(f"{decision.decision}: {done.removed} removed")

    def _report(self, today: date) -> None:
        count = 0
        for item in items_due(today):
            self.stdout.write(f"{item.kind}\t{item.case}\t{item.model}\t{item.pk}\t{item.name}")
            count += 1
        self.stdout.write(f"{count} rows may be thinned out.")
