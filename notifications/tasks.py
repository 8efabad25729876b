"""The only two tasks that beat starts; losing or doubling a call changes nothing."""

from celery import shared_task

from notifications import clock, delivery, ticks

# Few enough that a sender frees its worker well within a minute.
SENT_AT_ONCE = 500


@shared_task(name="notifications.tick")
def tick() -> None:
    ticks.run(clock.now())


@shared_task(name="notifications.send_some")
def send_some() -> None:
    delivery.drain(clock.now, limit=SENT_AT_ONCE)
    ticks.beat("send", clock.now())
