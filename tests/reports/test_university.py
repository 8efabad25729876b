"""The lärosäte's own reports: when they come, what they are filled in with, who reads them when."""

from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from docx import Document

from assessments.models import DimensionRating
from interventions.models import Outline
from notifications.automatic import registry as each_tick
from notifications.duties import open_duties
from notifications.working_days import add_working_days
from plans.models import Whose
from reports.actions import Said, write_answers
from reports.automatic import open_reports
from reports.blanks import shipped
from reports.layout import Grid, document_of
from reports.models import Report, ReportKind, UniversityReport
from reports.queries import Content, content_for, content_of, earlier_reports, findings
from reports.queries.university import FACTS, TEXTS
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.gates import open_cautions
from sbs_workflow.models import Collaboration
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

BY_UNIT, ONE_BY_ONE = 1, 2  # the tables about visits


@pytest.fixture
def report(cast: Cast) -> UniversityReport:
    """An interim report that nobody has written in."""
    return factories.university_report(cast.ours.collaboration, text=" ")


def rows_of(report: UniversityReport, field: str, place: int = 0) -> list[list[str]]:
    """What one of the tables above an answer says."""
    [line] = [line for line in content_of(report).lines if line.field == field]
    return line.facts[place].rows


def write(report: UniversityReport, by, now=NOW, **said: str):
    answers = {(field, ""): Said(text) for field, text in said.items()}
    return write_answers(report=report, answers=answers, by=by, now=now)


def begin_interventions(case: Collaboration, cast: Cast) -> None:
    perform(
        case.start_interventions,
        by=cast.ours.team_leader,
        now=NOW,
        past_gates=True,
        reason="Prov",
        interventions_start_on=TODAY,
        interventions_end_on=TODAY + timedelta(days=800),
    )


# --- when they come ------------------------------------------------------------------------


def test_one_comes_with_each_round_of_the_huvudman_and_one_at_the_end(cast: Cast):
    case = factories.put(cast.ours.collaboration, "agreed")
    begin_interventions(case, cast)
    when = ("kind", "number", "deadline_on", "due_on")
    of_university = UniversityReport.objects.filter(collaboration=case).values_list(*when)
    of_unit = Report.objects.filter(collaboration=case, unit=cast.ours.school).values_list(*when)
    assert len(of_university) == 4
    assert set(of_university) == set(of_unit)


def test_without_a_university_there_is_none(cast: Cast):
    case = factories.put(cast.ours.collaboration, "agreed", university=None)
    begin_interventions(case, cast)
    assert Report.objects.filter(collaboration=case).exists()
    assert not UniversityReport.objects.filter(collaboration=case).exists()


def test_the_final_one_follows_a_new_end_until_it_has_opened(cast: Cast):
    case = cast.ours.collaboration
    final = factories.university_report(case, kind="final", state="scheduled")
    drafted = factories.university_report(case)
    end = date(2028, 9, 1)
    perform(
        case.extend, by=cast.agency_manager, now=NOW, reason="Fler skolor", interventions_end_on=end
    )
    deadline = date(2028, 10, 2)  # the first working day after thirty days
    final.refresh_from_db()
    assert (final.deadline_on, final.due_on) == (deadline, deadline - timedelta(days=60))
    assert UniversityReport.objects.get(pk=drafted.pk).deadline_on == drafted.deadline_on


def test_it_opens_by_itself_and_is_owed_by_the_team_leader(cast: Cast):
    assert open_reports in each_tick
    case = cast.ours.collaboration
    waiting = factories.university_report(case, state="scheduled", due_on=TODAY)
    assert open_reports(NOW - timedelta(days=1)) == 0
    assert open_reports(NOW) == 1
    opened = UniversityReport.objects.get(pk=waiting.pk)
    assert (opened.state, opened.due_on, opened.form_version) == ("draft", opened.deadline_on, 1)
    [owed] = [duty for duty in open_duties(TODAY) if duty.object_id == opened.pk]
    assert owed.duty.name == "reports.write-university-interim-report"
    assert owed.duty.owed_by == ("team_leader",)
    assert [rung.told for rung in owed.duty.ladder] == [("university_lead",)]


# --- what it is filled in with ----------------------------------------------------------------


def test_both_forms_ask_the_same_questions_and_every_source_is_known():
    interim, final = (shipped(f"university_{kind}") for kind in ReportKind)
    assert [q.id for q in interim.questions] == [q.id for q in final.questions]
    for question in (*interim.questions, *final.questions):
        assert question.repeat == "once"
        assert question.section
        assert not question.facts or question.facts in FACTS
        assert not question.source or question.source in TEXTS


