"""New versions of the forms: uploaded, looked through, named where they are reworded, in use."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from docx.document import Document as WordDocument

from reports.automatic import open_reports
from reports.blanks import shipped
from reports.layout import blank_document, document_of
from reports.models import FormKind, ReportTemplate, UniversityReport
from reports.queries import content_of, form_in_use
from reports.reading import lost, read_blank, read_report
from reports.word import write_document
from tests import factories
from tests.cast import NOW, TODAY, Cast
from tests.reports.test_reading import saved

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

FINAL = "university_final"
NEW_WORDS = {
    "lessons": "Vilka lärdomar tar ni med er vidare?",  # alike
    "between": "Hur användes tiden mellan besöken?",  # known by a person only
}


@pytest.fixture
def manager(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.agency_manager)
    return client


def as_headings(kind: str, words: dict[str, str] | None = None) -> WordDocument:
    """A form of one's own making: every question is a heading with room below it."""
    form = shipped(kind)
    document = Document()
    document.add_heading("Lärosätets slutrapport 2027", 0)
    document.add_paragraph("Skriv kort. Inga namn.")
    for question in form.questions:
        document.add_heading((words or {}).get(question.id, question.label), 2)
        document.add_paragraph("")
    return document


def upload(client: Client, kind: str, file: bytes) -> Any:
    sent = {"kind": kind, "file": SimpleUploadedFile("blankett.docx", file)}
    return client.post("/blanketter/", sent, follow=True)


@pytest.mark.parametrize("kind", FormKind)
def test_the_form_in_use_as_word_is_read_as_itself(manager: Client, kind: FormKind) -> None:
    page = manager.get(f"/blanketter/{kind}.docx")
    assert page.status_code == 200
    found = read_blank(page.content, kind)
    assert lost(kind, found.ids()) == {}
    assert found.unmatched == []
    form = shipped(kind)
    asked = [(slug, label) for slug, label, matched in found.questions if matched == "exact"]
    assert asked == [(question.id, question.label) for question in form.questions]
    assert found.introduction == [("title", form.title), *form.introduction]


def test_a_form_of_the_university_in_other_words(manager: Client) -> None:
    """One heading is recognised by its likeness; the other a person points out."""
    page = upload(manager, FINAL, saved(as_headings(FINAL, NEW_WORDS)))
    template = ReportTemplate.objects.get()
    assert list(page.context["lost"]) == ["between"]
    refused = manager.post(template.get_absolute_url())
    assert refused.status_code == 422
    assert not ReportTemplate.objects.filter(is_active=True).exists()

    nothing_chosen = manager.post(template.get_absolute_url(), {"name": "1", "between": ""})
    assert nothing_chosen.status_code == 422
    named = manager.post(template.get_absolute_url(), {"name": "1", "between": "0"}, follow=True)
    assert not named.context["lost"]
    kept = list(template.fields.values_list("slug", "label", "matched"))
    assert [slug for slug, _label, _matched in kept] == [q.id for q in shipped(FINAL).questions]
    assert ("between", NEW_WORDS["between"], "person") in kept
    assert ("lessons", NEW_WORDS["lessons"], "alike") in kept
    manager.post(template.get_absolute_url())
    assert form_in_use(FINAL).version == 2
    assert form_in_use("final").version == 1


def test_the_report_that_opens_asks_in_the_words_of_the_new_version(
    cast: Cast, manager: Client
) -> None:
    words = {"lessons": NEW_WORDS["lessons"]}
    case = cast.ours.collaboration
    running = factories.university_report(case, kind="final", state="draft")
    waiting = factories.university_report(
        cast.theirs.collaboration, kind="final", state="scheduled", due_on=TODAY, text=" "
    )
    upload(manager, FINAL, saved(as_headings(FINAL, words)))
    template = ReportTemplate.objects.get()
    UniversityReport.objects.filter(pk=running.pk).update(form_version=1)
    manager.post(template.get_absolute_url())
    open_reports(NOW)

    def asks(report: UniversityReport) -> list[str]:
        fresh = UniversityReport.objects.get(pk=report.pk)
        return [line.label for line in content_of(fresh).lines]

    assert NEW_WORDS["lessons"] in asks(waiting)
    assert NEW_WORDS["lessons"] not in asks(running)
    assert content_of(UniversityReport.objects.get(pk=waiting.pk)).title.endswith("2027")

    # What reports follow is not changed under them, and the shipped version can come back.
    again = manager.post(template.get_absolute_url(), {"name": "1", "visits": "0"})
    assert again.status_code == 422
    manager.post("/blanketter/", {"shipped": FINAL})
    assert form_in_use(FINAL).version == 1
    assert NEW_WORDS["lessons"] in asks(waiting)


def test_a_heading_asks_one_question_only(manager: Client) -> None:
    words = {"between": "Ett", "onward": "Två?"}
    page = upload(manager, FINAL, saved(as_headings(FINAL, words)))
    assert set(page.context["lost"]) == {"between", "onward"}
    template = ReportTemplate.objects.get()
    both = {"name": "1", "between": "0", "onward": "0"}
    refused = manager.post(template.get_absolute_url(), both)
    assert refused.status_code == 422
    assert set(refused.context["headings"].errors) == {"between", "onward"}
    sent = {"name": "1", "between": "0", "onward": "1"}
    manager.post(template.get_absolute_url(), sent)
    slugs = list(template.fields.values_list("slug", flat=True))
    assert slugs == [question.id for question in shipped(FINAL).questions]


def test_a_form_for_another_kind_is_seen_to_be_one(manager: Client) -> None:
    """A form of the huvudman sent as the university's asks none of its questions, and back."""
    document = write_document(blank_document(shipped("final")))
    page = upload(manager, FINAL, document)
    assert set(page.context["lost"]) >= {"visits", "between", "capacity"}
    other = write_document(blank_document(shipped("interim")))
    page = upload(manager, "final", other)
    assert "follow_up" in page.context["lost"]
    asked = {question.slug for question, _known in page.context["questions"]}
    assert "deviations" not in asked, "the final form does not ask it"


def test_an_empty_file_says_what_is_wrong(manager: Client) -> None:
    page = upload(manager, FINAL, saved(Document()))
    assert len(page.context["lost"]) == len(shipped(FINAL).questions)
    assert manager.get(page.request["PATH_INFO"]).status_code == 200
    file = BytesIO(b"%PDF-1.7")
    page = upload(manager, FINAL, file.read())
    assert page.context["form"].errors["file"]
    assert page.context["form"]["kind"].value() == FINAL


def test_the_form_in_use_is_for_its_keepers(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ours.team_leader)
    assert client.get(f"/blanketter/{FINAL}.docx").status_code == 404


def test_a_report_on_a_form_in_other_words_is_read_in_again(cast: Cast) -> None:
    """Our own file says below which question an answer was put, whatever the heading says."""
    case = cast.ours.collaboration
    factories.intervention(case, units=[cast.ours.school], state="running", starts_on=TODAY)
    report = factories.report(case, cast.ours.school, kind="final", text="Börja i elevsvaren.")
    known = shipped("final")
    labels = [(each.id, each.label) for each in known.questions]
    others = [(slug, "Era erfarenheter" if slug == "lessons" else label) for slug, label in labels]
    form = known.reworded(2, known.title, known.introduction, others)
    file = write_document(document_of(content_of(report, form)))
    [insats] = read_report(file).interventions
    assert insats.markdown("lessons") == "Börja i elevsvaren."
