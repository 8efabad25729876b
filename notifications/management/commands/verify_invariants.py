"""Ask the data whether every promise still holds: one line for each breach, exit 1."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications import invariants


class Command(BaseCommand):
    help = "Checks what must always be true of the data."

    def handle(self, **_options: Any) -> None:
        if breaches := invariants.breaches():
            raise CommandError("\n".join(breaches))
        self.stdout.write("Everything that must be true is true.")
