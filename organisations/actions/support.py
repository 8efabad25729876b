"""Support that sees what a person sees: told to the person, and written down."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from notifications import outbox
from organisations.models import SupportView, User
from organisations.permissions import can_be_seen_as

SEEN_FOR = timedelta(minutes=30)


@transaction.atomic
def see_as(*, person: User, reason: str, by: User, now: datetime) -> SupportView:
    """Let support read what this person may read, for a while; the person gets a letter at once.

    PermissionDenied unless ``by`` is support, and for an account that may do more than others.
    """
    if not can_be_seen_as(person, by):
        raise PermissionDenied
    view = SupportView.objects.create(
        person=person, by=by, reason=reason, began_at=now, until=now + SEEN_FOR
    )
    outbox.enqueue(
        key=f"organisations.seen_as:{view.pk}",
        template="organisations/seen_as",
        recipient=person.pk,
        context={"by": by.name, "reason": reason, "began_at": now, "until": view.until},
        now=now,
    )
    return view


@transaction.atomic
def stop_seeing_as(*, view: SupportView, now: datetime) -> SupportView:
    """End it before its time; again changes nothing."""
    fresh = SupportView.objects.select_for_update(of=("self",)).get(pk=view.pk)
    if fresh.ended_at is None:
        fresh.ended_at = now
        fresh.save(update_fields=["ended_at"])
    return fresh
