"""Check that the trail is what was written: every chain, from its first link to its last."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.chain import verify


class Command(BaseCommand):
    help = "Checks the chains of the trail, and names the first row that was tampered with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            default="",
            help="the digest that an earlier run printed, when nothing was written since",
        )

    def handle(self, *, head: str, **_options: Any) -> None:
        verdict = verify()
        if verdict.breach:
            raise CommandError(verdict.breach)
        if head and head != verdict.head:
            raise CommandError(f"the head is {verdict.head}, and not the one that was expected")
        self.stdout.write(f"The trail is whole: {verdict.links} links.\nhead: {verdict.head}")