def test_visits_are_counted_by_unit_and_told_only_as_far_as_they_are_shared(
    cast: Cast, report: UniversityReport
):
    case, school, preschool = cast.ours.collaboration, cast.ours.school, cast.ours.preschool
    shared: Any = {"state": "shared", "units": [school], "kind": "input", "duration_minutes": 150}
    factories.visit(case, participants=[["lärare", 12]], log="Första träffen.", **shared)
    factories.visit(
        case, participants=[["lärare", 9], ["rektor", None]], log="Andra träffen.", **shared
    )
    factories.visit(case, state="logged", units=[school], log="Inte delad än.")
    factories.visit(case, state="planned", units=[preschool])
    factories.visit(case, state="cancelled", units=[school], takes_place_on=TODAY)
    rows = {row[0]: row[1:] for row in rows_of(report, "visits", BY_UNIT)}
    assert rows[school.name] == ["3", "3", "5", "Inspel 2", "lärare 12, rektor"]
    assert rows[preschool.name][:2] == ["1", "0"]
    told = str(rows_of(report, "visits", ONE_BY_ONE))
    assert "Första träffen." in told
    assert "Inte delad än." not in told


def test_every_visit_is_told_in_one_interim_report_and_all_in_the_final_one(cast: Cast):
    case = cast.ours.collaboration
    first = factories.university_report(case, deadline_on=TODAY, text=" ")
    second = factories.university_report(
        case, number=2, deadline_on=TODAY + timedelta(days=180), text=" "
    )
    final = factories.university_report(case, kind="final", text=" ")
    for days in (0, 1, 180, 181):
        factories.visit(
            case,
            state="shared",
            units=[cast.ours.school],
            takes_place_on=TODAY + timedelta(days=days),
        )
    count = {each: len(rows_of(each, "visits", ONE_BY_ONE)) for each in (first, second)}
    assert count == {first: 1, second: 2}
    assert len(rows_of(final, "visits", ONE_BY_ONE)) == 4


def test_tasks_are_told_with_what_the_units_have_seen(cast: Cast, report: UniversityReport):
    visit = factories.visit(cast.ours.collaboration, state="shared", units=[cast.ours.school])
    factories.task(visit, cast.ours.school, state="reported", report="Eleverna frågade mer.")
    factories.task(visit, cast.ours.school)
    [row] = rows_of(report, "between")
    assert row[:3] == [cast.ours.school.name, "2", "1"]
    [seen] = rows_of(report, "between", 1)
    assert seen[-1] == "Eleverna frågade mer."


def test_adaptations_are_outlines_with_a_reason_and_deviations_are_told_beside(
    cast: Cast, report: UniversityReport
):
    insats = factories.intervention(cast.ours.collaboration, state="running")
    for text, reason in (("Sex träffar.", ""), ("Fyra träffar.", "Nationella prov i maj.")):
        Outline.objects.create(
            intervention=insats,
            text=text,
            reason=reason,
            written_at=NOW,
            written_by=cast.ours.team_leader,
        )
    factories.deviation(insats, by=cast.ours.team_leader, what="Förskolan kan inte delta.")
    [adapted] = rows_of(report, "adaptations")
    assert adapted[2:] == ["Fyra träffar.", "Nationella prov i maj."]
    [deviation] = rows_of(report, "adaptations", 1)
    assert deviation[2] == "Förskolan kan inte delta."


def test_only_the_universitys_own_colours_are_told_with_their_direction(
    cast: Cast, report: UniversityReport
):
    plan = factories.plan(cast.ours.collaboration, cast.ours.school, state="adopted")
    goal = plan.planned_goals.all()[0].goal
    by = cast.ours.team_leader
    for days, level in ((0, "started"), (30, "well_under_way")):
        factories.rating(
            goal,
            by=by,
            whose=Whose.UNIVERSITY,
            level=level,
            justification=f"Dag {days}",
            rated_on=TODAY + timedelta(days=days),
            rated_at=NOW + timedelta(days=days),
        )
    factories.rating(goal, by=cast.ours.principal, level="achieved", justification="Rektorns bild")
    [row] = rows_of(report, "goals")
    assert row[2:] == ["Påbörjat", "På god väg", "närmare än förra gången", "Dag 30"]


