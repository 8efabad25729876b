"""Old redovisningar bring a running collaboration in: a preview first, then the plan."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx.enum.text import WD_COLOR_INDEX

from notifications import clock
from organisations.models import Unit, User
from plans.models import ActionPlan, Cause, Goal, GoalRating, PlannedGoal, Problem
from plans.models import SituationAnalysis as Analysis
from tests import factories
from tests.cast import Cast
from tests.reports.test_reading import GOALS, answer, filled, saved

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

DAY = date(2025, 6, 12)
LESSONS = "Börja i elevsvaren."


def old_report(*, day: str = "12 juni 2025", second: WD_COLOR_INDEX | None = None) -> bytes:
    document = filled()
    document.paragraphs[0].insert_paragraph_before(f"Delredovisning, Älvskolan, {day}")
    cell = answer(document, "improvements", GOALS[0], "Alla har fått samtal.", GOALS[1], "Sex lag.")
    cell.paragraphs[0].runs[0].font.highlight_color = WD_COLOR_INDEX.BRIGHT_GREEN
    cell.paragraphs[2].runs[0].font.highlight_color = second or WD_COLOR_INDEX.YELLOW
    return saved(document)


@pytest.fixture
def plan(cast: Cast) -> ActionPlan:
    """The empty draft of our school, with an analysis that nobody has begun."""
    ours = cast.ours
    factories.analysis(ours.collaboration, ours.school, state=Analysis.State.NOT_STARTED)
    Problem.objects.all().delete()
    plan = factories.plan(
        ours.collaboration, ours.school, state=ActionPlan.State.DRAFT, with_goal=False
    )
    Problem.objects.all().delete()
    return plan


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(plan: ActionPlan) -> str:
    return f"/atgardsplan/{plan.pk}/tidigare-redovisningar/"


def send(client: Client, plan: ActionPlan, *files: bytes) -> Any:
    uploaded = [SimpleUploadedFile(f"del {n}.docx", file) for n, file in enumerate(files, 1)]
    return client.post(address(plan), {"reports": uploaded})


def as_sent(page: Any) -> dict[str, str]:
    """What a browser sends when nothing on the page is changed."""
    form = page.context["form"]
    sent = {}
    for name in form.fields:
        value = form[name].value()
        if value is True:
            sent[name] = "on"
        elif value not in (None, False, ""):
            sent[name] = str(value)
    return sent


def counts() -> tuple[int, ...]:
    models: tuple[Any, ...] = (Problem, Cause, Goal, PlannedGoal, GoalRating, ActionPlan)
    return tuple(model.objects.count() for model in models)


def test_nothing_is_written_before_it_is_chosen(cast: Cast, plan: ActionPlan):
    before = counts()
    page = send(signed_in(cast.ours.principal), plan, old_report())
    assert page.status_code == 200
    assert counts() == before
    text = page.content.decode()
    assert all(goal in text for goal in GOALS)
    assert LESSONS in text  # kept to be copied


def test_a_report_becomes_problems_goals_and_colours(cast: Cast, plan: ActionPlan):
    client = signed_in(cast.ours.principal)
    sent = as_sent(send(client, plan, old_report()))
    done = client.post(address(plan), sent)
    assert done.status_code == 302, done.context["form"].errors
    problems = list(Problem.objects.values_list("text", "development_area"))
    area = "Styrning och utveckling av verksamheten"
    assert problems == [("Få elever återkommer.", area), ("Svaren används inte.", area)]
    assert [planned.text for planned in plan.planned_goals.all()] == GOALS
    first, second = plan.planned_goals.all()
    assert [problem.text for problem in (first.problem, second.problem)] == [
        p for p, _a in problems
    ]
    assert [cause.text for cause in first.causes.all()] == ["Ingen äger frågan."]
    assert (first.short_term_effect, second.long_term_effect) == ("Fler samtal.", "Högre närvaro.")
    ratings = GoalRating.objects.order_by("goal__number")
    assert [(r.level, r.rated_on, r.source, r.whose) for r in ratings] == [
        ("achieved", DAY, "imported", "organiser"),
        ("well_under_way", DAY, "imported", "organiser"),
    ]
    assert clock.local_date(ratings[0].rated_at) == DAY
    assert ratings[0].justification == "Alla har fått samtal."
    assert ratings[0].occasion == "Delredovisning 2025-06-12"
    assert Analysis.objects.get(unit=cast.ours.school).state == Analysis.State.IN_PROGRESS


def test_the_same_file_twice_adds_nothing_twice(cast: Cast, plan: ActionPlan):
    client = signed_in(cast.ours.principal)
    file = old_report()
    client.post(address(plan), as_sent(send(client, plan, file)))
    after_one = counts()
    again = client.post(address(plan), as_sent(send(client, plan, file)))
    assert again.status_code == 302
    assert counts() == after_one


def test_an_adopted_plan_gets_no_version_when_nothing_is_new(cast: Cast, plan: ActionPlan):
    client = signed_in(cast.ours.principal)
    file = old_report()
    client.post(address(plan), as_sent(send(client, plan, file)))
    ActionPlan.objects.filter(pk=plan.pk).update(
        state=ActionPlan.State.ADOPTED, adopted_on=DAY, shared_on=DAY
    )
    Analysis.objects.update(state=Analysis.State.CONCLUDED, shared_on=DAY)
    before = counts()
    client.post(address(plan), as_sent(send(client, plan, file)))
    assert counts() == before


def test_an_adopted_plan_gets_a_new_version_that_others_do_not_see(cast: Cast, plan: ActionPlan):
    ActionPlan.objects.filter(pk=plan.pk).update(
        state=ActionPlan.State.ADOPTED, adopted_on=DAY, shared_on=DAY
    )
    Analysis.objects.update(state=Analysis.State.CONCLUDED, shared_on=DAY)
    client = signed_in(cast.ours.principal)
    done = client.post(address(plan), as_sent(send(client, plan, old_report())))
    assert done.status_code == 302, done.context["form"].errors
    version = ActionPlan.objects.get(version=2)
    assert version.planned_goals.count() == 2
    assert signed_in(cast.ours.team_leader).get(version.get_absolute_url()).status_code == 404
    # A process leader may write, but not begin a version.
    ActionPlan.objects.filter(version=2).update(state=ActionPlan.State.SHARED)
    refused = signed_in(cast.ours.process_leader).post(
        address(plan), {**as_sent(send(client, plan, old_report())), "text-goal-1": "Ett nytt mål."}
    )
    assert refused.status_code == 422


def test_two_reports_are_the_history_of_the_same_goals(cast: Cast, plan: ActionPlan):
    client = signed_in(cast.ours.principal)
    files = (
        old_report(day="2024-12-05", second=WD_COLOR_INDEX.RED),
        old_report(),
    )
    client.post(address(plan), as_sent(send(client, plan, *files)))
    second = plan.planned_goals.get(text=GOALS[1]).goal
    history = second.ratings.order_by("rated_at").values_list("rated_on", "level")
    assert list(history) == [(date(2024, 12, 5), "started"), (DAY, "well_under_way")]
    assert plan.planned_goals.count() == 2


def test_a_row_that_is_unticked_or_mended(cast: Cast, plan: ActionPlan):
    client = signed_in(cast.ours.principal)
    sent = as_sent(send(client, plan, old_report()))
    mended = {**sent, "text-goal-1": "Varje elev återkommer.", "of-goal-1": "problem-2"}
    for key in ("goal-2", "effect-2", "colour-2", "problem-1", "cause-1"):
        mended.pop(f"take-{key}")
    done = client.post(address(plan), mended)
    assert done.status_code == 302, done.context["form"].errors
    planned = plan.planned_goals.get()
    assert planned.text == "Varje elev återkommer."
    assert planned.problem.text == "Svaren används inte."
    assert GoalRating.objects.count() == 1


def test_a_goal_whose_problem_is_left_out_is_asked_about(cast: Cast, plan: ActionPlan):
    client = signed_in(cast.ours.principal)
    sent = as_sent(send(client, plan, old_report()))
    sent.pop("take-problem-1")
    page = client.post(address(plan), sent)
    assert page.status_code == 422
    assert "of-goal-1" in page.context["form"].errors
    assert not Problem.objects.exists()
    assert re.search(r"take-goal-1[^>]*checked", page.content.decode())


def test_what_people_wrote_is_not_changed(cast: Cast, plan: ActionPlan):
    client = signed_in(cast.ours.principal)
    client.post(address(plan), as_sent(send(client, plan, old_report())))
    planned = plan.planned_goals.first()
    assert planned is not None
    planned.short_term_effect = "Vi skrev om det."
    planned.save()
    planned.causes.clear()
    client.post(address(plan), as_sent(send(client, plan, old_report())))
    planned.refresh_from_db()
    assert planned.short_term_effect.startswith("Vi skrev om det.")
    assert not planned.causes.exists()


def test_a_file_that_cannot_be_read_is_named(cast: Cast, plan: ActionPlan):
    page = send(signed_in(cast.ours.principal), plan, old_report(), b"%PDF-1.7")
    assert page.status_code == 422
    assert "del 2.docx" in page.content.decode()
    assert page.context["form"].errors["reports"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("principal", 200), ("head_of_authority", 200), ("process_supporter", 404),
     ("preschool_principal", 404)],
)  # fmt: skip
def test_only_who_writes_the_plan(cast: Cast, plan: ActionPlan, who: str, status: int):
    assert signed_in(getattr(cast.ours, who)).get(address(plan)).status_code == status


def test_the_plan_leads_to_it(cast: Cast, plan: ActionPlan):
    page = signed_in(cast.ours.principal).get(plan.get_absolute_url())
    assert address(plan) in page.content.decode()
    assert isinstance(cast.ours.school, Unit)


def test_the_day_is_found_whatever_language_the_page_has(cast: Cast, plan: ActionPlan):
    client = signed_in(cast.ours.principal)
    client.cookies["django_language"] = "en"
    page = send(client, plan, old_report())
    assert page.context["form"]["day-colour-1"].value() == DAY
