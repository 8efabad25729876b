"""The scheduler and the sender watch each other: one that falls silent is told of by mail.

Whoever was away itself tells nothing, so that a restart is no alarm. When both are silent nothing
here runs any more; only `/health/ready` shows that, to whatever machine asks it.
"""

from datetime import datetime, timedelta

from django.conf import settings

from notifications import outbox
from notifications.models import Heartbeat

# Three missed minutes: a tick is due each minute (reliability.md F21).
LONGEST_SILENCE = timedelta(minutes=3)
WATCHED_BY = {"send": "tick", "tick": "send"}
AT_MOST_EACH = timedelta(hours=1)


def leave_sign_of_life(name: str, now: datetime) -> None:
    """`name` has run to its end; what it watches is told of when it has not for too long."""
    seen = dict(Heartbeat.objects.filter(name__in=WATCHED_BY).values_list("name", "at"))
    other = WATCHED_BY[name]
    if name in seen and other in seen:
        was_here = now - seen[name] <= LONGEST_SILENCE
        if was_here and now - seen[other] > LONGEST_SILENCE:
            _tell(other, seen[other], now)
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def _tell(silent: str, since: datetime, now: datetime) -> None:
    """Once an hour at most, and not a pile of old ones when mail leaves again."""
    for address in settings.ALERTS_TO:
        outbox.enqueue(
            key=f"alert:{silent}:{now:%Y-%m-%dT%H}:{address}",
            address=address,
            template="notifications/alert",
            context={"silent": silent, "since": since},
            now=now,
            valid_until=now + AT_MOST_EACH,
        )
