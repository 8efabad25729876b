"""Rights are read anew for each request: what is taken away is gone at once (reliability.md A9)."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.test import Client

from organisations.models import Membership, User
from sbs_workflow.models import Assignment
from tests import factories
from tests.cast import TODAY, Cast
from tests.pages.stage import Stage

LogIn = Callable[[User | None], Client]


@pytest.mark.portable
def test_a_role_that_has_ended_opens_nothing(cast: Cast, stage: Stage, log_in: LogIn):
    client, url = log_in(cast.ours.team_leader), stage.collaboration.get_absolute_url()
    assert client.get(url).status_code == HTTPStatus.OK
    Assignment.objects.filter(user=cast.ours.team_leader).update(ends_on=TODAY - timedelta(days=1))
    assert client.get(url).status_code == HTTPStatus.NOT_FOUND
    assert stage.collaboration.name not in client.get("/").content.decode()


def test_a_role_that_begins_tomorrow_opens_nothing_yet(cast: Cast, stage: Stage, log_in: LogIn):
    client, url = log_in(cast.ours.principal), stage.collaboration.get_absolute_url()
    Membership.objects.filter(user=cast.ours.principal).update(starts_on=TODAY + timedelta(days=1))
    assert client.get(url).status_code == HTTPStatus.NOT_FOUND


def test_an_account_that_is_closed_is_logged_out(cast: Cast, stage: Stage, log_in: LogIn):
    client = log_in(cast.ours.team_leader)
    User.objects.filter(pk=cast.ours.team_leader.pk).update(is_active=False)
    response = client.get("/")
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"].startswith("/konto/login/")


def test_an_unshared_log_is_read_by_the_university_alone(cast: Cast, stage: Stage, log_in: LogIn):
    url, log = stage.unshared_visit.get_absolute_url(), stage.unshared_visit.log
    readers = {
        role for role, person in cast.people.items()
        if log in log_in(person).get(url).content.decode()
    }  # fmt: skip
    assert readers == {"university_lead", "team_leader", "education_leader"}


def test_a_candidate_is_seen_by_the_agency_alone(cast: Cast, log_in: LogIn):
    candidate = factories.collaboration(cast, state="candidate")
    url = candidate.get_absolute_url()
    seen = {
        role for role, person in cast.people.items()
        if log_in(person).get(url).status_code == HTTPStatus.OK
    }  # fmt: skip
    assert {"process_supporter", "agency_manager"} <= seen
    assert not seen & {"head_of_authority", "principal", "university_lead"}