def test_the_mapping_at_the_end_stands_beside_the_one_at_the_start(cast: Cast):
    case = cast.ours.collaboration
    report = factories.university_report(case, kind="final", text=" ")
    factories.mapping(case, state="done")
    end = factories.mapping(case, round=2, state="begun")
    DimensionRating.objects.filter(mapping=end).update(level=3)
    before = rows_of(report, "capacity")
    assert {row[2] for row in before} == {"–"}  # what is not shared is not told
    factories.put(end, "done", done_on=TODAY)
    after = rows_of(report, "capacity")
    assert {(row[1][0], row[2][0], row[3]) for row in after} == {("2", "3", "har vuxit")}


def test_the_assignment_is_the_answer_until_somebody_writes_another(
    cast: Cast, report: UniversityReport
):
    plan = factories.assignment_plan(cast.ours.collaboration, state="confirmed")
    assert content_of(report).by_key["assignment", ""].text == plan.text
    write(report, cast.ours.education_leader, assignment="Åtta insatser på två år.")
    cell = content_of(report).by_key["assignment", ""]
    assert (cell.text, cell.known) == ("Åtta insatser på två år.", plan.text)


def test_it_costs_the_same_number_of_queries_however_much_was_done(
    cast: Cast, report: UniversityReport, django_assert_max_num_queries
):
    case = cast.ours.collaboration
    for _ in range(6):
        visit = factories.visit(case, state="shared", units=[cast.ours.school, cast.ours.preschool])
        factories.task(visit, cast.ours.school, state="reported")
        factories.intervention(case, state="running", units=[cast.ours.school])
    fresh = UniversityReport.objects.select_related(
        "collaboration__organiser", "collaboration__university"
    ).get(pk=report.pk)
    with django_assert_max_num_queries(16):
        content_of(fresh)


# --- the steps -----------------------------------------------------------------------------


def test_what_the_form_does_not_do_without_stops_it(cast: Cast, report: UniversityReport):
    write(report, cast.ours.education_leader, visits="Fyra träffar på varje enhet.")
    stops = [each for each in findings(content_of(report)) if each.weight == "stop"]
    assert [stop.field for stop in stops] == ["lessons"]
    assert stops[0].url.endswith("/skriv/lardomar/#id_lessons")
    with pytest.raises(TransitionRefused):
        perform(report.submit, by=cast.ours.team_leader, now=NOW)


def test_others_cannot_write_in_it(cast: Cast, report: UniversityReport):
    for person in (cast.ours.head_of_authority, cast.ours.process_supporter, cast.outsider):
        with pytest.raises(PermissionDenied):
            write(report, person, lessons="Nej")
    with pytest.raises(TransitionRefused):
        write(report, cast.ours.team_leader, okand="Nej")


def test_what_is_submitted_is_frozen_with_its_hash_and_read_by_all_three(cast: Cast):
    report = factories.university_report(cast.ours.collaboration)
    submitted = perform(report.submit, by=cast.ours.team_leader, now=NOW)
    assert (submitted.received_at, submitted.due_on) == (NOW, add_working_days(TODAY, 20))
    copy = submitted.copies.get()
    assert sha256(bytes(copy.file)).hexdigest() == copy.sha256
    factories.visit(cast.ours.collaboration, state="shared", log="Efteråt.")
    for person in (cast.ours.principal, cast.ours.process_supporter, cast.ours.team_leader):
        load_roles(person, TODAY)
        content = content_for(submitted, person)
        assert content
        assert content == Content.read(copy.content)
        assert "Efteråt." not in str(content)


def test_a_draft_is_the_lärosätes_own(cast: Cast, report: UniversityReport):
    for person, sees in (
        (cast.ours.education_leader, True),
        (cast.ours.university_lead, True),
        (cast.ours.head_of_authority, False),
        (cast.ours.process_supporter, False),
        (cast.theirs.team_leader, False),
    ):
        load_roles(person, TODAY)
        assert UniversityReport.objects.visible_to(person).exists() == sees, person.name


def test_one_that_is_taken_back_is_read_as_it_was_submitted(cast: Cast):
    report = factories.university_report(cast.ours.collaboration, state="submitted")
    leader, head = cast.ours.team_leader, cast.ours.head_of_authority
    taken = perform(report.take_back, by=leader, now=NOW, reason="Fel siffra.")
    write(taken, leader, now=NOW + timedelta(hours=1), lessons="Rättad lärdom.")
    for person in (leader, head):
        load_roles(person, TODAY)
    assert UniversityReport.objects.visible_to(head).get() == taken
    assert "Rättad lärdom." in str(content_for(taken, leader))
    fresh = UniversityReport.objects.get(pk=taken.pk)
    assert "Rättad lärdom." not in str(content_for(fresh, head))
    again = perform(fresh.submit, by=leader, now=NOW + timedelta(hours=2))
    assert [copy.round for copy in again.copies.all()] == [1, 2]
    assert "Rättad lärdom." in str(content_for(again, head))


