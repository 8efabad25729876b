"""What leaves Trepart by other ways than pages: files, feeds, mails and errors.

Two huvudmän carry distinct marks in every text; neither is ever handed a mark of the other's. That
time tells nothing either is tried page by page (test_every_page).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings.actions.feed import open_calendar_feed
from notifications.letters import letter
from notifications.models import OutboxMessage
from organisations.models import User
from tests.cast import NOW, Cast, Side
from tests.pages.canaries import OURS, THEIRS, release
from tests.pages.catalogue import FORMS, PAGES
from tests.pages.stage import Stage, set_stage
from tests.pages.test_every_page import undone
from tests.pages.test_sweep import as_sent, one_of_each_party

LogIn = Callable[[User | None], Client]
FILES = [page for page in PAGES if page.is_file]
KEY = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@pytest.fixture
def other_stage(cast: Cast, stage: Stage) -> Stage:
    """Their stage, with marks in every text of both sides."""
    release(cast.ours, stage, OURS)
    theirs = set_stage(cast.theirs)
    release(cast.theirs, theirs, THEIRS)
    return theirs


def readers(cast: Cast) -> Iterator[tuple[User, str, str]]:
    """Each person with the mark of their own side and that of the other."""
    for side, own, foreign in ((cast.ours, OURS, THEIRS), (cast.theirs, THEIRS, OURS)):
        for person in one_of_each_party(side):
            yield person, own, foreign


# --- files and feeds --------------------------------------------------------------------------


def test_no_file_tells_a_word_of_the_other_side(
    cast: Cast, stage: Stage, other_stage: Stage, log_in: LogIn
):
    """Word, PDF, CSV, JSON, pictures and the archive with the files in it.

    Asked for where they are made of one's own case; that nobody opens another's is in the sweep.
    """
    kinds: Counter[str] = Counter()
    found = []
    for side, own, foreign, their_stage in (
        (cast.ours, OURS, THEIRS, stage),
        (cast.theirs, THEIRS, OURS, other_stage),
    ):
        client = log_in(side.head_of_authority)
        for page in FILES:
            response = client.get(page.url(their_stage))
            text = as_sent(response)
            if response.status_code == HTTPStatus.OK and own in text:
                kinds[response.headers["Content-Type"].partition(";")[0]] += 1
            if foreign in text:
                found.append(f"{side.organiser} {page.id}")
    assert found == []
    assert {"application/zip", "application/json"} <= kinds.keys(), "own marks are there to find"
    assert any("wordprocessingml" in kind for kind in kinds)


def test_no_feed_tells_a_word_of_the_other_side(
    cast: Cast, stage: Stage, other_stage: Stage, log_in: LogIn
):
    told = {}
    for person, own, foreign in readers(cast):
        feed = open_calendar_feed(by=person, now=NOW)
        text = as_sent(log_in(None).get(reverse("portfolio:feed", args=[feed.token])))
        text = text.replace("\r\n ", "")  # a long line is folded
        assert foreign not in text, person.email
        told[person] = own in text
    assert all(told.values())


# --- mails ------------------------------------------------------------------------------------


def side_of(address: str) -> tuple[str, str] | None:
    """The marks of the own and of the other side; None for the agency's lead, who sees both."""
    domain = address.rpartition("@")[2]
    return {"adalen.example": (OURS, THEIRS), "osterby.example": (THEIRS, OURS)}.get(domain)


def test_no_mail_of_anything_that_is_done_tells_a_word_of_the_other_side(
    cast: Cast, stage: Stage, other_stage: Stage, log_in: LogIn
):
    """Every form of the catalogue is sent, and every letter that comes of it is read whole."""
    templates, found = set(), []
    for page in FORMS:
        person = next(p for role, p in cast.people.items() if role in page.done_by)
        assert page.answers is not None
        with undone():
            before = set(OutboxMessage.objects.values_list("pk", flat=True))
            log_in(person).post(page.url(stage), page.answers(cast, stage))
            for message in OutboxMessage.objects.exclude(pk__in=before).select_related("recipient"):
                templates.add(message.template)
                to = message.recipient.email if message.recipient else message.address
                marks = side_of(to)
                if marks and marks[1] in whole(message):
                    found.append(f"{page.id} {message.template} to {to}")
    assert found == []
    assert len(templates) > 5, templates


def whole(message: OutboxMessage) -> str:
    written = letter(message.template, message.context)
    return "\n".join((written.subject, written.text, written.html, message.calendar))


# --- errors ------------------------------------------------------------------------------------


def with_their_keys(data: Any, ours: Stage, theirs: Stage, side: Side, other: Side) -> Any:
    """The same answers with every key of ours replaced by that of the same thing of theirs."""
    keys = {
        str(mine.pk): str(theirs.objects[name].pk)
        for name, mine in ours.objects.items()
    }  # fmt: skip
    keys |= {str(getattr(side, n).pk): str(getattr(other, n).pk) for n in side.__dataclass_fields__}

    def replaced(value: Any) -> Any:
        if isinstance(value, str):
            return KEY.sub(lambda key: keys.get(key[0], key[0]), value)
        return [replaced(each) for each in value] if isinstance(value, list | tuple) else value

    return {name: replaced(value) for name, value in data.items()}


def test_no_error_names_what_a_key_of_the_other_side_stands_for(
    cast: Cast, stage: Stage, other_stage: Stage, log_in: LogIn
):
    """Whoever sends keys of theirs in a form of ours learns nothing, and changes nothing there."""
    found, swapped = [], 0
    for page in FORMS:
        person = next(p for role, p in cast.people.items() if role in page.done_by)
        if person == cast.agency_manager or side_of(person.email) is None:
            continue
        assert page.answers is not None
        mine = page.answers(cast, stage)
        data = with_their_keys(mine, stage, other_stage, cast.ours, cast.theirs)
        swapped += data != mine
        with undone():
            response = log_in(person).post(page.url(stage), data)
        assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, page.id
        if THEIRS in as_sent(response):
            found.append(page.id)
    assert found == []
    assert swapped > 5
