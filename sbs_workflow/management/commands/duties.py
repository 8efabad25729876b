"""Print every duty with its rule, its days and its ladder, for people to review."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sbs_workflow.rulebook import markdown


class Command(BaseCommand):
    help = "Prints the table of all duties."
    requires_system_checks: list[str] = []  # it reads the code and nothing else

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--markdown", action="store_true", required=True, help="docs/rules.md")

    def handle(self, **_options: Any) -> None:
        self.stdout.write(markdown(), ending="")
