"""Say what a report in Word is understood to say; nothing is written."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from reports.reading import NotReadable, read_report


class Command(BaseCommand):
    help = "Say what a report in Word (.docx) is understood to say, without writing anything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print it as JSON")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with override(settings.LANGUAGE_CODE):
                understanding = read_report(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except NotReadable as refused:
            raise CommandError(str(refused)) from refused
        found = understanding.plain()
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for area in found["development_areas"]:
            self.stdout.write(area["name"] or "–")
            for insats in area["interventions"]:
                self.stdout.write(f"  {insats['name'] or '–'}")
                for goal in insats["goals"]:
                    self.stdout.write(f"    {goal['rating'] or '–'}: {goal['text']}")
        for warning in [*found["warnings"], *found["unplaced"]]:
            self.stderr.write(warning)
