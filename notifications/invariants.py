"""What must always be true of the data; upper houses add theirs in their own `invariants.py`."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from notifications.models import OutboxMessage

Invariant = Callable[[], Iterator[str]]
_invariants: list[Invariant] = []

Status = OutboxMessage.Status


def invariant(check: Invariant) -> Invariant:
    """Declare a check that yields one line for each breach."""
    _invariants.append(check)
    return check


def breaches() -> list[str]:
    return [breach for check in _invariants for breach in check()]


@invariant
def sent_messages_can_be_found_again() -> Iterator[str]:
    nameless = Q(message_id="") | Q(closed_at=None)
    for message in OutboxMessage.objects.filter(nameless, status=Status.SENT):
        yield f"{message.key} is sent, but has no Message-ID or no time"


@invariant
def no_claim_outlives_its_lease() -> Iterator[str]:
    long_ago = Now() - timedelta(minutes=5)
    for message in OutboxMessage.objects.filter(
        status__in=[Status.CLAIMED, Status.HANDING], lease_until__lt=long_ago
    ):
        yield f"{message.key} is {message.status}, but its lease ended more than 5 minutes ago"


@invariant
def confidential_bodies_are_gone() -> Iterator[str]:
    for message in OutboxMessage.objects.filter(
        ~Q(text="", html="", context={}, calendar=""), status=Status.SENT, confidential=True
    ):
        yield f"{message.key} is confidential and sent, but its content is still there"
