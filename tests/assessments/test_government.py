"""The agency's yearly report to the government, and what is missing for it (INT19, R17)."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from assessments.actions import check_data, submit_government_report
from assessments.automatic import open_government_reports
from assessments.models import GovernmentReport
from assessments.queries import incomplete_cases
from notifications.clock import STOCKHOLM
from organisations.models import Organisation, Unit
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Collaboration
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), STOCKHOLM)


@pytest.mark.parametrize(
    ("today", "year", "first"),
    [
        (date(2026, 3, 16), 2027, date(2026, 12, 15)),
        (date(2026, 12, 15), 2027, date(2026, 12, 15)),
        # Too late for the checks of this winter.
        (date(2026, 12, 16), 2028, date(2027, 12, 15)),
        (date(2027, 2, 1), 2028, date(2027, 12, 15)),
    ],
)
def test_it_exists_before_its_first_check(cast: Cast, today: date, year: int, first: date):
    assert open_government_reports(at(today)) == 1
    assert open_government_reports(at(today)) == 0, "once"
    report = GovernmentReport.objects.get()
    assert (report.agency, report.year, report.due_on) == (cast.agency, year, first)


def test_three_checks_and_then_it_is_sent(cast: Cast):
    report = factories.government_report(cast.agency)
    for seen, due in enumerate([date(2027, 1, 15), date(2027, 2, 15), date(2027, 3, 15)]):
        assert report.progress == "collecting"
        with pytest.raises(TransitionRefused):
            submit_government_report(
                report=report, reference="2027:1", by=cast.agency_manager, now=NOW
            )
        report = check_data(report=report, seen=seen, note="", by=cast.agency_manager, now=NOW)
        assert report.due_on == due
    assert report.progress == "checked"
    sent = submit_government_report(
        report=report, reference="2027:1", by=cast.agency_manager, now=NOW
    )
    assert (sent.progress, sent.submitted_on, sent.due_on) == ("submitted", TODAY, None)


def test_pressing_twice_is_one_check(cast: Cast):
    report = factories.government_report(cast.agency)
    for _press in range(2):
        report = check_data(report=report, seen=0, note="", by=cast.agency_manager, now=NOW)
    assert report.checks_done == report.checks.count() == 1


@pytest.mark.parametrize("who", ["process_supporter", "head_of_authority", "university_lead"])
def test_it_is_the_managers_alone(cast: Cast, client: Client, who: str):
    report = factories.government_report(cast.agency)
    person = getattr(cast.ours, who)
    with pytest.raises(PermissionDenied):
        check_data(report=report, seen=0, note="", by=person, now=NOW)
    client.force_login(person)
    assert client.get(report.get_absolute_url()).status_code == 404


def complete(cast: Cast) -> None:
    """Both cases have every fact."""
    Collaboration.objects.update(reference="2026:1", cohort="HT2025")
    Organisation.objects.update(municipality_code="0126")
    for number, unit in enumerate(Unit.objects.all()):
        Unit.objects.filter(pk=unit.pk).update(school_unit_code=f"{12345678 + number}")


def lacks(cast: Cast) -> dict[str, int]:
    found = incomplete_cases(cast.agency, TODAY)
    return {case.collaboration.name: len(case.lacks) for case in found}


def test_nothing_is_missing_when_nothing_is(cast: Cast):
    complete(cast)
    assert lacks(cast) == {}


def test_each_missing_fact_is_named(cast: Cast):
    complete(cast)
    ours = cast.ours.collaboration
    Collaboration.objects.filter(pk=ours.pk).update(reference="")
    assert lacks(cast) == {ours.name: 1}
    Unit.objects.filter(organiser=cast.ours.organiser).update(school_unit_code="")
    assert lacks(cast) == {ours.name: 2}, "a preschool and an administration have none"
    factories.plan(ours, cast.ours.school, state="adopted")
    assert lacks(cast) == {ours.name: 3}
    factories.report(ours, cast.ours.school, due_on=TODAY - timedelta(days=3))
    assert lacks(cast) == {ours.name: 4}
    factories.put(ours, "closed")
    assert lacks(cast) == {}, "a case that is over is told of as it is"


def test_counting_takes_the_same_few_queries(cast: Cast, django_assert_num_queries):
    for _more in range(2):
        for _case in range(3):
            case = factories.collaboration(cast)
            factories.plan(case, cast.ours.school, state="adopted")
        with django_assert_num_queries(4):
            incomplete_cases(cast.agency, TODAY)


def test_the_page_lists_what_is_missing_and_takes_the_check(cast: Cast, client: Client):
    report = factories.government_report(cast.agency)
    client.force_login(cast.agency_manager)
    page = client.get(report.get_absolute_url()).content.decode()
    assert cast.ours.collaboration.name in page
    answer = client.post(report.get_absolute_url(), {"seen": "0", "note": "Vi frågar i januari."})
    assert answer.status_code == 302
    assert "Vi frågar i januari." in client.get(report.get_absolute_url()).content.decode()
    assert report.checks.get().incomplete == 2
