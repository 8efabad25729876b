"""The only tasks that beat starts; losing or doubling a call changes nothing."""

from celery import shared_task

from notifications import alerts, clock, delivery, leaps, mailbox, ticks

# Few enough that a sender frees its worker well within a minute.
SENT_AT_ONCE = 500


@shared_task(name="notifications.tick")
def tick() -> None:
    now = clock.now()
    leaps.refuse(now)
    ticks.run(now)


@shared_task(name="notifications.send_some")
def send_some() -> None:
    leaps.refuse(clock.now())
    delivery.drain(clock.now, limit=SENT_AT_ONCE)
    alerts.leave_sign_of_life("send", clock.now())


@shared_task(name="notifications.read_mailbox")
def read_mailbox() -> None:
    """Scheduled where settings.REPLIES_URL names a mailbox."""
    mailbox.read_mailbox(clock.now())
