"""People, their roles with dates, and what the database refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from organisations.models import (
    PARTY_OF_ROLE,
    Membership,
    Organisation,
    Party,
    Role,
    Unit,
    User,
)
from tests.cast import TODAY, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def refused(model: type[Any], **fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields)


def test_every_role_belongs_to_a_party():
    assert set(PARTY_OF_ROLE) == set(Role)
    assert Role.TEAM_LEADER.party == Party.UNIVERSITY


def test_people_log_in_with_an_address_in_small_letters():
    user = User.objects.create_user("Anna.Andersson@Skola.Example", name="Anna Andersson")
    assert (user.email, user.has_usable_password()) == ("anna.andersson@skola.example", False)
    assert (str(user), user.get_full_name(), user.get_short_name()) == (
        "Anna Andersson", "Anna Andersson", "Anna",
    )  # fmt: skip
    refused(User, email="anna.andersson@skola.example", name="En annan")


def test_a_superuser_is_staff_but_holds_no_role():
    user = User.objects.create_superuser("drift@trepart.example", "lösenord", name="Drift")
    assert (user.is_staff, user.is_superuser) == (True, True)
    assert not user.memberships.exists()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_current"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (YESTERDAY, TOMORROW, True),
        (TOMORROW, None, False),
        (YESTERDAY, YESTERDAY, False),
    ],
)
def test_a_role_holds_from_its_first_day_to_its_last(
    cast: Cast, starts_on: date, ends_on: date | None, is_current: bool
):
    role = Membership.objects.create(
        user=cast.outsider,
        organisation=cast.ours.organiser,
        role=Role.COORDINATOR,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    assert (role in Membership.objects.current(TODAY)) is is_current


def test_a_closed_account_holds_no_role(cast: Cast):
    assert cast.deactivated.memberships.exists()
    assert not Membership.objects.current(TODAY).filter(user=cast.deactivated).exists()


def test_a_role_cannot_end_before_it_starts(cast: Cast):
    refused(
        Membership,
        user=cast.outsider,
        organisation=cast.ours.organiser,
        role=Role.COORDINATOR,
        starts_on=TODAY,
        ends_on=YESTERDAY,
    )


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_held_in_a_unit_or_in_the_organisation_never_the_other(cast: Cast, role: Role):
    held_in = {"user": cast.outsider, "organisation": cast.ours.organiser, "starts_on": TODAY}
    in_unit = role in (Role.PRINCIPAL, Role.PROCESS_LEADER)
    refused(Membership, **held_in, role=role, unit=None if in_unit else cast.ours.school)


@pytest.mark.parametrize("role", [Role.PROCESS_SUPPORTER, Role.TEAM_LEADER, Role.EDUCATION_LEADER])
def test_roles_of_a_collaboration_are_no_memberships(cast: Cast, role: Role):
    refused(
        Membership,
        user=cast.outsider,
        organisation=cast.ours.organiser,
        role=role,
        starts_on=TODAY,
    )


def test_a_role_of_another_party_is_told(cast: Cast):
    role = Membership(
        user=cast.outsider,
        organisation=cast.ours.university,
        role=Role.COORDINATOR,
        starts_on=TODAY,
    )
    with pytest.raises(ValidationError) as told:
        role.full_clean()
    assert list(told.value.message_dict) == ["role"]


def test_a_unit_of_another_huvudman_is_told(cast: Cast):
    role = Membership(
        user=cast.outsider,
        organisation=cast.ours.organiser,
        unit=cast.theirs.school,
        role=Role.PRINCIPAL,
        starts_on=TODAY,
    )
    with pytest.raises(ValidationError) as told:
        role.full_clean()
    assert list(told.value.message_dict) == ["unit"]


def test_the_administration_comes_last_among_the_units(cast: Cast):
    for name in ("Zebraskolan", "Åkerskolan"):
        Unit.objects.create(organiser=cast.ours.organiser, kind=Unit.Kind.COMPULSORY, name=name)
    cast.ours.administration.save()
    assert [unit.name for unit in cast.ours.organiser.units.all()] == [
        "Ekorrens förskola",
        "Zebraskolan",
        "Åkerskolan",
        "Älvskolan",
        "Barn- och utbildningsförvaltningen",
    ]


def test_organisations_are_found_and_sorted_in_swedish(cast: Cast):
    Organisation.objects.create(party=Party.ORGANISER, name="Zinkgruvans kommun")
    names = list(Organisation.objects.filter(party=Party.ORGANISER).values_list("name", flat=True))
    assert names == ["Zinkgruvans kommun", "Ådalens kommun", "Österby kommun"]
    assert Organisation.objects.filter(search_text__contains="ådalens").exists()


def test_the_database_refuses_units_twice(cast: Cast):
    ours = cast.ours.organiser
    refused(Unit, organiser=ours, kind=Unit.Kind.COMPULSORY, name="Älvskolan")
    refused(Unit, organiser=ours, kind=Unit.Kind.ADMINISTRATION, name="Kulturförvaltningen")


def test_the_database_refuses_unknown_parties_and_names_twice(cast: Cast):
    refused(Organisation, party="guest", name="Gästen")
    refused(Organisation, party=Party.ORGANISER, name=cast.ours.organiser.name)


def test_codes_are_told_when_wrong(cast: Cast):
    unit = Unit(
        organiser=cast.ours.organiser, kind=Unit.Kind.COMPULSORY, name="Ny", school_unit_code="123"
    )
    organisation = Organisation(
        party=Party.ORGANISER, name="Ny", organisation_number="202100-5488", municipality_code="12"
    )
    with pytest.raises(ValidationError) as told:
        unit.full_clean(exclude=["sort_key", "search_text"])
    assert list(told.value.message_dict) == ["school_unit_code"]
    with pytest.raises(ValidationError) as told:
        organisation.full_clean(exclude=["sort_key", "search_text"])
    assert set(told.value.message_dict) == {"organisation_number", "municipality_code"}


def test_people_and_units_with_a_past_are_not_deleted(cast: Cast):
    with pytest.raises(ProtectedError, match="protected"):
        cast.ours.team_leader.delete()
    with pytest.raises(ProtectedError, match="protected"):
        cast.ours.school.delete()
