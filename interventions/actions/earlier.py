"""Keeping what redovisningar from before say of insatser: history, and never an agreement."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from interventions.models import EarlierAccount, EarlierInsats
from notifications.clock import local_date
from organisations.models import User
from plans.actions.imports import same_words
from plans.models import ActionPlan, Goal
from plans.permissions import can_write
from sbs_workflow.actions import alone_with
from sbs_workflow.models import Collaboration


class Numbered(Protocol):
    """An insats as people know it."""

    @property
    def number(self) -> int | None: ...

    @property
    def name(self) -> str: ...


Known = TypeVar("Known", bound=Numbered)


def same_insats(known: Iterable[Known], number: int | None, name: str) -> Known | None:
    """The one with that number, which never changes (NOR); or, where one lacks it, those words."""
    known = list(known)
    by_number = (each for each in known if number and each.number == number)
    by_words = (
        each
        for each in known
        if not (number and each.number) and same_words(each.name) == same_words(name)
    )
    return next(by_number, None) or next(by_words, None)


def earlier_of_unit(plan: ActionPlan) -> QuerySet[EarlierInsats]:
    """The insatser that were brought in with any version of the plan of its unit."""
    rows: QuerySet[EarlierInsats] = EarlierInsats.objects.filter(
        plan__collaboration=plan.collaboration_id, plan__unit=plan.unit_id
    )
    return rows


@transaction.atomic
def keep_earlier_insats(
    *,
    plan: ActionPlan,
    number: int | None,
    name: str,
    development_area: str,
    participants: str,
    goals: Iterable[Goal],
    by: User,
    now: datetime,
) -> EarlierInsats:
    """The insats of the unit with that number, or those words; made where there is none.

    One that is there keeps its words, gets what it lacks, and serves these goals as well.
    """
    plan = alone_with(plan, may=can_write, by=by, now=now)
    insats = same_insats(earlier_of_unit(plan), number, name)
    if insats is None:
        insats = EarlierInsats(plan=plan, number=number, name=name, brought_at=now, brought_by=by)
    lacking = {
        "number": number,
        "development_area": development_area,
        "participants": participants,
    }
    for field, value in lacking.items():
        if not getattr(insats, field):
            setattr(insats, field, value)
    insats.taken_back_on = None
    insats.save()
    insats.goals.add(*goals)
    return insats


@transaction.atomic
def keep_earlier_account(
    *,
    insats: EarlierInsats,
    told_in: str,
    told_on: date | None,
    by: User,
    now: datetime,
    **texts: str,
) -> EarlierAccount:
    """What a report says of the insats; a report that is brought in again adds nothing.

    ``texts`` are those of ``EarlierAccount.TEXTS``.
    """
    alone_with(insats.plan, may=can_write, by=by, now=now)
    account, _is_new = EarlierAccount.objects.get_or_create(
        insats=insats, told_in=told_in, defaults={"told_on": told_on, **texts}
    )
    return account


@transaction.atomic
def take_back_earlier_insats(*, insats: EarlierInsats, by: User, now: datetime) -> Collaboration:
    """Undo that it was brought in, with what the reports say of it; again changes nothing.

    While only its own party reads it, it goes. What others have read stays readable and counts no
    more. Goals and colours stay: they belong to the plan.
    """
    plan: ActionPlan = alone_with(insats.plan, may=can_write, by=by, now=now)
    rows = EarlierInsats.objects.filter(pk=insats.pk)
    if plan.shared_on is None:
        rows.delete()
    else:
        rows.filter(taken_back_on=None).update(taken_back_on=local_date(now))
    return plan.collaboration
