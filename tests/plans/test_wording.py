"""Förskola and skola: words, hints and effect questions follow the form of school."""

from dataclasses import asdict

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from organisations.models import Unit
from plans.wording import ADMINISTRATION, PRESCHOOL, SCHOOL, WORDINGS, Wording, wording_for
from tests import factories
from tests.cast import Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def test_every_form_of_school_has_its_words():
    assert set(WORDINGS) == set(Unit.Kind)
    for wording in (PRESCHOOL, SCHOOL, ADMINISTRATION):
        assert all(str(text) for text in asdict(wording).values())
    for name, preschool in asdict(PRESCHOOL).items():
        others = {str(asdict(wording)[name]) for wording in (SCHOOL, ADMINISTRATION)}
        assert str(preschool) not in others, name


def test_the_goals_of_a_preschool_concern_the_provision_and_not_the_childrens_results(cast: Cast):
    with translation.override("en"):
        said = " ".join(map(str, asdict(wording_for(cast.ours.preschool)).values()))
        in_school = " ".join(map(str, asdict(wording_for(cast.ours.school)).values()))
    assert "provision" in said
    assert "results" not in said
    assert "pupil" not in said.lower()
    assert "results" in in_school


@pytest.mark.parametrize(
    ("unit", "wording"),
    [("preschool", PRESCHOOL), ("school", SCHOOL), ("administration", ADMINISTRATION)],
)
def test_the_pages_ask_in_these_words(cast: Cast, client: Client, unit: str, wording: Wording):
    case, place = cast.ours.collaboration, getattr(cast.ours, unit)
    analysis = factories.analysis(case, place)
    plan = factories.plan(case, place)
    client.force_login(cast.ours.head_of_authority)
    asked = {
        analysis.get_absolute_url(): ("views_of_children", "views_of_children_hint"),
        reverse("plans:new_problem", args=[analysis.pk]): ("problem_hint",),
        reverse("plans:new_goal", args=[plan.pk]): (
            "effect_question", "effect_hint", "measure_hint",
        ),
    }  # fmt: skip
    for url, names in asked.items():
        form = client.get(url).context["form"]
        words = [str(each) for field in form for each in (field.label, field.help_text)]
        for name in names:
            said = str(getattr(wording, name))
            assert any(said in each for each in words), (url, name)
