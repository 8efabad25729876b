"""Every address × every role × every situation × every method, against access.csv.

The table is written by people: ``manage.py access_matrix --csv FILE`` only proposes rows for what
is new. Its columns and situations are explained there. Each object comes from the stage, and its
address from the catalogue of pages.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import resvg_py
from django.apps import apps
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.base import BaseHandler
from django.db.models import Model
from django.template.backends.django import Template
from django.test import RequestFactory
from django.urls import reverse

from notifications.clock import STOCKHOLM
from organisations.login import second_factor
from organisations.models import UNIT_ROLES, Role, User
from sbs_workflow.management.commands.access_matrix import (
    Address,
    Row,
    addresses,
    from_words,
    in_words,
    read_table,
)
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast, member, person
from tests.pages.catalogue import PAGES, PageOfObject
from tests.pages.stage import Stage, set_stage
from tests.pages.test_every_page import undone

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

TABLE = Path(__file__).with_name("access.csv")
UPDATE = f".venv/bin/python manage.py access_matrix --csv {TABLE.relative_to(settings.BASE_DIR)}"
GUARDED = [a for a in addresses() if not a.is_open and not a.route.startswith("admin/")]
NEVER = ("PUT", "PATCH", "DELETE")
METHODS = ("GET", "HEAD", "POST", *NEVER)
DRAFTS = ("drafted_", "unshared_")
LOG_IN = reverse(settings.LOGIN_URL)

People = dict[str, User]


@dataclass(frozen=True)
class Scene:
    """One address in one situation, and the people who ask for it, by role."""

    address: Address
    situation: str
    url: str
    people: People
    # Those of them who are known to read it: everybody opens every page of the catalogue.
    known_readers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answers:
    """What each person of a scene was told."""

    read: dict[str, int]
    write: dict[str, int]


def is_let_in(status: int) -> bool:
    """Past the door: shown, sent on, or told what is wrong with the form."""
    return status < HTTPStatus.BAD_REQUEST or status in (
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    )


# Enough of a page for what is made of one, such as a picture.
DRAWN = '<svg width="1" height="1"></svg>'


def know_the_person(_middleware: AuthenticationMiddleware, request: Any) -> None:
    """In place of the session, which never reaches the database."""
    request.user = request.person
    if request.user.is_authenticated:
        second_factor.note_provider(request, request.user, strong=True)
        request.session.modified = False


class Asking:
    """Sends requests through the whole product, and counts them.

    Who somebody is comes with the request: sessions are tried page by page elsewhere. Nothing is
    drawn, and what a request changes has not happened afterwards.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(AuthenticationMiddleware, "process_request", know_the_person)
        monkeypatch.setattr(Template, "render", lambda *_arguments, **_options: DRAWN)
        monkeypatch.setattr(resvg_py, "svg_to_bytes", lambda **_options: b"")
        monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
        self.handler, self.factory, self.cells = BaseHandler(), RequestFactory(), 0
        self.handler.load_middleware()

    def __call__(self, person: User | None, method: str, url: str) -> Any:
        self.cells += 1
        request: Any = self.factory.generic(method, url)
        request._dont_enforce_csrf_checks = True
        request.person = person or AnonymousUser()
        if method != "POST":
            return self.handler.get_response(request)
        with undone():
            return self.handler.get_response(request)


# --- who, and what ---------------------------------------------------------------------------


def pages_by_name() -> dict[str, PageOfObject]:
    """One page of the catalogue for each address, of what is shared where there is such a one."""
    found: dict[str, PageOfObject] = {}
    for page in PAGES:
        if page.name not in found or found[page.name].about.startswith(DRAFTS):
            found[page.name] = page
    return found


def others_like(instance: Model, stage: Stage) -> Iterator[tuple[str, Model]]:
    for name, other in stage.objects.items():
        if type(other) is type(instance):
            yield name, other


def scenes(cast: Cast, stage: Stage) -> Iterator[Scene]:
    pages = pages_by_name()
    stranger: People = {"outsider": cast.outsider}
    everybody: People = {role.value: each for role, each in cast.people.items()}
    theirs: People = {role.value: each for role, each in cast.theirs.people.items()}
    second_leader = another_process_leader(cast)
    for address in (each for each in GUARDED if each.name in pages):
        page = pages[address.name]
        if not page.about:
            yield Scene(address, "own", page.url(stage), everybody, readers_of(page))
            yield Scene(address, "stranger", page.url(stage), stranger)
            continue
        named: Any = stage.objects[page.about]
        alike = dict(others_like(named, stage)) if not page.step else {page.about: named}
        shared = [page.about, *(name for name in alike if not name.startswith(DRAFTS))]
        own = next((n for n in shared if not n.startswith(DRAFTS)), page.about)
        draft = next((n for n in (page.about, *alike) if n.startswith(DRAFTS)), "")
        url = replace(page, about=own).url(stage)
        here, elsewhere = by_unit(cast, second_leader, alike[own])
        as_in_catalogue = own == page.about and here == everybody
        known = readers_of(page) if as_in_catalogue else frozenset()
        yield Scene(address, "own", url, here, known)
        if hasattr(alike[own], "collaboration"):
            yield Scene(address, "withdrawn", url, here)
        if elsewhere:
            yield Scene(address, "other-unit", url, elsewhere)
        if draft and draft != own:
            at_home, _others = by_unit(cast, second_leader, alike[draft])
            yield Scene(address, "draft", replace(page, about=draft).url(stage), at_home)
        yield Scene(address, "other-organiser", url, theirs)
        yield Scene(address, "stranger", url, stranger)


