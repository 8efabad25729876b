"""Load the demo cases around today, and print who can log in."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cases.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from cases.actions import is_empty, load_demo
from cases.management.commands.load_case import moment_of_loading
from organisations.models import User

FILES = Path(__file__).resolve().parents[2] / "files"


class Command(BaseCommand):
    help = "Loads the demo into an empty database; does nothing where there is data already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--today", type=date.fromisoformat, help="the day the demo believes in")

    def handle(self, *, today: date | None, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(_("The demo has public passwords and is not loaded in production."))
        if is_empty():
            load_demo(sorted(FILES.glob("*.yaml")), now=moment_of_loading(today))
        self._tell_accounts()

    def _tell_accounts(self) -> None:
        known = set(
            User.objects.filter(email__in=[account.email for account in DEMO_ACCOUNTS]).values_list(
                "email", flat=True
            )
        )
        accounts = [account for account in DEMO_ACCOUNTS if account.email in known]
        if not accounts:
            self.stdout.write(_("There is data here already, and no demo in it."))
            return
        heading = _("Log in with the password %(password)s as") % {"password": DEMO_PASSWORD}
        self.stdout.write(f"  {heading}")
        for account in accounts:
            self.stdout.write(f"    {account.email:<42}{account.label}, {account.organisation}")
