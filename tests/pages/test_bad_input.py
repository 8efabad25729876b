"""What bad input gets (issue 3): a warning where practice bends, an error where it makes no sense.

Nothing typed is lost by a refused form, and nobody overwrites what they have not seen.
"""

import html
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from interventions.models import Agreement, Terms
from organisations.models import User
from plans.models import Cause, Problem, SituationAnalysis
from sbs_workflow.models import TransitionRecord
from tests import factories
from tests.cast import Cast
from tests.pages.catalogue import FORMS, PageOfObject, day, some_terms
from tests.pages.stage import Stage
from tests.pages.test_every_page import answers, whoever_does

pytestmark = pytest.mark.portable

LogIn = Callable[[User | None], Client]


def page(name: str) -> PageOfObject:
    return next(each for each in FORMS if each.name == name)


@pytest.fixture
def head(cast: Cast, log_in: LogIn) -> Client:
    """The head of the authority, who writes for the preschool."""
    return log_in(cast.ours.head_of_authority)


@pytest.fixture
def agency(cast: Cast, log_in: LogIn) -> Client:
    return log_in(cast.ours.process_supporter)


# --- texts ---------------------------------------------------------------------------------

WORD = (
    "\ufeffVi har sett att:\r\n\uf0b7\tstarten är oklar\r\n\uf0b7\tmålen\u00a0saknas\x0b"
    "(mellan\u00adrum)\r\n\r\n\r\n\r\nSlut  "
)
TEXTS = {
    "ten thousand characters": ("å" * 10_000, "å" * 10_000),
    "emoji": ("👩🏽‍🏫 läser 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ✅", "👩🏽‍🏫 läser 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ✅"),
    "from right to left": ("שלום \u2067عربي\u2069 läser", "שלום \u2067عربي\u2069 läser"),
    "an override of direction": ("\u202eabc läser", "abc läser"),
    "pasted from Word": (
        WORD,
        "Vi har sett att:\n• starten är oklar\n• målen saknas\n(mellanrum)\n\nSlut",
    ),
    "mark-up": ("<b>fet</b> & {{ 7|add:7 }}", "<b>fet</b> & {{ 7|add:7 }}"),
}


@pytest.mark.parametrize(("typed", "kept"), TEXTS.values(), ids=TEXTS)
def test_a_text_is_kept_or_cleaned_and_shown_as_it_is(
    typed: str, kept: str, stage: Stage, head: Client
):
    sent = {"text": typed, "new_cause_1": typed}
    url = reverse("plans:new_problem", args=[stage.drafted_analysis.pk])
    response = head.post(url, sent)
    assert response.status_code == HTTPStatus.FOUND, response.content.decode()
    problem = Problem.objects.get(text=kept)
    assert problem.causes.get().text == kept
    shown = head.get(response["Location"]).content.decode()
    for line in kept.splitlines():
        assert html.escape(line) in shown
    # Saving what the form shows changes nothing.
    url = reverse("plans:problem", args=[problem.pk])
    form = head.get(url).context["form"]
    head.post(url, {field.name: field.value() or "" for field in form})
    assert Problem.objects.get(pk=problem.pk).text == kept
    assert problem.causes.get().text == kept


def test_a_text_that_is_too_long_stays_in_its_box(stage: Stage, head: Client):
    text = "ö" * 10_001
    url = reverse("plans:new_problem", args=[stage.drafted_analysis.pk])
    response = head.post(url, {"text": "Barnen väljer sällan.", "new_cause_1": text})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert text in response.content.decode()
    assert "Barnen väljer sällan." in response.content.decode()


# --- refused, and nothing typed is lost ----------------------------------------------------

# What each page writes, and the state in which that is closed to writing.
CLOSED = {
    "plans:new_problem": ("drafted_analysis", "shared"),
    "plans:problem": ("drafted_analysis", "shared"),
    "plans:new_evidence": ("drafted_analysis", "shared"),
    "plans:evidence": ("drafted_analysis", "concluded"),
    "plans:new_goal": ("drafted_plan", "shared"),
    "plans:planned_goal": ("drafted_plan", "discussed"),
    "interventions:edit_agreement": ("drafted_agreement", "proposed"),
    "interventions:payment_plan": ("drafted_agreement", "proposed"),
    "interventions:new_terms": ("drafted_agreement", "proposed"),
    "interventions:edit_terms": ("drafted_agreement", "countersigned"),
    "interventions:edit_assignment": ("drafted_assignment", "sent"),
    "interventions:answer": ("sent_assignment", "returned"),
    "interventions:outline": ("planned_intervention", "running"),
}