def readers_of(page: PageOfObject) -> frozenset[str]:
    return frozenset(role.value for role in page.seen_by)


def another_process_leader(cast: Cast) -> User:
    """Of the preschool, as the cast has one of the school alone."""
    leader = person("Pelle Processledare", "pelle.processledare@adalen.example")
    leader.save()
    side = cast.ours
    member(leader, side.organiser, Role.PROCESS_LEADER, side.preschool).save()
    return leader


def by_unit(cast: Cast, second_leader: User, instance: Any) -> tuple[People, People]:
    """The people of the case, and those who hold a role in another unit of it.

    Nobody is of another unit where the object belongs to none, or to both.
    """
    people = {role.value: each for role, each in cast.people.items()}
    if not hasattr(instance, "collaboration"):
        return people, {}
    in_school = {role.value: people[role] for role in UNIT_ROLES}
    in_preschool = {
        Role.PRINCIPAL.value: cast.ours.preschool_principal,
        Role.PROCESS_LEADER.value: second_leader,
    }
    of_school, of_preschool = (
        Role.PRINCIPAL in load_roles(each[Role.PRINCIPAL], TODAY).for_object(instance)
        for each in (in_school, in_preschool)
    )
    if of_school == of_preschool:
        return people, {}
    return (people, in_preschool) if of_school else (people | in_preschool, in_school)


# --- what came of it -------------------------------------------------------------------------


def answers_in_short(scene: Scene, ask: Asking) -> Answers:
    """Without what is tried elsewhere too: by ``tests/pages`` each day, or in the soak.

    Whoever reads the page has opened it in ``test_every_page``; of the other side, where each
    person holds one role, one of each party asks.
    """
    if scene.situation == "other-organiser":
        people = {role: scene.people[role] for role in ONE_OF_EACH_PARTY}
        return answers_to(replace(scene, people=people), ask)
    asking = {role: user for role, user in scene.people.items() if role not in scene.known_readers}
    answers = answers_to(scene, ask, reading=asking)
    return replace(answers, read=dict.fromkeys(scene.known_readers, HTTPStatus.OK) | answers.read)


ONE_OF_EACH_PARTY = ("process_supporter", "head_of_authority", "team_leader")


def answers_to(scene: Scene, ask: Asking, reading: People | None = None) -> Answers:
    """What the people of the scene are told, and those of them who read, if not all do."""
    people = scene.people.items()
    reading = scene.people if reading is None else reading
    return Answers(
        {role: ask(user, "GET", scene.url).status_code for role, user in reading.items()},
        {role: ask(user, "POST", scene.url).status_code for role, user in people},
    )


def assert_no_other_way_in(scene: Scene, answers: Answers, ask: Asking) -> None:
    """HEAD is answered as GET is; PUT, PATCH and DELETE let nobody in, whoever asks."""
    for role, user in scene.people.items():
        where = (scene.address.name, scene.situation, role)
        assert ask(user, "HEAD", scene.url).status_code == answers.read[role], where
        for method in NEVER:
            status = ask(user, method, scene.url).status_code
            assert status == HTTPStatus.METHOD_NOT_ALLOWED, where


def row_of(scene: Scene, answers: Answers) -> Row:
    """The line that the product itself would write."""
    reading = [role for role, status in answers.read.items() if is_let_in(status)]
    writing = [role for role, status in answers.write.items() if is_let_in(status)]
    # That nothing is to be sent to a page is told to whoever sends it, and is no refusal.
    refused = {
        status
        for status in (*answers.read.values(), *refusals_to_strangers(answers, reading))
        if not is_let_in(status) and status != HTTPStatus.METHOD_NOT_ALLOWED
    }
    return Row(
        scene.address.name,
        scene.address.door,
        scene.situation,
        people_in_words(reading),
        people_in_words(writing),
        " ".join(str(int(status)) for status in sorted(refused)),
    )


def refusals_to_strangers(answers: Answers, reading: list[str]) -> list[int]:
    """Whoever may read and not write is told so; the others learn no more by sending something."""
    return [status for role, status in answers.write.items() if role not in reading]


def people_in_words(people: list[str]) -> str:
    return "outsider" if people == ["outsider"] else in_words(people)


def normal(row: Row) -> Row:
    """Lists in whatever order people write them."""
    return row._replace(
        read=" ".join(sorted(from_words(row.read))),
        write=" ".join(sorted(from_words(row.write))),
        refused=" ".join(sorted(row.refused.split())),
    )


