"""Delivery in phases, so that no mail is lost and none is doubled (reliability.md 4.2).

A sender claims messages under a lease and talks to the mail server up to its 354; what fails so far
is tried again later. Then it commits `handing`, sends the bodies and commits the results; what dies
in between is in doubt and left to evidence or a person.
"""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Now

from notifications import bounces, breaker, digests, failpoints, unsubscribing
from notifications.breaker import Permit
from notifications.letters import Letter, Letters, address_of, written_address_of
from notifications.models import OutboxMessage
from notifications.open_days import next_moment
from notifications.smtp import Failures, Line, RefusalError, Wire, ask, hear, say

log = logging.getLogger(__name__)
Status = OutboxMessage.Status

CLAIMED_AT_ONCE = 100
# Of a message and its recipient, to write and send it.
NEEDED = (
    "message_id",
    "address",
    "template",
    "context",
    "calendar",
    "confidential",
    "tries",
    "recipient__email",
    "recipient__is_active",
)
BACKOFF_MINUTES = (1, 5, 15, 60)
# So many recipients refused alike, and none accepted, say something about us and not about them.
NOT_BY_CHANCE = 5
# A message that was tried so often is refused for its own sake, whatever else is refused.
MOST_TRIES = 8
# While the database restarts; together well within the lease.
DATABASE_WAITS_SECONDS = (0.2, 0.5, 1, 2, 4, 8)


class Outcome(NamedTuple):
    """What became of a message; `due` is tried again later."""

    status: OutboxMessage.Status
    reason: str = ""


Outcomes = dict[int, Outcome]
ADDRESS_CLOSED = Outcome(Status.FAILED, bounces.TAKES_NO_MAIL)
NOTHING_OWED = Outcome(Status.CANCELLED, "nothing in it is owed any more")


@dataclass(frozen=True, eq=False)
class Parcel:
    """A claimed message, ready to travel."""

    message: OutboxMessage
    address: str
    content: Mapping[str, Any]
    letter: Letter

    @property
    def ends_at(self) -> str:
        """Where its recipient ends mails like it; empty where there is no choice."""
        person = self.message.recipient_id
        if person is None or not self.content.get("choice_url"):
            return ""
        return unsubscribing.link_for(person)


Parcels = dict[Line, Parcel]


@dataclass
class Answers:
    """How the mail server has met one batch, to tell its trouble from that of a recipient."""

    asked: int = 0
    # Past MAIL FROM, and past RCPT TO.
    let_in: int = 0
    accepted: int = 0
    trouble: str = ""
    refused: dict[Parcel, RefusalError] = field(default_factory=dict)

    @property
    def nobody_was_let_in(self) -> bool:
        return self.asked > 0 and self.let_in == 0

    def every_recipient_was_refused(self, permit: Permit) -> bool:
        """Many with the same words; or the one that was to show whether that is over."""
        if self.accepted or not self.refused:
            return False
        if permit.is_probe:
            return permit.cause == breaker.Cause.RECIPIENTS
        people = {parcel.address for parcel in self.refused}
        answers = {refusal.status for refusal in self.refused.values()}
        return len(people) >= NOT_BY_CHANCE and len(answers) == 1


def drain(tell_time: Callable[[], datetime], limit: int | None = None) -> Counter[str]:
    """Send what is due until nothing is left, `limit` is met or the server lets nothing through.

    Returns how many messages came to which status.
    """
    recover(tell_time())
    total: Counter[str] = Counter()
    with Wire() as wire:
        while limit is None or total.total() < limit:
            room = CLAIMED_AT_ONCE if limit is None else min(CLAIMED_AT_ONCE, limit - total.total())
            now = tell_time()
            permit = breaker.ask(now)
            if not permit.may_send:
                break
            batch = Batch.claim(now, 1 if permit.is_probe else room)
            if not batch.messages:
                if permit.is_probe:
                    breaker.give_back(now)
                break
            failpoints.reach("after_claim")
            batch.deliver(wire, permit)
            total += batch.reached
            if not batch.got_anywhere:
                break
    return total