@pytest.mark.parametrize("name", CLOSED)
def test_who_writes_after_it_was_closed_is_told_so_and_keeps_the_words(
    name: str, cast: Cast, stage: Stage, log_in: LogIn
):
    about, state = CLOSED[name]
    asked = page(name)
    data = answers(asked, cast, stage)
    document: Any = stage.objects[about]
    factories.put(document, state)
    rows = counts()
    response = log_in(whoever_does(asked, cast)).post(asked.url(stage), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"].non_field_errors()
    for typed, value in data.items():
        kept = response.context["form"][typed].value()
        assert (list(map(str, kept)) if isinstance(value, list) else kept) == value
    assert counts() == rows


def counts() -> list[int]:
    models: tuple[type[Model], ...] = (Problem, Cause, Terms, TransitionRecord)
    return [model._default_manager.count() for model in models]


def test_dates_out_of_order_are_an_error(stage: Stage, agency: Client, cast: Cast):
    data = some_terms(cast, stage) | {"starts_on": day(20), "ends_on": day(19)}
    response = agency.post(reverse("interventions:edit_terms", args=[stage.drafted_terms.pk]), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"].errors["ends_on"]


def test_an_insats_outside_the_period_is_a_warning_passed_with_a_reason(
    stage: Stage, agency: Client, cast: Cast
):
    data = some_terms(cast, stage) | {"ends_on": day(900), "amount": ""}
    terms = stage.drafted_terms
    saved = agency.post(reverse("interventions:edit_terms", args=[terms.pk]), data)
    assert saved.status_code == HTTPStatus.FOUND, "it is saved as it is typed"
    url = f"/steg/overenskommelse/{stage.drafted_agreement.pk}/propose/"
    form = agency.get(url).context["form"]
    assert "past_gates" in form.fields
    sent = {"seen_state": "draft"}
    assert agency.post(url, sent).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    sent |= {"past_gates": "on", "reason": "Sista terminen avtalas i höst."}
    assert agency.post(url, sent).status_code == HTTPStatus.FOUND
    record = TransitionRecord.objects.get()
    assert (record.reason, len(record.overridden)) == ("Sista terminen avtalas i höst.", 1)
    assert Agreement.objects.get(pk=stage.drafted_agreement.pk).state == "proposed"


# --- two people ----------------------------------------------------------------------------


def typed_in(client: Client, url: str) -> dict[str, Any]:
    """What the browser would send of the form as it is shown now."""
    form = client.get(url).context["form"]
    return {field.name: field.value() for field in form if field.value() is not None}


def test_two_who_change_the_same_cause_are_both_heard(
    stage: Stage, head: Client, cast: Cast, log_in: LogIn
):
    cause = stage.drafted_cause
    name, url = f"cause_{cause.pk}", reverse("plans:problem", args=[stage.drafted_problem.pk])
    other = log_in(cast.ours.coordinator)
    mine, theirs = typed_in(head, url), typed_in(other, url)
    other.post(url, theirs | {name: "Den andres ord.", "development_area": "Språk"})
    refused = head.post(url, mine | {name: "Mina ord."})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    said = refused.content.decode()
    assert "Mina ord." in said
    assert "Den" in said
    form = refused.context["form"]
    again = {field.name: field.value() for field in form if field.value() is not None}
    again[form.conflicts[name].choice_name] = f"mine {form.conflicts[name].version}"
    assert head.post(url, again).status_code == HTTPStatus.FOUND
    assert Cause.objects.get(pk=cause.pk).text == "Mina ord."
    assert Problem.objects.get(pk=cause.problem_id).development_area == "Språk"


def test_what_a_person_cannot_see_stays_linked(stage: Stage, agency: Client, cast: Cast):
    """The unit reworks its plan and its analysis while the agency writes the terms."""
    terms = stage.drafted_terms
    terms.goals.set([stage.goal, stage.drafted_goal.goal])
    terms.causes.set([stage.cause, stage.drafted_cause])
    url = reverse("interventions:edit_terms", args=[terms.pk])
    form = agency.get(url).context["form"]
    offered = set(form.fields["goals"].queryset)
    assert stage.goal in offered
    assert stage.drafted_goal.goal not in offered
    saved = agency.post(url, some_terms(cast, stage) | {"goals": [], "name": "Nytt namn"})
    assert saved.status_code == HTTPStatus.FOUND
    fresh = Terms.objects.get(pk=terms.pk)
    assert fresh.name == "Nytt namn"
    assert set(fresh.goals.all()) == {stage.drafted_goal.goal}
    assert set(fresh.causes.all()) == {stage.cause, stage.drafted_cause}


def test_a_cause_in_rework_is_offered_in_the_words_that_were_shared(
    stage: Stage, agency: Client, cast: Cast
):
    shared = factories.put(stage.analysis, "in_progress")
    Cause.objects.filter(pk=stage.cause.pk).update(text="Halvskriven orsak.")
    urls = [
        reverse("interventions:edit_terms", args=[stage.drafted_terms.pk]),
        reverse("interventions:links", args=[stage.intervention.pk]),
        stage.intervention.get_absolute_url(),
        stage.plan.get_absolute_url(),
        shared.get_absolute_url(),
    ]
    for url in urls:
        said = agency.get(url).content.decode()
        assert "Halvskriven orsak." not in said, url
        assert stage.cause.text in said, url
    assert SituationAnalysis.objects.get(pk=shared.pk).shared_on
