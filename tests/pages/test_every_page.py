"""Each page of the catalogue: who sees it, who may use it, and what it says to a wrong answer."""

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from organisations.models import User
from sbs_workflow.models import TransitionRecord
from tests.cast import Cast
from tests.pages.catalogue import ASKING, FORMS, PAGES, Data, PageOfObject
from tests.pages.stage import Stage

LogIn = Callable[[User | None], Client]
# Also tried on SQLite, so that the quick check stays quick.
PORTABLE = {"portfolio:collaboration", "meetings:book", "interventions:log_visit"}


def each(pages: list[PageOfObject]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "page",
        [
            pytest.param(
                page, id=page.id, marks=pytest.mark.portable if page.name in PORTABLE else ()
            )
            for page in pages
        ],
    )


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def own_url_names() -> Iterator[str]:
    """The names of the pages behind the log-in that are about the collaborations."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and resolver.namespace not in (None, "admin"):
            for pattern in resolver.url_patterns:
                assert isinstance(pattern, URLPattern)
                if getattr(pattern.callback, "door", "") != "public":
                    yield f"{resolver.namespace}:{pattern.name}"


@pytest.mark.portable
def test_the_catalogue_knows_every_page():
    assert {page.name for page in PAGES} == set(own_url_names())


@each(PAGES)
def test_it_opens_to_those_it_is_for_and_to_no_others_of_the_collaboration(
    page: PageOfObject, cast: Cast, stage: Stage, log_in: LogIn
):
    url = page.url(stage)
    opened = {
        role
        for role, person in cast.people.items()
        if log_in(person).get(url).status_code == HTTPStatus.OK
    }
    assert opened == page.seen_by


@each([page for page in PAGES if page.about])
def test_others_are_told_that_there_is_no_such_page(
    page: PageOfObject, cast: Cast, stage: Stage, log_in: LogIn
):
    """In the same words and by the same queries, and so in the same time, as of what is not there.

    No clock is asked, which would prove nothing.
    """
    url = page.url(stage)
    missing = url.replace(str(stage.objects[page.about].pk), "00000000-0000-4000-8000-000000000000")
    # The sweep tries all of theirs.
    for person in (cast.theirs.process_supporter, cast.theirs.principal, cast.outsider):
        client = log_in(person)
        asked, read = refused(client, url)
        asked_of_missing, read_of_missing = refused(client, missing)
        assert read == read_of_missing, person.email
        assert asked == asked_of_missing or page.name in READ_FIRST, person.email
        assert client.post(url).status_code == HTTPStatus.NOT_FOUND, person.email


# Who may withdraw an invitation depends on the role that it offers, which is read first; the key
# of one is known to those alone who may.
READ_FIRST = {"organisations:revoke"}


def refused(client: Client, url: str) -> tuple[list[str], str]:
    """The queries of an answer 404, in order and without their values, and the page that it is.

    The page comes without its own address and without the token that is new in each answer.
    """
    with CaptureQueriesContext(connection) as asked:
        response = client.get(url)
    assert response.status_code == HTTPStatus.NOT_FOUND, url
    queries = [re.sub(r"'[^']*'|\b\d+\b", "?", query["sql"]) for query in asked]
    page = response.content.decode().replace(url, "")
    return queries, re.sub(r"[A-Za-z0-9]{64}", "", page)


@each(PAGES)
def test_strangers_are_asked_to_log_in(page: PageOfObject, stage: Stage, log_in: LogIn):
    response = log_in(None).get(page.url(stage))
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"].startswith("/konto/")


@each([page for page in PAGES if page.seen_by])
def test_only_the_methods_it_has_a_use_for(
    page: PageOfObject, cast: Cast, stage: Stage, log_in: LogIn
):
    client = log_in(next(person for role, person in cast.people.items() if role in page.seen_by))
    url = page.url(stage)
    for method in (client.put, client.delete, client.patch, client.options):
        assert method(url).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    if page.name in READ_ONLY:
        assert client.post(url).status_code == HTTPStatus.METHOD_NOT_ALLOWED


READ_ONLY = {
    "records:readings",
    "records:papers",
    "records:archive",
    "records:registers",
    "records:register",
    "records:register_file",
    "records:my_data",
    "records:my_data_file",
    "records:people",
    "records:person",
    "records:person_file",
    "portfolio:start",
    "portfolio:collaborations",
    "portfolio:process",
    "portfolio:collaboration",
    "portfolio:history",
    "portfolio:calendar",
    "plans:differences",
    "interventions:agreement",
    "interventions:agreement_differences",
    "interventions:assignment",
    "interventions:intervention",
    "interventions:prepare",
    "interventions:task",
    "interventions:visit",
    "meetings:meeting",
    "meetings:times",
}


def answers(page: PageOfObject, cast: Cast, stage: Stage, **changes: object) -> Data:
    assert page.answers is not None
    return page.answers(cast, stage) | changes


def whoever_does(page: PageOfObject, cast: Cast) -> User:
    return next(person for role, person in cast.people.items() if role in page.done_by)


@each(FORMS)
def test_a_right_answer_is_taken_from_those_who_may_and_refused_to_the_others(
    page: PageOfObject, cast: Cast, stage: Stage, log_in: LogIn
):
    url, data = page.url(stage), answers(page, cast, stage)
    for role, person in cast.people.items():
        with undone():
            response = log_in(person).post(url, data)
        if role in page.done_by:
            assert response.status_code == HTTPStatus.FOUND, (role, response.content.decode())
        elif role in page.seen_by:
            assert response.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY)
        else:
            assert response.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND), role


@each(ASKING)
def test_a_wrong_answer_is_told_beside_its_field_and_nothing_typed_is_lost(
    page: PageOfObject, cast: Cast, stage: Stage, log_in: LogIn
):
    data = answers(page, cast, stage, **page.wrong)
    response = log_in(whoever_does(page, cast)).post(page.url(stage), data)

    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    said = message_beside(response, page.wrong_field)
    assert said
    assert not re.search(r"\b(the|is|must|this|not)\b", said), said
    for name, value in data.items():
        if name not in BUTTONS:
            assert_still_typed(response, name, value)
    for instance in stage.machines:
        assert type(instance)._default_manager.get(pk=instance.pk).state == instance.state
    assert not TransitionRecord.objects.exists()


# Pressed and not typed.
BUTTONS = {"save"}


def message_beside(response: Any, field: str) -> str:
    """What is written beside the field, without its mark-up."""
    found = re.search(
        rf'<div class="field__error" id="id_{field}_error">(.*?)</div>',
        response.content.decode(),
        re.DOTALL,
    )
    return html.unescape(re.sub(r"<[^>]+>", " ", found[1])).strip() if found else ""


def assert_still_typed(response: Any, name: str, value: object) -> None:
    """The form that comes back holds what was sent, except choices that it never offered."""
    form = response.context["form"]
    kept = form[name].value()
    if isinstance(value, list):
        assert [str(each) for each in kept] == value
    elif isinstance(kept, bool):
        assert kept
    else:
        assert kept == value
        if isinstance(value, str) and form[name].widget_type in ("text", "textarea", "date"):
            assert html.escape(value).replace("&#x27;", "&#39;") in response.content.decode()


@each(ASKING)
def test_an_empty_answer_is_refused_or_harmless(
    page: PageOfObject, cast: Cast, stage: Stage, log_in: LogIn
):
    response = log_in(whoever_does(page, cast)).post(page.url(stage), {"ingenting": "alls"})
    assert response.status_code in (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.FOUND)
    assert not TransitionRecord.objects.exists()