def recover(now: datetime) -> None:
    """Free what dead senders held, and let go what would come too late."""
    expired = OutboxMessage.objects.filter(lease_until__lte=Now())
    expired.filter(status=Status.CLAIMED).update(status=Status.DUE, token=None, lease_until=None)
    expired.filter(status=Status.HANDING).update(
        status=Status.IN_DOUBT,
        reason="the sender died while it handed the message over",
        token=None,
        lease_until=None,
    )
    # A wait beyond the longest was begun by a clock that was ahead.
    OutboxMessage.objects.filter(
        status=Status.DUE,
        tries__gt=0,
        not_before__gt=now + timedelta(minutes=BACKOFF_MINUTES[-1]),
    ).update(not_before=now)
    too_late = OutboxMessage.objects.filter(status=Status.DUE, valid_until__lte=now)
    too_late.filter(tries=0).update(
        status=Status.SUPPRESSED, reason="no longer of use", closed_at=now
    )
    too_late.filter(tries__gt=0).update(status=Status.FAILED, closed_at=now)


def due_at(now: datetime) -> QuerySet[OutboxMessage]:
    """What may leave at this moment."""
    due = OutboxMessage.objects.filter(status=Status.DUE, not_before__lte=now)
    if next_moment(now, urgent=True) > now:
        # What should have left this afternoon does not come in the night.
        return due.exclude(template=digests.TEMPLATE)
    return due


def left_behind(now: datetime) -> int:
    """How many messages should have left by now and have not: also those to be tried again."""
    return (due_at(now) | OutboxMessage.objects.filter(status=Status.DUE, tries__gt=0)).count()


def _lease() -> timedelta:
    """Longer than a sender can hang in the dialogue; kept by the database's clock, not by ours."""
    return timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


