"""What a new version of an åtgärdsplan adds, changes and drops, as people read it."""

import pytest
from django.test import Client
from django.urls import reverse

from plans.actions import drop_goal, revise_plan, write_document, write_goal
from plans.models import ActionPlan, PlannedGoal
from plans.queries import PlanChanges, PlanSaid, changes_between
from sbs_workflow.differences import Piece
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


@pytest.fixture
def adopted(cast: Cast) -> ActionPlan:
    return factories.plan(cast.ours.collaboration, cast.ours.school, state="adopted")


@pytest.fixture
def revised(cast: Cast, adopted: ActionPlan) -> ActionPlan:
    return revise_plan(plan=adopted, reason="Nya prov", by=cast.ours.principal, now=NOW)


def changes(older: ActionPlan, newer: ActionPlan) -> PlanChanges:
    newer = ActionPlan.objects.get(pk=newer.pk)
    return changes_between(older, PlanSaid.of(older), newer, PlanSaid.of(newer))


def said(pieces: list[Piece], *kinds: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


def test_a_version_that_says_the_same_changes_nothing(adopted: ActionPlan, revised: ActionPlan):
    assert not changes(adopted, revised)


def test_goals_are_added_changed_and_dropped(cast: Cast, adopted: ActionPlan, revised: ActionPlan):
    by, kept = cast.ours.principal, revised.planned_goals.get()
    problem = kept.problem
    old_text = kept.text
    write_goal(
        plan=revised, planned=kept, problem=problem, causes=[], by=by, now=NOW,
        text=old_text + " Varje dag.", follow_up_on=TODAY,
    )  # fmt: skip
    write_goal(
        plan=revised, problem=problem, causes=[], text="Alla får höra en saga.", by=by, now=NOW
    )
    changed, added = changes(adopted, revised).goals
    assert [(c.kind, c.number) for c in (changed, added)] == [("changed", 1), ("added", 2)]
    assert added.title == "2. Alla får höra en saga."
    text, day, causes = changed.fields
    assert said(text.pieces, "same", "removed") == old_text
    assert said(text.pieces, "same", "added") == old_text + " Varje dag."
    assert said(day.pieces, "same", "added") == "10 mars 2026"
    assert said(causes.pieces, "removed") == "Lektionerna börjar olika i varje klass."
    assert all(field.label[0].isupper() for field in changed.fields)

    drop_goal(planned=PlannedGoal.objects.get(pk=kept.pk), by=by, now=NOW)
    dropped, _added = changes(adopted, revised).goals
    assert (dropped.kind, dropped.number, dropped.text) == ("dropped", 1, old_text)


def test_the_texts_of_the_plan_are_compared_too(
    cast: Cast, adopted: ActionPlan, revised: ActionPlan
):
    write_document(document=revised, by=cast.ours.principal, now=NOW, follow_up="Varje månad.")
    found = changes(adopted, revised)
    [follow_up] = found.texts
    assert (found.goals, bool(found)) == ([], True)
    assert said(follow_up.pieces, "same", "added") == "Varje månad."


def test_the_page_shows_it_to_those_who_may_read_both(
    cast: Cast, adopted: ActionPlan, revised: ActionPlan, client: Client
):
    kept = revised.planned_goals.get()
    write_goal(
        plan=revised, planned=kept, problem=kept.problem, causes=[], by=cast.ours.principal,
        now=NOW, text="Något helt annat.",
    )  # fmt: skip
    url = reverse("plans:differences", args=[revised.pk])
    client.force_login(cast.ours.principal)
    page = client.get(url).content.decode()
    assert "<ins" in page
    assert "<del" in page
    assert "Nya prov" in page
    for other in (cast.ours.process_supporter, cast.ours.team_leader, cast.theirs.principal):
        client.force_login(other)
        assert client.get(url).status_code == 404
    # The first version has nothing before it.
    client.force_login(cast.ours.principal)
    first = reverse("plans:differences", args=[adopted.pk])
    assert client.get(first).status_code == 404
