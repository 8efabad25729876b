"""What follows from the phases and from the agreement for the insatser and the visits."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from interventions.actions import next_assignment
from interventions.models import (
    IN_FORCE,
    Agreement,
    AssignmentPlan,
    Deviation,
    Intervention,
    PlannedMonth,
    Terms,
    Visit,
)
from notifications.working_days import add_working_days, next_working_day
from sbs_workflow.effects import Change, after, before
from sbs_workflow.engine import perform
from sbs_workflow.models import UNDER_WAY, Collaboration, Promise

PLANNED_BY_DAY = 25  # of the month before, R7
JULY = 7
SIGNED_WITHIN = 15  # working days, inferred
AGREEMENT_TAKES = timedelta(days=60)  # months 10 to 12 of the default case: domain.md 2.1
SETTLED_WITHIN = 20  # working days, R5
OWED_AGAIN_WITHIN = 5  # working days, inferred
OUTCOMES = {
    "settle_deviation": Deviation.Outcome.ACCEPTED,
    "meet_by_amendment": Deviation.Outcome.AMENDED,
    "cancel": Deviation.Outcome.CANCELLED,
}


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


@after((Agreement, "propose"))
def begin_assignment(change: Change) -> None:
    """The uppdragsplan is written while the agreement is considered (domain.md 2.7)."""
    if change.instance.version == 1:
        AssignmentPlan.objects.get_or_create(
            collaboration=change.instance.collaboration,
            version=1,
            defaults={
                "agreement": change.instance,
                "due_on": add_working_days(change.today, SIGNED_WITHIN),
            },
        )


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
            reason=_replaced_by(change.instance),
        )


def _replaced_by(version: Agreement | AssignmentPlan) -> str:
    return _("Replaced by version %(version)s.") % {"version": version.version}


@after((Agreement, "sign_for_agency"), (Agreement, "decide"))
def bring_into_force(change: Change) -> None:
    """What the agreement says of each insats is what holds from now on."""
    agreement: Agreement = change.instance
    known = {
        each.number: each
        for each in Intervention.objects.filter(collaboration=agreement.collaboration_id)
    }
    agreed = list(agreement.terms.prefetch_related(*Terms.LINKS))
    for terms in agreed:
        _apply(terms, known.get(terms.number), change)
    for number in known.keys() - {terms.number for terms in agreed}:
        if not known[number].is_over:
            reason = _("Not part of version %(version)s of the agreement.")
            perform(
                known[number].cancel,
                by=change.by,
                now=change.now,
                reason=reason % {"version": agreement.version},
            )
    if agreement.version > 1:
        _ask_for_a_new_assignment(agreement, change)


def _apply(terms: Terms, intervention: Intervention | None, change: Change) -> None:
    """Let the insats take over what its terms say; a later end of a running one extends it."""
    agreement: Agreement = change.instance
    if intervention is not None and intervention.is_over:
        return  # it ended while the version was written
    if intervention is None:
        intervention = Intervention(collaboration=agreement.collaboration, number=terms.number)
    elif intervention.state == Intervention.State.DEVIATION_OPEN and _changes(terms, intervention):
        reason = _("Met by version %(version)s of the agreement.") % {"version": agreement.version}
        intervention = perform(
            intervention.meet_by_amendment, by=change.by, now=change.now, reason=reason
        )
    if (
        intervention.is_running
        and terms.ends_on
        and terms.ends_on > (intervention.ends_on or date.max)
    ):
        intervention = perform(
            intervention.extend,
            by=change.by,
            now=change.now,
            reason=agreement.amendment_reason,
            ends_on=terms.ends_on,
        )
    for name in _fields_agreed_on(intervention):
        setattr(intervention, name, getattr(terms, name))
    intervention.save()
    for link in Terms.LINKS:
        getattr(intervention, link).set(getattr(terms, link).all())


def _changes(terms: Terms, intervention: Intervention) -> bool:
    """What is agreed, and not what it serves."""
    return set(terms.units.all()) != set(intervention.units.all()) or any(
        getattr(terms, name) != getattr(intervention, name)
        for name in _fields_agreed_on(intervention)
    )


def _fields_agreed_on(intervention: Intervention) -> list[str]:
    """All, but the day on which an insats really began stands."""
    begun = intervention.state not in (Intervention.State.PLANNED, Intervention.State.READY)
    return [name for name in Terms.FIELDS if not (begun and name == "starts_on")]


def _ask_for_a_new_assignment(agreement: Agreement, change: Change) -> None:
    """An amended agreement asks for a revised uppdragsplan (domain.md 2.7)."""
    confirmed = AssignmentPlan.objects.filter(
        collaboration=agreement.collaboration_id, state=AssignmentPlan.State.CONFIRMED
    ).first()
    if confirmed:
        draft = next_assignment(confirmed)
        AssignmentPlan.objects.filter(pk=draft.pk).update(
            agreement=agreement, due_on=add_working_days(change.today, SIGNED_WITHIN)
        )


@after((AssignmentPlan, "send"), (AssignmentPlan, "return_with_comment"))
def wait_for_an_answer(change: Change) -> None:
    change.instance.due_on = add_working_days(change.today, SIGNED_WITHIN)
    change.instance.save(update_fields=["due_on"])


@before((AssignmentPlan, "confirm"))
def replace_the_confirmed_assignment(change: Change) -> None:
    for earlier in AssignmentPlan.objects.filter(
        collaboration=change.instance.collaboration, state=AssignmentPlan.State.CONFIRMED
    ):
        perform(
            earlier.supersede, by=change.by, now=change.now, reason=_replaced_by(change.instance)
        )


@after((Intervention, "report_deviation"))
def write_down_the_deviation(change: Change) -> None:
    """It stays open until it is accepted or the agreement is amended (DEL); R5 sees to that."""
    assert change.by is not None
    intervention: Intervention = change.instance
    Deviation.objects.create(
        intervention=intervention,
        what=change.record.reason,
        reported_on=change.today,
        reported_by=change.by,
        reported_as=change.record.role,
    )
    intervention.due_on = add_working_days(change.today, SETTLED_WITHIN)
    intervention.save(update_fields=["due_on"])


@after(
    (Intervention, "settle_deviation"),
    (Intervention, "meet_by_amendment"),
    (Intervention, "cancel"),
)
def close_the_deviation(change: Change) -> None:
    Deviation.objects.filter(intervention=change.instance, settled_on=None).update(
        settled_on=change.today,
        outcome=OUTCOMES[change.record.transition],
        decision=change.record.reason,
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
    _owe_the_months_planned(change.instance)


@after((AssignmentPlan, "confirm"))
def owe_the_planned_visits(change: Change) -> None:
    """The uppdragsplan says in which months the support thins out."""
    if change.instance.collaboration.state in UNDER_WAY:
        _owe_the_months_planned(change.instance.collaboration)


def _owe_the_months_planned(collaboration: Collaboration) -> None:
    """One visit is owed for every month of the period that has planned days, or is not planned."""
    start, end = collaboration.interventions_start_on, collaboration.interventions_end_on
    assert start is not None
    assert end is not None
    planned = PlannedMonth.objects.filter(
        assignment__collaboration=collaboration,
        assignment__state=AssignmentPlan.State.CONFIRMED,
    )
    without = {month for month, days in planned.values_list("month", "days") if not days}
    visits = Visit.objects.filter(collaboration=collaboration)
    needed = visits.filter(state=Visit.State.NEEDED)
    needed.filter(month__in=without).update(due_on=None)
    for visit in needed.filter(due_on=None, month__gte=start.replace(day=1), month__lte=end):
        if visit.month not in without:  # an earlier version left it out
            needed.filter(pk=visit.pk).update(due_on=planned_by(visit.month, start))
    covered = set(visits.values_list("month", flat=True))
    Visit.objects.bulk_create(
        Visit(collaboration=collaboration, month=month, due_on=planned_by(month, start))
        for month in months_between(start, end)
        if month not in covered and month not in without
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


@after((Visit, "share"))
def share_the_promises(change: Change) -> None:
    Promise.objects.filter(made_in=change.instance.pk).update(is_shared=True)


@after((Collaboration, "start_reporting"), (Collaboration, "end_interventions"))
def owe_no_more_visits(change: Change) -> None:
    Visit.objects.filter(collaboration=change.instance, state=Visit.State.NEEDED).update(
        due_on=None
    )
