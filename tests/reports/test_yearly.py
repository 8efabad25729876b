"""The agency's year over all collaborations: what counts, what is not shown apart, and how."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document

from assessments.models import GovernmentReport
from interventions.models import Instalment
from notifications.clock import STOCKHOLM
from organisations.models import Unit
from reports.queries import ColourSpread, Group, YearlyAccount, yearly_account
from reports.queries.yearly import FEWEST_UNITS, shown_apart
from sbs_workflow.models import Collaboration, Participation, TransitionRecord
from tests import factories
from tests.cast import TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

# The cast lives in the year that this report tells of.
YEAR = TODAY.year
LAST_YEAR = date(YEAR - 1, 6, 1)


@pytest.fixture
def report(cast: Cast) -> GovernmentReport:
    return factories.government_report(cast.agency, year=YEAR + 1)


@pytest.fixture
def case(cast: Cast) -> Collaboration:
    # Of theirs nothing is known yet.
    Collaboration.objects.exclude(pk=cast.ours.collaboration.pk).update(accepted_on=None)
    return factories.put(cast.ours.collaboration, "active", accepted_on=LAST_YEAR)


def figures(pairs: list[tuple[str, str]]) -> list[str]:
    return [figure for _words, figure in pairs]


def test_who_took_part_in_the_year(cast: Cast, case: Collaboration, report: GovernmentReport):
    def add(state: str, **fields: object) -> None:
        factories.put(factories.collaboration(cast), state, **fields)

    add("active", accepted_on=TODAY, interventions_start_on=TODAY)
    add("closed", accepted_on=LAST_YEAR, closed_on=TODAY)
    # Over before the year, or not yet begun when it ended.
    add("closed", accepted_on=LAST_YEAR, closed_on=LAST_YEAR)
    add("accepted", accepted_on=date(YEAR + 1, 1, 1))
    scope = yearly_account(report).scope
    assert (scope.cases, scope.accepted, scope.started, scope.closed) == (3, 1, 1, 1)
    assert scope.organisers == 1


@pytest.mark.parametrize(("day", "cases", "ended"), [(TODAY, 1, 1), (LAST_YEAR, 0, 0)])
def test_a_case_that_ended_early_counts_in_that_year_and_not_after(
    cast: Cast, case: Collaboration, report: GovernmentReport, day: date, cases: int, ended: int
):
    TransitionRecord.objects.create(
        collaboration=case,
        machine="samverkan",
        object_id=case.pk,
        object_name=str(case),
        transition="withdraw",
        from_state="active",
        to_state="withdrawn",
        occurred_at=datetime.combine(day, time(12), STOCKHOLM),
    )
    scope = yearly_account(report).scope
    assert (scope.cases, scope.ended_early) == (cases, ended)


def test_money_is_of_the_version_that_was_in_force_last(
    cast: Cast, case: Collaboration, report: GovernmentReport
):
    def version(number: int, state: str, amount: int) -> None:
        agreement = factories.agreement(
            case,
            state=state,
            version=number,
            amount=amount,
            starts_on=LAST_YEAR,
            ends_on=date(YEAR + 1, 6, 1),
            agency_signed_on=LAST_YEAR + timedelta(days=number),
        )
        agreement.instalments.all().delete()
        for day in (LAST_YEAR, TODAY):
            Instalment.objects.create(agreement=agreement, pays_on=day, amount=amount // 2)

    version(1, "superseded", 500_000)
    version(2, "signed", 700_000)
    cost = yearly_account(report).cost
    assert (cost.agreements, cost.granted, cost.due) == (1, Decimal(700_000), Decimal(350_000))
    assert figures(yearly_account(report).cost_figures)[1] == "700\u00a0000"


def test_what_was_done_in_the_year(cast: Cast, case: Collaboration, report: GovernmentReport):
    factories.visit(case, state="shared", takes_place_on=TODAY, month=TODAY.replace(day=1))
    factories.visit(case, state="planned", takes_place_on=TODAY)
    moment = datetime.combine(TODAY, time(9), STOCKHOLM)
    ends_at = moment + timedelta(hours=1)
    factories.meeting(case, state="held", starts_at=moment, ends_at=ends_at)
    factories.meeting(case, kind="bilateral", state="held", starts_at=moment, ends_at=ends_at)
    factories.meeting(case, state="booked", starts_at=moment, ends_at=ends_at)
    factories.report(case, cast.ours.school, state="submitted")
    factories.report(case, cast.ours.school, kind="final", state="accepted")
    factories.report(case, cast.ours.preschool, state="open")
    done = yearly_account(report).implementation
    assert (done.visits, done.visited_cases) == (1, 1)
    assert (done.meetings, done.cases_that_met) == (1, 1)
    assert (done.interim_reports, done.final_reports) == (1, 1)


def test_colours_are_those_that_all_agreed_on(
    cast: Cast, case: Collaboration, report: GovernmentReport
):
    plan = factories.plan(case, cast.ours.school, state="adopted")
    goal = plan.planned_goals.get().goal
    by = cast.ours.principal
    assert yearly_account(report).results.counts == {"": 1}
    factories.rating(goal, by=by, whose="organiser", level="achieved")
    assert yearly_account(report).results.counts == {"": 1}, "a party's own is no result"
    factories.rating(goal, by=by, whose="agreed", level="started", occasion="Trepart")
    assert yearly_account(report).results.counts == {"started": 1}
    factories.plan(case, cast.ours.preschool)
    assert yearly_account(report).results.goals == 1, "a draft is nobody's result"


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ([9, 8], [9, 8]),
        ([9, 2, 7, 1], [9, 10]),
        # One alone could be reckoned out from the sum.
        ([9, 2, 7], [9, 9]),
        ([2], [2]),
        ([], []),
    ],
)
def test_a_small_group_is_not_shown_apart(sizes: list[int], shown: list[int]):
    groups = [Group(str(place), size) for place, size in enumerate(sizes)]

    def together(few: list[Group]) -> Group:
        return Group("", sum(group.units for group in few))

    assert [group.units for group in shown_apart(groups, together)] == shown


def spread_names(account: YearlyAccount) -> list[str]:
    spreads: list[ColourSpread] = account.results_by_form
    return [spread.name for spread in spreads]


def test_the_forms_of_school_of_few_units_stand_together(
    cast: Cast, case: Collaboration, report: GovernmentReport
):
    for number in range(FEWEST_UNITS):
        unit = Unit.objects.create(
            organiser=cast.ours.organiser, name=f"Skola {number}", kind=Unit.Kind.COMPULSORY
        )
        Participation.objects.create(collaboration=case, unit=unit, joined_on=LAST_YEAR)
        factories.plan(case, unit, state="adopted")
    factories.plan(case, cast.ours.preschool, state="adopted")
    account = yearly_account(report)
    # The preschool alone could be reckoned out from the sum.
    assert spread_names(account) == [""]
    # With the administration the preschool is still too few.
    assert [(group.name, group.units) for group in account.scope.forms] == [("", 8)]


def test_the_same_questions_however_many_cases(
    cast: Cast, case: Collaboration, report: GovernmentReport
):
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            yearly_account(report)
        return len(questions)

    few = asked()
    for _number in range(3):
        another = factories.collaboration(cast, state="active")
        factories.put(another, "active", accepted_on=TODAY)
        factories.agreement(another, state="signed")
        factories.visit(another, state="shared", takes_place_on=TODAY)
        factories.intervention(another, state="running", units=[cast.ours.school])
    assert asked() == few == 12


Get = Callable[[str], bytes]


@pytest.fixture
def get(cast: Cast) -> Get:
    client = Client()
    client.force_login(cast.agency_manager)
    return lambda url: client.get(url).content


def test_the_page_and_the_draft_in_word(
    cast: Cast, case: Collaboration, report: GovernmentReport, get: Get
):
    plan = factories.plan(case, cast.ours.school, state="adopted")
    factories.rating(
        plan.planned_goals.get().goal,
        by=cast.ours.principal,
        whose="agreed",
        level="started",
        occasion="Trepart",
    )
    place = f"/regeringsredovisning/{report.pk}/"
    assert f"{place}aret/" in get(place).decode()
    page = get(f"{place}aret/").decode()
    assert f"Året {YEAR}" in page or f"The year {YEAR}" in page
    assert get(f"{place}aret/farger.png").startswith(b"\x89PNG")
    document = Document(BytesIO(get(f"{place}aret.docx")))
    assert len(document.tables) == 6
    colours = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert colours[-1][1:] == ["0", "0", "1", "0", "0"]
