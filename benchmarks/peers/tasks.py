"""The tasks that a queue is given: for each row that is due, and for each mail."""

from celery import shared_task
from django.core.mail import send_mail

from config.celery import app

QUEUE, MAIL_QUEUE = "bench", "bench_mail"


@shared_task(queue=QUEUE)
def remind(meeting: str) -> None:
    """Would send the mail; nobody works it off here."""


@app.task(queue=MAIL_QUEUE)
def deliver(subject: str, text: str, html: str, address: str) -> None:
    """As Celery's users write it."""
    send_mail(subject, text, None, [address], html_message=html)
