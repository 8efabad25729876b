"""Mail that comes back marks its address, and marked addresses get no mail.

A notice counts only for a message of ours, found by its own Message-ID, and only for the address
that this message really went to: nobody can silence somebody else. What an address that is mended
missed is told again.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import Message
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from notifications import clock, digests, outbox
from notifications.automatic import each_tick
from notifications.context import without_controls
from notifications.letters import plain_address
from notifications.mailbox import PassedOver, reads_mail
from notifications.models import Bounce, OutboxMessage, UndeliverableAddress
from notifications.open_days import next_moment
from notifications.smtp import RefusalError

Kind = Bounce.Kind
Status = OutboxMessage.Status

TAKES_NO_MAIL = "the address does not take mail"
# So many messages that came back for a while mean that it is for good.
SOFT_IN_A_ROW, WITHIN = 3, timedelta(days=14)
# A full mailbox and what the receiver's rules refuse say little about the address itself
# (RFC 3463: X.2.2 and X.7).
_NOT_ABOUT_THE_ADDRESS = re.compile(r"5\.(2\.2|7\.)")
_STATUS = re.compile(r"([245])\.\d{1,3}\.\d{1,3}")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
MAY_COME_BACK = (Status.SENT, Status.HANDING, Status.IN_DOUBT, Status.FAILED)


@dataclass(frozen=True)
class Notice:
    """That a message of ours did not reach an address, as a mail server or a service tells it."""

    message_id: str
    address: str
    kind: Bounce.Kind
    reason: str
    at: datetime
    # False while the mail server that tells it goes on trying.
    is_lost: bool = True


# --- what a notice does ---------------------------------------------------------------------


@transaction.atomic
def take(notice: Notice, now: datetime) -> bool:
    """Keep a notice; False for one that is here already.

    Raises PassedOver when it is not about something that we sent to that address.
    """
    message = (
        OutboxMessage.objects.select_for_update()
        .filter(message_id=notice.message_id, status__in=MAY_COME_BACK)
        .first()
    )
    if message is None or not _is_same(message.address, notice.address):
        raise PassedOver("no message of ours went to that address under that name")
    sent_at = message.closed_at or message.created_at
    # The clock of whoever tells it may be ahead.
    notice = replace(notice, at=min(notice.at, now))
    if not _keep(message, notice):
        return False
    if not _was_cleared_since(message.address, sent_at) and _is_enough(message.address, notice):
        _mark(message, notice.reason, now)
    if notice.is_lost:
        OutboxMessage.objects.filter(
            pk=message.pk, status__in=[Status.SENT, Status.IN_DOUBT]
        ).update(status=Status.FAILED, reason=f"came back: {notice.reason}"[:500], closed_at=now)
    else:
        outbox.settle(message, arrived=True, by="the notice of its delay", now=now)
    return True


def refused(message: OutboxMessage, refusal: RefusalError, now: datetime) -> None:
    """The mail server has refused the recipient of a message for good."""
    notice = Notice(
        message.message_id, message.address, _kind_of(refusal.status), str(refusal), now
    )
    if _keep(message, notice) and _is_enough(message.address, notice):
        _mark(message, notice.reason, now)


def _keep(message: OutboxMessage, notice: Notice) -> bool:
    _bounce, is_new = Bounce.objects.get_or_create(
        message=message,
        kind=notice.kind,
        defaults={
            "address": message.address.lower(),
            "reason": notice.reason[:500],
            "at": notice.at,
        },
    )
    return is_new


def _is_same(ours: str, theirs: str) -> bool:
    try:
        return plain_address(ours).lower() == plain_address(theirs).lower()
    except ValueError:
        return False


def _kind_of(status: str) -> Bounce.Kind:
    """By the status of RFC 3463, or the code of an answer without one."""
    if not status.startswith("5") or status == "552" or _NOT_ABOUT_THE_ADDRESS.match(status):
        return Kind.SOFT
    return Kind.HARD


def _is_enough(address: str, notice: Notice) -> bool:
    if notice.kind == Kind.HARD:
        return True
    lately = Bounce.objects.filter(
        address=address.lower(), kind=Kind.SOFT, at__gt=notice.at - WITHIN
    )
    cleared = UndeliverableAddress.objects.filter(
        address=OuterRef("address"), cleared_at__gte=OuterRef("at")
    )
    return lately.exclude(Exists(cleared)).count() >= SOFT_IN_A_ROW


def _was_cleared_since(address: str, moment: datetime) -> bool:
    """A notice that comes late must not close what somebody has opened meanwhile."""
    return UndeliverableAddress.objects.filter(
        address=address.lower(), cleared_at__gte=moment
    ).exists()


def _mark(message: OutboxMessage, reason: str, now: datetime) -> None:
    UndeliverableAddress.objects.bulk_create(
        [
            UndeliverableAddress(
                address=message.address.lower(),
                since=now,
                reason=reason[:500],
                message_id=message.message_id,
            )
        ],
        ignore_conflicts=True,
    )


# --- addresses that take no mail ------------------------------------------------------------


def refusing(addresses: Iterable[str]) -> set[str]:
    """Those of the addresses, in lower case, that take no mail."""
    asked = {address.lower() for address in addresses}
    found = UndeliverableAddress.objects.standing().filter(address__in=asked)
    return set(found.values_list("address", flat=True))


def undeliverable_people() -> QuerySet[AbstractBaseUser]:
    """Everybody with an open account whose address takes no mail, in one query."""
    marked = UndeliverableAddress.objects.standing().values("address")
    people = get_user_model()._default_manager.filter(is_active=True)
    return people.alias(_address=Lower("email")).filter(_address__in=marked)


def clear(*, address: str, by: AbstractBaseUser | None, now: datetime) -> bool:
    """The address works again, as somebody says; False when it was not marked."""
    return bool(
        UndeliverableAddress.objects.standing()
        .filter(address=address.lower())
        .update(cleared_at=now, cleared_by=by)
    )


# --- what was missed is told again -----------------------------------------------------------


@each_tick
@transaction.atomic
def tell_again(now: datetime) -> int:
    """Put what met a closed door into one new digest, once the person can be reached again.

    A reminder itself stays told: others whom it is about have had it.
    """
    lost: defaultdict[UUID, list[OutboxMessage]] = defaultdict(list)
    for message in _lost_digests().select_for_update(of=("self",)).order_by("pk"):
        assert message.recipient_id is not None
        lost[message.recipient_id].append(message)
    for person, messages in lost.items():
        _tell_again(person, messages, now)
    return sum(map(len, lost.values()))


def _lost_digests() -> QuerySet[OutboxMessage]:
    """Failed for the sake of an address that is mended, or is not the person's any more."""
    closed_door = UndeliverableAddress.objects.filter(
        Q(cleared_at=None) | Q(cleared_at__gt=OuterRef("closed_at")),
        address=Lower(OuterRef("address")),
        since__lte=OuterRef("closed_at"),
    )
    still_closed = UndeliverableAddress.objects.standing().filter(
        address=Lower(OuterRef("recipient__email"))
    )
    return OutboxMessage.objects.filter(
        Exists(closed_door),
        ~Exists(still_closed),
        status=Status.FAILED,
        template=digests.TEMPLATE,
        recipient__is_active=True,
    )


