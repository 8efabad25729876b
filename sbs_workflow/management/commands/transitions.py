"""Print every step of every machine, for people to review and for the documentation."""

import csv
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from sbs_workflow.diagrams import Arrow, arrows, markdown
from sbs_workflow.models import WorkflowModel


class Command(BaseCommand):
    help = "Prints the transition table of all machines."
    requires_system_checks: list[str] = []  # it reads the code and nothing else

    def add_arguments(self, parser: CommandParser) -> None:
        form = parser.add_mutually_exclusive_group(required=True)
        form.add_argument("--csv", action="store_true", help="one row for each step")
        form.add_argument("--markdown", action="store_true", help="docs/machines.md")

    def handle(self, **options: Any) -> None:
        if options["markdown"]:
            self.stdout.write(markdown(WorkflowModel.machines()), ending="")
            return
        writer = csv.DictWriter(self.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for model in WorkflowModel.machines():
            writer.writerows(row(arrow) for arrow in arrows(model))


COLUMNS = ("machine", "kind", "from", "to", "transition", "roles", "needs_reason", "time", "gates")


def row(arrow: Arrow) -> dict[str, str]:
    return {
        "machine": arrow.machine,
        "kind": arrow.kind,
        "from": arrow.source,
        "to": arrow.target,
        "transition": arrow.name,
        "roles": " ".join(arrow.roles),
        "needs_reason": "yes" if arrow.step.needs_reason else "",
        "time": "yes" if arrow.by_time else "",
        "gates": str(arrow.step.leaves),
    }
