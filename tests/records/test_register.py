"""The register: which document is official for whom, since when, and under which number."""

import csv
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from organisations.models import Organisation, User
from records.actions import register
from records.permissions import REGISTRARS
from records.queries import Entry, entries_of, entry_of, own_authorities, register_of
from sbs_workflow.queries import load_roles
from tests import factories
from tests.cast import NOW, TODAY, Cast
from tests.questions import of_the_page

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def entry(cast: Cast, instance: Any, user: User, authority: Organisation) -> Entry | None:
    load_roles(user, TODAY)
    case = cast.ours.collaboration
    return entry_of(case, user, authority, instance.machine_slug, instance.pk)


Build = Callable[[Cast], Any]
# Of each type: a draft, who sees it as a working paper, and what makes it official.
TYPES: dict[str, tuple[Build, Build, str]] = {
    "analysis": (
        lambda c: factories.analysis(c.ours.collaboration, c.ours.school),
        lambda c: factories.analysis(c.ours.collaboration, c.ours.preschool, state="shared"),
        "organiser",
    ),
    "plan": (
        lambda c: factories.plan(c.ours.collaboration, c.ours.school),
        lambda c: factories.plan(c.ours.collaboration, c.ours.preschool, state="shared"),
        "organiser",
    ),
    "agreement": (
        lambda c: factories.agreement(c.ours.collaboration, state="draft", version=2),
        lambda c: factories.agreement(c.ours.collaboration, state="signed"),
        "agency",
    ),
    "assignment": (
        lambda c: factories.assignment_plan(c.ours.collaboration, version=2),
        lambda c: factories.assignment_plan(c.ours.collaboration, state="sent"),
        "agency",
    ),
    "visit": (
        lambda c: factories.visit(c.ours.collaboration, state="logged"),
        lambda c: factories.visit(c.ours.collaboration, state="shared"),
        "university",
    ),
    "report": (
        lambda c: factories.report(c.ours.collaboration, c.ours.school),
        lambda c: factories.report(c.ours.collaboration, c.ours.preschool, state="submitted"),
        "organiser",
    ),
}


@pytest.mark.parametrize("name", TYPES)
def test_a_draft_is_a_working_paper_and_what_is_shared_is_official(cast: Cast, name: str):
    draft, shared, party = TYPES[name]
    leads = {
        "agency": (cast.agency_manager, cast.agency),
        "organiser": (cast.ours.head_of_authority, cast.ours.organiser),
        "university": (cast.ours.university_lead, cast.ours.university),
    }
    drafted, official = draft(cast), shared(cast)
    for side, (person, authority) in leads.items():
        found = entry(cast, official, person, authority)
        assert found is not None
        assert found.is_official
        assert found.on is not None
        assert found.kind == ("drawn_up" if side == party else "received"), side
        found = entry(cast, drafted, person, authority)
        if side == party:
            assert found is not None
            assert not found.is_official
        elif name != "visit":  # that there was a visit is no secret, its log is
            assert found is None


def test_minutes_are_official_once_they_are_written(cast: Cast):
    held = factories.meeting(cast.ours.collaboration, state="held")
    minuted = factories.meeting(cast.ours.collaboration, state="minuted")
    person, authority = cast.ours.head_of_authority, cast.ours.organiser
    assert entry(cast, held, person, authority) is None
    found = entry(cast, minuted, person, authority)
    assert found is not None
    assert (found.is_official, found.kind, found.counterpart) == (True, "received", "Skolverket")


def say(cast: Cast, instance: Any, by: User, authority: Organisation, **said: Any) -> None:
    found = entry(cast, instance, by, authority)
    assert found is not None
    register(paper=found.paper, authority=authority, by=by, now=NOW, **said)


def test_each_authority_has_a_number_of_its_own(cast: Cast):
    side = cast.ours
    report = factories.report(side.collaboration, side.school, state="submitted")
    say(cast, report, side.coordinator, side.organiser, number="BUN 2026/182-609")
    say(cast, report, side.process_supporter, cast.agency, number="2026:545")
    say(cast, report, side.coordinator, side.organiser, number="BUN 2026/182-610")
    for person, authority, number in (
        (side.head_of_authority, side.organiser, "BUN 2026/182-610"),
        (cast.agency_manager, cast.agency, "2026:545"),
        (side.university_lead, side.university, ""),
    ):
        found = entry(cast, report, person, authority)
        assert found is not None
        assert found.number == number


def test_nobody_registers_for_another_authority(cast: Cast):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="submitted")
    found = entry(cast, report, cast.ours.head_of_authority, cast.ours.organiser)
    assert found is not None
    for person in (cast.ours.university_lead, cast.ours.principal, cast.theirs.head_of_authority):
        with pytest.raises(PermissionDenied):
            register(
                paper=found.paper, authority=cast.ours.organiser, by=person, now=NOW, number="1"
            )


