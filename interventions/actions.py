"""Agreeing on insatser, planning visits and logging them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from interventions.models import IN_FORCE, PENDING, Agreement, Intervention, Visit
from interventions.permissions import can_amend, can_log_visit, can_propose_agreement
from notifications.clock import local_date
from organisations.models import Unit, User
from sbs_workflow.actions import write
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.models import Collaboration
from sbs_workflow.permissions import require
from sbs_workflow.queries import load_roles


def write_agreement(*, agreement: Agreement, by: User, now: datetime, **fields: Any) -> Agreement:
    """Change the draft of an agreement, until it is proposed."""
    written: Agreement = write(
        instance=agreement, may=can_propose_agreement, by=by, now=now, **fields
    )
    return written


@transaction.atomic
def amend_agreement(*, agreement: Agreement, reason: str, by: User, now: datetime) -> Agreement:
    """Open version n + 1; the agreement in force stands until the new one is signed."""
    load_roles(by, local_date(now))
    collaboration = Collaboration.objects.lock(agreement.collaboration_id)
    require(can_amend, agreement, by)
    versions = Agreement.objects.filter(collaboration=collaboration)
    pending = versions.filter(state__in=PENDING).first()
    if pending and pending.amendment_reason == reason:
        return pending  # sent twice
    if pending:
        raise TransitionRefused(_("An amendment is already under way."))
    fresh = versions.get(pk=agreement.pk)
    if fresh.state not in IN_FORCE:
        raise TransitionRefused(_("Only the agreement in force can be amended."))
    return Agreement.objects.create(
        collaboration=collaboration,
        version=versions.aggregate(last=Max("version"))["last"] + 1,
        kind=fresh.kind,
        reference=fresh.reference,
        starts_on=fresh.starts_on,
        ends_on=fresh.ends_on,
        amount=fresh.amount,
        amendment_reason=reason,
    )


@transaction.atomic
def add_intervention(
    *,
    collaboration: Collaboration,
    units: Iterable[Unit],
    by: User,
    now: datetime,
    **fields: Any,
) -> Intervention:
    """Add an insats with the next number of the collaboration, or with the ``number`` given.

    An insats that is the same in every field is the same one, sent twice.
    """
    load_roles(by, local_date(now))
    collaboration = Collaboration.objects.lock(collaboration.pk)
    require(can_propose_agreement, collaboration, by)
    sent_before = Intervention.objects.filter(collaboration=collaboration, **fields).first()
    if sent_before:
        return sent_before
    if fields.get("number") is None:
        last = Intervention.objects.filter(collaboration=collaboration).aggregate(
            last=Max("number")
        )["last"]
        fields["number"] = (last or 0) + 1
    intervention = Intervention.objects.create(collaboration=collaboration, **fields)
    intervention.units.set(units)
    return intervention


@transaction.atomic
def plan_visit(
    *,
    visit: Visit,
    takes_place_on: date,
    units: Iterable[Unit],
    form: str,
    by: User,
    now: datetime,
    seen_state: str | None = None,
) -> Visit:
    """Give the month's visit its day and its units."""
    planned: Visit = perform(
        visit.plan, by=by, now=now, seen_state=seen_state, takes_place_on=takes_place_on
    )
    planned.form = form
    planned.save(update_fields=["form"])
    planned.units.set(units)
    return planned


@transaction.atomic
def move_visit(
    *,
    visit: Visit,
    takes_place_on: date,
    by: User,
    now: datetime,
    seen_state: str | None = None,
) -> Visit:
    """Give a planned visit another day; it is to be confirmed again."""
    Collaboration.objects.lock(visit.collaboration_id)
    sent_before = Visit.objects.filter(
        pk=visit.pk, state=Visit.State.PLANNED, takes_place_on=takes_place_on
    ).first()
    if sent_before:
        return sent_before
    moved: Visit = perform(
        visit.move, by=by, now=now, seen_state=seen_state, takes_place_on=takes_place_on
    )
    return moved


@transaction.atomic
def log_visit(
    *,
    visit: Visit,
    log: str,
    next_steps: str,
    share: bool,
    by: User,
    now: datetime,
    units: Iterable[Unit] | None = None,
    **details: Any,
) -> Visit:
    """Log a visit that has taken place: one step for the person, three for the machine.

    ``details`` are ``duration_minutes``, ``form`` and ``kind``.
    """
    if visit.takes_place_on is None or visit.takes_place_on > local_date(now):
        raise TransitionRefused(_("The visit has not taken place yet."))
    if visit.state in (Visit.State.PLANNED, Visit.State.CONFIRMED):
        visit = perform(visit.finish, by=by, now=now)
    visit = perform(visit.write_log, by=by, now=now, log=log, next_steps=next_steps, logged_by=by)
    for name, value in details.items():
        setattr(visit, name, value)
    visit.save(update_fields=list(details))
    if units is not None:
        visit.units.set(units)
    if share:
        visit = perform(visit.share, by=by, now=now)
    return visit


@transaction.atomic
def log_unplanned_visit(
    *, collaboration: Collaboration, takes_place_on: date, by: User, now: datetime, **log: Any
) -> Visit:
    """Log a visit that nobody had planned: it takes the place of the one owed for its month.

    The same log of the same day is the same visit, sent twice.
    """
    load_roles(by, local_date(now))
    collaboration = Collaboration.objects.lock(collaboration.pk)
    month = takes_place_on.replace(day=1)
    require(can_log_visit, collaboration, by)
    sent_before = Visit.objects.filter(
        collaboration=collaboration, takes_place_on=takes_place_on, logged_by=by, log=log["log"]
    ).first()
    if sent_before:
        return sent_before
    visit, _created = Visit.objects.get_or_create(
        collaboration=collaboration, month=month, state=Visit.State.NEEDED
    )
    visit = perform(visit.plan, by=by, now=now, takes_place_on=takes_place_on)
    return log_visit(visit=visit, by=by, now=now, **log)
