"""Fill a database with realistic cases, for benchmarks."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cases.actions import AlreadyThere, make_load
from notifications import clock


class Command(BaseCommand):
    help = "Adds made-up cases with people of their own; the same for the same seed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cases", type=int, required=True, help="how many, up to 15,000")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--today", type=date.fromisoformat, help="the day they are seen from")

    def handle(self, *, cases: int, seed: int, today: date | None, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(_("Made-up cases do not belong in production."))
        try:
            make_load(cases=cases, seed=seed, today=today or clock.today(), tell=self._tell)
        except AlreadyThere as error:
            raise CommandError(_("The made-up cases are in this database already.")) from error

    def _tell(self, done: int) -> None:
        self.stdout.write(_("%(count)s cases are made.") % {"count": done})