def names(authority: Organisation, user: User, search: str = "") -> list[str]:
    load_roles(user, TODAY)
    return [each.paper.name for each in register_of(authority, user, search=search)]


def test_the_register_lists_what_is_official_latest_first(cast: Cast):
    side = cast.ours
    factories.put(side.collaboration, "active", offered_on=TODAY - timedelta(days=300))
    factories.analysis(side.collaboration, side.school, state="shared", shared_on=TODAY)
    factories.analysis(side.collaboration, side.preschool)
    agreement = factories.agreement(
        side.collaboration, state="signed", proposed_on=TODAY - timedelta(days=9)
    )
    factories.analysis(cast.theirs.collaboration, cast.theirs.school, state="shared")
    with override("en"):
        case = entry(cast, side.collaboration, side.head_of_authority, side.organiser)
        assert case is not None
        assert case.paper.name == "The case, Ådalens kommun"
    expected = ["Nulägesanalys, Älvskolan", str(agreement), case.paper.name]
    assert names(side.organiser, side.head_of_authority) == expected
    assert names(side.university, side.university_lead) == expected
    say(cast, agreement, side.coordinator, side.organiser, status="working_paper")
    assert names(side.organiser, side.head_of_authority) == [expected[0], expected[2]]
    assert len(names(cast.agency, cast.agency_manager)) == 4
    say(cast, agreement, side.coordinator, side.organiser, number="KS 2026:7")
    assert names(side.organiser, side.head_of_authority, "2026:7") == [str(agreement)]


def test_the_file_reads_as_the_page_and_holds_no_formula(cast: Cast, client: Client):
    side = cast.ours
    report = factories.report(side.collaboration, side.school, state="submitted")
    say(cast, report, side.coordinator, side.organiser, number="=HYPERLINK(1)", secrecy="OSL 23:1")
    client.force_login(side.coordinator)
    url = reverse("records:register_file", args=[side.organiser.pk])
    text = client.get(url).getvalue().decode("utf-8-sig")
    _heading, row = csv.reader(StringIO(text), delimiter=";")
    assert row[1] == "'=HYPERLINK(1)"
    assert row[4].endswith("Älvskolan")
    assert row[7:] == ["OSL 23:1", str(report.pk)]


def test_registers_of_others_do_not_exist(cast: Cast, client: Client):
    for person in (cast.ours.principal, cast.theirs.head_of_authority, cast.outsider):
        client.force_login(person)
        for name in ("register", "register_file"):
            url = reverse(f"records:{name}", args=[cast.ours.organiser.pk])
            assert client.get(url).status_code == HTTPStatus.NOT_FOUND


def test_the_lists_ask_a_fixed_number_of_questions(cast: Cast, client: Client):
    side = cast.ours
    client.force_login(side.coordinator)
    urls = (
        reverse("records:register", args=[side.organiser.pk]),
        reverse("records:papers", args=[side.collaboration.pk]),
    )

    def add() -> None:
        for state in ("minuted", "approved"):
            factories.meeting(side.collaboration, state=state)
        factories.visit(side.collaboration, state="shared")
        number = factories.report(side.collaboration, side.school, state="submitted").number
        factories.report(side.collaboration, side.school, state="accepted", number=number + 1)
        factories.report(side.collaboration, side.preschool, state="submitted", number=number + 1)

    def count(url: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == HTTPStatus.OK
        return len(of_the_page(asked))

    factories.analysis(side.collaboration, side.school, state="shared")
    add()
    few = [count(url) for url in urls]
    for number in range(5):
        factories.visit(
            side.collaboration, state="shared", takes_place_on=TODAY - timedelta(days=number)
        )
        factories.meeting(side.collaboration, state="minuted")
    assert [count(url) for url in urls] == few
    assert max(few) <= 18


def test_who_works_in_a_unit_works_for_its_huvudman(cast: Cast):
    load_roles(cast.ours.principal, TODAY)
    case = cast.ours.collaboration
    assert own_authorities(case, cast.ours.principal) == [cast.ours.organiser]
    assert entries_of(case, cast.ours.principal, [cast.ours.organiser])


def test_the_menu_leads_those_who_keep_a_register_there_and_nobody_else(cast: Cast, client: Client):
    way = reverse("records:registers")
    led = set()
    for role, person in cast.people.items():
        client.force_login(person)
        is_told_of_it = f'href="{way}"' in client.get("/").content.decode()
        assert is_told_of_it == bool(client.get(way).context["organisations"]), role
        led |= {role} if is_told_of_it else set()
    assert led == {*REGISTRARS}