def _tell_again(person: UUID, lost: list[OutboxMessage], now: datetime) -> None:
    numbers = sorted({number for message in lost for number in message.context["reminders"]})
    of_person = OutboxMessage.objects.filter(recipient=person, template=digests.TEMPLATE)
    waiting = of_person.select_for_update().filter(status=Status.DUE).order_by("not_before").first()
    if waiting:
        waiting.context["reminders"] = sorted({*waiting.context["reminders"], *numbers})
        waiting.save(update_fields=["context"])
    else:
        newest = lost[-1]
        outbox.message_of(
            key=f"digest:{person}:again:{newest.pk}",
            template=digests.TEMPLATE,
            context={**newest.context, "reminders": numbers},
            recipient=person,
            now=now,
            not_before=_next_free_moment(of_person, now),
        ).save(force_insert=True)
    OutboxMessage.objects.filter(pk__in=[message.pk for message in lost]).update(
        status=Status.CANCELLED, reason="told again in a later letter", closed_at=now
    )


def _next_free_moment(digests_of_person: QuerySet[OutboxMessage], now: datetime) -> datetime:
    """One mail a person and day, here too."""
    today = clock.local_date(now)
    had_one = digests_of_person.filter(status=Status.SENT, closed_at__gte=clock.start_of(today))
    return next_moment(clock.start_of(today + timedelta(days=1)) if had_one.exists() else now)


