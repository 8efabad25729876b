"""Bring collaborations in from case files (docs/case-files.md): all of them, or none."""

from argparse import ArgumentParser
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cases.actions import CaseFilesRefused, load_cases
from notifications import clock


class Command(BaseCommand):
    help = "Loads case files; tells every mistake with its line, and then loads nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--today", type=date.fromisoformat, help="the day of loading")
        parser.add_argument("--dry-run", action="store_true", help="check, but keep nothing")

    def handle(
        self, *, files: list[Path], today: date | None, dry_run: bool, **_options: Any
    ) -> None:
        try:
            loaded = load_cases(files, now=moment_of_loading(today), dry_run=dry_run)
        except CaseFilesRefused as refused:
            raise CommandError("\n".join(refused.lines)) from refused
        for collaboration in loaded:
            text = _("%(name)s can be loaded.") if dry_run else _("%(name)s is loaded.")
            self.stdout.write(text % {"name": collaboration.name})


def moment_of_loading(today: date | None) -> datetime:
    """Now; or on another day, its evening, so that everything of that day has happened."""
    if today is None:
        return clock.now()
    return datetime.combine(today, time(17), clock.STOCKHOLM)