def as_told(found: list[Row]) -> str:
    """The lines that are to be written, situations of the same outcome in one."""
    together: dict[Row, list[str]] = defaultdict(list)
    for row in found:
        together[row._replace(situation="")].append(row.situation)
    return "\n".join(
        ",".join(row._replace(situation=" ".join(situations)))
        for row, situations in together.items()
    )


@pytest.fixture
def stage(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """With the product's clock at the cast's today, so that what is due in the stage is due."""
    shift = NOW - datetime.now(STOCKHOLM)
    monkeypatch.setenv("CLOCK_OFFSET", str(shift.total_seconds()))
    return set_stage(cast.ours)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Asking:
    return Asking(monkeypatch)


def played(cast: Cast, stage: Stage) -> Iterator[Scene]:
    """The scenes, each while the case is in the state that it speaks of."""
    for scene in scenes(cast, stage):
        if scene.situation == "withdrawn":
            with undone():
                factories.put(stage.collaboration, "withdrawn")
                yield scene
        else:
            yield scene


def disagreements(table: list[Row], found: list[Row]) -> str:
    """What the product does where the table says something else, as lines for the table."""
    written = {
        (row.address, situation): normal(row._replace(situation=situation))
        for row in table
        for situation in row.situation.split()
    }
    wrong = [row for row in found if written.get((row.address, row.situation)) != normal(row)]
    told = as_told(wrong)
    asked = {(row.address, row.situation) for row in found}
    situations = {row.situation for row in found}
    gone = [
        " ".join(key)
        for key in sorted(written.keys() - asked)
        if key[1] in situations and key[0] in {row.address for row in found}
    ]
    if gone:
        told += f"\nThere is no such situation: {', '.join(gone)}"
    return told


def assert_as_written(found: list[Row]) -> None:
    told = disagreements(read_table(TABLE), found)
    assert not told, f"{TABLE.name} disagrees. The product does this; is that right?\n{told}"


def test_everybody_is_let_in_where_the_table_says_and_nowhere_else(
    cast: Cast, stage: Stage, ask: Asking
):
    """Whom GET and POST let in while the case goes on."""
    assert_as_written(
        [
            row_of(scene, answers_in_short(scene, ask))
            for scene in scenes(cast, stage)
            if scene.situation != "withdrawn"
        ]
    )


@pytest.mark.soak
def test_the_whole_table(cast: Cast, stage: Stage, ask: Asking):
    """With every method, and in a case that was withdrawn too."""
    found = []
    for scene in played(cast, stage):
        answers = answers_to(scene, ask)
        assert_no_other_way_in(scene, answers, ask)
        found.append(row_of(scene, answers))
    assert_as_written(found)
    assert ask.cells >= 10_000


def test_who_is_not_logged_in_is_sent_to_log_in(cast: Cast, stage: Stage, ask: Asking):
    guarded = {address.name for address in GUARDED}
    for name, page in pages_by_name().items():
        for method in METHODS if name in guarded else ():
            response = ask(None, method, page.url(stage))
            assert response.status_code == HTTPStatus.FOUND, (name, method)
            assert response.headers["Location"].startswith(LOG_IN), (name, method)


def test_every_address_has_a_page_to_ask_for():
    missing = {address.name for address in GUARDED} - pages_by_name().keys()
    assert not missing, f"Write these into tests/pages/catalogue.py: {sorted(missing)}"


def test_every_address_and_its_door_is_written_down():
    coded = {(a.name, a.door) for a in addresses() if not a.route.startswith("admin/")}
    written = {(row.address, row.door) for row in read_table(TABLE)}
    assert coded == written, f"Run this, and look through what it adds:\n  {UPDATE}"


def test_nothing_is_ever_written_by_a_stranger():
    """Read by itself: who may do something outside of their own case stands in few rows."""
    for row in read_table(TABLE):
        if "other-organiser" in row.situation:
            assert (row.read, row.write, row.refused) == ("", "", "404"), row


# --- a net that cannot fail proves nothing -----------------------------------------------------


def test_a_wrong_table_is_found_out(cast: Cast, stage: Stage, ask: Asking):
    [scene] = [
        each
        for each in scenes(cast, stage)
        if each.address.name == "meetings:book" and each.situation == "own"
    ]
    found = row_of(scene, answers_to(scene, ask))
    assert disagreements([found], [found]) == ""
    for wrong in (
        found._replace(read="everybody"),
        found._replace(write="agency organiser"),
        found._replace(refused="404"),
        found._replace(situation="draft"),
    ):
        assert ",".join(found) in disagreements([wrong], [found])


def test_words_stand_for_roles_both_ways():
    for roles in ([], ["team_leader"], ["agency_manager", "process_supporter"], list(Role)):
        assert from_words(in_words(roles)) == set(roles)
    assert in_words([Role.AGENCY_MANAGER, Role.PROCESS_SUPPORTER]) == "agency"


def test_every_model_that_a_door_opens_to_can_say_who_sees_it():
    for address in GUARDED:
        label = address.door.removesuffix(" + role")
        # An organisation's page is found among those that the person leads.
        if "." in label and label != "organisations.organisation":
            assert hasattr(apps.get_model(label)._default_manager, "visible_to"), label
