"""Logging in with a code by mail: the mail leaves by the outbox and nothing else."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from notifications.letters import letter
from notifications.models import OutboxMessage
from organisations.models import User
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.portable]


def test_a_code_waits_in_the_outbox_and_logs_in(cast: Cast, client: Client) -> None:
    address = cast.ours.team_leader.email
    client.post(reverse("account_request_login_code"), {"email": address})

    message = OutboxMessage.objects.get(address=address)
    assert message.confidential
    text = letter(message.template, message.context).text
    code = re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", text, re.MULTILINE)
    assert code, text

    answer = client.post(reverse("account_confirm_login_code"), {"code": code[1]})
    assert answer.status_code == 302
    assert client.get(reverse("portfolio:start")).status_code == 200


def test_a_stranger_is_not_told_who_has_an_account(cast: Cast, client: Client) -> None:
    known = client.post(
        reverse("account_request_login_code"), {"email": cast.ours.team_leader.email}
    )
    client.cookies.clear()
    unknown = client.post(
        reverse("account_request_login_code"), {"email": "nobody@elsewhere.example"}
    )
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]


def test_nobody_signs_up(client: Client) -> None:
    answer = client.post(
        reverse("account_signup"),
        {"email": "new@elsewhere.example", "password1": "a long enough pass phrase"},
    )
    assert answer.status_code == 200
    assert not User.objects.filter(email="new@elsewhere.example").exists()
