"""A report is filled in from the work, written cell by cell, frozen, questioned and accepted."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from docx import Document

from plans.models import GoalRating, Whose
from reports.actions import Said, activate_form, reply, return_report, write_answers
from reports.automatic import open_reports
from reports.models import FrozenCopy, Report, ReportTemplate
from reports.queries import (
    Content,
    content_for,
    content_of,
    earlier_reports,
    findings,
    rounds_of,
    sections,
    writers_of,
)
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


@pytest.fixture
def report(cast: Cast) -> Report:
    """A final report that nobody has written in; its unit has one insats with one goal."""
    case, school = cast.ours.collaboration, cast.ours.school
    plan = factories.plan(case, school, state="adopted")
    goals = [planned.goal for planned in plan.planned_goals.all()]
    factories.intervention(case, state="running", units=[school], goals=goals)
    return factories.report(case, school, kind="final", text=" ")


def the_matrix(content: Content):
    [matrix] = content.matrices
    return matrix


def write(report: Report, by, now=NOW, **cells: str):
    said = {}
    for cell in content_of(report).cells:
        if cell.field in cells:
            level = "well_under_way" if cell.field == "improvements" else ""
            said[cell.key] = Said(cells[cell.field], level)
    return write_answers(report=report, answers=said, by=by, now=now)


def fill(report: Report, by) -> None:
    write(
        report,
        by,
        improvements="Fler samtal.",
        not_reached="En grupp började senare.",
        follow_up="Enkät till alla elever.",
        lessons="Börja i elevsvaren.",
    )


# --- what is known already -----------------------------------------------------------------


def test_it_is_filled_in_from_the_plan_in_force(cast: Cast, report: Report):
    matrix = the_matrix(content_of(report))
    said = {line.field: line.cells[0].text for line in matrix.lines}
    plan = report.collaboration.plans.get(unit=report.unit)
    for planned in plan.planned_goals.all():
        assert planned.text in said["goals"]
        assert planned.problem.text in said["problems"]
    assert [line.field for line in matrix.lines][:3] == ["participants", "problems", "causes"]
    assert all(not cell.is_touched for cell in matrix.cells)


def test_a_unit_without_insatser_has_one_empty_matrix(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.preschool, text=" ")
    matrix = the_matrix(content_of(report))
    assert (matrix.row, matrix.title) == ("1", "")
    labels = [line.label for line in matrix.lines]
    assert any("verksamheten och utbildningen" in label for label in labels)  # a preschool


def test_only_what_differs_is_stored(cast: Cast, report: Report):
    content = content_of(report)
    goals = content.cell("goals", the_matrix(content).row)
    assert goals
    answers = {goals.key: Said(goals.text), ("lessons", goals.row): Said("Nytt")}
    changed = write_answers(report=report, answers=answers, by=cast.ours.principal, now=NOW)
    assert [answer.field for answer in changed] == ["lessons"]
    cell = content_of(report).cell("lessons", goals.row)
    assert cell
    assert (cell.text, cell.written_by) == ("Nytt", cast.ours.principal.name)


def test_a_cell_that_the_report_does_not_have_is_refused(cast: Cast, report: Report):
    with pytest.raises(TransitionRefused):
        write_answers(
            report=report, answers={("lessons", "99"): Said("x")}, by=cast.ours.principal, now=NOW
        )
    assert not report.answers.exists()


def test_who_writes_is_seen_by_the_others(cast: Cast, report: Report):
    write(report, cast.ours.principal, lessons="Nytt")
    [writer] = writers_of(report, NOW, but=cast.ours.head_of_authority)
    assert writer.name == cast.ours.principal.name
    assert writers_of(report, NOW, but=cast.ours.principal) == []
    assert writers_of(report, NOW + timedelta(hours=1), but=cast.ours.coordinator) == []


# --- what is missing -----------------------------------------------------------------------


def weights(report: Report, field: str) -> list[str]:
    return [f.weight for f in findings(content_of(report)) if f.field == field]


def test_the_form_demands_a_colour_and_who_took_part(cast: Cast, report: Report):
    assert "stop" in weights(report, "improvements")
    assert weights(report, "follow_up") == ["stop"]
    assert weights(report, "lessons") == ["advice"]
    write(report, cast.ours.principal, lessons="Nytt")
    with pytest.raises(TransitionRefused) as refused:
        perform(report.mark_ready, by=cast.ours.principal, now=NOW)
    assert len(refused.value.reasons) >= 2
    fill(report, cast.ours.principal)
    assert "stop" not in [f.weight for f in findings(content_of(report))]
    assert perform(report.mark_ready, by=cast.ours.principal, now=NOW).state == "unit_ready"


def test_a_goal_that_is_not_reached_needs_its_why(cast: Cast, report: Report):
    write(report, cast.ours.principal, improvements="En bit", follow_up="Enkät")
    assert weights(report, "not_reached") == ["contradiction"]
    with pytest.raises(TransitionRefused):
        perform(report.mark_ready, by=cast.ours.principal, now=NOW)
    ready = perform(
        report.mark_ready,
        by=cast.ours.principal,
        now=NOW,
        past_gates=True,
        reason="Senare",
    )
    assert ready.state == "unit_ready"


def test_a_goal_cannot_be_both_reached_and_not(cast: Cast, report: Report):
    content = content_of(report)
    goal = next(cell for cell in content.cells if cell.is_goal)
    insats = goal.row.partition("/")[0]
    said = {
        goal.key: Said("Klart", "achieved"),
        ("not_reached", insats): Said(f"- {goal.title}: för lite tid"),
    }
    write_answers(report=report, answers=said, by=cast.ours.principal, now=NOW)
    assert "contradiction" in weights(report, "improvements")


def test_the_navigator_counts_what_is_filled_in(cast: Cast, report: Report):
    content = content_of(report)
    before = sections(content, findings(content))[0]
    fill(report, cast.ours.principal)
    content = content_of(report)
    after = sections(content, findings(content))[0]
    assert before.state == "todo"
    assert before.filled < after.filled <= after.total
    assert after.stops == 0


# --- rounds --------------------------------------------------------------------------------


def submitted(cast: Cast, report: Report) -> Report:
    fill(report, cast.ours.principal)
    ready = perform(report.mark_ready, by=cast.ours.principal, now=NOW)
    sent: Report = perform(ready.submit, by=cast.ours.coordinator, now=NOW)
    return sent


def test_what_is_submitted_is_frozen(cast: Cast, report: Report):
    sent = submitted(cast, report)
    copy = FrozenCopy.objects.get(report=sent)
    assert copy.sha256 == sha256(bytes(copy.file)).hexdigest()
    words = "\n".join(
        cell.text for table in Document(BytesIO(bytes(copy.file))).tables
        for row in table.rows for cell in row.cells
    )  # fmt: skip
    assert "Börja i elevsvaren." in words
    report.collaboration.plans.get(unit=report.unit).planned_goals.update(text="Ett annat mål.")
    load_roles(cast.ours.process_supporter, TODAY)
    seen = content_for(sent, cast.ours.process_supporter)
    assert seen == Content.read(copy.content)
    assert "Ett annat mål." not in str(seen)


def test_the_agency_reads_what_was_submitted_while_it_is_completed(cast: Cast, report: Report):
    sent = submitted(cast, report)
    insats = the_matrix(content_of(sent)).row
    returned = return_report(
        report=sent,
        questions={("lessons", insats): "Vad mer?"},
        reason="Berätta mer.",
        by=cast.ours.process_supporter,
        now=NOW,
    )
    write(returned, cast.ours.principal, lessons="Börja i elevsvaren, och håll ut.")
    for person, text in (
        (cast.ours.process_supporter, "Börja i elevsvaren."),
        (cast.ours.team_leader, "Börja i elevsvaren."),
        (cast.ours.principal, "Börja i elevsvaren, och håll ut."),
    ):
        load_roles(person, TODAY)
        content = content_for(returned, person)
        assert content
        cell = content.cell("lessons", insats)
        assert cell
        assert cell.text == text

    with pytest.raises(TransitionRefused):  # the question is not replied to
        perform(returned.submit, by=cast.ours.coordinator, now=NOW)
    [question] = returned.questions.all()
    with pytest.raises(PermissionDenied):
        reply(question=question, text="Vi", by=cast.ours.process_supporter, now=NOW)
    reply(question=question, text="Vi har skrivit till.", by=cast.ours.principal, now=NOW)
    again = perform(returned.submit, by=cast.ours.coordinator, now=NOW)
    latest, first = rounds_of(again)
    assert (first.copy.round, latest.copy.round) == (1, 2)
    [change] = latest.changes
    assert [piece.kind for piece in change.pieces] == ["same", "removed", "added"]


def test_the_first_thing_to_do_with_a_returned_report_is_to_answer(
    cast: Cast, report: Report, client: Client
):
    returned = return_report(
        report=submitted(cast, report),
        questions={("lessons", the_matrix(content_of(report)).row): "Vad mer?"},
        reason="Berätta mer.",
        by=cast.ours.process_supporter,
        now=NOW,
    )
    [question] = returned.questions.all()
    button = f'class="button" href="{reverse("reports:reply", args=[question.pk])}"'
    client.force_login(cast.ours.principal)
    assert button in client.get(returned.get_absolute_url()).content.decode()
    reply(question=question, text="Vi har skrivit till.", by=cast.ours.principal, now=NOW)
    assert button not in client.get(returned.get_absolute_url()).content.decode()


def test_only_the_agency_asks(cast: Cast, report: Report):
    sent = submitted(cast, report)
    with pytest.raises(PermissionDenied):
        return_report(
            report=sent, questions={}, reason="Nej", by=cast.ours.head_of_authority, now=NOW
        )


def test_accepting_a_report_agrees_on_its_colours(cast: Cast, report: Report):
    sent = submitted(cast, report)
    perform(sent.accept, by=cast.ours.process_supporter, now=NOW)
    ratings = GoalRating.objects.filter(whose=Whose.AGREED, agreed_in=report.pk)
    goals = report.collaboration.goals.filter(unit=report.unit)
    assert {rating.goal for rating in ratings} == set(goals)
    assert {rating.level for rating in ratings} == {"well_under_way"}


def test_what_was_submitted_before_is_beside_the_next(cast: Cast, report: Report):
    interim = factories.report(
        cast.ours.collaboration,
        cast.ours.school,
        state="accepted",
        deadline_on=report.deadline_on - timedelta(days=200),
        text="Så här långt.",
    )
    [(earlier, content)] = earlier_reports(report)
    assert earlier == interim
    assert "Så här långt." in [cell.text for cell in content.cells]
    assert earlier_reports(interim) == []


# --- the form ------------------------------------------------------------------------------


def whole_form(cast: Cast) -> ReportTemplate:
    """A new version with one label in other words."""
    template = factories.report_form(by=cast.agency_manager)
    template.fields.filter(slug="lessons").update(label="Vad har ni lärt er?")
    return template


def test_a_running_report_keeps_its_form(cast: Cast, report: Report):
    waiting = factories.report(
        cast.ours.collaboration, cast.ours.preschool, kind="final", state="scheduled",
        due_on=TODAY, text=" ",
    )  # fmt: skip
    write(report, cast.ours.principal, lessons="Nytt")
    activate_form(template=whole_form(cast), lost=[])
    open_reports(NOW)
    labels = {
        each.pk: [line.label for line in content_of(Report.objects.get(pk=each.pk)).lines]
        for each in (report, waiting)
    }
    assert "Vilka lärdomar har ni gjort under förbättringsarbetet?" in labels[report.pk]
    assert "Vad har ni lärt er?" in labels[waiting.pk]


def test_a_form_that_loses_a_question_is_not_taken_in_use(cast: Cast):
    template = whole_form(cast)
    with pytest.raises(TransitionRefused):
        activate_form(template=template, lost=["Delaktiga i uppföljningen"])
    template.refresh_from_db()
    assert not template.is_active


# --- pages ---------------------------------------------------------------------------------


def test_the_page_leads_its_writers_to_what_is_not_filled_in(cast: Cast, report: Report):
    client = Client()
    client.force_login(cast.ours.principal)
    page = client.get(f"/redovisning/{report.pk}/")
    unfinished = page.context["unfinished"]
    assert unfinished == next(part for part in page.context["sections"] if part.state != "done")
    assert f'class="button" href="{unfinished.url}"' in page.content.decode()
    fill(report, cast.ours.principal)
    write(report, cast.ours.principal, observed_effects="Fler elever deltar.")
    assert client.get(f"/redovisning/{report.pk}/").context["unfinished"] is None


def test_autosave_says_when_and_shows_what_others_wrote(cast: Cast, report: Report):
    client = Client()
    client.force_login(cast.ours.principal)
    row = the_matrix(content_of(report)).row
    url = f"/redovisning/{report.pk}/skriv/{row}/"
    form = client.get(url).context["form"]
    sent = {field.html_name: field.value() or "" for field in form}
    write(report, cast.ours.head_of_authority, not_reached="Chefens ord.")
    sent[f"lessons-{row}"] = "Mina ord."
    answer = client.post(url, sent, headers={"X-Autosave": "1"})
    assert answer.status_code == HTTPStatus.OK
    values = answer.json()["values"]
    assert values[f"lessons-{row}"] == "Mina ord."
    assert values[f"not_reached-{row}"] == "Chefens ord."

    sent[f"not_reached-{row}"] = "Mina egna."
    answer = client.post(url, sent, headers={"X-Autosave": "1"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    cell = content_of(report).cell("not_reached", row)
    assert cell
    assert cell.text == "Chefens ord."


def test_a_file_is_previewed_and_taken_in_cell_by_cell(cast: Cast, report: Report):
    client = Client()
    client.force_login(cast.ours.principal)
    file = BytesIO(client.get(f"/redovisning/{report.pk}/redovisning.docx").content)
    document = Document(file)
    for row in document.tables[0].rows:
        if "lärdomar" in row.cells[0].text or "inte uppnåtts" in row.cells[0].text:
            row.cells[1].paragraphs[0].text = "Ord från Word."
    edited = BytesIO()
    document.save(edited)
    edited.name = "redovisning.docx"
    edited.seek(0)
    url = f"/redovisning/{report.pk}/las-in/"
    page = client.post(url, {"file": edited})
    assert not report.answers.exists()
    form = page.context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    row_ = the_matrix(content_of(report)).row
    del sent[f"take-not_reached-{row_}"]
    assert client.post(url, sent).status_code == HTTPStatus.FOUND
    assert [(a.field, a.text) for a in report.answers.all()] == [("lessons", "Ord från Word.")]

    write(report, cast.ours.head_of_authority, not_reached="Chefens ord.")
    sent[f"take-not_reached-{row_}"] = "on"
    assert client.post(url, sent).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert report.answers.get(field="not_reached").text == "Chefens ord."


def test_content_is_the_same_when_it_is_read_again(cast: Cast, report: Report):
    fill(report, cast.ours.principal)
    content = content_of(report)
    assert Content.read(content.plain()) == content
    assert replace(content, title="x") != content