def test_the_next_one_shows_what_was_written_before(cast: Cast):
    case = cast.ours.collaboration
    earlier = factories.university_report(case, state="closed", deadline_on=TODAY)
    factories.university_report(
        case, number=3, state="submitted", deadline_on=TODAY + timedelta(days=90)
    )
    now = factories.university_report(case, number=2)
    assert [report for report, _content in earlier_reports(now)] == [earlier]


def test_the_final_report_waits_for_the_second_mapping_or_for_a_reason(cast: Cast):
    case, leader = cast.ours.collaboration, cast.ours.team_leader
    report = factories.university_report(case, kind="final")
    mapping = factories.mapping(case, round=2, state="begun")
    assert len(open_cautions(report, "submit", TODAY)) == 1
    with pytest.raises(TransitionRefused):
        perform(report.submit, by=leader, now=NOW)
    factories.put(mapping, "done", done_on=TODAY)
    assert open_cautions(report, "submit", TODAY) == []
    factories.put(mapping, "begun")
    submitted = perform(report.submit, by=leader, now=NOW, past_gates=True, reason="Ny skolchef.")
    assert submitted.state == "submitted"


def test_an_interim_report_waits_for_no_mapping(cast: Cast, report: UniversityReport):
    factories.mapping(cast.ours.collaboration, round=2, state="not_begun")
    assert open_cautions(report, "submit", TODAY) == []


@pytest.mark.parametrize(
    ("state", "is_delivered"),
    [
        ("draft", False),
        ("scheduled", False),
        ("submitted", True),
        ("closed", True),
        ("waived", True),
    ],
)
def test_the_assignment_ends_when_the_report_is_delivered(
    cast: Cast, state: str, is_delivered: bool
):
    case = cast.ours.collaboration
    plan = factories.assignment_plan(case, state="confirmed")
    factories.university_report(case, kind="final", state=state)
    assert (open_cautions(plan, "close", TODAY) == []) == is_delivered
    if not is_delivered:
        with pytest.raises(TransitionRefused):
            perform(plan.close, by=cast.ours.team_leader, now=NOW)


# --- pages and files -------------------------------------------------------------------------


def test_the_word_file_holds_what_the_preview_shows(cast: Cast):
    case = cast.ours.collaboration
    factories.visit(case, state="shared", units=[cast.ours.school], log="Film och <b>samtal</b>.")
    report = factories.university_report(case, state="submitted", text="=Vi lärde {{ oss }}.")
    client = Client()
    client.force_login(cast.ours.head_of_authority)
    shown = client.get(report.preview_url).content.decode()
    file = Document(BytesIO(client.get(report.word_url).content))
    words = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    assert "Film och <b>samtal</b>." in " ".join(words)
    assert "Film och &lt;b&gt;samtal&lt;/b&gt;." in shown
    assert "=Vi lärde {{ oss }}." in words
    for node in document_of(content_of(report)).nodes:
        if isinstance(node, Grid):
            assert node.caption in shown
            assert all(column in words for column in node.columns)


def test_each_question_is_written_on_a_page_of_its_own_with_what_is_known(
    cast: Cast, report: UniversityReport
):
    factories.visit(report.collaboration, state="shared", units=[cast.ours.school], log="Film.")
    client = Client()
    client.force_login(cast.ours.education_leader)
    page = client.get(report.url_of("write", "besoken")).content.decode()
    assert "Film." in page
    assert 'name="lessons"' not in page
    answer = client.post(
        report.url_of("write", "besoken"), {"visits": "Det gick bra.", "next": "1"}
    )
    assert answer.headers["Location"] == report.url_of("write", "mellanrummen")
    assert content_of(report).by_key["visits", ""].text == "Det gick bra."
    assert client.get(report.url_of("write", "ovrigt")).status_code == 404


def test_two_who_write_in_the_same_question_are_asked(cast: Cast, report: UniversityReport):
    client = Client()
    client.force_login(cast.ours.team_leader)
    url = report.url_of("write", "lardomar")
    seen = client.get(url).context["form"]["seen"].value()
    write(report, cast.ours.education_leader, lessons="Först.")
    answer = client.post(url, {"lessons": "Sedan.", "seen": seen})
    assert answer.status_code == 422
    assert content_of(report).by_key["lessons", ""].text == "Först."
