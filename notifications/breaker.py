"""A circuit breaker: a mail server that refuses everything is left alone, and nothing is lost.

Closed, mail flows. Open, nothing is sent for 1, 2, 4 … 30 minutes; then one sender tries one
message, and what becomes of that closes it or leaves it open for longer. Every sender asks the same
row of the database.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from notifications.models import CircuitBreaker

log = logging.getLogger(__name__)
Cause = CircuitBreaker.Cause

NAME = "mail"
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=30)
# A sender that dies while it tries is followed by another, after this.
PROBE_TAKES = timedelta(minutes=5)


@dataclass(frozen=True)
class Permit:
    """What a sender may do now; `cause` is why the breaker is open."""

    may_send: bool
    cause: str = ""

    @property
    def is_probe(self) -> bool:
        return self.may_send and bool(self.cause)


FLOWS, STOPPED = Permit(may_send=True), Permit(may_send=False)


def ask(now: datetime) -> Permit:
    """Whether mail may leave: freely, not at all, or one message as a probe, by this sender only.

    A probe that lies further off than the longest wait was set by a clock that was wrong.
    """
    breaker = standing()
    if breaker is None:
        return FLOWS
    assert breaker.probe_at is not None
    if now < breaker.probe_at <= now + LONGEST_WAIT:
        return STOPPED
    taken = CircuitBreaker.objects.filter(pk=NAME, probe_at=breaker.probe_at).update(
        probe_at=now + PROBE_TAKES
    )
    return Permit(may_send=True, cause=breaker.cause) if taken else STOPPED


def give_back(now: datetime) -> None:
    """There was nothing to try it with."""
    CircuitBreaker.objects.filter(pk=NAME, opened_at__isnull=False).update(probe_at=now)


@transaction.atomic
def trip(cause: CircuitBreaker.Cause, reason: str, permit: Permit, now: datetime) -> None:
    """Stop sending; a sender that was under way when another stopped it changes nothing."""
    CircuitBreaker.objects.bulk_create([CircuitBreaker(name=NAME)], ignore_conflicts=True)
    breaker = CircuitBreaker.objects.select_for_update().get(pk=NAME)
    if breaker.opened_at is not None and not permit.is_probe:
        return
    breaker.opened_at = breaker.opened_at or now
    breaker.failures += 1
    breaker.cause, breaker.reason = cause, reason[:500]
    breaker.probe_at = now + _wait_after(breaker.failures)
    breaker.save()
    log.error("No mail is sent before %s: %s (%s)", breaker.probe_at, cause.label, reason)


def close() -> None:
    """Let mail flow: the server has taken something."""
    CircuitBreaker.objects.filter(pk=NAME).update(
        opened_at=None, cause="", reason="", failures=0, probe_at=None
    )


def standing() -> CircuitBreaker | None:
    """The open breaker; None while mail flows."""
    return CircuitBreaker.objects.filter(pk=NAME, opened_at__isnull=False).first()


def _wait_after(failures: int) -> timedelta:
    doublings = min(failures - 1, 10)
    return min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
