"""Roles that nobody holds and people whom no mail reaches: noticed, told to the lead, mended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from notifications import bounces
from notifications.duties import open_duties
from notifications.models import UndeliverableAddress
from notifications.working_days import add_working_days
from organisations.models import Invitation, Membership, Role, User
from sbs_workflow.actions import (
    fill_vacancy,
    keep_address_troubles,
    keep_vacancies,
    mend_address,
)
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import AddressTrouble, Assignment, Collaboration, Participation, Vacancy
from tests import factories
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

A_DAY = timedelta(days=1)


def leave(cast: Cast, role: Role) -> None:
    """Nobody holds the role in our case any more; theirs is left alone."""
    yesterday = TODAY - A_DAY
    ours = cast.ours
    Assignment.objects.filter(collaboration=ours.collaboration, role=role).update(ends_on=yesterday)
    Membership.objects.filter(unit=ours.school, role=role).update(ends_on=yesterday)


def vacancy(cast: Cast, role: Role) -> Vacancy:
    leave(cast, role)
    keep_vacancies(TODAY)
    return Vacancy.objects.get(ended_on=None)


# --- roles that nobody holds ------------------------------------------------------------------


def test_nothing_is_vacant_in_a_case_with_its_people(cast: Cast):
    assert keep_vacancies(TODAY) == 0
    assert not Vacancy.objects.exists()


@pytest.mark.parametrize(
    ("role", "lead"),
    [
        (Role.PROCESS_SUPPORTER, Role.AGENCY_MANAGER),
        (Role.PRINCIPAL, Role.HEAD_OF_AUTHORITY),
        (Role.TEAM_LEADER, Role.UNIVERSITY_LEAD),
    ],
)
def test_a_vacant_role_is_noticed_once_and_owed_by_its_own_lead(cast: Cast, role: Role, lead: Role):
    leave(cast, role)
    assert [keep_vacancies(TODAY), keep_vacancies(TODAY + A_DAY)] == [1, 0]
    found = Vacancy.objects.get()
    assert (found.collaboration, found.role, found.since) == (cast.ours.collaboration, role, TODAY)
    assert found.unit == (cast.ours.school if role == Role.PRINCIPAL else None)
    [owed] = [each for each in open_duties(TODAY) if each.object_id == found.pk]
    assert owed.duty.owed_by == (lead,)
    assert owed.due_on == add_working_days(TODAY, 5)
    told_late = {Role(r).party for rung in owed.duty.ladder for r in rung.told}
    assert len(told_late) == 2
    assert role.party not in told_late


@pytest.mark.parametrize("role", [Role.PROCESS_SUPPORTER, Role.PRINCIPAL, Role.TEAM_LEADER])
def test_a_vacancy_ends_when_somebody_is_named_if_only_from_a_later_day(cast: Cast, role: Role):
    found = vacancy(cast, role)
    rows: Any = Membership if role == Role.PRINCIPAL else Assignment
    held = rows.objects.filter(role=role, ends_on=TODAY - A_DAY, user__is_active=True).first()
    rows.objects.filter(pk=held.pk).update(starts_on=TODAY + A_DAY, ends_on=None)
    assert [keep_vacancies(TODAY), keep_vacancies(TODAY)] == [1, 0]
    found = Vacancy.objects.get(pk=found.pk)
    assert (found.ended_on, found.due_on) == (TODAY, None)


def test_a_deputy_keeps_a_role_from_being_vacant(cast: Cast):
    Assignment.objects.filter(role=Role.TEAM_LEADER).update(is_deputy=True)
    assert keep_vacancies(TODAY) == 0


def test_somebody_whose_account_is_closed_leaves_the_role_vacant(cast: Cast):
    User.objects.filter(pk=cast.ours.team_leader.pk).update(is_active=False)
    assert keep_vacancies(TODAY) == 1


@pytest.mark.parametrize("state", ["candidate", "offered", "paused", "terminated", "closed"])
def test_only_a_case_in_which_work_goes_on_needs_its_people(cast: Cast, state: str):
    found = vacancy(cast, Role.TEAM_LEADER)
    factories.put(cast.ours.collaboration, state)
    assert keep_vacancies(TODAY) == 1
    assert not Vacancy.objects.get(pk=found.pk).is_open
    assert keep_vacancies(TODAY) == 0


def test_a_case_that_is_resumed_has_as_long_as_a_new_one(cast: Cast):
    vacancy(cast, Role.TEAM_LEADER)
    factories.put(cast.ours.collaboration, "paused")
    keep_vacancies(TODAY)
    factories.put(cast.ours.collaboration, "active")
    later = TODAY + timedelta(days=90)
    keep_vacancies(later)
    assert Vacancy.objects.get(ended_on=None).since == later


def test_no_team_leader_is_missed_before_there_is_a_university(cast: Cast):
    leave(cast, Role.TEAM_LEADER)
    Collaboration.objects.filter(pk=cast.ours.collaboration.pk).update(university=None)
    assert keep_vacancies(TODAY) == 0


def test_a_unit_that_leaves_needs_no_principal(cast: Cast):
    vacancy(cast, Role.PRINCIPAL)
    Participation.objects.filter(unit=cast.ours.school).update(left_on=TODAY)
    assert keep_vacancies(TODAY) == 1
    assert not Vacancy.objects.filter(ended_on=None).exists()


def test_the_number_of_queries_is_the_same_however_many_are_missing(
    cast: Cast, django_assert_max_num_queries
):
    with django_assert_max_num_queries(5):
        keep_vacancies(TODAY)
    for _number in range(3):
        factories.collaboration(cast)
    Assignment.objects.update(ends_on=TODAY - A_DAY)
    with django_assert_max_num_queries(5):
        assert keep_vacancies(TODAY) == 10


@pytest.mark.parametrize(
    ("role", "by"),
    [
        (Role.PROCESS_SUPPORTER, Role.AGENCY_MANAGER),
        (Role.PRINCIPAL, Role.HEAD_OF_AUTHORITY),
        (Role.TEAM_LEADER, Role.UNIVERSITY_LEAD),
    ],
)
def test_a_colleague_is_named_at_once(cast: Cast, role: Role, by: Role):
    found = vacancy(cast, role)
    colleague = {
        Role.PROCESS_SUPPORTER: cast.agency_manager,
        Role.PRINCIPAL: cast.ours.process_leader,
        Role.TEAM_LEADER: cast.ours.education_leader,
    }[role]
    fill_vacancy(
        vacancy=found,
        email=colleague.email.upper(),
        name="",
        starts_on=TODAY,
        by=cast.people[by],
        now=NOW,
    )
    assert not Vacancy.objects.filter(ended_on=None).exists()
    rows: Any = Membership if role == Role.PRINCIPAL else Assignment
    assert rows.objects.current(TODAY).filter(user=colleague, role=role).exists()
    assert keep_vacancies(TODAY) == 0


@pytest.mark.parametrize(
    ("role", "by"),
    [(Role.PRINCIPAL, Role.HEAD_OF_AUTHORITY), (Role.TEAM_LEADER, Role.UNIVERSITY_LEAD)],
)
def test_somebody_new_is_invited_and_the_role_stays_vacant_until_they_come(
    cast: Cast, role: Role, by: Role
):
    found = vacancy(cast, role)
    said: dict[str, Any] = {
        "vacancy": found,
        "email": "nina@ny.example",
        "starts_on": TODAY,
        "now": NOW,
    }
    with pytest.raises(TransitionRefused):
        fill_vacancy(name="", by=cast.people[by], **said)
    fill_vacancy(name="Nina Ny", by=cast.people[by], **said)
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.unit) == (role, found.unit)
    assert Vacancy.objects.get().is_open


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.TEAM_LEADER, Role.PROCESS_SUPPORTER])
def test_nobody_names_people_of_a_party_that_is_not_theirs(cast: Cast, role: Role):
    found = vacancy(cast, role)
    for by in (cast.ours.coordinator, cast.theirs.head_of_authority, cast.theirs.university_lead):
        with pytest.raises(PermissionDenied):
            fill_vacancy(
                vacancy=found,
                email=cast.ours.process_leader.email,
                name="",
                starts_on=TODAY,
                by=by,
                now=NOW,
            )


def test_whoever_is_told_late_reads_who_is_to_name_somebody(cast: Cast, client: Client):
    found = vacancy(cast, Role.TEAM_LEADER)
    client.force_login(cast.ours.head_of_authority)
    page = client.get(found.get_absolute_url())
    assert cast.ours.university_lead.email in page.content.decode()
    assert 'name="email"' not in page.content.decode()
    assert client.post(found.get_absolute_url(), {}).status_code == 403


def test_a_vacancy_that_is_filled_says_so(cast: Cast, client: Client):
    found = vacancy(cast, Role.TEAM_LEADER)
    Vacancy.objects.update(ended_on=TODAY, due_on=None)
    client.force_login(cast.ours.university_lead)
    page = client.get(found.get_absolute_url())
    assert page.status_code == 200
    assert 'name="email"' not in page.content.decode()


# --- people whom no mail reaches --------------------------------------------------------------

Reach = Callable[[User], None]


def mark(user: User) -> None:
    UndeliverableAddress.objects.create(
        address=user.email.lower(), since=NOW, reason="550 5.1.1", message_id="<1@trepart>"
    )


@pytest.mark.parametrize(
    ("role", "lead"),
    [
        (Role.PROCESS_SUPPORTER, Role.AGENCY_MANAGER),
        (Role.PROCESS_LEADER, Role.HEAD_OF_AUTHORITY),
        (Role.COORDINATOR, Role.HEAD_OF_AUTHORITY),
        (Role.EDUCATION_LEADER, Role.UNIVERSITY_LEAD),
    ],
)
def test_the_lead_is_told_once_of_somebody_whom_no_mail_reaches(cast: Cast, role: Role, lead: Role):
    factories.collaboration(cast)  # a second case with the same people
    person = cast.people[role]
    mark(person)
    assert [keep_address_troubles(TODAY), keep_address_troubles(TODAY + A_DAY)] == [1, 0]
    trouble = AddressTrouble.objects.get()
    assert (trouble.user, trouble.party, trouble.due_on) == (
        person, role.party, add_working_days(TODAY, 5),
    )  # fmt: skip
    [owed] = [each for each in open_duties(TODAY) if each.object_id == trouble.pk]
    assert (owed.duty.owed_by, owed.subject) == ((lead,), person.name)


def test_somebody_without_a_role_troubles_nobody(cast: Cast):
    mark(cast.outsider)
    mark(cast.deactivated)
    assert keep_address_troubles(TODAY) == 0


@pytest.fixture
def trouble(cast: Cast) -> AddressTrouble:
    mark(cast.ours.education_leader)
    keep_address_troubles(TODAY)
    return AddressTrouble.objects.get()


def test_it_ends_when_the_address_works_again(cast: Cast, trouble: AddressTrouble):
    bounces.clear(address=trouble.user.email, by=None, now=NOW)
    assert [keep_address_troubles(TODAY), keep_address_troubles(TODAY)] == [1, 0]
    assert not AddressTrouble.objects.get().is_open


def test_it_ends_with_the_role(cast: Cast, trouble: AddressTrouble):
    Assignment.objects.filter(user=trouble.user).update(ends_on=TODAY - A_DAY)
    keep_address_troubles(TODAY)
    assert not AddressTrouble.objects.get().is_open


def test_it_moves_on_to_another_case_when_this_one_ends(cast: Cast, trouble: AddressTrouble):
    another = factories.collaboration(cast)
    factories.put(cast.ours.collaboration, "closed")
    keep_address_troubles(TODAY)
    keep_address_troubles(TODAY)
    assert AddressTrouble.objects.get(ended_on=None).collaboration == another


def test_the_lead_says_that_it_works_again(cast: Cast, trouble: AddressTrouble):
    mend_address(
        trouble=trouble, email=trouble.user.email.upper(), by=cast.ours.university_lead, now=NOW
    )
    assert not bounces.undeliverable_people().exists()
    assert not AddressTrouble.objects.get().is_open
    assert keep_address_troubles(TODAY) == 0


def test_the_lead_mends_the_address_of_an_account_that_nobody_has_used(
    cast: Cast, trouble: AddressTrouble
):
    User.objects.filter(pk=trouble.user_id).update(password="!")
    said: dict[str, Any] = {"trouble": trouble, "by": cast.ours.university_lead, "now": NOW}
    with pytest.raises(TransitionRefused):
        mend_address(email=cast.outsider.email, **said)
    mend_address(email="Ulla@Ratt.example", **said)
    assert User.objects.get(pk=trouble.user_id).email == "ulla@ratt.example"
    assert keep_address_troubles(TODAY) == 0


def test_nobody_takes_over_an_account_by_changing_its_address(cast: Cast, trouble: AddressTrouble):
    with pytest.raises(TransitionRefused):
        mend_address(
            trouble=trouble, email="jag@annan.example", by=cast.ours.university_lead, now=NOW
        )
    assert User.objects.get(pk=trouble.user_id).email == cast.ours.education_leader.email


def test_it_is_a_matter_of_the_own_party(cast: Cast, trouble: AddressTrouble):
    for by in (cast.agency_manager, cast.ours.head_of_authority, cast.theirs.university_lead):
        with pytest.raises(PermissionDenied):
            mend_address(trouble=trouble, email=trouble.user.email, by=by, now=NOW)
