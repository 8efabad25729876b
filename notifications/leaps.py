"""A clock that leaps far ahead: by a wrong clock offers would lapse and a year of mail would leave.

Who was away for days or weeks catches up by itself. After half a year nobody can tell an absence
from a clock that is wrong, so that nothing is done until a person has said what time it is.
"""

from datetime import datetime, timedelta

from django.db.models import Max

from notifications.alerts import WATCHED_BY
from notifications.models import Heartbeat

LONGEST_ABSENCE = timedelta(days=180)


class LeapError(Exception):
    """The clock may be wrong, and a person must say whether it is."""


def refuse(now: datetime) -> None:
    """Raises LeapError when nothing has run for so long that `now` cannot be believed."""
    last = Heartbeat.objects.filter(name__in=WATCHED_BY).aggregate(last=Max("at"))["last"]
    if last is not None and now - last > LONGEST_ABSENCE:
        raise LeapError(
            f"It seems to be {now:%Y-%m-%d}, and the last run was on {last:%Y-%m-%d}. If the clock "
            f"is right, say so once: manage.py tick --now {now:%Y-%m-%dT%H:%M}Z"
        )
