"""The made-up cases of `manage.py make_load`, and two of them with few and with many visits."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from cases.actions import make_load
from interventions.models import Visit
from organisations.models import User
from sbs_workflow.models import Collaboration


@dataclass(frozen=True)
class Load:
    """Who looks at the cases, and two that differ in their number of visits only."""

    manager: User
    supporter: User
    few_visits: Collaboration
    many_visits: Collaboration


def load(cases: int, today: date, *, few: int = 60, many: int = 600) -> Load:
    make_load(cases=cases, seed=1, today=today, tell=lambda _done: None)
    supporter = User.objects.get(email="load.supporter@load.demo")
    case, twin = Collaboration.objects.filter(
        assignments__user=supporter, state=Collaboration.State.ACTIVE
    )[:2]
    give_visits(case, few, today)
    give_visits(twin, many, today)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Load(User.objects.get(email="load.manager@load.demo"), supporter, case, twin)


def give_visits(case: Collaboration, wanted: int, today: date) -> None:
    """Until there are as many as wanted, one more for every day back from today."""
    missing = wanted - Visit.objects.filter(collaboration=case).count()
    days = [today - timedelta(days=number) for number in range(1, missing + 1)]
    Visit.objects.bulk_create(
        Visit(
            collaboration=case,
            month=day.replace(day=1),
            state=Visit.State.SHARED,
            takes_place_on=day,
            kind=Visit.Kind.SUPERVISION,
            log="Handledning i två grupper.",
        )
        for day in days
    )
