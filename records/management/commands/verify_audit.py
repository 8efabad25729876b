"""Check that the trail is what was written, from first link to last: a line for each breach."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.chain import verify


class Command(BaseCommand):
    help = "Checks the chains of the trail, and names every row that was tampered with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            default="",
            help="the digest that an earlier run printed, when nothing was written since",
        )

    def handle(self, *, head: str, **_options: Any) -> None:
        verdict = verify()
        if verdict.breaches:
            raise CommandError("\n".join(verdict.breaches))
        if head and head != verdict.head:
            raise CommandError(f"the head is {verdict.head}, and not the one that was expected")
        self.stdout.write(f"The trail is whole: {verdict.links} links.\nhead: {verdict.head}")
