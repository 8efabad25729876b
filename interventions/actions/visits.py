"""Planning visits and logging them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from interventions.models import InterimTask, Intervention, Touch, Visit
from interventions.permissions import can_log_visit
from notifications.clock import local_date
from notifications.working_days import next_working_day
from organisations.models import Party, Unit, User
from plans.models import Goal
from sbs_workflow.actions import alone_with
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.models import Collaboration, Promise

USUAL_BETWEEN = timedelta(days=28)  # about one day a month (KAU 2018)


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
def finish_visit(*, visit: Visit, by: User, now: datetime) -> Visit:
    """Note that a visit has taken place; its log is still owed."""
    _has_taken_place(visit.takes_place_on, now)
    done: Visit = perform(visit.finish, by=by, now=now)
    return done


def _has_taken_place(day: date | None, now: datetime) -> None:
    if day is None or day > local_date(now):
        raise TransitionRefused(_("The visit has not taken place yet."))


@dataclass(frozen=True)
class PromiseMade:
    party: Party
    what: str
    due_on: date | None = None


@dataclass(frozen=True)
class TaskGiven:
    unit: Unit
    text: str


@dataclass(frozen=True)
class Log:
    """What is told of a visit. ``details`` are fields of Visit, such as ``duration_minutes``."""

    text: str
    next_steps: str = ""
    units: Sequence[Unit] | None = None
    interventions: Sequence[Intervention] = ()
    goals: Sequence[Goal] = ()
    promises: Sequence[PromiseMade] = ()
    tasks: Sequence[TaskGiven] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    share: bool = True


@transaction.atomic
def log_visit(*, visit: Visit, log: Log, by: User, now: datetime) -> Visit:
    """Log a visit that has taken place, and share it where ``log`` says so."""
    _has_taken_place(visit.takes_place_on, now)
    logged: Visit = perform(
        visit.write_shared_log if log.share else visit.write_log,
        by=by,
        now=now,
        read_from=_with_next_day(local_date(now)),
        log=log.text,
        next_steps=log.next_steps,
        logged_by=by,
        **log.details,
    )
    # The units change only with the state, so that the visit as it was seen has them right.
    if log.units is not None and {unit.pk for unit in log.units} != set(visit.unit_keys):
        logged.units.set(log.units)
    _note_touches(logged, log)
    _note_promises(logged, log)
    _give_tasks(logged, log, now)
    return logged


def _note_touches(visit: Visit, log: Log) -> None:
    touches = [Touch(visit=visit, intervention=each) for each in log.interventions]
    touches += [Touch(visit=visit, goal=goal) for goal in log.goals]
    if touches:
        Touch.objects.bulk_create(touches)


def _note_promises(visit: Visit, log: Log) -> None:
    assert visit.takes_place_on is not None
    if log.promises:
        Promise.objects.bulk_create(
            Promise(
                collaboration=visit.collaboration,
                made_in=visit.pk,
                made_on=visit.takes_place_on,
                party=promise.party,
                what=promise.what,
                due_on=promise.due_on,
                written_by=Party.UNIVERSITY,
                is_shared=log.share,
            )
            for promise in log.promises
        )


def _give_tasks(visit: Visit, log: Log, now: datetime) -> None:
    """Until the next planned visit, or for a month where none is planned.

    A task is the unit's at once, whether the log is shared or not.
    """
    if not log.tasks:
        return
    planned: date | None = visit.next_day  # type: ignore[attr-defined]  # read with it
    until = planned or next_working_day(local_date(now) + USUAL_BETWEEN)
    InterimTask.objects.bulk_create(
        InterimTask(
            collaboration=visit.collaboration,
            visit=visit,
            unit=task.unit,
            text=task.text,
            due_on=until,
        )
        for task in log.tasks
    )


def _with_next_day(today: date) -> QuerySet[Visit]:
    """Visits with ``next_day``, the day of the next planned one of the same case."""
    following = Visit.objects.filter(
        collaboration=OuterRef("collaboration"),
        state__in=[Visit.State.PLANNED, Visit.State.CONFIRMED],
        takes_place_on__gt=Greatest(OuterRef("takes_place_on"), Value(today)),
    )
    days = following.order_by("takes_place_on").values("takes_place_on")
    return Visit.objects.annotate(next_day=Subquery(days[:1]))


@transaction.atomic
def log_unplanned_visit(
    *, collaboration: Collaboration, takes_place_on: date, log: Log, by: User, now: datetime
) -> Visit:
    """Log a visit that nobody had planned: it takes the place of the one owed for its month.

    The same log of the same day is the same visit, sent twice.
    """
    _has_taken_place(takes_place_on, now)
    collaboration = alone_with(collaboration, may=can_log_visit, by=by, now=now)
    month = takes_place_on.replace(day=1)
    sent_before = Visit.objects.filter(
        collaboration=collaboration, takes_place_on=takes_place_on, logged_by=by, log=log.text
    ).first()
    if sent_before:
        return sent_before
    visit, _created = Visit.objects.get_or_create(
        collaboration=collaboration, month=month, state=Visit.State.NEEDED
    )
    visit = perform(visit.plan, by=by, now=now, takes_place_on=takes_place_on)
    return log_visit(visit=visit, log=log, by=by, now=now)