class Batch:
    """What a sender took in one claim; its token tells whether a message is still its own."""

    def __init__(self, messages: list[OutboxMessage], token: UUID, now: datetime) -> None:
        self.messages = {message.pk: message for message in messages}
        self.token = token
        self.now = now
        self.letters = Letters()
        self.answers = Answers()
        self.reached: Counter[str] = Counter()

    @classmethod
    @transaction.atomic
    def claim(cls, now: datetime, limit: int) -> "Batch":
        batch = cls(
            list(
                due_at(now)
                .select_for_update(of=("self",), skip_locked=True)
                .select_related("recipient")
                .only(*NEEDED)
                .order_by("not_before")[:limit]
            ),
            uuid4(),
            now,
        )
        OutboxMessage.objects.filter(pk__in=batch.messages).update(
            status=Status.CLAIMED,
            token=batch.token,
            lease_until=Now() + _lease(),
            address=_address_now(),
        )
        for message in batch.messages.values():
            message.address = written_address_of(message)
        return batch

    @property
    def got_anywhere(self) -> bool:
        """False when the server let nothing through, so that going on would only spin."""
        return any(self.reached[s] for s in (Status.SENT, Status.FAILED, Status.CANCELLED))

    def deliver(self, wire: Wire, permit: Permit = breaker.FLOWS) -> None:
        parcels = self.pack()
        self.answers.asked = len(parcels)
        while parcels:
            try:
                lines = wire.open_lines(len(parcels))
            except OSError as closed:
                log.warning("The mail server cannot be reached: %s", closed)
                self.answers.trouble = str(closed)
                later = Outcome(Status.DUE, str(closed))
                self.record({parcel.message.pk: later for parcel in parcels})
                break
            group, parcels = parcels[: len(lines)], parcels[len(lines) :]
            self.hand_over(dict(zip(lines, group, strict=True)))
        self.judge(permit)

    def judge(self, permit: Permit) -> None:
        """Judge the server by all that it answered, and only then those whom it refused."""
        answers = self.answers
        if answers.nobody_was_let_in:
            breaker.trip(breaker.Cause.SERVER, answers.trouble, permit, self.now)
        elif answers.every_recipient_was_refused(permit):
            reason = str(next(iter(answers.refused.values())))
            breaker.trip(breaker.Cause.RECIPIENTS, reason, permit, self.now)
            believed = {
                parcel: refusal
                for parcel, refusal in answers.refused.items()
                if permit.is_probe and parcel.message.tries >= MOST_TRIES
            }
            self.refuse(believed)
            self.record(
                {
                    parcel.message.pk: Outcome(Status.DUE, str(refusal))
                    for parcel, refusal in answers.refused.items()
                    if parcel not in believed
                }
            )
        else:
            self.refuse(answers.refused)
            if permit.is_probe and answers.asked:
                breaker.close()
            elif permit.is_probe:
                breaker.give_back(self.now)

    def refuse(self, refused: Mapping[Parcel, RefusalError]) -> None:
        """These recipients are refused for good, and mark their addresses."""
        if not refused:
            return
        with transaction.atomic():
            for parcel, refusal in refused.items():
                bounces.refused(parcel.message, refusal, self.now)
            self.record(
                {
                    parcel.message.pk: Outcome(Status.FAILED, str(refusal))
                    for parcel, refusal in refused.items()
                }
            )

    def pack(self) -> list[Parcel]:
        """Render everything that can be sent; the rest gets its outcome at once."""
        contents = digests.contents(self.messages.values(), self.now)
        closed = bounces.refusing(message.address for message in self.messages.values())
        packed = {
            pk: ADDRESS_CLOSED
            if message.address.lower() in closed
            else self._packed(message, contents[pk])
            for pk, message in self.messages.items()
        }
        self.record({pk: it for pk, it in packed.items() if isinstance(it, Outcome)})
        return [it for it in packed.values() if isinstance(it, Parcel)]

    def _packed(
        self, message: OutboxMessage, content: Mapping[str, Any] | None
    ) -> Parcel | Outcome:
        if content is None:
            return NOTHING_OWED
        if message.recipient is not None and not message.recipient.is_active:
            return Outcome(Status.CANCELLED, "the recipient's account is closed")
        try:
            letter = self.letters.letter(message.template, content, message.calendar)
            return Parcel(message, address_of(message), content, letter)
        except DatabaseError:
            raise
        # Whatever is wrong with one message (header, template, link), the others must leave.
        except Exception as broken:
            log.exception("Message %s cannot be written", message.pk)
            return Outcome(Status.FAILED, f"{type(broken).__name__}: {broken}")

    def hand_over(self, parcels: Parcels) -> None:
        """Take one parcel on each line through the whole dialogue."""
        sender = f"MAIL FROM:<{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>\r\n".encode()
        words = {
            line: line.in_steps(sender, f"RCPT TO:<{it.address}>\r\n".encode(), b"DATA\r\n")
            for line, it in parcels.items()
        }
        # A refused sender is our own trouble and says nothing about the recipient.
        failures = ask({line: words[line][0] for line in parcels}, 250)
        self.answers.let_in += len(parcels) - len(failures)
        self.answers.trouble = next(map(str, failures.values()), self.answers.trouble)
        self.set_aside(parcels, failures, when_refused=Status.DUE)
        failures = ask({line: words[line][1] for line in parcels}, 250)
        self.answers.accepted += len(parcels) - len(failures)
        self.set_aside(parcels, self.put_by_refused(parcels, failures))
        failpoints.reach("before_data")
        self.set_aside(parcels, ask({line: words[line][2] for line in parcels}, 354))
        failpoints.reach("after_354")

        self.commit_handing(parcels)
        bodies = {
            line: it.letter.bytes_for(it.address, it.message.message_id, self.now, it.ends_at)
            + b".\r\n"
            for line, it in parcels.items()
        }
        failures = say(bodies)
        failpoints.reach("after_dot")
        failures |= hear(bodies.keys() - failures.keys(), 250)
        failpoints.reach("before_commit")
        self.set_aside(parcels, failures, when_silent=Status.IN_DOUBT)
        self.record({it.message.pk: Outcome(Status.SENT) for it in parcels.values()})
        failpoints.reach("after_commit")

    def put_by_refused(self, parcels: Parcels, failures: Failures) -> Failures:
        """Whom the server refuses for good waits for the end of the batch; gives the others."""
        others: Failures = {}
        for line, failure in failures.items():
            if isinstance(failure, RefusalError) and failure.is_final:
                self.answers.refused[parcels.pop(line)] = failure
            else:
                others[line] = failure
        return others

    def set_aside(
        self,
        parcels: Parcels,
        failures: Failures,
        *,
        when_refused: OutboxMessage.Status = Status.FAILED,
        when_silent: OutboxMessage.Status = Status.DUE,
    ) -> None:
        """Take the parcels that failed off their lines: an answer is known, silence is not."""
        outcomes: Outcomes = {}
        for line, failure in failures.items():
            status = when_silent
            if isinstance(failure, RefusalError):
                status = when_refused if failure.is_final else Status.DUE
            outcomes[parcels.pop(line).message.pk] = Outcome(status, str(failure)[:500])
        self.record(outcomes)

    def commit_handing(self, parcels: Parcels) -> None:
        """The last moment to stop: what is committed here travels, the rest leaves its line."""
        has_digests = any(it.message.template == digests.TEMPLATE for it in parcels.values())
        letters = {it.letter for it in parcels.values()}
        with _transaction(needed=has_digests or len(letters) > 1):
            if has_digests:
                self._read_again(parcels)
            marked = self._mark_handing(parcels)
        if marked < len(parcels):
            ours = set(self._mine(Status.HANDING).values_list("pk", flat=True))
            # Cancelled a moment ago, or taken over by another sender after our lease ran out.
            for line in [line for line, it in parcels.items() if it.message.pk not in ours]:
                _hang_up(parcels, line)

    def _read_again(self, parcels: Parcels) -> None:
        """Nobody is asked for what was done while their mail was on its way."""
        contents = digests.contents([it.message for it in parcels.values()], self.now)
        for line, parcel in list(parcels.items()):
            content = contents[parcel.message.pk]
            if content != parcel.content:
                repacked = self._packed(parcel.message, content)
                if isinstance(repacked, Parcel):
                    parcels[line] = repacked
                else:
                    _hang_up(parcels, line)
                    self.record({parcel.message.pk: repacked})

    def _mark_handing(self, parcels: Parcels) -> int:
        recipients_of: defaultdict[tuple[Letter, bool], list[int]] = defaultdict(list)
        for it in parcels.values():
            recipients_of[it.letter, it.message.confidential].append(it.message.pk)
        marked = 0
        for (letter, confidential), pks in recipients_of.items():
            kept = {} if confidential else {"text": letter.text, "html": letter.html}
            marked += (
                self._mine(Status.CLAIMED)
                .filter(pk__in=pks, lease_until__gt=Now())
                .update(
                    status=Status.HANDING,
                    lease_until=Now() + _lease(),
                    subject=letter.subject,
                    **kept,
                )
            )
        return marked

    def record(self, outcomes: Outcomes) -> None:
        """Commit what became of messages, as far as they are still ours."""
        if not outcomes:
            return
        self.reached.update(outcome.status for outcome in outcomes.values())
        messages_of: defaultdict[tuple[Outcome, bool], list[int]] = defaultdict(list)
        for pk, outcome in outcomes.items():
            messages_of[outcome, self.messages[pk].confidential].append(pk)

        def keep() -> None:
            with _transaction(needed=len(messages_of) > 1):
                for (outcome, confidential), pks in messages_of.items():
                    self._record(outcome, confidential, pks)

        _insist(keep)

    def _record(self, outcome: Outcome, confidential: bool, pks: list[int]) -> None:
        changes: dict[str, Any] = {"status": outcome.status, "reason": outcome.reason}
        if outcome.status == Status.DUE:
            changes |= {"tries": F("tries") + 1, "not_before": _next_try(self.now)}
        elif outcome.status != Status.IN_DOUBT:
            changes["closed_at"] = self.now
            if confidential:
                changes |= {"context": {}, "calendar": ""}
        mine = self._mine(Status.CLAIMED, Status.HANDING).filter(pk__in=pks)
        mine.update(**changes, token=None, lease_until=None)

    def _mine(self, *statuses: OutboxMessage.Status) -> QuerySet[OutboxMessage]:
        return OutboxMessage.objects.filter(token=self.token, status__in=statuses)


def _hang_up(parcels: Parcels, line: Line) -> None:
    line.close()
    del parcels[line]


def _transaction(*, needed: bool) -> AbstractContextManager[Any]:
    """A lone statement is a transaction by itself, which saves two of three round trips."""
    return transaction.atomic() if needed else nullcontext()


def _insist(keep: Callable[[], None]) -> None:
    """What the mail server answered is known to this sender alone: wait for a lost database."""
    for seconds in DATABASE_WAITS_SECONDS:
        try:
            return keep()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or connection.is_usable():
                raise
            log.warning("The database is away; what was sent is kept when it is back")
            connection.close()
            time.sleep(seconds)
    return keep()


def _address_now() -> Case:
    """Where the mail goes: of a person, the address that they have at this moment."""
    people = get_user_model()._default_manager.filter(pk=OuterRef("recipient"))
    return Case(
        When(recipient__isnull=False, then=Subquery(people.values("email"))), default=F("address")
    )


def _next_try(now: datetime) -> Case:
    """Later and later, by how often it was tried."""
    *first, last = (Value(now + timedelta(minutes=minutes)) for minutes in BACKOFF_MINUTES)
    return Case(*(When(tries=n, then=moment) for n, moment in enumerate(first)), default=last)
