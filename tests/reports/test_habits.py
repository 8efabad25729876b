"""Whatever people and their programs have done to a form, the same report is read."""

import copy
from typing import Any

import pytest
from docx.enum.text import WD_COLOR_INDEX

from reports.reading import read_report
from tests.reports.habits import HABITS
from tests.reports.test_reading import GOALS, answer, filled, read, saved

pytestmark = pytest.mark.portable

AREA = {"name", "interventions"}
INSATS = {
    "name", "participants", "problems", "causes", "goals", "not_reached", "expected_effects",
    "observed_effects", "lessons", "follow_up",
}  # fmt: skip
GOAL = {"text", "rating", "improvements"}


def coloured() -> Any:
    document = filled()
    cell = answer(document, "improvements", GOALS[0], "Alla har fått samtal.", GOALS[1], "Sex lag.")
    cell.paragraphs[0].runs[0].font.highlight_color = WD_COLOR_INDEX.BRIGHT_GREEN
    cell.paragraphs[2].runs[0].font.highlight_color = WD_COLOR_INDEX.YELLOW
    return document


@pytest.mark.parametrize("name", HABITS)
def test_a_habit_leaves_the_same_report_behind(name: str):
    document = coloured()
    HABITS[name](document)
    found = read(document)
    assert found["development_areas"] == read(coloured())["development_areas"]
    assert found["unplaced"] == []


@pytest.mark.parametrize("name", HABITS)
def test_the_shape_is_the_one_that_is_promised(name: str):
    document = coloured()
    HABITS[name](document)
    found = read_report(saved(document)).plain()
    assert set(found) == {"development_areas", "warnings", "unplaced"}
    for area in found["development_areas"]:
        assert set(area) == AREA
        for insats in area["interventions"]:
            assert set(insats) == INSATS
            assert all(set(goal) == GOAL for goal in insats["goals"])
            assert {goal["rating"] for goal in insats["goals"]} <= {
                "achieved", "well_under_way", "started", None,
            }  # fmt: skip


def test_a_form_that_was_sent_twice_in_one_file():
    document = coloured()
    whole = read(document)
    for element in list(document.element.body)[:-1]:
        document.element.body.append(copy.deepcopy(element))
    found = read(document)
    assert found["development_areas"] == whole["development_areas"]
    assert len(found["warnings"]) == 1
