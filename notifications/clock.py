"""The only clock: everything below views, tasks and commands is told the time."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """This moment, aware and in UTC; shifted by CLOCK_OFFSET or CLOCK_FILE outside production."""
    return datetime.now(UTC) + _shift()


def today() -> date:
    """The local date in Sweden."""
    return local_date(now())


def local_date(moment: datetime) -> date:
    """The date on a Swedish wall calendar at an aware `moment`."""
    return moment.astimezone(STOCKHOLM).date()


def start_of(day: date) -> datetime:
    """The first moment of a Swedish `day`, aware."""
    return datetime.combine(day, datetime.min.time(), STOCKHOLM)


def _shift() -> timedelta:
    """Seconds from the environment; the file is read anew so that time can jump while we run."""
    if settings.PRODUCTION:
        return timedelta(0)
    if path := os.environ.get("CLOCK_FILE"):
        return timedelta(seconds=float(Path(path).read_text()))
    return timedelta(seconds=float(os.environ.get("CLOCK_OFFSET", "0")))
