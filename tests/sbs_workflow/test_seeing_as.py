"""Support sees what a person sees: told, written down, for a while, and changing nothing."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from notifications.letters import letter
from notifications.models import OutboxMessage
from organisations.actions import see_as
from organisations.models import SupportView, User
from records.models import ReadRecord
from tests import factories
from tests.cast import NOW, PASSWORD, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

STOP = reverse("organisations:stop_seeing")
REASON = "Hittar inte redovisningen."


@pytest.fixture
def support(db: None) -> User:
    return User.objects.create_superuser("drift@trepart.example", PASSWORD, name="Drift Jour")


@pytest.fixture
def desk(support: User, client: Client) -> Client:
    """The browser of support, who has just shown who they are."""
    client.force_login(support)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def begin(desk: Client, person: User, reason: str = REASON) -> Any:
    return desk.post(reverse("organisations:see_as", args=[person.pk]), {"reason": reason})


def test_support_reads_what_the_person_reads_and_the_person_is_told(
    cast: Cast, support: User, desk: Client
):
    person, case = cast.ours.principal, cast.ours.collaboration.get_absolute_url()
    assert desk.get(case).status_code == HTTPStatus.NOT_FOUND
    assert begin(desk, person).status_code == HTTPStatus.FOUND
    page = desk.get(case)
    assert page.status_code == HTTPStatus.OK
    assert STOP in page.content.decode(), "the banner stands on every page"
    assert desk.get(cast.theirs.collaboration.get_absolute_url()).status_code == 404
    message = OutboxMessage.objects.get(template="organisations/seen_as")
    assert message.recipient == person
    text = letter(message.template, message.context).text
    assert REASON in text
    assert support.name in text
    [look] = SupportView.objects.all()
    assert (look.person, look.by, look.reason) == (person, support, REASON)


def test_the_reading_is_put_down_to_support(cast: Cast, support: User, desk: Client):
    begin(desk, cast.ours.principal)
    desk.get(cast.ours.collaboration.get_absolute_url())
    assert {(row.by, row.role) for row in ReadRecord.objects.all()} == {(support, "")}


def test_nothing_is_changed(cast: Cast, desk: Client):
    begin(desk, cast.ours.principal)
    meeting = factories.meeting(cast.ours.collaboration)
    for url in (
        meeting.get_absolute_url(),
        reverse("sbs_workflow:new_assignment", args=[cast.ours.collaboration.pk]),
        reverse("reminders:mail_choice"),
    ):
        for method in (desk.post, desk.put, desk.delete):
            assert method(url).status_code == HTTPStatus.FORBIDDEN, url


def test_the_database_refuses_what_a_page_would_write(
    cast: Cast, desk: Client, monkeypatch: pytest.MonkeyPatch
):
    """Also where a page that is only read writes something, now or one day."""
    from sbs_workflow import middleware

    begin(desk, cast.ours.principal)
    for writing in ('UPDATE "x" SET y', "\n    INSERT INTO x", "delete from x", "TRUNCATE x"):
        with pytest.raises(PermissionDenied):
            middleware._refuse_writing(lambda *_rest: None, writing, (), False, {})
    asked: list[str] = []
    whole = middleware._refuse_writing

    def listening(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return whole(execute, sql, *rest)

    monkeypatch.setattr(middleware, "_refuse_writing", listening)
    desk.get(cast.ours.collaboration.get_absolute_url())
    assert asked, "every query of the page passes it"


@pytest.mark.parametrize(
    "name",
    [
        "organisations:account", "organisations:sessions", "records:my_data",
        "meetings:my_calendar", "records:my_data_file", "mfa_index",
        "account_change_password", "socialaccount_connections",
    ],
)  # fmt: skip
def test_what_lets_in_or_is_the_persons_own_is_not_shown(cast: Cast, desk: Client, name: str):
    begin(desk, cast.ours.principal)
    assert desk.get(reverse(name)).status_code == HTTPStatus.FORBIDDEN


def test_it_ends_when_support_stops(cast: Cast, support: User, desk: Client):
    begin(desk, cast.ours.principal)
    assert desk.post(STOP).status_code == HTTPStatus.FOUND
    assert SupportView.objects.get().ended_at
    assert desk.get(cast.ours.collaboration.get_absolute_url()).status_code == 404
    assert desk.get(reverse("admin:index")).status_code == HTTPStatus.OK


def test_it_ends_by_itself(cast: Cast, desk: Client):
    begin(desk, cast.ours.principal)
    SupportView.objects.update(until=NOW - timedelta(days=4000))
    assert desk.get(cast.ours.collaboration.get_absolute_url()).status_code == 404


def test_it_ends_with_the_right_to(cast: Cast, support: User, desk: Client):
    begin(desk, cast.ours.principal)
    User.objects.filter(pk=support.pk).update(is_staff=False)
    assert desk.get(cast.ours.collaboration.get_absolute_url()).status_code == 404


def test_support_says_why(cast: Cast, desk: Client):
    assert begin(desk, cast.ours.principal, "").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not SupportView.objects.exists()


def test_nobody_sees_as_other_support_nor_as_a_closed_account(
    cast: Cast, support: User, desk: Client
):
    other = User.objects.create_superuser("nils@trepart.example", PASSWORD, name="Nils")
    for person in (other, support, cast.deactivated):
        assert begin(desk, person).status_code == HTTPStatus.NOT_FOUND
        with pytest.raises(PermissionDenied):
            see_as(person=person, reason=REASON, by=support, now=NOW)
    with pytest.raises(PermissionDenied):
        see_as(person=cast.ours.principal, reason=REASON, by=cast.agency_manager, now=NOW)


def test_it_is_a_sensitive_act(cast: Cast, support: User, settings):
    """For support alone, with a second factor in production, and who has just shown it."""
    url = reverse("organisations:see_as", args=[cast.ours.principal.pk])
    browser = Client()
    browser.force_login(cast.agency_manager)
    assert browser.get(url).status_code == HTTPStatus.NOT_FOUND
    browser.force_login(support)
    assert browser.get(url).headers["Location"].startswith(reverse("account_reauthenticate"))
    settings.STAFF_SECOND_FACTOR = True
    assert browser.get(url).headers["Location"] == reverse("organisations:second_factor")


def test_to_stop_what_has_not_begun_does_nothing(cast: Cast, client: Client):
    client.force_login(cast.ours.principal)
    assert client.post(STOP).status_code == HTTPStatus.FOUND
