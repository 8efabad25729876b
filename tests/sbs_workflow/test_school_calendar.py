"""The school authority keeps its own calendar, and everybody it works with reads it."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from organisations.models import Role, SchoolBreak, SchoolYear, User
from organisations.school_calendar import suggested_year
from sbs_workflow.actions import adopt_suggestion, keep_period, remove_period
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import SchoolAuthority
from sbs_workflow.queries import load_roles, school_years_of
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

AUTUMN = {
    "name": "Höstlov",
    "kind": "holiday",
    "first_day": date(2026, 10, 26),
    "last_day": date(2026, 10, 30),
}


@pytest.fixture
def authority(cast: Cast) -> SchoolAuthority:
    return SchoolAuthority.objects.get(pk=cast.ours.organiser.pk)


def add(authority: SchoolAuthority, by: User, **fields: Any) -> None:
    keep_period(authority=authority, period=SchoolBreak(), by=by, now=NOW, **{**AUTUMN, **fields})


@pytest.mark.parametrize("role", Role)
def test_the_head_and_the_coordinator_keep_it(cast: Cast, authority: SchoolAuthority, role: Role):
    if role in (Role.HEAD_OF_AUTHORITY, Role.COORDINATOR):
        add(authority, cast.people[role])
        assert SchoolBreak.objects.get().organisation_id == authority.pk
    else:
        with pytest.raises(PermissionDenied):
            add(authority, cast.people[role])


def test_staff_may_help_and_other_authorities_may_not(cast: Cast, authority: SchoolAuthority):
    for by in (cast.theirs.head_of_authority, cast.outsider):
        with pytest.raises(PermissionDenied):
            add(authority, by)
    User.objects.filter(pk=cast.outsider.pk).update(is_staff=True)
    add(authority, User.objects.get(pk=cast.outsider.pk))
    assert SchoolBreak.objects.count() == 1


def test_two_breaks_share_no_day_and_one_sent_twice_is_one(cast: Cast, authority: SchoolAuthority):
    head = cast.ours.head_of_authority
    add(authority, head)
    add(authority, head)
    assert SchoolBreak.objects.count() == 1
    with pytest.raises(TransitionRefused, match="Höstlov"):
        add(authority, head, name="Studiedag", first_day=date(2026, 10, 30))
    add(
        authority, head, name="Studiedag", first_day=date(2026, 10, 31), last_day=date(2026, 10, 31)
    )
    theirs = SchoolAuthority.objects.get(pk=cast.theirs.organiser.pk)
    add(theirs, cast.theirs.head_of_authority)
    assert SchoolBreak.objects.count() == 3


def test_a_break_may_move_over_its_own_days(cast: Cast, authority: SchoolAuthority):
    add(authority, cast.ours.coordinator)
    keep_period(
        authority=authority,
        period=SchoolBreak.objects.get(),
        by=cast.ours.coordinator,
        now=NOW,
        **AUTUMN | {"first_day": date(2026, 10, 28)},
    )
    assert SchoolBreak.objects.get().first_day == date(2026, 10, 28)


def test_a_break_of_others_is_not_taken_away(cast: Cast, authority: SchoolAuthority):
    add(authority, cast.ours.coordinator)
    theirs = SchoolAuthority.objects.get(pk=cast.theirs.organiser.pk)
    found = SchoolBreak.objects.get()
    remove_period(authority=theirs, period=found, by=cast.theirs.head_of_authority, now=NOW)
    assert SchoolBreak.objects.exists()
    remove_period(authority=authority, period=found, by=cast.ours.coordinator, now=NOW)
    assert not SchoolBreak.objects.exists()


def test_one_press_writes_down_what_is_suggested(cast: Cast, authority: SchoolAuthority):
    for _time in range(2):
        adopt_suggestion(
            authority=authority, begins_in=2026, by=cast.ours.head_of_authority, now=NOW
        )
    assert SchoolYear.objects.count() == 1
    with override("sv"):
        suggested = suggested_year(2026)
    assert list(SchoolBreak.objects.values_list("name", "first_day")) == [
        (each.name, each.first_day) for each in suggested.breaks
    ]


def test_a_suggestion_makes_way_for_what_is_there(cast: Cast, authority: SchoolAuthority):
    add(authority, cast.ours.coordinator, name="Lov", first_day=date(2026, 10, 29))
    adopt_suggestion(authority=authority, begins_in=2026, by=cast.ours.coordinator, now=NOW)
    assert list(SchoolBreak.objects.values_list("first_day", flat=True)) == [
        date(2026, 10, 29), date(2026, 12, 21), date(2027, 3, 1), date(2027, 3, 30),
    ]  # fmt: skip


def test_the_page_suggests_the_years_that_are_empty(
    cast: Cast, authority: SchoolAuthority, django_assert_max_num_queries
):
    add(authority, cast.ours.coordinator)
    keep_period(
        authority=authority,
        period=SchoolYear(),
        by=cast.ours.coordinator,
        now=NOW,
        first_day=date(2024, 8, 19),
        last_day=date(2025, 6, 12),
    )
    with django_assert_max_num_queries(2):
        shown = school_years_of(authority, TODAY)
    assert [(year.name, year.is_over, bool(year.suggestion)) for year in shown] == [
        ("2025/26", False, True),
        ("2026/27", False, False),
        ("2024/25", True, False),
    ]


def test_everybody_of_a_collaboration_reads_the_calendar_of_its_authority(cast: Cast):
    for user in (cast.agency_manager, *cast.ours.everybody):
        load_roles(user, TODAY)
        found = SchoolAuthority.objects.visible_to(user)
        assert cast.ours.organiser.pk in found.values_list("pk", flat=True), user
    for user in (cast.outsider, *cast.theirs.everybody):
        load_roles(user, TODAY)
        found = SchoolAuthority.objects.visible_to(user)
        assert cast.ours.organiser.pk not in found.values_list("pk", flat=True), user


def test_who_works_with_one_authority_is_shown_its_calendar(cast: Cast, client: Client):
    page = reverse("sbs_workflow:school_calendars")
    client.force_login(cast.ours.team_leader)
    assert client.get(page).context["authority"].pk == cast.ours.organiser.pk
    client.force_login(cast.agency_manager)
    assert {each.pk for each in client.get(page).context["authorities"]} == {
        cast.ours.organiser.pk, cast.theirs.organiser.pk,
    }  # fmt: skip
