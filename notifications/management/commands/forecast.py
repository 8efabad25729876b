"""Everything that will be told in the days to come, for people and for programs."""

from argparse import ArgumentParser
from datetime import date
from json import dumps
from typing import Any

from django.core.management.base import BaseCommand

from notifications import clock
from notifications.forecast import Coming, forecast


class Command(BaseCommand):
    help = "Lists the reminders that will be told, in the order in which they leave."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="how far ahead, in days")
        parser.add_argument("--today", type=date.fromisoformat, help="as if it were this day")
        parser.add_argument("--json", action="store_true", help="one list of objects")

    def handle(self, *, days: int, today: date | None, json: bool, **_options: Any) -> None:
        coming = forecast(today or clock.today(), days=days)
        self.stdout.write(_as_json(coming) if json else _as_lines(coming))


def _as_json(coming: list[Coming]) -> str:
    return dumps([_facts(it) for it in coming], ensure_ascii=False, indent=1)


def _as_lines(coming: list[Coming]) -> str:
    return "\n".join("\t".join(map(str, _facts(it).values())) for it in coming)


def _facts(it: Coming) -> dict[str, Any]:
    return {
        "leaves_on": it.leaves_on.isoformat(),
        "rule": it.duty.duty.rule,
        "duty": it.duty.duty.name,
        "scope": it.duty.scope_name,
        "object": str(it.duty.object_id),
        "due_on": it.duty.due_on.isoformat(),
        "is_escalated": it.is_escalated,
        "people": [str(person) for person in it.people],
        "let_be": it.let_be,
    }
