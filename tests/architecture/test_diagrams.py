"""The pictures of the machines are drawn from the code, whole, and without style of their own."""

import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from sbs_workflow.diagrams import arrows, svg
from sbs_workflow.models import WorkflowModel

pytestmark = pytest.mark.portable

SVG = "{http://www.w3.org/2000/svg}"
MACHINES = pytest.mark.parametrize(
    "machine", WorkflowModel.machines(), ids=lambda machine: machine.machine_slug
)


def test_the_documentation_is_fresh():
    printed = io.StringIO()
    call_command("transitions", "--markdown", stdout=printed)
    written = (Path(settings.BASE_DIR) / "docs" / "machines.md").read_text()
    assert written == printed.getvalue(), "run: manage.py transitions --markdown > docs/machines.md"


def test_the_table_of_the_rules_is_fresh_and_knows_every_rule():
    printed = io.StringIO()
    call_command("duties", "--markdown", stdout=printed)
    written = (Path(settings.BASE_DIR) / "docs" / "rules.md").read_text()
    assert written == printed.getvalue(), "run: manage.py duties --markdown > docs/rules.md"
    for number in range(1, 18):
        assert f"\n| R{number} | " in written


def words(element: ET.Element) -> str:
    return " ".join(text.text or "" for text in element.iter(f"{SVG}text"))


@MACHINES
def test_every_state_and_step_is_in_the_picture(machine: type[WorkflowModel]):
    picture = ET.fromstring(svg(machine))
    shown = words(picture)
    for label in machine.state_labels().values():
        assert all(word in shown for word in label.split()), label
    told = picture.findtext(f"{SVG}desc") or ""
    for arrow in arrows(machine):
        assert str(arrow.step.label) in told
        assert all(word in shown for word in str(arrow.step.label).split())
        for role in arrow.roles:
            assert str(role.label) in told


@MACHINES
def test_a_box_for_each_state_and_nothing_outside_the_frame(machine: type[WorkflowModel]):
    picture = ET.fromstring(svg(machine))
    _x, _y, width, height = map(int, picture.attrib["viewBox"].split())
    boxes = [
        {key: int(box.attrib[key]) for key in ("x", "y", "width", "height")}
        for box in picture.iter(f"{SVG}rect")
    ]
    assert len(boxes) == len(machine.state_labels())
    for box in boxes:
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width == 360
        assert box["y"] + box["height"] <= height
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert (
                one["x"] + one["width"] <= other["x"]
                or other["x"] + other["width"] <= one["x"]
                or one["y"] + one["height"] <= other["y"]
                or other["y"] + other["height"] <= one["y"]
            ), "two boxes lie on top of each other"
    assert all(int(text.attrib["y"]) <= height for text in picture.iter(f"{SVG}text"))


@MACHINES
def test_the_picture_needs_no_style_of_its_own_and_has_a_name(machine: type[WorkflowModel]):
    markup = svg(machine)
    assert not re.search(r"style=|<style|fill=|stroke=|font", markup)
    picture = ET.fromstring(markup)
    assert picture.attrib["role"] == "img"
    named = picture.attrib["aria-labelledby"].split()
    found = {element.attrib.get("id"): element.text for element in picture}
    assert all(found[name] for name in named)


def test_the_pictures_of_one_page_do_not_share_names():
    page = "".join(svg(machine) for machine in WorkflowModel.machines())
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names))


def test_the_pictures_speak_the_language_of_the_reader():
    machine = WorkflowModel.machines()[0]
    with translation.override("en"):
        assert "Interventions under way" in svg(machine)


def test_drawing_twice_gives_the_same_picture():
    for machine in WorkflowModel.machines():
        assert svg(machine) == svg(machine)
