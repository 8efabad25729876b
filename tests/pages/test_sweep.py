"""Everybody asks for every address with every method: no error, and no word of the other side."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pypdf import PdfReader

from organisations.models import User
from sbs_workflow.models import Collaboration, TransitionRecord
from sbs_workflow.models.collaboration import CollaborationQuerySet
from tests.cast import NOW, Cast, Side
from tests.pages.canaries import OURS, THEIRS, release
from tests.pages.catalogue import PAGES
from tests.pages.stage import Stage, set_stage
from tests.pages.test_every_page import undone

LogIn = Callable[[User | None], Client]
METHODS = ("post", "put", "delete")
# The agency matches a case with any university there is, so that it is given their names.
CHOOSES_AMONG_ALL = "sbs_workflow:describe"
SEARCHES = (
    "/samverkan/?sok=kanari&avslutade=on",
    "/samverkan/?sok=deras",
    "/samverkan/?forsenat=on&sortera=-mote",
    "/samverkan/?page=999",
)


@pytest.fixture
def marked(cast: Cast, stage: Stage) -> Stage:
    """Our stage, with marks in every text of both sides."""
    release(cast.ours, stage, OURS)
    release(cast.theirs, set_stage(cast.theirs), THEIRS)
    return stage


def own_addresses(stage: Stage) -> list[str]:
    """Every page of the catalogue, and the page of every object."""
    pages = [page.url(stage) for page in PAGES if page.name != CHOOSES_AMONG_ALL]
    return list(dict.fromkeys([*pages, *(each.get_absolute_url() for each in stage.machines)]))


def foreign_words(cast: Cast, stage: Stage, log_in: LogIn, addresses: list[str]) -> Iterator[str]:
    """Each place where somebody read a word of the other side.

    One of each party: what differs between the roles of a party is tried page by page.
    """
    people = [(person, THEIRS) for person in one_of_each_party(cast.ours)]
    people += [(person, OURS) for person in (*one_of_each_party(cast.theirs), cast.outsider)]
    for person, foreign in people:
        client = log_in(person)
        for address in addresses:
            response = client.get(address)
            assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, address
            if foreign in as_sent(response):
                yield f"{person.email} {address}"


def one_of_each_party(side: Side) -> tuple[User, ...]:
    return (side.process_supporter, side.head_of_authority, side.team_leader)


def as_sent(response: Any) -> str:
    """Every word of the answer; a Word file or an archive is opened, and a picture has none."""
    return f"{response.headers}{unpacked(response.getvalue())}"


def unpacked(content: bytes) -> str:
    """A file as text, with all files in it; a PDF as it is read aloud."""
    if content.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with ZipFile(BytesIO(content)) as parts:
        return "".join(name + unpacked(parts.read(name)) for name in parts.namelist())


def test_nobody_reads_a_word_of_the_other_side(cast: Cast, marked: Stage, log_in: LogIn):
    TransitionRecord.objects.create(
        collaboration=cast.theirs.collaboration,
        machine="samverkan",
        object_id=cast.theirs.collaboration.pk,
        object_name=THEIRS,
        transition="extend",
        from_state="active",
        to_state="extended",
        by=cast.theirs.process_supporter,
        occurred_at=NOW,
        reason=THEIRS,
    )
    addresses = [*own_addresses(marked), *SEARCHES]
    assert list(foreign_words(cast, marked, log_in, addresses)) == []
    # The marks are there to be found by those who may read them.
    assert OURS in as_sent(log_in(cast.ours.team_leader).get("/samverkan/?sok=kanari"))
    assert THEIRS in as_sent(log_in(cast.agency_manager).get("/samverkan/?sok=kanari"))


def test_a_door_that_is_left_open_is_found_out(
    cast: Cast, marked: Stage, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
):
    """A net that cannot fail proves nothing (reliability.md 3)."""

    def everything(self: Any, user: User) -> Any:
        return self.all()

    monkeypatch.setattr(CollaborationQuerySet, "visible_to", everything)
    addresses = [marked.collaboration.get_absolute_url(), SEARCHES[0]]
    assert list(foreign_words(cast, marked, log_in, addresses))
    assert Collaboration.objects.count() == 2


def package_addresses() -> list[str]:
    """What packages bring, as far as it needs no key in the address."""
    found = ["/sprak/", "/health", "/health/ready", "/admin/", "/admin/login/", "/finns-inte/"]
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and str(resolver.pattern) == "konto/":
            found += [
                f"/konto/{each.pattern}"
                for each in resolver.url_patterns
                if isinstance(each, URLPattern)
                and "<" not in str(each.pattern)
                and "(?P" not in str(each.pattern)
            ]
    return found


def test_no_method_of_anybody_breaks_a_page(cast: Cast, marked: Stage, log_in: LogIn):
    """With nothing of what a form would send, also as somebody who is no longer let in.

    What else those who read a page send there is refused page by page, and whoever is not logged in
    is sent to log in, whatever they ask for.
    """
    for person in (*one_of_each_party(cast.ours), cast.theirs.head_of_authority):
        client = log_in(person)
        for page in PAGES:
            for method in METHODS if person == cast.theirs.head_of_authority else ("post",):
                assert_unbroken(client, method, page.url(marked))
    for stranger in (cast.outsider, cast.deactivated, None):
        client = log_in(stranger)
        for address in package_addresses():
            for method in ("get", *METHODS):
                assert_unbroken(client, method, address)


def assert_unbroken(client: Client, method: str, address: str) -> None:
    sent = {"seen_state": "active", "action": "x"} if method == "post" else {}
    with undone():
        status = getattr(client, method)(address, sent).status_code
    # Health says 503 here: nothing ticks in a test.
    assert status < HTTPStatus.INTERNAL_SERVER_ERROR or address.startswith("/health")
