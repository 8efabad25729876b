"""Senders with a queue: each is filled before its turn, and sends what waits in it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from django.core.mail import EmailMultiAlternatives, get_connection
from mailer.engine import send_all
from mailer.models import Message, MessageLog
from post_office.mail import send_queued
from post_office.models import Email

from benchmarks.peers.tasks import MAIL_QUEUE, deliver

Messages = list[EmailMultiAlternatives]


class Sender(Protocol):
    def fill(self, messages: Messages) -> None: ...

    def send(self) -> None: ...


class Mailer:
    """django-mailer."""

    def fill(self, messages: Messages) -> None:
        Message.objects.all().delete()
        MessageLog.objects.all().delete()
        get_connection("mailer.backend.DbBackend").send_messages(messages)

    def send(self) -> None:
        send_all()


class PostOffice:
    """django-post-office, in its batches of 100 over five connections."""

    def fill(self, messages: Messages) -> None:
        Email.objects.all().delete()
        get_connection("post_office.EmailBackend").send_messages(messages)

    def send(self) -> None:
        while any(send_queued()):
            pass


class TaskPerMail:
    """A worker of Celery, which stands still while its queue is filled."""

    def __init__(self, worker: subprocess.Popen[bytes], accepted: Callable[[], int]) -> None:
        self.worker = worker
        self.accepted = accepted
        self.expected = 0

    def fill(self, messages: Messages) -> None:
        self.worker.send_signal(signal.SIGSTOP)
        for message in messages:
            html = str(message.alternatives[0][0])
            deliver.delay(message.subject, message.body, html, *message.to)
        self.expected = self.accepted() + len(messages)

    def send(self) -> None:
        self.worker.send_signal(signal.SIGCONT)
        while self.accepted() < self.expected:
            assert self.worker.poll() is None, "the worker has stopped by itself"
            time.sleep(0.01)


@contextmanager
def celery_worker(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """In a process of its own with two threads, sending to the mail server at the port.

    Like the demo's: one process that does all itself, or two, came to half as many a second.
    """
    command = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet"]
    command += ["--app", "benchmarks.peers.tasks", "worker", "--queues", MAIL_QUEUE]
    command += ["--pool", "threads", "--concurrency", "2", "--loglevel", "ERROR"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    environment = os.environ | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as worker:
        try:
            yield worker
        finally:
            worker.kill()
