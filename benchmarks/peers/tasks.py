"""The task that a queue is given for each row that is due; nobody works it off here."""

from celery import shared_task

QUEUE = "bench"


@shared_task(queue=QUEUE)
def remind(meeting: str) -> None:
    """Would send the mail."""
