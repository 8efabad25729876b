"""Whatever is sent, the product answers like one that was meant: never with an error of its own."""

import uuid
from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest
from django.test import Client

from organisations.models import Role, User
from tests.cast import Cast
from tests.pages.catalogue import FORMS, Data, PageOfObject
from tests.pages.stage import Stage
from tests.pages.test_every_page import answers, undone, whoever_does

LogIn = Callable[[User | None], Client]
SCRIPT = "<script>document.title='taget'</script>"
HOSTILE = [
    "x" * 10_000,
    SCRIPT,
    f"{SCRIPT}{{{{ 7|add:7 }}}}{{% load i18n %}}${{7*7}}' OR 1=1 --"
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "👩🏽‍🏫🏴󠁧󠁢󠁳󠁣󠁴󠁿" * 40 + "\u202eabc\u2066\u200f\ufffd",
    "nul\x00tecken",
    "9" * 5_000,
    "-1",
    "1e400",
    "NaN",
    "9999-12-31",
    "0001-01-01",
    "25:61",
    "",
]
# Also in those fields only whose form takes it, so that it goes on to the rules and the database.
TELLING = [SCRIPT, "nul\x00tecken", "9999-12-31", "-1", "9" * 5_000]


@pytest.mark.parametrize("page", FORMS, ids=lambda page: page.id)
def test_a_form_survives_hostile_answers(
    page: PageOfObject, cast: Cast, stage: Stage, log_in: LogIn
):
    client = log_in(whoever_does(page, cast))
    right = answers(page, cast, stage)
    for text in HOSTILE:
        refused = refused_fields(client, page.url(stage), dict.fromkeys(right, text))
        if text in TELLING and refused and refused != right.keys():
            sent = {name: right[name] if name in refused else text for name in right}
            refused_fields(client, page.url(stage), sent)


def refused_fields(client: Client, url: str, sent: Data) -> set[str]:
    """Send it, and give the fields that the form found wrong."""
    with undone():
        response = client.post(url, sent)
        assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        refused = response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        wrong = set(response.context["form"].errors) if refused else set()
        if response.status_code == HTTPStatus.FOUND:
            response = client.get(response["Location"])
        assert SCRIPT not in response.content.decode()
    return wrong & sent.keys()


def addresses(stage: Stage) -> Iterator[str]:
    for text in ("x", "0" * 400, "' OR 1=1", "../../etc", "%00", "{{7}}", str(uuid.uuid4())[:-1]):
        yield f"/samverkan/{text}/"
        yield f"/steg/samverkan/{text}/pause/"
        yield f"/steg/{text}/{stage.collaboration.pk}/pause/"
        yield f"/steg/samverkan/{stage.collaboration.pk}/{text}/"


def test_addresses_that_nobody_made_are_not_found(cast: Cast, stage: Stage, log_in: LogIn):
    client = log_in(cast.ours.process_supporter)
    for address in addresses(stage):
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND, address
    for name in ("save", "delete", "__class__", "collaboration", "get_absolute_url", "perform"):
        url = f"/steg/samverkan/{stage.collaboration.pk}/{name}/"
        assert client.post(url, {"seen_state": "active"}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.portable
def test_filters_of_nonsense_are_left_out(cast: Cast, stage: Stage, log_in: LogIn):
    client = log_in(cast.ours.team_leader)
    names = ("sok", "fas", "forsenat", "avslutade", "sortera", "page", "okänd")
    for text in HOSTILE:
        query: dict[str, str | list[str]] = dict.fromkeys(names, text)
        response = client.get("/samverkan/", query)
        assert response.status_code == HTTPStatus.OK
        assert SCRIPT not in response.content.decode()
        assert client.get("/samverkan/", {"sok": [text, text]}).status_code == HTTPStatus.OK
    for name in ("historik", "kalender"):
        for number in ("0", "-1", "9" * 30, "x", "1.5", "\x00"):
            url = f"/samverkan/{stage.collaboration.pk}/{name}/"
            assert client.get(url, {"page": number}).status_code == HTTPStatus.OK


def test_steps_of_every_machine_survive_hostile_answers(cast: Cast, stage: Stage, log_in: LogIn):
    """Every step that anybody may take now, with the same nonsense in every field."""
    clients = [log_in(cast.people[role]) for role in (Role.HEAD_OF_AUTHORITY, Role.TEAM_LEADER)]
    clients += [log_in(cast.people[role]) for role in (Role.PROCESS_SUPPORTER, Role.AGENCY_MANAGER)]
    fields = (
        "interventions_end_on", "closing_seminar_on", "resume_on", "starts_on", "ends_on",
        "minutes", "reason", "past_gates", "followed_up_on",
    )  # fmt: skip
    for instance in stage.machines:
        for declared in type(instance).declared_transitions():
            if declared.source != instance.state:
                continue
            url = f"/steg/{instance.machine_slug}/{instance.pk}/{declared.name}/"
            for client in clients:
                if client.get(url).status_code != HTTPStatus.OK:
                    continue
                for text in ("nul\x00tecken", "2000-01-01"):
                    with undone():
                        sent = dict.fromkeys(fields, text) | {"seen_state": instance.state}
                        status = client.post(url, sent).status_code
                    assert status < HTTPStatus.INTERNAL_SERVER_ERROR, url