# --- notices that come by mail (RFC 3464) ------------------------------------------------------


@reads_mail
def returned_mail(mail: Message, now: datetime) -> bool:
    """What mail servers send back; True when at least one notice in it counted."""
    notices = list(notices_in(mail, now))
    if not notices:
        return False
    reasons = []
    for notice in notices:
        try:
            take(notice, now)
        except PassedOver as why:
            reasons.append(str(why))
    if len(reasons) == len(notices):
        raise PassedOver(reasons[0])
    return True


def notices_in(mail: Message, now: datetime) -> Iterator[Notice]:
    """Of each recipient that a report about one of our messages says it could not reach."""
    parts = list(mail.walk())
    reports = [it for it in parts if it.get_content_type() == "message/delivery-status"]
    message_id = _returned_message_id(parts)
    if not message_id:
        return
    for report in reports:
        for block in _blocks(report):
            action = _text(block, "Action").strip().lower()
            if action not in ("failed", "delayed"):
                continue
            is_lost = action == "failed"
            found = _STATUS.search(_text(block, "Status"))
            status = found[0] if found else ("5.0.0" if is_lost else "4.0.0")
            kind = _kind_of(status) if is_lost else Kind.SOFT
            reason = " ".join(f"{status} {_text(block, 'Diagnostic-Code')}".split())
            for address in _addresses(block):
                yield Notice(message_id, address, kind, reason, now, is_lost)


def _blocks(report: Message) -> Collection[Message]:
    """About the message first, then about each recipient; nothing where it is no report."""
    payload = report.get_payload()
    return [it for it in payload if isinstance(it, Message)] if isinstance(payload, list) else []


def _addresses(block: Message) -> list[str]:
    """As we wrote it where that is told; otherwise where it was sent on to in the end."""
    for name in ("Original-Recipient", "Final-Recipient"):
        _kind, _, address = _text(block, name).rpartition(";")
        if address.strip(" <>"):
            return [address.strip(" <>")]
    return []


def _text(block: Message, name: str) -> str:
    """A header as text, also one with bytes in it that no header may have."""
    return without_controls(str(block.get(name, "")))


def _returned_message_id(parts: Iterable[Message]) -> str:
    """Of the message that comes back, whole or its headers only; never of the report itself."""
    for part in parts:
        payload = part.get_payload()
        match part.get_content_type():
            case "message/rfc822" if isinstance(payload, list) and payload:
                whole = payload[0]
                returned = _text(whole, "Message-ID") if isinstance(whole, Message) else ""
            case "text/rfc822-headers" | "message/rfc822-headers":
                text = bytes(part.get_payload(decode=True) or b"").decode("ascii", "replace")
                headers = re.search(r"^message-id:\s*(.*)$", text, re.IGNORECASE | re.MULTILINE)
                returned = headers[1] if headers else ""
            case _:
                continue
        if found := _MESSAGE_ID.search(returned):
            return found[0]
    return ""
