"""How many questions it takes to log a visit: the action alone, and its whole page."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from benchmarks.load import LoadedCase
from benchmarks.measure import Row, at_most, queries_of
from interventions.actions import Log, PromiseMade, TaskGiven, log_visit
from interventions.models import Intervention, Visit
from notifications import clock
from organisations.models import Party, Role, Unit
from plans.models import Goal
from sbs_workflow.queries import load_roles

TEXT = "Vi prövade gemensam lektionsstart i tre klasser."
PROMISE, TASK = "Skicka underlaget från observationerna.", "Pröva starten i en klass till."


def logging_a_visit(case: LoadedCase) -> list[Row]:
    """With an insats, two goals, a promise and a task, in the units that it was planned for.

    The action is undone, what the page does is not.
    """
    client = Client(SERVER_NAME="localhost")
    client.force_login(case.holder(Role.TEAM_LEADER))
    url = reverse("interventions:log_visit", args=[case.objects["planned_visit"].pk])
    answers = _answers(case)

    def row(what: str, asked: int, **rest: Any) -> Row:
        return Row(f"logging a visit: queries of {what}", None, 1, asked, "queries", **rest)

    return [
        row("the action", _of_the_action(case), goal=at_most(8)),
        row("the form", queries_of(lambda: client.get(url))),
        row("sending it", queries_of(lambda: _send(client, url, answers))),
    ]


def _of_the_action(case: LoadedCase) -> int:
    visit: Visit = case.objects["planned_visit"]
    by, now = case.holder(Role.TEAM_LEADER), clock.now()
    load_roles(by, clock.today())
    units = list(Unit.objects.filter(pk__in=visit.unit_keys))
    goals = list(Goal.objects.filter(collaboration=case.collaboration)[:2])
    log = Log(
        text=TEXT,
        units=units,
        interventions=[case.objects["intervention"]],
        goals=goals,
        promises=[PromiseMade(Party.UNIVERSITY, PROMISE, clock.today() + timedelta(days=30))],
        tasks=[TaskGiven(units[0], TASK)],
        details={"duration_minutes": 240, "kind": Visit.Kind.SUPERVISION},
    )
    with transaction.atomic():
        asked = queries_of(lambda: log_visit(visit=visit, log=log, by=by, now=now))
        # What the trail gains is written as the transaction ends.
        asked += queries_of(connection.write_trail)  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return asked


def _answers(case: LoadedCase) -> dict[str, Any]:
    collaboration = case.collaboration
    goals = Goal.objects.filter(collaboration=collaboration)[:2]
    insatser = Intervention.objects.filter(collaboration=collaboration)[:1]
    return {
        "units": [str(key) for key in case.objects["planned_visit"].unit_keys],
        "log": TEXT,
        "kind": "supervision",
        "form": "on_site",
        "duration_minutes": "240",
        "participants": "lärare: 8",
        "interventions": [str(each.pk) for each in insatser],
        "goals": [str(goal.pk) for goal in goals],
        "promise_1": PROMISE,
        **{f"promise_party_{number}": "university" for number in (1, 2, 3)},
        "task_1": TASK,
        "share": "on",
    }


def _send(client: Client, url: str, answers: dict[str, Any]) -> None:
    response = client.post(url, answers)
    assert response.status_code == 302, response.content.decode()
