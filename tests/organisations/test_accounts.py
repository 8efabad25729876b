"""Who may change by which address somebody is known, and what the former one still opens."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from notifications.models import OutboxMessage
from organisations.actions import AddressTakenError, change_address, invite
from organisations.models import Membership, Party, Role, Unit, User
from organisations.permissions import can_hand_out
from sbs_workflow.actions import fill_vacancy, mend_address
from sbs_workflow.engine import TransitionRefused
from tests import factories
from tests.cast import NOW, PASSWORD, TODAY, Cast, member, person

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

NEW = "rut.ek@adalen.example"
NO_ROLES = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


@pytest.fixture
def supporter(db: None) -> User:
    """Support that may change accounts, and is no superuser."""
    found = User.objects.create_user("stod@trepart.example", PASSWORD, name="Stöd", is_staff=True)
    found.user_permissions.set(Permission.objects.filter(content_type__app_label="organisations"))
    return found


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_superuser("drift@trepart.example", PASSWORD, name="Drift")


def save(by: User, about: User, **changes: str) -> int:
    """What the support screen answers."""
    client = Client()
    client.force_login(by)
    said = {"name": about.name, "email": about.email, "is_active": "on"} | changes | NO_ROLES
    url = reverse("admin:organisations_user_change", args=[about.pk])
    return client.post(url, said).status_code


def told_codes(address: str) -> int:
    """How many codes to log in with are sent to an address that asks for one."""
    OutboxMessage.objects.all().delete()
    Client().post(reverse("account_request_login_code"), {"email": address})
    about = OutboxMessage.objects.filter(address=address).values_list("context", flat=True)
    return sum("kod" in context["subject"] for context in about)


def test_nobody_gives_their_account_the_address_of_somebody_else(cast: Cast):
    """It would be the account's own before anybody had confirmed it."""
    principal, browser = cast.ours.principal, Client()
    password = {"password": PASSWORD}
    browser.post(reverse("account_login"), {"login": principal.email, **password})
    browser.post(reverse("account_reauthenticate"), password)
    page = reverse("account_email")
    assert browser.get(page).status_code == HTTPStatus.NOT_FOUND
    for said in ({"email": NEW, "action_add": ""}, {"email": NEW, "action_primary": ""}):
        assert browser.post(page, said).status_code == HTTPStatus.NOT_FOUND
    assert User.objects.get(pk=principal.pk).email == principal.email
    assert not EmailAddress.objects.filter(email=NEW).exists()
    assert told_codes(NEW) == 0


# --- what support may do -----------------------------------------------------------------------


def test_support_makes_nobody_more_than_it_is_itself(cast: Cast, supporter: User, boss: User):
    for person_ in (supporter, cast.ours.principal):
        save(supporter, person_, is_staff="on", is_superuser="on")
        assert not User.objects.get(pk=person_.pk).is_superuser
    assert not User.objects.get(pk=cast.ours.principal.pk).is_staff
    save(boss, cast.ours.principal, is_staff="on")
    assert User.objects.get(pk=cast.ours.principal.pk).is_staff


def test_support_takes_over_no_account_that_may_do_more(supporter: User, boss: User):
    assert save(supporter, boss, email=NEW) == HTTPStatus.FORBIDDEN
    assert save(supporter, boss, is_active="") == HTTPStatus.FORBIDDEN
    found = User.objects.get(pk=boss.pk)
    assert (found.email, found.is_active) == ("drift@trepart.example", True)


def test_the_former_address_opens_nothing_any_more(cast: Cast, supporter: User):
    principal = cast.ours.principal
    former = principal.email
    EmailAddress.objects.create(user=principal, email=former, verified=True, primary=True)
    person_in = Client()
    person_in.post(reverse("account_login"), {"login": former, "password": PASSWORD})
    assert person_in.get("/").status_code == HTTPStatus.OK
    assert told_codes(former) == 1
    assert save(supporter, principal, email="Rut.Ek@Adalen.example") == HTTPStatus.FOUND
    assert User.objects.get(pk=principal.pk).email == NEW
    told = OutboxMessage.objects.filter(template="organisations/address_changed")
    addresses = told.values_list("address", "recipient__email")
    assert {address or known for address, known in addresses} == {former, NEW}
    assert principal.name not in str([it.context for it in told])
    assert person_in.get("/").status_code == HTTPStatus.FOUND, "logged out"
    assert (told_codes(former), told_codes(NEW)) == (0, 1)


def test_an_address_belongs_to_one_account_however_it_is_written(cast: Cast, supporter: User):
    principal, taken = cast.ours.principal, cast.ours.coordinator.email
    assert save(supporter, principal, email=taken.upper()) == HTTPStatus.OK
    assert User.objects.get(pk=principal.pk).email == principal.email
    with pytest.raises(AddressTakenError):
        change_address(person=principal, email=taken.title(), now=NOW)


def test_a_unit_stays_with_its_school_authority(cast: Cast, boss: User, client: Client):
    client.force_login(boss)
    school = cast.ours.school
    client.post(
        reverse("admin:organisations_unit_change", args=[school.pk]),
        {"organiser": cast.theirs.organiser.pk, "kind": school.kind, "name": school.name},
    )
    assert Unit.objects.get(pk=school.pk).organiser == cast.ours.organiser


# --- what those who lead may do ----------------------------------------------------------------


def test_nobody_names_anybody_in_a_unit_of_others(cast: Cast):
    ours, theirs = cast.ours, cast.theirs
    assert not can_hand_out(
        ours.head_of_authority,
        Role.PRINCIPAL,
        organisation=ours.organiser,
        unit=theirs.school,
        today=TODAY,
    )
    # A unit that has come to another school authority while it takes part in our case.
    Unit.objects.filter(pk=ours.school.pk).update(organiser=theirs.organiser, name="Flyttad")
    vacancy = factories.vacancy(ours.collaboration, Role.PRINCIPAL, unit=ours.school)
    with pytest.raises(PermissionDenied):
        fill_vacancy(
            vacancy=vacancy,
            email=theirs.principal.email,
            name="",
            starts_on=TODAY,
            by=ours.head_of_authority,
            now=NOW,
        )
    assert not Membership.objects.filter(unit=ours.school, user=theirs.principal).exists()


def test_an_account_that_opens_something_elsewhere_is_not_taken_by_its_address(cast: Cast):
    entered = person("Eva Entré", "eva@adalen.example")
    entered.set_unusable_password()
    entered.save()
    member(entered, cast.ours.organiser, Role.COORDINATOR).save()
    trouble = factories.address_trouble(cast.ours.collaboration, entered, Party.ORGANISER)
    member(entered, cast.theirs.organiser, Role.COORDINATOR).save()
    lead = cast.ours.head_of_authority
    with pytest.raises(TransitionRefused):
        mend_address(trouble=trouble, email=NEW, by=lead, now=NOW)
    Membership.objects.filter(user=entered, organisation=cast.theirs.organiser).delete()
    invite(
        by=cast.agency_manager,
        email=entered.email,
        name=entered.name,
        role=Role.AGENCY_MANAGER,
        organisation=cast.agency,
        starts_on=TODAY,
        now=NOW,
    )
    with pytest.raises(TransitionRefused):
        mend_address(trouble=trouble, email=NEW, by=lead, now=NOW)
    later = NOW + timedelta(days=8)  # the invitation has run out
    mend_address(trouble=trouble, email=NEW, by=lead, now=later)
    assert User.objects.get(pk=entered.pk).email == NEW
    assert not OutboxMessage.objects.filter(template="organisations/address_changed").exists()
