"""The door to mail: write a message in the caller's own transaction; the sender does the rest.

A message named `house/name` is rendered, at the moment it is handed over, from
`templates/emails/house/name.{subject.txt,txt,html}`.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings

from notifications import failpoints
from notifications.models import OutboxMessage

Status = OutboxMessage.Status
_NOT_YET_HANDED_OVER = (Status.DUE, Status.CLAIMED, Status.HELD)
_NOTHING_CLAIMED: dict[str, Any] = {"token": None, "lease_until": None}


def enqueue(
    *,
    key: str,
    template: str,
    context: Mapping[str, Any],
    now: datetime,
    recipient: UUID | None = None,
    address: str = "",
    calendar: str = "",
    scope_id: UUID | None = None,
    valid_until: datetime | None = None,
    confidential: bool = False,
) -> None:
    """Tell one person something once: a second message with the same key changes nothing.

    `recipient` is a user's id; `address` is for people without an account. `context` is plain data;
    dates and moments stay such in the template. `calendar` is an iCalendar file that says its own
    METHOD, so that the mail invites, updates or cancels. `scope_id` lets `suppress` find it.
    After `valid_until` it is not sent any more. A `confidential` body is never stored, and its
    context is wiped once it is sent.
    """
    message = message_of(
        key=key,
        template=template,
        context=context,
        now=now,
        recipient=recipient,
        address=address,
        calendar=calendar,
        scope_id=scope_id,
        valid_until=valid_until,
        confidential=confidential,
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    failpoints.reach("after_outbox")


def message_of(
    *,
    key: str,
    template: str,
    context: Mapping[str, Any],
    now: datetime,
    recipient: UUID | None = None,
    not_before: datetime | None = None,
    **fields: Any,
) -> OutboxMessage:
    """An unsaved message, for callers that write many at once."""
    return OutboxMessage(
        key=key,
        message_id=message_id(key),
        template=template,
        context=dict(context),
        recipient_id=recipient,
        created_at=now,
        not_before=not_before or now,
        **fields,
    )


def message_id(key: str) -> str:
    """The same for the same key, so that every attempt to send a message carries the same name."""
    return f"<{sha256(key.encode()).hexdigest()[:40]}@{domain()}>"


def domain() -> str:
    """Of the address that mail comes from: what names are given out under."""
    return _domain_of(settings.DEFAULT_FROM_EMAIL)


@cache
def _domain_of(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2] or "localhost"


def suppress(*, scope_id: UUID, reason: str, now: datetime) -> int:
    """Stop every message about a scope that is not handed over yet; returns how many."""
    return OutboxMessage.objects.filter(scope_id=scope_id, status__in=_NOT_YET_HANDED_OVER).update(
        status=Status.SUPPRESSED, reason=reason, closed_at=now, **_NOTHING_CLAIMED
    )


def cancel(*, key_prefix: str, reason: str, now: datetime) -> int:
    """Stop the messages whose key begins so and that are not handed over yet; returns how many."""
    return OutboxMessage.objects.filter(
        key__startswith=key_prefix, status__in=_NOT_YET_HANDED_OVER
    ).update(status=Status.CANCELLED, reason=reason, closed_at=now, **_NOTHING_CLAIMED)


def hold(*, reason: str) -> int:
    """Keep back everything that waits, as after restoring a backup; returns how many."""
    return OutboxMessage.objects.filter(status=Status.DUE).update(status=Status.HELD, reason=reason)


def release() -> int:
    """Let everything that was held go; returns how many."""
    return OutboxMessage.objects.filter(status=Status.HELD).update(status=Status.DUE, reason="")


def settle(message: OutboxMessage, *, arrived: bool, by: str, now: datetime) -> bool:
    """Resolve a message in doubt by evidence or by a person: it arrived, or it is sent again.

    So is one that was held, as after restoring a backup. False when it is neither.
    """
    changes: dict[str, Any] = {"status": Status.DUE, "not_before": now}
    if arrived:
        changes = {"status": Status.SENT, "closed_at": now}
        if message.confidential:
            changes |= {"context": {}, "calendar": ""}
    open_question = OutboxMessage.objects.filter(
        pk=message.pk, status__in=[Status.IN_DOUBT, Status.HELD]
    )
    return bool(open_question.update(reason=f"settled by {by}", **changes))
