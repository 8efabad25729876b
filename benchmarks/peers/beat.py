"""Reminders as rows of django-celery-beat, told by its own scheduler."""

from datetime import timedelta

from django_celery_beat.models import ClockedSchedule, IntervalSchedule, PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

from benchmarks.peers.tasks import QUEUE, remind
from config.celery import app
from notifications import clock

DUE = "due"


def fill(rows: int, due: int) -> None:
    """As many clocked rows as interval rows; those that are not due wait for weeks."""
    now = clock.now()
    monthly = IntervalSchedule.objects.create(every=30, period=IntervalSchedule.DAYS)
    yesterday, next_year = (
        ClockedSchedule.objects.create(clocked_time=now + timedelta(days=days))
        for days in (-1, 365)
    )
    PeriodicTask.objects.bulk_create(
        PeriodicTask(
            name=f"{kind} {number}",
            task=remind.name,
            args=f'["{number}"]',
            queue=QUEUE,
            description=DUE if number < due else "",
            **{kind: schedule},
            one_off=kind == "clocked",
            last_run_at=now,
        )
        for number in range(rows)
        for kind, schedule in (
            ("clocked", yesterday if number < due else next_year),
            ("interval", monthly),
        )
    )


def make_due(kind: str) -> None:
    """Before its turn: rows of the other kind rest, and what was told is due again."""
    PeriodicTask.objects.update(enabled=False)
    rows = PeriodicTask.objects.filter(**{f"{kind}__isnull": False})
    rows.update(enabled=True, total_run_count=0)
    rows.filter(description=DUE).update(last_run_at=clock.now() - timedelta(days=31))


def tell_all() -> None:
    """A scheduler that starts, sends a message for each row that is due, and notes it."""
    scheduler = DatabaseScheduler(app, lazy=True)  # without the entries of our own schedule
    while scheduler.tick() == 0:
        pass
    scheduler.close()
