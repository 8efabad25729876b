"""Old redovisningar bring a running collaboration in: a preview first, then the plan."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx.enum.text import WD_COLOR_INDEX

from interventions.models import Agreement, EarlierAccount, EarlierInsats, Intervention, Terms
from notifications import clock
from organisations.models import Unit, User
from plans.models import ActionPlan, Cause, Goal, GoalRating, PlannedGoal, Problem
from plans.models import SituationAnalysis as Analysis
from reports.forms import HistoryForm
from reports.reading.history import AlreadyThere, History, named, read_history
from tests import factories
from tests.cast import Cast
from tests.reports.test_reading import GOALS, answer, blank, filled, saved

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


def as_sent(page: Any) -> dict[str, Any]:
    """What a browser sends when nothing on the page is changed."""
    form = page.context["form"]
    sent: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if value is True:
            sent[name] = "on"
        elif isinstance(value, list):
            sent[name] = value
        elif value not in (None, False, ""):
            sent[name] = str(value)
    return sent


def counts() -> tuple[int, ...]:
    models: tuple[Any, ...] = (
        Problem,
        Cause,
        Goal,
        PlannedGoal,
        GoalRating,
        ActionPlan,
        EarlierInsats,
        EarlierAccount,
    )
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


# --- insatser of then ----------------------------------------------------------------------


def test_an_insats_becomes_history_that_its_goals_hang_on(cast: Cast, plan: ActionPlan):
    agreed = agreements()
    client = signed_in(cast.ours.principal)
    files = (old_report(day="2024-12-05", second=WD_COLOR_INDEX.RED), old_report())
    done = client.post(address(plan), as_sent(send(client, plan, *files)))
    insats = EarlierInsats.objects.get()
    assert done["Location"] == f"/samverkan/{plan.collaboration_id}/tidigare-insatser/"
    assert (insats.plan, insats.number, insats.name) == (plan, 2, "Kollegialt lärande")
    assert insats.development_area == "Styrning och utveckling av verksamheten"
    assert insats.participants == "lärare 24, rektor 1"
    assert list(insats.goals.order_by("number")) == [p.goal for p in plan.planned_goals.all()]
    told = [(each.told_in, each.told_on, each.lessons) for each in insats.accounts.all()]
    assert told == [
        ("Delredovisning 2025-06-12", DAY, LESSONS),
        ("Delredovisning 2024-12-05", date(2024, 12, 5), LESSONS),
    ]
    assert agreements() == agreed, "nothing is agreed by an import"

    page = client.get(insats.get_absolute_url()).content.decode()
    for words in (*GOALS, LESSONS, "lärare 24, rektor 1", "Delredovisning 2024-12-05"):
        assert words in page
    goal = insats.goals.first()
    assert goal is not None
    assert insats.get_absolute_url() in client.get(goal.get_absolute_url()).content.decode()


def agreements() -> list[int]:
    models: tuple[Any, ...] = (Agreement, Terms, Intervention)
    return [model.objects.count() for model in models]


def test_an_insats_is_brought_in_once(cast: Cast, plan: ActionPlan):
    """Also into a later version of the plan, and with its name in other words."""
    client = signed_in(cast.ours.principal)
    client.post(address(plan), as_sent(send(client, plan, old_report())))
    insats = EarlierInsats.objects.get()
    page = send(client, plan, old_report())
    assert str(insats) in page.context["form"]["note-insats-1"].value()
    sent = {
        **as_sent(page),
        "text-insats-1": "Lärande i lag",
        "participants-insats-1": "",
    }
    client.post(address(plan), sent)
    ActionPlan.objects.filter(pk=plan.pk).update(
        state=ActionPlan.State.ADOPTED, adopted_on=DAY, shared_on=DAY
    )
    Analysis.objects.update(state=Analysis.State.CONCLUDED, shared_on=DAY)
    sent = {**sent, "text-goal-1": "Ett nytt mål."}
    client.post(address(plan), sent)
    assert ActionPlan.objects.filter(version=2).exists()
    again = EarlierInsats.objects.get()
    assert (again.pk, again.name, again.plan) == (insats.pk, insats.name, plan)
    assert again.participants == insats.participants
    assert again.accounts.count() == 1
    assert again.goals.count() == 3


def test_an_insats_without_its_goals_or_not_at_all(cast: Cast, plan: ActionPlan):
    client = signed_in(cast.ours.principal)
    sent = as_sent(send(client, plan, old_report()))
    refused = client.post(address(plan), {k: v for k, v in sent.items() if k != "take-insats-1"})
    assert refused.status_code == 422
    assert "of-account-1" in refused.context["form"].errors
    left_out = {k: v for k, v in sent.items() if k not in ("take-insats-1", "take-account-1")}
    client.post(address(plan), left_out)
    assert not EarlierInsats.objects.exists()
    client.post(address(plan), {k: v for k, v in sent.items() if k != "goals-insats-1"})
    assert not EarlierInsats.objects.get().goals.exists()


def test_two_insatser_have_two_numbers(cast: Cast, plan: ActionPlan):
    client = signed_in(cast.ours.principal)
    sent = as_sent(send(client, plan, old_report()))
    twice = {
        **sent,
        "rows": sent["rows"] + ",insats-2",
        "take-insats-2": "on",
        "text-insats-2": "Språk hela dagen",
        "number-insats-2": "2",
    }
    refused = client.post(address(plan), twice)
    assert refused.status_code == 422
    assert "number-insats-2" in refused.context["form"].errors
    client.post(address(plan), {**twice, "number-insats-2": ""})
    assert {str(each) for each in EarlierInsats.objects.all()} == {
        "2. Kollegialt lärande",
        "Språk hela dagen",
    }


def test_it_is_as_private_as_the_plan(cast: Cast, plan: ActionPlan):
    client = signed_in(cast.ours.principal)
    client.post(address(plan), as_sent(send(client, plan, old_report())))
    url = EarlierInsats.objects.get().get_absolute_url()
    others = (cast.ours.team_leader, cast.ours.process_supporter)
    for person in others:
        assert signed_in(person).get(url).status_code == 404
    ActionPlan.objects.filter(pk=plan.pk).update(state=ActionPlan.State.SHARED, shared_on=DAY)
    for person in others:
        assert signed_in(person).get(url).status_code == 200
        assert signed_in(person).get(f"{url}ta-tillbaka/").status_code == 403
    assert signed_in(cast.theirs.principal).get(url).status_code == 404


def test_what_nobody_else_has_read_goes_again(cast: Cast, plan: ActionPlan) -> None:
    _take_back(cast, plan)
    assert not EarlierInsats.objects.exists()
    assert not EarlierAccount.objects.exists()


def test_what_others_have_read_is_taken_back_and_stays_readable(
    cast: Cast, plan: ActionPlan
) -> None:
    file = old_report()
    client = signed_in(cast.ours.principal)
    client.post(address(plan), as_sent(send(client, plan, file)))
    ActionPlan.objects.filter(pk=plan.pk).update(state=ActionPlan.State.SHARED, shared_on=DAY)
    _take_back(cast, plan)
    insats = EarlierInsats.objects.get()
    assert insats.taken_back_on == clock.today()
    reader = signed_in(cast.ours.team_leader)
    assert LESSONS in reader.get(insats.get_absolute_url()).content.decode()
    goal = insats.goals.first()
    assert goal is not None
    assert insats.get_absolute_url() not in reader.get(goal.get_absolute_url()).content.decode()
    assert client.get(insats.get_absolute_url()).context["may_take_back"] is False
    # Brought in again it stands again, and is still one.
    client.post(address(plan), as_sent(send(client, plan, file)))
    assert EarlierInsats.objects.filter(taken_back_on=None).count() == 1


def _take_back(cast: Cast, plan: ActionPlan) -> None:
    client = signed_in(cast.ours.principal)
    if not EarlierInsats.objects.exists():
        client.post(address(plan), as_sent(send(client, plan, old_report())))
    url = EarlierInsats.objects.get().get_absolute_url()
    colours = GoalRating.objects.count()
    assert client.get(f"{url}ta-tillbaka/").status_code == 200
    assert EarlierInsats.objects.exists()
    done = client.post(f"{url}ta-tillbaka/", follow=True)
    assert done.status_code == 200
    assert (GoalRating.objects.count(), plan.planned_goals.count()) == (colours, 2)


def test_the_agreement_begins_an_insats_from_it(cast: Cast, plan: ActionPlan):
    """It is agreed on as any other: proposed and signed by people; its number is the known one."""
    client = signed_in(cast.ours.principal)
    client.post(address(plan), as_sent(send(client, plan, old_report())))
    ActionPlan.objects.filter(pk=plan.pk).update(state=ActionPlan.State.SHARED, shared_on=DAY)
    insats = EarlierInsats.objects.get()
    draft = factories.agreement(cast.ours.collaboration, state="draft")
    draft.terms.all().delete()
    agency = signed_in(cast.ours.process_supporter)
    page = agency.get(insats.get_absolute_url()).content.decode()
    url = f"/overenskommelse/{draft.pk}/ny-insats/?tidigare={insats.pk}"
    assert url in page
    form = agency.get(url).context["form"]
    assert form["name"].value() == "Kollegialt lärande"
    assert "lärare: 24" in form["participants"].value()
    sent = {
        "name": "Kollegialt lärande",
        "provider": "university",
        "participants": form["participants"].value(),
        "units": [str(plan.unit_id)],
        "goals": [str(goal.pk) for goal in insats.goals.all()],
    }
    done = agency.post(url, sent)
    assert done.status_code == 302, done.context["form"].errors
    terms = draft.terms.get()
    assert (terms.number, terms.name) == (2, "Kollegialt lärande")
    assert set(terms.goals.all()) == set(insats.goals.all())
    assert not Intervention.objects.exists(), "before it is signed"
    other = agency.get(f"/overenskommelse/{draft.pk}/ny-insats/?tidigare=oj")
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2. Kollegialt lärande", (2, "Kollegialt lärande")),
        ("Insats 12: Språk hela dagen", (12, "Språk hela dagen")),
        ("Insats nr 3 – Resultatdialoger", (3, "Resultatdialoger")),
        ("Insatsens namn: Närvaro", (None, "Närvaro")),
        ("3D i undervisningen", (None, "3D i undervisningen")),
        ("2025 års lärgrupper", (None, "2025 års lärgrupper")),
        ("Insats 4", (4, "Insats 4")),
        ("", (None, "")),
    ],
)
def test_a_name_with_its_number(words: str, expected: tuple[int | None, str]):
    assert named(words) == expected


def read_alone(document: Any, there: AlreadyThere | None = None) -> History:
    return read_history([("fil.docx", saved(document))], there or AlreadyThere())


def test_a_report_is_called_what_its_title_says_first():
    """The form of the final report speaks of delredovisningar further down."""
    document = blank()
    document.paragraphs[0].insert_paragraph_before("Slutredovisning 2025-12-15")
    [report] = read_alone(document).reports
    assert (report.name, report.says_no_day) == ("Slutredovisning 2025-12-15", False)


def test_a_day_that_is_the_file_s_own_is_said_to_be():
    document = filled()
    document.core_properties.modified = datetime(2024, 12, 20, 9, tzinfo=UTC)
    [report] = read_alone(document).reports
    assert (report.day, report.says_no_day) == (date(2024, 12, 20), True)


def test_an_insats_without_a_name_waits_for_one():
    document = filled()
    table = document.tables[0]
    table._tbl.remove(table.rows[0]._tr)
    history = read_alone(document)
    form = HistoryForm(problems={}, today=DAY, history=history)
    assert form["text-insats-1"].value() == ""
    assert form["take-insats-1"].value() is False
    assert form["take-account-1"].value() is False
    assert form["lessons-account-1"].value() == LESSONS
    assert form["goals-insats-1"].value() == ["goal-1", "goal-2"]


def test_a_file_with_the_report_of_another_unit_is_noticed():
    document = filled()
    document.add_heading("Solrosens förskola", 1)
    there = AlreadyThere(other_units=["Solrosens förskola", "Ekskolan"])
    [warning] = read_alone(document, there).warnings
    assert "Solrosens förskola" in warning
    assert "Ekskolan" not in warning
    document = filled()
    document.add_paragraph("Delredovisning 2024-12-06, en annan enhet")
    assert read_alone(document, there).warnings
    assert not read_alone(filled(), there).warnings


def test_each_row_says_what_it_is_and_shows_its_fields_where_it_must(
    cast: Cast, plan: ActionPlan
) -> None:
    client = signed_in(cast.ours.principal)
    page = send(client, plan, old_report())
    form = page.context["form"]
    assert all(str(form[f"take-{key}"].label).endswith(words) for key, words in (
        ("goal-1", GOALS[0]),
        ("insats-1", "2. Kollegialt lärande"),
        ("account-1", "2. Kollegialt lärande, Delredovisning 2025-06-12"),
        ("colour-1", f"1. {GOALS[0]}"),
    ))  # fmt: skip
    open_rows = {row.take.name for _title, rows in form.sections() for row in rows if row.is_open}
    assert "take-insats-1" not in open_rows
    assert "take-effect-1" in open_rows, "to which goal it belongs is only guessed"
    sent = {**as_sent(page), "text-insats-1": ""}
    refused = client.post(address(plan), sent)
    rows = [row for _title, rows in refused.context["form"].sections() for row in rows]
    assert [row.take.name for row in rows if row.is_open] == ["take-insats-1"]
