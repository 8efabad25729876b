"""Agreeing on insatser: the agreement, its terms and its versions."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from interventions.models import (
    IN_FORCE,
    PENDING,
    Agreement,
    Instalment,
    Intervention,
    ReportingDate,
    Terms,
)
from interventions.permissions import can_amend, can_propose_agreement
from organisations.models import User
from sbs_workflow.actions import alone_with, open_for_writing, write
from sbs_workflow.engine import TransitionRefused


def write_agreement(*, agreement: Agreement, by: User, now: datetime, **fields: Any) -> Agreement:
    """Change the draft of an agreement, until it is proposed."""
    written: Agreement = write(
        instance=agreement, may=can_propose_agreement, by=by, now=now, **fields
    )
    return written


@transaction.atomic
def write_payment_plan(
    *,
    agreement: Agreement,
    instalments: Sequence[tuple[date, Decimal]],
    reporting_dates: Sequence[date],
    by: User,
    now: datetime,
) -> Agreement:
    """Replace the instalments and reporting dates of a draft by these (domain.md 3.5)."""
    draft: Agreement = open_for_writing(agreement, may=can_propose_agreement, by=by, now=now)
    draft.instalments.all().delete()
    Instalment.objects.bulk_create(
        Instalment(agreement=draft, pays_on=day, amount=amount) for day, amount in instalments
    )
    draft.reporting_dates.all().delete()
    ReportingDate.objects.bulk_create(
        ReportingDate(agreement=draft, report_on=day) for day in sorted(set(reporting_dates))
    )
    return draft


@transaction.atomic
def write_terms(
    *,
    agreement: Agreement,
    by: User,
    now: datetime,
    terms: Terms | None = None,
    number: int | None = None,
    units: Iterable[Any] = (),
    goals: Iterable[Any] = (),
    causes: Iterable[Any] = (),
    **fields: Any,
) -> Terms:
    """Store what a draft says of an insats, or add one with the next number of the collaboration.

    ``number`` is what a new one was known by before the case came here: kept where it is free.
    A new one with the same name as another of this draft is the same one, sent twice.
    """
    draft: Agreement = open_for_writing(agreement, may=can_propose_agreement, by=by, now=now)
    if terms is None:
        sent_before = draft.terms.filter(name=fields["name"]).first()
        terms = sent_before or Terms(agreement=draft, number=_number_of_new(draft, number))
    for name, value in fields.items():
        setattr(terms, name, value)
    terms.save()
    terms.units.set(units)
    terms.goals.set(goals)
    terms.causes.set(causes)
    return terms


def _number_of_new(agreement: Agreement, wanted: int | None) -> int:
    """A number is never used again, whatever became of its insats."""
    of_terms = Terms.objects.filter(agreement__collaboration=agreement.collaboration_id)
    of_insatser = Intervention.objects.filter(collaboration=agreement.collaboration_id)
    used = {*of_terms.values_list("number", flat=True)}
    used |= {*of_insatser.values_list("number", flat=True)}
    return wanted if wanted and wanted not in used else max(used, default=0) + 1


@transaction.atomic
def drop_terms(*, terms: Terms, by: User, now: datetime) -> Agreement:
    """Leave an insats out of this version: when it comes into force the insats is cancelled."""
    draft: Agreement = open_for_writing(terms.agreement, may=can_propose_agreement, by=by, now=now)
    terms.delete()
    return draft


@transaction.atomic
def amend_agreement(*, agreement: Agreement, reason: str, by: User, now: datetime) -> Agreement:
    """Open version n + 1; the agreement in force stands until the new one is signed."""
    in_force: Agreement = alone_with(agreement, may=can_amend, by=by, now=now)
    versions = Agreement.objects.filter(collaboration=in_force.collaboration_id)
    pending = versions.filter(state__in=PENDING).first()
    if pending and pending.amendment_reason == reason:
        return pending  # sent twice
    if pending:
        raise TransitionRefused(_("An amendment is already under way."))
    if in_force.state not in IN_FORCE:
        raise TransitionRefused(_("Only the agreement in force can be amended."))
    amendment = Agreement.objects.create(
        collaboration=in_force.collaboration,
        version=versions.aggregate(last=Max("version"))["last"] + 1,
        kind=in_force.kind,
        reference=in_force.reference,
        starts_on=in_force.starts_on,
        ends_on=in_force.ends_on,
        amount=in_force.amount,
        amendment_reason=reason,
        amended_by=by,
        amended_as=can_amend.role_of(in_force, by),
    )
    _carry_over(in_force, amendment)
    return amendment


def _carry_over(in_force: Agreement, amendment: Agreement) -> None:
    """The insatser as they were agreed and what they serve now, and the money."""
    agreed = {terms.number: terms for terms in in_force.terms.all()}
    over = (Intervention.State.COMPLETED, Intervention.State.CANCELLED)
    live = Intervention.objects.filter(collaboration=in_force.collaboration_id)
    for intervention in live.exclude(state__in=over).prefetch_related(*Terms.LINKS):
        # Not the day on which it really began: that is no change of the agreement.
        before = agreed.get(intervention.number)
        terms = Terms.objects.create(
            agreement=amendment,
            number=intervention.number,
            amount=before.amount if before else None,
            **{name: getattr(before or intervention, name) for name in Terms.FIELDS},
        )
        for link in Terms.LINKS:
            getattr(terms, link).set(getattr(intervention, link).all())
    for instalment in in_force.instalments.all():
        Instalment.objects.create(
            agreement=amendment, pays_on=instalment.pays_on, amount=instalment.amount
        )
    for reporting in in_force.reporting_dates.all():
        ReportingDate.objects.create(agreement=amendment, report_on=reporting.report_on)
