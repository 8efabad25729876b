"""How many questions each page asks the database, the same however much there is to show."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.clock import STOCKHOLM
from organisations.models import Role, User
from sbs_workflow.models import TransitionRecord
from tests import factories
from tests.cast import NOW, TODAY, Cast
from tests.pages.catalogue import PAGES, PageOfObject
from tests.pages.stage import Stage, set_stage
from tests.questions import of_the_page

LISTS = ("/", "/samverkan/", "/samverkan/?forsenat=on&sortera=-mote", "/samverkan/?sok=ådalen")
LIST_BUDGET = 8
COLLABORATION_BUDGET = 12
OBJECT_BUDGET = 12
# Documents that are made of several tables, and show what is open before their next step.
DOCUMENT_BUDGET = 20
# The lärosäte's draft: one question for each kind of thing that it has done.
COMPILED_BUDGET = 26
COMPILED = ("reports:university_report", "reports:university_write")
# Everything about a person: a question for each table that may name somebody.
PERSON_BUDGET = 80
PERSONS = ("records:person", "records:person_file")
DOCUMENTS = (
    "records:papers",
    "records:register",
    "records:register_paper",
    "reports:brief",
    "reports:brief_in_word",
    "reports:brief_in_pdf",
    "reports:report",
    "reports:write",
    "reports:preview",
    "reports:in_word",
    "reports:in_pdf",
    "reports:return",
    "reports:read_in",
    "reports:reply",
    "reports:yearly_in_word",
    "reports:yearly_in_pdf",
    "portfolio:year",
    "portfolio:year_png",
    "portfolio:pictures",
    "portfolio:thread",
    "plans:plan",
    "plans:differences",
    "interventions:agreement",
    "interventions:agreement_differences",
    "interventions:intervention",
)
# Who reads through each kind of role: of a collaboration, an organisation and a unit.
READERS = (Role.PROCESS_SUPPORTER, Role.HEAD_OF_AUTHORITY, Role.PRINCIPAL, Role.AGENCY_MANAGER)

Count = Callable[[User, str], int]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    shift = NOW - datetime.now(STOCKHOLM)
    monkeypatch.setenv("CLOCK_OFFSET", str(shift.total_seconds()))


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast.ours)


@pytest.fixture
def count(db: None) -> Count:
    """Every query of one request: session, person, roles and page."""

    # Django asks SQLite once in each process what it can.
    assert connection.features.supports_json_field

    def count(person: User, url: str) -> int:
        client = Client()
        client.force_login(person)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == HTTPStatus.OK, url
        return len(of_the_page(asked))

    return count


def fill_with_events(stage: Stage, times: int) -> None:
    """So many times the meetings and visits of the stage, and a history as long."""
    case = stage.collaboration
    for number in range(times):
        starts_at = NOW - timedelta(days=number + 2)
        factories.meeting(
            case, state="booked", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
        )
        factories.meeting(case, state="held", due_on=TODAY - timedelta(days=1))
        factories.visit(
            case,
            state="planned",
            month=(TODAY - timedelta(days=30 * number)).replace(day=1),
            due_on=TODAY - timedelta(days=number),
        )
        TransitionRecord.objects.create(
            collaboration=case,
            machine="mote",
            object_id=stage.booked_meeting.pk,
            object_name="Trepartsavstämning",
            transition="reschedule",
            from_state="booked",
            to_state="booked",
            by=stage.booked_meeting.participants.all()[number % 3].user,
            occurred_at=NOW - timedelta(hours=number),
        )


def fill_with_content(stage: Stage, times: int) -> None:
    """So many more of everything that the red thread of the stage is made of."""
    case, school = stage.collaboration, stage.plan.unit
    by = stage.rating.by
    for number in range(times):
        problem = factories.problem(stage.analysis)
        drafted = factories.problem(stage.drafted_analysis)
        goals = [
            factories.planned_goal(plan, problem=behind).goal
            for plan, behind in (
                (stage.plan, problem),
                (stage.drafted_plan, drafted),
                (stage.revised_plan, stage.revised_plan.planned_goals.get(goal__number=1).problem),
            )
        ]
        factories.rating(stage.goal, by=by, rated_at=NOW - timedelta(days=number))
        factories.rating(stage.goal, by=by, whose="agreed", occasion="Trepartsavstämning")
        links = {"goals": [*goals, stage.goal], "causes": problem.causes.all()}
        intervention = factories.intervention(case, state="running", units=[school], **links)
        for agreement in (stage.agreement, stage.drafted_agreement):
            terms = factories.terms(agreement, units=[school], name=f"Insats {number} {agreement}")
            terms.goals.set(links["goals"])
            terms.causes.set(links["causes"])
        visited = {"interventions": [stage.intervention, intervention], "goals": links["goals"]}
        visit = factories.visit(case, state="shared", units=[school], **visited)
        for shared in (visit, stage.shared_visit):
            factories.task(shared, school)
            factories.task(shared, school, state="reported")
            factories.promise(shared)
        for touched in (intervention, *goals):
            kind = "intervention" if touched is intervention else "goal"
            stage.shared_visit.touches.create(**{kind: touched})


@pytest.mark.portable
@pytest.mark.parametrize("url", LISTS)
def test_lists_ask_as_much_for_one_collaboration_as_for_sixty(
    url: str, cast: Cast, stage: Stage, count: Count
):
    factories.put(stage.needed_meeting, "needed", due_on=TODAY - timedelta(days=1))
    readers = [cast.people[role] for role in READERS]
    with_one = [count(person, url) for person in readers]
    for number in range(60):
        case = factories.collaboration(cast, name=f"Ådalen {number}")
        factories.meeting(case, due_on=TODAY - timedelta(days=number))
        factories.visit(case, state="planned")
    assert [count(person, url) for person in readers] == with_one
    assert max(with_one) <= LIST_BUDGET


@pytest.mark.portable
def test_the_page_of_a_collaboration_is_flat_in_meetings_and_visits(
    cast: Cast, stage: Stage, count: Count
):
    readers = [cast.people[role] for role in READERS]
    url = stage.collaboration.get_absolute_url()
    fill_with_content(stage, 1)
    with_few = [count(person, url) for person in readers]
    fill_with_events(stage, 40)
    fill_with_content(stage, 9)
    assert [count(person, url) for person in readers] == with_few
    assert max(with_few) <= COLLABORATION_BUDGET


def test_pages_of_objects_stay_within_their_budget(cast: Cast, stage: Stage, count: Count):
    pages = {page.id: page for page in PAGES if page.about and page.seen_by}

    def asked() -> dict[str, int]:
        return {name: count(reader_of(page, cast), page.url(stage)) for name, page in pages.items()}

    fill_with_events(stage, 1)
    fill_with_content(stage, 1)
    with_few = asked()
    fill_with_events(stage, 10)
    fill_with_content(stage, 6)
    assert asked() == with_few
    over = {name: number for name, number in with_few.items() if number > budget_of(pages[name])}
    assert over == {}


def reader_of(page: PageOfObject, cast: Cast) -> User:
    return next(cast.people[role] for role in cast.people if role in page.seen_by)


def budget_of(page: PageOfObject) -> int:
    if page.name in PERSONS:
        return PERSON_BUDGET
    if page.name in COMPILED:
        return COMPILED_BUDGET
    return DOCUMENT_BUDGET if page.name in DOCUMENTS else OBJECT_BUDGET


@pytest.mark.parametrize("state", ["accepted", "analysing", "planning", "agreed", "reporting"])
def test_the_checklist_of_a_phase_fits_in_the_budget(
    state: str, cast: Cast, stage: Stage, count: Count
):
    """In every phase other gates are asked."""
    case = factories.put(stage.collaboration, state)
    assert count(cast.ours.process_supporter, case.get_absolute_url()) <= COLLABORATION_BUDGET
