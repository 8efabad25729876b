"""Every address refuses strangers, unless people wrote down in access.csv that it need not."""

import csv
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLResolver, path, reverse
from django.urls.resolvers import RegexPattern

from organisations.models import Party, Role, User
from sbs_workflow.doors import DoorMiddleware
from sbs_workflow.management.commands.access_matrix import NO_DOOR, Address, addresses
from sbs_workflow.models import Assignment, Collaboration, Participation, SchoolAuthority
from tests import factories
from tests.cast import Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

WRITTEN = Path(__file__).with_name("access.csv")
METHODS = ("get", "head", "post", "put", "patch", "delete")
# The support screens have doors of their own, which test_admin_is_for_staff_only tries.
ADDRESSES = [address for address in addresses() if not address.route.startswith("admin/")]
OURS = [address for address in ADDRESSES if address.door not in ("foreign", "public")]


def written() -> dict[str, dict[str, str]]:
    with WRITTEN.open(newline="") as lines:
        return {row["name"]: row for row in csv.DictReader(lines)}


def test_every_address_and_its_door_is_written_down():
    coded = {address.name: address.door for address in ADDRESSES}
    assert coded == {name: row["door"] for name, row in written().items()}


def test_every_view_has_a_door():
    assert [address.name for address in ADDRESSES if address.door == NO_DOOR] == []


@pytest.fixture
def objects(cast: Cast) -> dict[str, Any]:
    """One object of ours for each model that a door opens to."""
    case, school = cast.ours.collaboration, cast.ours.school
    plan = factories.plan(case, school, state="adopted")
    planned = plan.planned_goals.get()
    agreement, visit = factories.agreement(case, state="signed"), factories.visit(case)
    meeting = factories.meeting(case)
    found = [
        case,
        Participation.objects.filter(collaboration=case).first(),
        Assignment.objects.filter(collaboration=case).first(),
        planned.problem.analysis,
        planned.problem,
        planned.problem.evidence.get(),
        plan,
        planned,
        planned.goal,
        agreement,
        agreement.terms.get(),
        factories.assignment_plan(case, state="sent"),
        factories.intervention(case),
        visit,
        factories.task(visit, school),
        factories.promise(visit),
        meeting,
        factories.agenda_point(meeting),
        factories.party_task(meeting, "organiser"),
        factories.change_proposal(meeting),
        factories.mapping(case),
        factories.poll(
            factories.meeting(case, state="proposed"),
            [(cast.ours.team_leader, "university")],
            by=cast.ours.process_supporter,
        ).invitations.get(),
        factories.report(case, school, state="submitted"),
        cast.ours.organiser,
        SchoolAuthority.objects.get(pk=cast.ours.organiser.pk),
        factories.vacancy(case, Role.TEAM_LEADER),
        factories.address_trouble(case, cast.ours.education_leader, Party.UNIVERSITY),
    ]
    return {instance._meta.label_lower: instance for instance in found if instance}


def url_of(address: Address, objects: dict[str, Any]) -> str:
    if address.name == "sbs_workflow:step":
        case = objects["sbs_workflow.collaboration"]
        return reverse(address.name, args=[case.machine_slug, case.pk, "extend"])
    instance = objects.get(address.door.removesuffix(" + role"))
    if address.name in ABOUT_A_DUTY:
        instance = objects["sbs_workflow.collaboration"]
    keys = [instance.pk] if instance else []
    return reverse(address.name, args=[*keys, *AFTER_THE_KEY.get(address.name, ())])


DUTY = "interventions.plan-visit"
# These name a duty of an object, which has no door of its own.
ABOUT_A_DUTY = {
    "reminders:snooze",
    "reminders:waive",
    "reminders:ask_again",
    "reminders:leave_out",
}
AFTER_THE_KEY: dict[str, tuple[Any, ...]] = {
    "portfolio:picture_png": ("tidslinje",),
    "reminders:snooze": (DUTY,),
    "reminders:waive": (DUTY,),
    "reminders:ask_again": (DUTY,),
    "reminders:leave_out": (DUTY, "2026-03-10_0"),
    "reminders:rule": (DUTY,),
    "reminders:rule_of_case": (DUTY,),
    "reminders:settle_message": (1,),
    "assessments:government_report": (UUID(int=0),),
    "organisations:revoke": ("00000000-0000-4000-8000-000000000000",),
    "sbs_workflow:adopt": (2026,),
    "sbs_workflow:break": (UUID(int=0),),
    "sbs_workflow:break_goes": (UUID(int=0),),
    "sbs_workflow:school_year": (UUID(int=0),),
    "sbs_workflow:school_year_goes": (UUID(int=0),),
}


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_who_is_not_logged_in_is_sent_to_log_in(
    address: Address, objects: dict[str, Any], client: Client
):
    url = url_of(address, objects)
    for method in METHODS:
        response = getattr(client, method)(url)
        assert response.status_code == 302, method
        assert response.headers["Location"].startswith(reverse(settings.LOGIN_URL)), method


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_who_has_nothing_to_do_with_it_is_told_what_the_table_says(
    address: Address, objects: dict[str, Any], cast: Cast, client: Client
):
    url, expected = url_of(address, objects), int(written()[address.name]["outsider"])
    for user in (cast.outsider, cast.theirs.head_of_authority, cast.theirs.process_supporter):
        client.force_login(user)
        assert client.get(url).status_code == expected
        posted = client.post(url, {}).status_code
        assert posted == expected or (expected == 200 and posted in (405, 422))


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_a_closed_account_is_logged_out(
    address: Address, objects: dict[str, Any], cast: Cast, client: Client
):
    client.force_login(cast.agency_manager)
    User.objects.filter(pk=cast.agency_manager.pk).update(is_active=False)
    assert client.get(url_of(address, objects)).status_code == 302


def test_admin_is_for_staff_only(cast: Cast, client: Client):
    plain = [
        "/" + address.route
        for address in addresses()
        if address.route.startswith("admin/")
        and "<" not in address.route
        and "(" not in address.route
    ]
    assert len(plain) > 3
    for user in (None, cast.outsider, cast.agency_manager):
        if user:
            client.force_login(user)
        for url in plain:
            response = client.get(url)
            if response.status_code == 200:
                assert url == reverse("admin:login")
            else:
                assert response.status_code in (302, 404), url


# --- a net that cannot fail proves nothing -------------------------------------------------


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hemligt")


def test_a_view_without_a_door_lets_nobody_in_and_shows_in_the_matrix(cast: Cast):
    request = RequestFactory().get("/")
    request.user = cast.agency_manager
    with pytest.raises(Http404):
        DoorMiddleware(forgotten).process_view(request, forgotten, [], {})
    resolver = URLResolver(RegexPattern(r"^/"), [path("glomd/", forgotten, name="forgotten")])
    assert list(addresses(resolver)) == [Address("forgotten", "glomd/", NO_DOOR)]
    assert "forgotten" not in written()


def test_every_model_that_a_door_opens_to_can_say_who_sees_it():
    labels = {a.door.removesuffix(" + role") for a in OURS} - {"signed in"}
    labels.remove("organisations.organisation")  # who leads one is asked of queries.led_by
    for label in labels:
        assert hasattr(apps.get_model(label)._default_manager, "visible_to"), label
    assert Collaboration._meta.label_lower in labels
