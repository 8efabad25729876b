"""The brief of a meeting: the same facts for all three parties, on a page and in Word."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn

from meetings.actions import prepare_meeting
from meetings.models import ChangeProposal, Meeting
from organisations.models import Unit
from plans.models import Goal
from reports.brief import brief_document
from reports.queries import brief_of, name_of_brief
from reports.word import write_document
from sbs_workflow.actions import settle_promise
from tests import factories
from tests.cast import NOW, TODAY, Cast
from tests.questions import of_the_page

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

LAST = NOW - timedelta(days=90)
SECRET = "Detta är bara vårt utkast."


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    return factories.meeting(
        cast.ours.collaboration,
        state="booked",
        starts_at=NOW + timedelta(days=2),
        ends_at=NOW + timedelta(days=2, hours=2),
    )


def held(cast: Cast, **fields: Any) -> Meeting:
    times = {"starts_at": LAST, "ends_at": LAST + timedelta(hours=2)}
    return factories.meeting(cast.ours.collaboration, state="approved", **{**times, **fields})


def goal_of(cast: Cast, unit: Unit) -> Goal:
    plan = factories.plan(cast.ours.collaboration, unit, state="adopted")
    return plan.planned_goals.get().goal


def agree(cast: Cast, goal: Goal, level: str, days_ago: int, whose: str = "agreed") -> None:
    factories.rating(
        goal,
        by=cast.ours.process_supporter,
        whose=whose,
        level=level,
        occasion="Trepartsavstämning" if whose == "agreed" else "",
        rated_on=TODAY - timedelta(days=days_ago),
        rated_at=NOW - timedelta(days=days_ago),
    )


def test_colours_are_told_from_before_the_last_meeting_until_now(cast: Cast, meeting: Meeting):
    held(cast)
    goal, still = goal_of(cast, cast.ours.school), goal_of(cast, cast.ours.preschool)
    agree(cast, goal, "started", 200)
    agree(cast, goal, "well_under_way", 90)
    agree(cast, still, "started", 200)
    agree(cast, still, "achieved", 5, whose="organiser")
    agree(cast, still, "started", 5, whose="university")
    brief = brief_of(meeting)
    assert [(move.saying.goal, move.before, move.now) for move in brief.moved] == [
        (goal, "started", "well_under_way")
    ]
    assert [move.saying.goal for move in brief.seen_differently] == [still]


def test_only_what_has_happened_since_the_last_meeting_of_the_kind(cast: Cast, meeting: Meeting):
    case = cast.ours.collaboration
    held(cast)
    held(cast, kind="bilateral", starts_at=NOW - timedelta(days=1), ends_at=NOW)
    old = factories.visit(case, state="shared", takes_place_on=TODAY - timedelta(days=120))
    done = factories.visit(case, state="shared", takes_place_on=TODAY - timedelta(days=30))
    ahead = factories.visit(case, state="planned", takes_place_on=TODAY + timedelta(days=9))
    factories.visit(case, state="cancelled", takes_place_on=TODAY + timedelta(days=9))
    factories.task(old, cast.ours.school, state="discussed")
    open_task = factories.task(old, cast.ours.school)
    talked_about = factories.task(done, cast.ours.school, state="discussed")
    promise = factories.promise(old)
    settled = factories.promise(old, what="Boka lokal.")
    settle_promise(promise=settled, outcome="kept", word="", by=cast.ours.team_leader, now=NOW)
    factories.promise(
        old, what="Länge sedan.", settled_on=TODAY - timedelta(days=200), outcome="kept"
    )
    brief = brief_of(meeting)
    assert brief.visits_done == [done]
    assert brief.visits_planned == [ahead]
    assert set(brief.tasks) == {open_task, talked_about}
    assert brief.promises_open == [promise]
    assert brief.promises_settled == [settled]


def test_what_not_all_may_read_is_in_no_brief(cast: Cast, meeting: Meeting):
    case = cast.ours.collaboration
    factories.promise(factories.visit(case, state="logged"), what=SECRET, is_shared=False)
    draft = factories.plan(case, cast.ours.school, state="draft")
    factories.rating(draft.planned_goals.get().goal, by=cast.ours.principal)
    factories.agreement(case, state="signed")
    factories.agreement(case, state="draft", version=2, proposed_on=None)
    factories.visit(case, state="logged", log=SECRET)
    brief = brief_of(meeting)
    assert (brief.moves, brief.promises_open, brief.amendment) == ([], [], None)


def test_changes_and_deviations(cast: Cast, meeting: Meeting):
    case = cast.ours.collaboration
    ChangeProposal.objects.create(collaboration=case, meeting=held(cast), text="En insats till.")
    deviating = factories.intervention(case, state="deviation_open")
    deviation = factories.deviation(deviating, by=cast.ours.team_leader)
    factories.agreement(case, state="signed")
    amendment = factories.agreement(case, state="proposed", version=2, proposed_on=TODAY)
    brief = brief_of(meeting)
    assert [change.text for change in brief.changes] == ["En insats till."]
    assert (brief.deviations, brief.amendment) == ([deviation], amendment)


def filled(cast: Cast, meeting: Meeting, times: int) -> None:
    """So many times of everything that a brief can tell."""
    case = cast.ours.collaboration
    held(cast)
    units = [cast.ours.school, cast.ours.preschool]
    for number in range(times):
        if not Goal.objects.filter(unit=units[number]).exists():
            goal = goal_of(cast, units[number])
            agree(cast, goal, "started", 200)
            agree(cast, goal, "achieved", 20)
            agree(cast, goal, "started", 10, whose="university")
            agree(cast, goal, "achieved", 10, whose="organiser")
        done = factories.visit(
            case, state="shared", takes_place_on=TODAY - timedelta(days=5 + number)
        )
        factories.task(done, cast.ours.school, state="reported")
        factories.promise(done, person=cast.ours.principal)
        factories.promise(
            done, what="Boka.", settled_on=TODAY, outcome="kept", person=cast.ours.principal
        )
        deviating = factories.intervention(case, state="deviation_open", units=[cast.ours.school])
        factories.deviation(deviating, by=cast.ours.team_leader)
    for by in (cast.ours.team_leader, cast.ours.head_of_authority):
        prepare_meeting(meeting=meeting, text="Vi vill tala om <tiden> & lokalen.", by=by, now=NOW)


def test_the_brief_asks_ten_questions_however_much_there_is(cast: Cast, meeting: Meeting):
    filled(cast, meeting, 2)
    with CaptureQueriesContext(connection) as asked:
        write_document(brief_document(brief_of(meeting)))
    assert len(asked) <= 10


def test_the_page_asks_no_more_for_more(cast: Cast, meeting: Meeting, client: Client):
    client.force_login(cast.ours.principal)
    counts = []
    for _more in range(2):
        filled(cast, meeting, 2)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/mote/{meeting.pk}/underlag/").status_code == 200
        counts.append(len(of_the_page(asked)))
    assert counts[0] == counts[1] <= 14


def test_all_three_parties_read_the_same_page(cast: Cast, meeting: Meeting, client: Client):
    filled(cast, meeting, 2)
    pages = set()
    for user in (cast.ours.process_supporter, cast.ours.head_of_authority, cast.ours.team_leader):
        client.force_login(user)
        page = client.get(f"/mote/{meeting.pk}/underlag/").content.decode()
        pages.add(page[page.index("<h1>") : page.index("</main>")])
    assert len(pages) == 1


# --- Word ----------------------------------------------------------------------------------


def opened(content: bytes) -> Any:
    return Document(BytesIO(content))


def everything_in(document: Any) -> str:
    return "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def headings(document: Any) -> Iterator[tuple[str, str]]:
    for paragraph in document.paragraphs:
        if paragraph.style.name in ("Title", "Heading 1", "Heading 2"):
            yield paragraph.style.name, paragraph.text


def test_the_word_file_is_swedish_with_headings_and_table_headers(cast: Cast, meeting: Meeting):
    filled(cast, meeting, 2)
    with override("en"):
        document = opened(write_document(brief_document(brief_of(meeting))))
    assert document.core_properties.language == "sv-SE"
    language = next(document.styles.element.iter(qn("w:lang")))
    assert language.get(qn("w:val")) == "sv-SE"
    styles = [style for style, _text in headings(document)]
    assert styles[0] == "Title"
    assert styles.count("Heading 1") >= 5
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(cell.text for cell in table.rows[0].cells)
    text = everything_in(document)
    assert "Vi vill tala om <tiden> & lokalen." in text
    assert "Rektor frigör tid för kollegialt lärande." in text


def test_an_empty_brief_is_a_whole_document(cast: Cast, meeting: Meeting):
    document = opened(write_document(brief_document(brief_of(meeting))))
    assert document.tables == []
    assert len(list(headings(document))) > 5


@pytest.mark.parametrize("hostile", ["Å\x0bB", "=CMD()", "<w:p/>", "𝓐 🎓", "a\x01\ufffeb"])
def test_hostile_text_neither_breaks_nor_leaves_its_cell(
    cast: Cast, meeting: Meeting, hostile: str
):
    visit = factories.visit(cast.ours.collaboration, state="shared")
    factories.promise(visit, what=hostile)
    document = opened(write_document(brief_document(brief_of(meeting))))
    assert len(document.tables) == 2


def test_the_file_has_a_swedish_name(cast: Cast, meeting: Meeting, client: Client):
    client.force_login(cast.ours.team_leader)
    response = client.get(f"/mote/{meeting.pk}/underlag.docx")
    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert "filename*=utf-8''Underlag" in response["Content-Disposition"]
    assert opened(response.content).paragraphs[0].style.name == "Title"
    assert name_of_brief(brief_of(meeting)).endswith("Ådalens kommun 2026-03-12")
