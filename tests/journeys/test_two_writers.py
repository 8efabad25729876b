"""Two people in two browsers write the same thing, and neither loses a word."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from plans.models import Cause, PlannedGoal, Problem
from reports.models import Question
from tests.cast import Cast
from tests.conftest import OpenPage
from tests.journeys.test_accessibility import assert_for_everybody
from tests.pages.stage import Stage

THEIRS = "Alla lärare prövar gemensam lektionsstart."
MINE = "Alla lärare prövar <b>arabiska</b> ord: تعلم القراءة 👩🏽‍🏫"


@pytest.fixture
def question(stage: Stage) -> Question:
    """Whose reply is one text on a page of its own."""
    return stage.report_question


def page_of(question: Question) -> str:
    return reverse("reports:reply", args=[question.pk])


def save(page: Page) -> None:
    page.get_by_role("button", name="Spara").click()


def saved(page: Page) -> None:
    expect(page.get_by_role("status").first).to_contain_text("Sparat")


def text_of(written: Question | Problem | Cause) -> str:
    stored = type(written).objects.get(pk=written.pk)
    text: str = stored.reply if isinstance(stored, Question) else stored.text
    return text


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(("whose", "kept"), [("mine", MINE), ("theirs", THEIRS)])
def test_the_second_sees_both_texts_and_chooses(
    cast: Cast, question: Question, open_page: OpenPage, javascript: bool, whose: str, kept: str
) -> None:
    url = page_of(question)
    first = open_page(url, person=cast.ours.coordinator)
    second = open_page(url, person=cast.ours.head_of_authority, size="phone", javascript=javascript)
    second.get_by_role("textbox").fill(MINE)
    first.get_by_role("textbox").fill(THEIRS)
    save(first)
    saved(first)

    save(second)
    expect(second.get_by_role("alert")).to_be_focused()
    expect(second.get_by_role("textbox")).to_have_value(MINE)
    expect(second.locator(".difference ins")).to_contain_text("gemensam lektionsstart.")
    expect(second.locator(".difference del")).to_contain_text("<b>arabiska</b>")
    expect(second.locator("input:checked")).to_have_count(0)
    save(second)
    expect(second.get_by_role("alert")).to_be_visible()
    assert text_of(question) == THEIRS

    second.locator(f"input[value^={whose}]").check()
    save(second)
    saved(second)
    assert text_of(question) == kept


def test_a_draft_from_an_older_page_overwrites_nothing(
    cast: Cast, question: Question, open_page: OpenPage
) -> None:
    url = page_of(question)
    second = open_page(url, person=cast.ours.head_of_authority)
    second.get_by_role("textbox").fill(MINE)
    expect(second.locator("[data-draft-status]")).to_contain_text("Sparat på den här enheten")
    second.goto("/")

    first = open_page(url, person=cast.ours.coordinator)
    first.get_by_role("textbox").fill(THEIRS)
    save(first)
    saved(first)

    second.goto(url)
    expect(second.get_by_role("textbox")).to_have_value(MINE)
    save(second)
    expect(second.locator(".difference ins")).to_contain_text("gemensam lektionsstart.")
    assert text_of(question) == THEIRS


def test_a_draft_that_is_removed_leaves_the_page_as_it_is_stored(
    cast: Cast, question: Question, open_page: OpenPage
) -> None:
    url = page_of(question)
    page = open_page(url, person=cast.ours.head_of_authority)
    page.get_by_role("textbox").fill(MINE)
    expect(page.locator("[data-draft-status]")).to_contain_text("Sparat på den här enheten")
    page.goto("/")
    Question.objects.filter(pk=question.pk).update(reply=THEIRS)

    page.goto(url)
    page.get_by_role("button", name="Ta bort den återställda texten").click()
    expect(page.get_by_role("textbox")).to_have_value(THEIRS)
    page.get_by_role("textbox").fill(MINE)
    save(page)
    saved(page)
    assert text_of(question) == MINE


def test_the_choice_is_for_everybody(cast: Cast, question: Question, open_page: OpenPage) -> None:
    page = open_page(page_of(question), person=cast.ours.coordinator)
    Question.objects.filter(pk=question.pk).update(reply=f"{THEIRS}\n\n" + "Långt. " * 40)
    page.get_by_role("textbox").fill(MINE + "x" * 500)
    save(page)
    expect(page.locator(".conflict")).to_be_visible()
    assert_for_everybody(page)


def test_what_comes_too_late_is_still_there(cast: Cast, stage: Stage, open_page: OpenPage) -> None:
    url = f"/steg/mote/{stage.held_meeting.pk}/write_minutes/"
    first = open_page(url, person=cast.ours.process_supporter)
    second = open_page(url, person=cast.ours.second_process_supporter)
    for page, minutes in ((first, THEIRS), (second, MINE)):
        page.get_by_role("textbox").fill(minutes)
        page.get_by_role("button", name="Skriv minnesanteckningarna").click()
    expect(second.get_by_role("textbox")).to_have_value(MINE)
    expect(second.locator(".difference ins")).to_contain_text("gemensam lektionsstart.")
    assert_for_everybody(second)


def test_two_who_write_the_same_problem_are_joined_and_asked(
    cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    """One changes the problem, the other its cause; then both change the cause."""
    problem, cause = stage.drafted_problem, f"cause_{stage.drafted_cause.pk}"
    first, second = (
        open_page(f"/problem/{problem.pk}/", person=person)
        for person in (cast.ours.preschool_principal, cast.ours.head_of_authority)
    )
    first.get_by_label("Problemet").fill(THEIRS)
    second.locator(f"[name={cause}]").fill(MINE)
    for page in (first, second):
        save(page)
        saved(page)
    assert (text_of(problem), text_of(stage.drafted_cause)) == (THEIRS, MINE)

    for page in (first, second):
        page.goto(f"/problem/{problem.pk}/")
    first.locator(f"[name={cause}]").fill("Arbetslagen planerar var för sig.")
    second.locator(f"[name={cause}]").fill("Vi har ingen gemensam start.")
    second.get_by_label("En orsak till").first.fill("Tiden räcker inte.")
    save(first)
    saved(first)
    save(second)
    expect(second.locator(".difference ins")).to_contain_text("Arbetslagen planerar")
    expect(second.get_by_label("En orsak till").first).to_have_value("Tiden räcker inte.")
    assert_for_everybody(second)
    second.locator("input[value^=mine]").check()
    save(second)
    saved(second)
    causes = problem.causes.values_list("text", flat=True)
    assert set(causes) == {"Vi har ingen gemensam start.", "Tiden räcker inte."}


def test_two_who_write_the_same_goal_are_joined_and_asked(
    cast: Cast, stage: Stage, open_page: OpenPage
) -> None:
    goal = stage.drafted_goal
    first, second = (
        open_page(f"/planerat-mal/{goal.pk}/", person=person)
        for person in (cast.ours.preschool_principal, cast.ours.head_of_authority)
    )
    first.get_by_label("Målet").fill(THEIRS)
    first.get_by_label("Hur det ska bli").fill("Alla barn känner igen starten.")
    second.get_by_label("Målet").fill(MINE)
    second.get_by_label("Följs upp av").fill("Rektor och arbetslagen")
    save(first)
    saved(first)
    save(second)
    expect(second.locator(".conflict")).to_have_count(1)
    assert_for_everybody(second)
    second.locator("input[value^=theirs]").check()
    save(second)
    saved(second)
    goal = PlannedGoal.objects.get(pk=goal.pk)
    assert (goal.text, goal.target) == (THEIRS, "Alla barn känner igen starten.")
    assert goal.follow_up_by == "Rektor och arbetslagen"
