"""Database, static files and demo cases in one process, since each start of Django costs a second.

Prints the log-ins, on standard output and alone.
"""

import sys
from datetime import date

import django
from django.core.management import call_command

from scripts.compile_messages import compile_messages


def main(today: str = "") -> None:
    compile_messages()
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_demo", today=date.fromisoformat(today) if today else None)


if __name__ == "__main__":
    main(*sys.argv[1:])
