"""Print every address of the resolver and its door, for people to review."""

import csv
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.urls import URLPattern, URLResolver, get_resolver

NO_DOOR = "none: nobody may come in"


class Address(NamedTuple):
    name: str
    route: str
    door: str


def addresses(
    resolver: URLResolver | None = None, namespace: str = "", route: str = ""
) -> Iterator[Address]:
    """Every pattern of the resolver, those of other packages included."""
    for pattern in (resolver or get_resolver()).url_patterns:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(f"{namespace}{pattern.name or ''}", whole, door_of(pattern.callback))
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, inner, whole)


def door_of(view: Any) -> str:
    if view.__module__.startswith(settings.FOREIGN_VIEWS):
        return "foreign"
    return getattr(view, "door", NO_DOOR)


class Command(BaseCommand):
    help = "Prints every address and its door."
    requires_system_checks: list[str] = []  # it reads the code and nothing else

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--csv", action="store_true", required=True)

    def handle(self, **_options: Any) -> None:
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(Address._fields)
        writer.writerows(
            address for address in addresses() if not address.route.startswith("admin/")
        )
