"""The synthesis that a huvudman writes: its own words, and sentences chosen from the reports."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document

from organisations.models import User
from reports.actions import choose_sentence, move_sentence, take_away_sentence, write_passage
from reports.models import CollaborationSynthesis, Excerpt, Report, SectionKind, SynthesisCopy
from reports.queries import SectionKey, SynthesisSaid, synthesis_said
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

SCHOOL = "Frånvaron har minskat med 12 procent. Lärgrupperna träffas varje vecka."
PRESCHOOL = "Barnens lek avbryts mer sällan. Kollegerna tittar på varandras undervisning."
COLLEGIAL = SectionKey(SectionKind.THEME, "collegial")


@pytest.fixture
def reports(cast: Cast) -> dict[str, Report]:
    case, ours = cast.ours.collaboration, cast.ours
    return {
        "school": factories.report(case, ours.school, kind="final", state="submitted", text=SCHOOL),
        "preschool": factories.report(
            case, ours.preschool, kind="final", state="accepted", text=PRESCHOOL
        ),
        "administration": factories.report(case, ours.administration, kind="final", state="waived"),
    }


@pytest.fixture
def synthesis(cast: Cast) -> CollaborationSynthesis:
    return factories.synthesis(cast.ours.collaboration)


def said(synthesis: CollaborationSynthesis, user: User) -> SynthesisSaid:
    load_roles(user, TODAY)
    return synthesis_said(synthesis, user)


def choose(
    synthesis: CollaborationSynthesis, by: User, text: str, section: SectionKey = COLLEGIAL
) -> None:
    found = said(synthesis, by).figures.sentences
    key = next(sentence.key for sentence in found if sentence.text == text)
    choose_sentence(synthesis=synthesis, section=section, key=key, by=by, now=NOW)


def texts(synthesis: CollaborationSynthesis) -> list[str]:
    return [each.text for each in Excerpt.objects.filter(synthesis=synthesis)]


LEARNING = "Lärgrupperna träffas varje vecka."
WATCHING = "Kollegerna tittar på varandras undervisning."


def test_it_exists_when_the_insatser_end(cast: Cast):
    case = factories.put(
        cast.ours.collaboration,
        "active",
        interventions_start_on=TODAY.replace(year=TODAY.year - 2),
        interventions_end_on=TODAY,
    )
    perform(
        case.start_reporting,
        by=cast.ours.process_supporter,
        now=NOW,
        reason="Det är dags.",
        past_gates=True,
    )
    synthesis = CollaborationSynthesis.objects.get(collaboration=case)
    assert synthesis.state == "draft"
    assert (synthesis.due_on - TODAY).days >= 60  # a month for the reports, and one after them


def test_a_draft_is_nobodys_but_the_huvudmans(cast: Cast, synthesis: CollaborationSynthesis):
    def may_read() -> set[str]:
        seen: set[str] = set()
        for role, person in cast.people.items():
            load_roles(person, TODAY)
            if CollaborationSynthesis.objects.visible_to(person).exists():
                seen.add(role)
        return seen

    assert may_read() == {"head_of_authority", "coordinator"}
    factories.put(synthesis, "shared", shared_on=TODAY)
    assert may_read() == set(cast.people)


def test_it_is_shared_when_every_final_report_has_come(
    cast: Cast, reports: dict[str, Report], synthesis: CollaborationSynthesis
):
    coordinator = cast.ours.coordinator
    factories.put(reports["school"], "unit_ready")
    assert [report.unit for report in synthesis.awaited_reports()] == [cast.ours.school]
    with pytest.raises(TransitionRefused, match=r"slutredovisning|final report"):
        perform(synthesis.share, by=coordinator, now=NOW)
    factories.put(reports["school"], "returned", rounds=1)
    assert perform(synthesis.share, by=coordinator, now=NOW).shared_on == TODAY


def test_a_sentence_is_chosen_once_moved_and_taken_away(
    cast: Cast, reports: dict[str, Report], synthesis: CollaborationSynthesis
):
    by = cast.ours.coordinator
    for text in (LEARNING, WATCHING, LEARNING):
        choose(synthesis, by, text)
    assert texts(synthesis) == [LEARNING, WATCHING]
    first = Excerpt.objects.get(text=LEARNING)
    assert (first.report, first.chosen_by) == (reports["school"], by)

    move_sentence(excerpt=first, places=1, by=by, now=NOW)
    assert texts(synthesis) == [WATCHING, LEARNING]
    move_sentence(excerpt=first, places=1, by=by, now=NOW)
    assert texts(synthesis) == [WATCHING, LEARNING], "it is the last already"
    move_sentence(excerpt=first, places=-1, by=by, now=NOW)
    assert texts(synthesis) == [LEARNING, WATCHING]
    take_away_sentence(excerpt=first, by=by, now=NOW)
    take_away_sentence(excerpt=first, by=by, now=NOW)
    assert texts(synthesis) == [WATCHING]


def test_nothing_is_chosen_that_no_report_says(
    cast: Cast, reports: dict[str, Report], synthesis: CollaborationSynthesis
):
    with pytest.raises(TransitionRefused):
        choose_sentence(
            synthesis=synthesis, section=COLLEGIAL, key="0" * 16, by=cast.ours.coordinator, now=NOW
        )


def test_only_the_huvudman_writes_and_nobody_once_it_is_published(
    cast: Cast, synthesis: CollaborationSynthesis
):
    def write(by: User) -> None:
        write_passage(synthesis=synthesis, section=COLLEGIAL, text="Vi lär.", by=by, now=NOW)

    factories.put(synthesis, "shared", shared_on=TODAY)
    for stranger in (cast.ours.process_supporter, cast.ours.principal, cast.theirs.coordinator):
        with pytest.raises(PermissionDenied):
            write(stranger)
    write(cast.ours.coordinator)
    factories.put(synthesis, "published", published_at=NOW)
    with pytest.raises(TransitionRefused):
        write(cast.ours.coordinator)


def test_suggestions_are_the_counting_and_a_search_finds_the_rest(
    cast: Cast, reports: dict[str, Report], synthesis: CollaborationSynthesis
):
    by = cast.ours.coordinator
    found = said(synthesis, by)
    section = found.section("tema-collegial")
    assert section is not None
    suggested, count = found.to_choose(section)
    assert {sentence.text for sentence in suggested} == {LEARNING, WATCHING}
    assert count == 2, "what a report says twice is suggested once"
    [wanted], _count = found.to_choose(section, "procent frånvaron")
    assert wanted.text == "Frånvaron har minskat med 12 procent."

    choose(synthesis, by, LEARNING)
    found = said(synthesis, by)
    section = found.section("tema-collegial")
    assert section is not None
    assert [sentence.text for sentence in found.to_choose(section)[0]] == [WATCHING]
    area = found.areas[0]
    assert {s.text for s in found.to_choose(area)[0]} >= {LEARNING, WATCHING}
    assert all("12" in s.text for s in found.to_choose(found.forms)[0])
    assert {s.field for s in found.to_choose(found.lessons)[0]} == {"lessons"}


def test_it_shows_when_the_source_has_changed(
    cast: Cast, reports: dict[str, Report], synthesis: CollaborationSynthesis
):
    by = cast.ours.coordinator
    choose(synthesis, by, LEARNING)
    choose(synthesis, by, WATCHING)
    assert said(synthesis, by).changed == []
    report = factories.put(reports["school"], "submitted", rounds=1)
    for answer in report.answers.all():
        answer.text = "Lärgrupperna träffas varannan vecka."
        answer.save()
    factories.freeze_copy(report, round_=2)

    [(section, chosen)] = said(synthesis, by).changed
    assert (section.key, chosen.text) == (COLLEGIAL, LEARNING), "it stays as it was chosen"
    assert chosen.says_now == "Lärgrupperna träffas varannan vecka."
    assert chosen.url == report.get_absolute_url()


def test_it_asks_the_same_questions_however_much_there_is(
    cast: Cast, reports: dict[str, Report], synthesis: CollaborationSynthesis
):
    by = cast.ours.coordinator
    load_roles(by, TODAY)
    with CaptureQueriesContext(connection) as few:
        synthesis_said(synthesis, by)
    for text in (LEARNING, WATCHING):
        choose(synthesis, by, text)
    for theme in ("roles", "safety", "quality"):
        factories.passage(synthesis, by=by, name=theme)
    with CaptureQueriesContext(connection) as more:
        synthesis_said(synthesis, by)
    assert len(few) == len(more) == 3


def test_one_press_chooses_and_saves_what_was_typed(
    cast: Cast, reports: dict[str, Report], synthesis: CollaborationSynthesis
):
    client = Client()
    client.force_login(cast.ours.coordinator)
    url = f"/sammanfattande-analys/{synthesis.pk}/skriv/tema-collegial/"
    page = client.get(url).content.decode()
    assert LEARNING in page
    found = said(synthesis, cast.ours.coordinator).figures.sentences
    key = next(sentence.key for sentence in found if sentence.text == LEARNING)
    answer = client.post(url, {"text": "Vi lär av varandra.", "search": "", "choose": key})
    assert answer["Location"] == f"{url}#att-valja"
    assert texts(synthesis) == [LEARNING]
    assert synthesis.passages.get().text == "Vi lär av varandra."

    searching = client.post(url, {"text": "Vi lär av varandra.", "search": "12", "find": "1"})
    assert "12 procent" in client.get(searching["Location"]).content.decode()
    pressed = str(synthesis.excerpts.get().pk)
    client.post(url, {"text": "Vi lär av varandra.", "search": "", "away": pressed})
    assert texts(synthesis) == []


def test_there_is_no_page_of_a_section_that_is_none(cast: Cast, synthesis: CollaborationSynthesis):
    client = Client()
    client.force_login(cast.ours.coordinator)
    assert client.get(f"/sammanfattande-analys/{synthesis.pk}/skriv/tema-okant/").status_code == 404


def test_an_area_stays_though_no_report_has_it_any_more(
    cast: Cast, synthesis: CollaborationSynthesis
):
    area = SectionKey(SectionKind.AREA, "Språk & kultur")
    by = cast.ours.coordinator
    write_passage(synthesis=synthesis, section=area, text="Orden bär.", by=by, now=NOW)
    [section] = said(synthesis, by).areas
    assert (section.text, section.area) == ("Orden bär.", None)
    found = said(synthesis, by).section("omrade-sprak-kultur")
    assert found is not None
    assert found.key == area


def words_in(file: bytes) -> str:
    document = Document(BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_word_holds_what_was_written_and_chosen_and_publishing_freezes_it(
    cast: Cast, reports: dict[str, Report], synthesis: CollaborationSynthesis
):
    by = cast.ours.head_of_authority
    choose(synthesis, by, LEARNING)
    write_passage(
        synthesis=synthesis, section=COLLEGIAL, text="Vi lär av **varandra**.", by=by, now=NOW
    )
    shared = perform(synthesis.share, by=by, now=NOW)
    client = Client()
    client.force_login(cast.ours.team_leader)
    url = f"/sammanfattande-analys/{synthesis.pk}/sammanfattande-analys.docx"
    words = words_in(client.get(url).content)
    for expected in (
        shared.introduction,
        "Vi lär av varandra.",
        f"{LEARNING} ({cast.ours.school.name})",
        "Kollegialt lärande och auskultation",
    ):
        assert expected in words

    perform(shared.publish, by=by, now=NOW)
    frozen = SynthesisCopy.objects.get()
    Excerpt.objects.all().delete()
    assert client.get(url).content == bytes(frozen.file)
    assert client.get(url.replace(".docx", ".pdf")).content == bytes(frozen.pdf)
    assert frozen.sha256 in client.get(synthesis.get_absolute_url()).content.decode()
