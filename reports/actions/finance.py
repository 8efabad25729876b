"""Keeping the accounts of a case; their steps are taken through ``perform``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import User
from reports.models import Cost, FinancialInsats, FinancialReport
from reports.permissions import can_keep_accounts
from reports.queries import Place, account_of
from sbs_workflow.actions import open_for_writing
from sbs_workflow.actions import write as write_document
from sbs_workflow.engine import TransitionRefused


@transaction.atomic
def write_account(
    *, report: FinancialReport, said: Mapping[Place, Any], by: User, now: datetime
) -> list[Place]:
    """Store the amounts and explanations that differ; returns the cells that changed.

    TransitionRefused once the report is not open for writing, or when it has no such cell.
    """
    fresh: FinancialReport = open_for_writing(report, may=can_keep_accounts, by=by, now=now)
    stored = account_of(fresh).said()
    if unknown := said.keys() - stored.keys():
        names = ", ".join(sorted(place.slug for place in unknown))
        raise TransitionRefused(_("The report has no such cell: %(names)s.") % {"names": names})
    changed = {place: value for place, value in said.items() if value != stored[place]}
    insatser = {each.number: each for each in FinancialInsats.objects.filter(report=fresh)}
    for place, value in changed.items():
        _store(insatser[place.number], place, value)
    return list(changed)


def _store(insats: FinancialInsats, place: Place, value: Any) -> None:
    if place.kind:
        Cost.objects.update_or_create(
            insats=insats, kind=place.kind, defaults={place.column: value}
        )
    else:
        setattr(insats, place.column, value)
        insats.save(update_fields=[place.column])


def write_contact(
    *, report: FinancialReport, invoice_contact: str, reply: str, by: User, now: datetime
) -> FinancialReport:
    """Whom an invoice is sent to, and what is answered to the questions of the agency."""
    written: FinancialReport = write_document(
        instance=report,
        may=can_keep_accounts,
        by=by,
        now=now,
        invoice_contact=invoice_contact,
        reply=reply,
    )
    return written
