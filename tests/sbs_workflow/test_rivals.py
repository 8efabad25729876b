"""Two people press at the same moment, each on a connection of their own: exactly one is first."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django_fsm import ConcurrentTransition

from organisations.models import User
from reports.models import Report
from sbs_workflow.engine import SomebodyWasFirst, perform
from sbs_workflow.models import TransitionRecord
from sbs_workflow.models.collaboration import CollaborationQuerySet
from tests import factories
from tests.cast import NOW, Cast

PAIRS = 200

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.portable
def test_each_of_200_rival_pairs_has_one_winner(cast: Cast):
    reports = submitted_reports(cast, PAIRS)
    results = press_at_once(cast, reports)
    assert Counter(results) == {("moved", "too late"): PAIRS}
    records = TransitionRecord.objects.filter(object_id__in=[report.pk for report in reports])
    assert Counter(records.values_list("object_id", flat=True)) == {r.pk: 1 for r in reports}
    states = dict(Report.objects.values_list("pk", "state"))
    assert {record.object_id: record.to_state for record in records} == states


def test_without_the_lock_the_race_shows(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """What the lock is for. Even then nobody wins twice: the optimistic lock breaks the page."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite writes one transaction at a time, so that there is no race to show")
    monkeypatch.setattr(CollaborationQuerySet, "lock", lambda rows, pk: rows.get(pk=pk))
    reports = submitted_reports(cast, PAIRS)
    results = press_at_once(cast, reports)
    assert ("broken", "moved") in results
    assert TransitionRecord.objects.filter(to_state="accepted").count() <= PAIRS


def submitted_reports(cast: Cast, count: int) -> list[Report]:
    return [
        factories.report(
            cast.ours.collaboration, cast.ours.school, state="submitted", number=number
        )
        for number in range(1, count + 1)
    ]


def press_at_once(cast: Cast, reports: list[Report]) -> list[tuple[str, ...]]:
    """For each report what came of the two presses, in alphabetic order."""
    start = threading.Barrier(2, timeout=30)
    outcomes: dict[User, list[str]] = {}

    def press(user: User, accepts: Callable[[int], bool]) -> None:
        mine = outcomes.setdefault(user, [])
        try:
            for number, report in enumerate(reports):
                step = report.accept if accepts(number) else report.return_for_completion
                start.wait()
                mine.append(take(step, user))
        finally:
            connection.close()

    # The one always accepts, the other returns every second report: the same step, and another.
    rivals = [
        threading.Thread(target=press, args=(cast.ours.process_supporter, lambda number: True)),
        threading.Thread(target=press, args=(cast.agency_manager, lambda number: number % 2 == 0)),
    ]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    return [tuple(sorted(pair)) for pair in zip(*outcomes.values(), strict=True)]


def take(step: Callable[..., None], user: User) -> str:
    try:
        perform(step, by=user, now=NOW, reason="Läst.", seen_state=Report.State.SUBMITTED)
    except SomebodyWasFirst:
        return "too late"
    except ConcurrentTransition:
        return "broken"
    return "moved"
