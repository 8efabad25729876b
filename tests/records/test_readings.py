"""Who reads what: noted once an hour, shown to whoever leads a party, names to the own one only."""

from collections import Counter
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished
from django.db import close_old_connections, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.clock import STOCKHOLM
from organisations.models import Role, User
from records.middleware import noted
from records.models import ReadRecord
from tests import factories
from tests.cast import NOW, Cast
from tests.questions import of_the_page

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    move_clock_to(NOW, monkeypatch)


def move_clock_to(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    shift = moment - datetime.now(STOCKHOLM)
    monkeypatch.setenv("CLOCK_OFFSET", str(shift.total_seconds()))


def opens(person: User, url: str) -> int:
    client = Client()
    client.force_login(person)
    return client.get(url).status_code


def test_a_page_is_noted_once_an_hour(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    url = cast.ours.collaboration.get_absolute_url()
    for _ in range(3):
        assert opens(cast.ours.principal, url) == HTTPStatus.OK
    assert opens(cast.ours.team_leader, url) == HTTPStatus.OK
    move_clock_to(NOW + timedelta(hours=1), monkeypatch)
    assert opens(cast.ours.principal, url) == HTTPStatus.OK
    assert Counter(ReadRecord.objects.values_list("by__name", flat=True)) == {
        "Rut Rektor": 2,
        "Ture Teamledare": 1,
    }
    first = ReadRecord.objects.order_by("id").first()
    assert first is not None
    assert (first.what, first.object_id) == (
        "sbs_workflow.collaboration",
        cast.ours.collaboration.pk,
    )
    assert (first.party, first.hour.minute) == ("organiser", 0)


def test_what_was_refused_or_is_a_form_sent_in_is_no_reading(cast: Cast):
    draft = factories.analysis(cast.ours.collaboration, cast.ours.school)
    assert opens(cast.ours.team_leader, draft.get_absolute_url()) == HTTPStatus.NOT_FOUND
    assert opens(cast.theirs.principal, draft.get_absolute_url()) == HTTPStatus.NOT_FOUND
    assert not ReadRecord.objects.exists()


def test_a_file_is_noted_by_its_address(cast: Cast):
    url = reverse("records:archive", args=[cast.ours.collaboration.pk])
    client = Client()
    client.force_login(cast.ours.principal)
    client.get(url).getvalue()
    assert ReadRecord.objects.get().what == "records:archive"


def test_nobody_waits_for_the_note(cast: Cast, client: Client):
    """A server sends the page first and closes it then, as WSGI has it (PEP 3333)."""
    client.force_login(cast.ours.principal)
    request = RequestFactory().get(cast.ours.collaboration.get_absolute_url())
    request.COOKIES["sessionid"] = client.cookies["sessionid"].value
    handler = WSGIHandler()
    page: Any = handler.get_response(request)
    assert cast.ours.collaboration.name in page.content.decode()
    assert not ReadRecord.objects.exists()
    request_finished.disconnect(close_old_connections)  # it is the connection of the test
    try:
        page.close()
    finally:
        request_finished.connect(close_old_connections)
    assert ReadRecord.objects.get().by == cast.ours.principal


def test_it_costs_one_statement_and_none_when_it_is_opened_again(cast: Cast):
    notes = []
    for _twice in range(2):
        with CaptureQueriesContext(connection) as asked:
            opens(cast.ours.principal, cast.ours.collaboration.get_absolute_url())
        notes.append(len(asked) - len(of_the_page(asked)))
    assert notes == [1, 0]


def test_only_the_latest_readings_are_remembered(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    """What is forgotten is noted again, which the database knows already."""
    monkeypatch.setattr("records.middleware.REMEMBERED", 1)
    url = cast.ours.collaboration.get_absolute_url()
    for person in (cast.ours.principal, cast.ours.team_leader, cast.ours.principal):
        assert opens(person, url) == HTTPStatus.OK
    assert len(noted) == 1
    assert ReadRecord.objects.count() == 2


def test_the_page_opens_although_it_cannot_be_noted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """A full disk must not keep people from their work; the failure is in the log."""
    if connection.vendor == "postgresql":
        pytest.skip("a failed statement ends the transaction in which this test runs")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_readrecord RENAME TO elsewhere")
    assert opens(cast.ours.principal, cast.ours.collaboration.get_absolute_url()) == HTTPStatus.OK
    assert "could not be noted" in caplog.text


@pytest.mark.parametrize("role", list(Role))
def test_only_leads_see_it_and_others_by_role_only(cast: Cast, role: Role):
    url = cast.ours.collaboration.get_absolute_url()
    for person in (cast.ours.coordinator, cast.ours.team_leader):
        opens(person, url)
    client = Client()
    client.force_login(cast.people[role])
    page = client.get(reverse("records:readings", args=[cast.ours.collaboration.pk]))
    leads = {Role.AGENCY_MANAGER, Role.HEAD_OF_AUTHORITY, Role.UNIVERSITY_LEAD}
    assert (page.status_code == HTTPStatus.OK) == (role in leads)
    named = {"Samir Samordnare": Role.HEAD_OF_AUTHORITY, "Ture Teamledare": Role.UNIVERSITY_LEAD}
    for name, lead in named.items():
        if role in leads:
            assert (name in page.content.decode()) == (role == lead)


def test_pages_of_readings_ask_a_fixed_number_of_questions(cast: Cast):
    client = Client()
    client.force_login(cast.ours.head_of_authority)
    url = reverse("records:readings", args=[cast.ours.collaboration.pk])

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == HTTPStatus.OK
        return len(asked)

    count()  # is the first to be noted
    few = count()
    for number in range(40):
        ReadRecord.objects.create(
            by=cast.ours.everybody[number % 10],
            collaboration=cast.ours.collaboration,
            what="meetings.meeting",
            object_id=cast.ours.collaboration.pk,
            hour=NOW - timedelta(hours=number),
        )
    assert count() == few <= 12
