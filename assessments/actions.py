"""Writing a mapping of improvement capacity, and seeing to the report to the government."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import CHECKS, CapacityMapping, DataCheck, DimensionRating, GovernmentReport
from assessments.permissions import can_write_mapping
from assessments.queries import incomplete_cases
from notifications.clock import local_date
from organisations.models import User
from sbs_workflow.actions import open_for_writing
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.queries import load_roles

# A level, or none yet, and a note.
Said = tuple[int | None, str]


@transaction.atomic
def write_mapping(
    *,
    mapping: CapacityMapping,
    mapped_on: date | None,
    method: str,
    said: Mapping[str, Said],
    by: User,
    now: datetime,
) -> CapacityMapping:
    """Store what is written; a dimension that has no level yet has none.

    TransitionRefused for a note without a level, which could not be kept.
    """
    fresh: CapacityMapping = open_for_writing(mapping, may=can_write_mapping, by=by, now=now)
    if any(note and not level for level, note in said.values()):
        raise TransitionRefused(_("Choose a level where you have written a note."))
    fresh.mapped_on = mapped_on
    fresh.method = method
    fresh.save(update_fields=["mapped_on", "method"])
    fresh.ratings.exclude(
        dimension__in=[name for name, (level, _n) in said.items() if level]
    ).delete()
    for dimension, (level, note) in said.items():
        if level:
            DimensionRating.objects.update_or_create(
                mapping=fresh, dimension=dimension, defaults={"level": level, "note": note}
            )
    return fresh


@transaction.atomic
def check_data(
    *, report: GovernmentReport, seen: int, note: str, by: User, now: datetime
) -> GovernmentReport:
    """Note that the data is looked through. ``seen`` is how many checks were made before it."""
    fresh = _alone_with_report(report, by, now)
    if fresh.checks_done != seen or fresh.checks_done == len(CHECKS):
        return fresh  # pressed twice, or somebody was first
    DataCheck.objects.create(
        report=fresh,
        number=fresh.checks_done + 1,
        checked_on=local_date(now),
        by=by,
        incomplete=len(incomplete_cases(fresh.agency, local_date(now))),
        note=note,
    )
    fresh.checks_done += 1
    fresh.due_on = fresh.next_due()
    fresh.save(update_fields=["checks_done", "due_on"])
    return fresh


@transaction.atomic
def submit_government_report(
    *, report: GovernmentReport, reference: str, by: User, now: datetime
) -> GovernmentReport:
    """Note that it is sent. TransitionRefused until every check is made."""
    fresh = _alone_with_report(report, by, now)
    if fresh.submitted_on:
        return fresh
    if fresh.checks_done < len(CHECKS):
        raise TransitionRefused(_("The data is checked three times first."))
    fresh.submitted_on = local_date(now)
    fresh.reference = reference
    fresh.due_on = None
    fresh.save(update_fields=["submitted_on", "reference", "due_on"])
    return fresh


def _alone_with_report(report: GovernmentReport, by: User, now: datetime) -> GovernmentReport:
    """The report as it stands now, locked. PermissionDenied unless ``by`` manages its agency."""
    load_roles(by, local_date(now))
    rows = GovernmentReport.objects.visible_to(by).select_for_update(of=("self",))
    found: GovernmentReport | None = rows.filter(pk=report.pk).first()
    if found is None:
        raise PermissionDenied
    return found
