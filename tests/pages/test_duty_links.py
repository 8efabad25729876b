"""What is left to do in a case leads each person only to pages that are open to them."""

import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import Role, User
from tests.cast import Cast

pytestmark = pytest.mark.portable

DUTY = re.compile(r'class="duty__label"><a href="([^"]+)"')


@pytest.mark.parametrize("role", Role)
def test_no_duty_of_a_case_leads_to_a_closed_page(
    role: Role, cast: Cast, log_in: Callable[[User | None], Client]
):
    client = log_in(cast.people[role])
    case = reverse("portfolio:collaboration", args=[cast.ours.collaboration.pk])
    addresses = DUTY.findall(client.get(case).content.decode())
    assert addresses
    closed = [each for each in addresses if client.get(each).status_code != HTTPStatus.OK]
    assert not closed
