"""The final reports of a huvudman side by side, counted in ways that can be explained."""

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document

from reports.queries import synthesis_of
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

SCHOOL = "Frånvaron har minskat med 12 procent. Lärgrupperna träffas varje vecka."
PRESCHOOL = "Barnens lek avbryts mer sällan. Kollegerna tittar på varandras undervisning."


@pytest.fixture
def reports(cast: Cast):
    case = cast.ours.collaboration
    for unit, text in ((cast.ours.school, SCHOOL), (cast.ours.preschool, PRESCHOOL)):
        factories.report(case, unit, kind="final", state="submitted", text=text)
    factories.report(case, cast.ours.administration, kind="final", text="Ännu ett utkast.")


def found(cast: Cast):
    load_roles(cast.ours.process_supporter, TODAY)
    return synthesis_of(cast.ours.collaboration, cast.ours.process_supporter)


def test_themes_by_unit(cast: Cast, reports: None):
    synthesis = found(cast)
    assert set(synthesis.units) == {cast.ours.school.name, cast.ours.preschool.name}
    rows = {row.theme.id: row for row in synthesis.themes}
    assert len(rows) == 9
    assert rows["collegial"].units == 2
    # Said among the improvements and among the lessons.
    assert [sentence.unit for sentence in rows["safety"].sentences] == [cast.ours.school.name] * 2
    assert rows["external"].units == 0


def test_every_sentence_leads_to_its_report(cast: Cast, reports: None):
    client = Client()
    client.force_login(cast.ours.process_supporter)
    lessons = found(cast).lessons
    assert len(lessons) == 4
    for lesson in lessons:
        assert lesson.text in client.get(lesson.url).content.decode()


def test_colours_and_kinds_of_evidence(cast: Cast, reports: None):
    synthesis = found(cast)
    [area] = synthesis.areas
    assert (area.achieved, area.well_under_way, area.started) == (0, 2, 0)
    assert sorted((form.qualitative, form.quantitative) for form in synthesis.forms) == [
        (2, 2),
        (4, 0),
    ]


def test_a_draft_is_nobodys_but_its_writers(cast: Cast, reports: None):
    assert "utkast" not in str(found(cast))


def test_it_asks_the_same_questions_however_many_reports(cast: Cast, reports: None):
    load_roles(cast.ours.process_supporter, TODAY)
    with CaptureQueriesContext(connection) as few:
        synthesis_of(cast.ours.collaboration, cast.ours.process_supporter)
    for number in (2, 3):
        factories.report(
            cast.ours.collaboration, cast.ours.school, kind="final", state="accepted", number=number
        )
    with CaptureQueriesContext(connection) as more:
        synthesis_of(cast.ours.collaboration, cast.ours.process_supporter)
    assert len(few) == len(more) == 1


def test_the_draft_in_word(cast: Cast, reports: None):
    client = Client()
    client.force_login(cast.ours.coordinator)
    url = f"/samverkan/{cast.ours.collaboration.pk}/sammanfattande-analys.docx"
    document = Document(BytesIO(client.get(url).content))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert f"Lärgrupperna träffas varje vecka. ({cast.ours.school.name})" in words
    themes = document.tables[0]
    assert "Systematiskt kvalitetsarbete" in [row.cells[0].text for row in themes.rows]
