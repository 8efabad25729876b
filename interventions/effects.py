"""What the phases bring with them for the agreement and the visits."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from interventions.models import IN_FORCE, Agreement, Visit
from notifications.working_days import add_working_days, next_working_day
from sbs_workflow.effects import Change, after, before
from sbs_workflow.engine import perform
from sbs_workflow.models import Collaboration

PLANNED_BY_DAY = 25  # of the month before, R7
JULY = 7
SIGNED_WITHIN = 15  # working days, inferred
AGREEMENT_TAKES = timedelta(days=60)  # months 10 to 12 of the default case: domain.md 2.1
OWED_AGAIN_WITHIN = 5  # working days, inferred


@after((Collaboration, "start_planning"))
def begin_agreement(change: Change) -> None:
    Agreement.objects.get_or_create(
        collaboration=change.instance,
        version=1,
        defaults={"due_on": next_working_day(change.today + AGREEMENT_TAKES)},
    )


@after(
    (Agreement, "propose"), (Agreement, "return_with_comment"), (Agreement, "sign_for_organiser")
)
def wait_for_the_other_party(change: Change) -> None:
    """Whoever has the agreement before them now is given the same time."""
    change.instance.due_on = add_working_days(change.today, SIGNED_WITHIN)
    change.instance.save(update_fields=["due_on"])


@before((Agreement, "sign_for_agency"), (Agreement, "decide"))
def replace_the_version_in_force(change: Change) -> None:
    earlier = Agreement.objects.filter(
        collaboration=change.instance.collaboration, state__in=IN_FORCE
    )
    for agreement in earlier:
        perform(
            agreement.supersede,
            by=change.by,
            now=change.now,
            reason=_("Replaced by version %(version)s.") % {"version": change.instance.version},
        )


def months_between(start: date, end: date) -> Iterator[date]:
    """The first day of every month from ``start`` to ``end``, both included, but not July."""
    month = start.replace(day=1)
    while month <= end:
        if month.month != JULY:
            yield month
        month = (month + timedelta(days=32)).replace(day=1)


def planned_by(month: date, not_before: date) -> date:
    """The day by which the visit of ``month`` is planned: the 25th of the month before (R7)."""
    month_before = month - timedelta(days=1)
    if month_before.month == JULY:
        month_before = month_before.replace(day=1) - timedelta(days=1)
    return next_working_day(max(month_before.replace(day=PLANNED_BY_DAY), not_before))


@after((Collaboration, "start_interventions"), (Collaboration, "extend"))
def owe_visits(change: Change) -> None:
    """About one day a month (KAU 2018): each month's visit is a row from the beginning."""
    collaboration: Collaboration = change.instance
    start, end = collaboration.interventions_start_on, collaboration.interventions_end_on
    assert start is not None
    assert end is not None
    covered = set(Visit.objects.filter(collaboration=collaboration).values_list("month", flat=True))
    Visit.objects.bulk_create(
        Visit(collaboration=collaboration, month=month, due_on=planned_by(month, start))
        for month in months_between(start, end)
        if month not in covered
    )


@after((Visit, "cancel"))
def owe_visit_again(change: Change) -> None:
    visit: Visit = change.instance
    Visit.objects.get_or_create(
        collaboration=visit.collaboration,
        month=visit.month,
        state=Visit.State.NEEDED,
        defaults={"due_on": add_working_days(change.today, OWED_AGAIN_WITHIN)},
    )


@after((Collaboration, "start_reporting"), (Collaboration, "end_interventions"))
def owe_no_more_visits(change: Change) -> None:
    Visit.objects.filter(collaboration=change.instance, state=Visit.State.NEEDED).update(
        due_on=None
    )
