"""Invitations: who may hand out what, and every way in which a letter is answered or is not."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from notifications.clock import STOCKHOLM
from notifications.letters import letter
from notifications.models import OutboxMessage
from organisations.actions import InvitationClosedError, accept, invite, revoke
from organisations.models import (
    UNIT_ROLES,
    IdentityProvider,
    Invitation,
    Membership,
    Organisation,
    Role,
    Unit,
    User,
)
from organisations.permissions import HANDS_OUT
from sbs_workflow.actions import assign_or_invite
from sbs_workflow.engine import TransitionRefused
from sbs_workflow.models import Assignment
from tests.cast import NOW, PASSWORD, TODAY, Cast
from tests.login.conftest import Visitor

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

NEW = "nina.ny@adalen.example"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    shift = NOW - datetime.now(STOCKHOLM)
    monkeypatch.setenv("CLOCK_OFFSET", str(shift.total_seconds()))


def invited(
    by: User,
    organisation: Organisation,
    role: Role = Role.COORDINATOR,
    unit: Unit | None = None,
    email: str = NEW,
    now: datetime = NOW,
) -> Invitation:
    return invite(
        by=by,
        email=email,
        name="Nina Ny",
        role=role,
        organisation=organisation,
        unit=unit,
        starts_on=TODAY,
        now=now,
    )


def link_in_letter(address: str = NEW) -> str:
    """The path in the last letter to somebody, as they would read it."""
    message = OutboxMessage.objects.filter(
        address=address, template="organisations/invitation", status="due"
    ).latest("pk")
    text = letter(message.template, message.context).text
    return text[text.index("/valkommen/") :].split()[0]


# --- who may hand out what --------------------------------------------------------------------


def test_nobody_hands_out_more_than_they_have(cast: Cast):
    """Every person of both sides, every role, every place: allowed exactly as the table says."""
    side = cast.ours
    places: list[tuple[Organisation, Unit | None]]
    places = [(cast.agency, None), (side.organiser, None), (side.university, None)]
    places += [(side.organiser, side.school), (side.organiser, side.preschool)]
    places += [(cast.theirs.organiser, None), (cast.theirs.organiser, cast.theirs.school)]
    people = {role.value: person for role, person in cast.people.items()}
    people |= {"theirs": cast.theirs.head_of_authority, "nobody": cast.outsider}
    done = set()
    for (who, person), role, (organisation, unit) in product(people.items(), HANDED, places):
        if (role in UNIT_ROLES) is (unit is not None):
            try:
                invited(person, organisation, role, unit)
            except PermissionDenied:
                continue
            done.add((who, str(role), unit.name if unit else organisation.name))
    ours = "Ådalens kommun"
    both = ("Älvskolan", "Ekorrens förskola")
    assert done == {
        ("agency_manager", "agency_manager", "Skolverket"),
        ("head_of_authority", "head_of_authority", ours),
        ("head_of_authority", "coordinator", ours),
        *(("head_of_authority", role, unit) for role in UNIT_ROLES for unit in both),
        ("coordinator", "coordinator", ours),
        *(("coordinator", "process_leader", unit) for unit in both),
        ("principal", "process_leader", "Älvskolan"),
        ("university_lead", "university_lead", "Norra universitetet"),
        ("theirs", "head_of_authority", "Österby kommun"),
        ("theirs", "coordinator", "Österby kommun"),
        *(("theirs", role, "Älvskolan") for role in UNIT_ROLES),
    }


HANDED = tuple(dict.fromkeys(role for roles in HANDS_OUT.values() for role in roles))


def test_who_stops_leading_stops_handing_out(cast: Cast):
    Membership.objects.filter(user=cast.ours.head_of_authority).update(
        ends_on=TODAY - timedelta(days=1)
    )
    with pytest.raises(PermissionDenied):
        invited(cast.ours.head_of_authority, cast.ours.organiser)


def test_what_was_handed_out_falls_with_the_right_to(cast: Cast):
    invitation = invited(cast.ours.head_of_authority, cast.ours.organiser)
    Membership.objects.filter(user=cast.ours.head_of_authority).update(
        ends_on=TODAY - timedelta(days=1)
    )
    with pytest.raises(InvitationClosedError):
        accept(invitation=invitation, by=cast.outsider, now=NOW)
    assert not Membership.objects.filter(user=cast.outsider).exists()


def test_the_form_offers_no_more_than_the_person_may(cast: Cast, client: Client):
    url = reverse("organisations:invite", args=[cast.ours.organiser.pk])
    client.force_login(cast.ours.principal)
    form = client.get(url).context["form"]
    assert [value for value, _label in form.fields["role"].choices] == ["process_leader"]
    assert list(form.fields["unit"].queryset) == [cast.ours.school]
    for more in (
        {"role": "head_of_authority"},
        {"unit": str(cast.ours.preschool.pk)},
        {"unit": str(cast.theirs.school.pk)},
    ):
        data = {
            "role": "process_leader",
            "unit": str(cast.ours.school.pk),
            "name": "N",
            "email": NEW,
        }
        assert client.post(url, data | more).status_code == 422
    assert not Invitation.objects.exists()


def test_a_coordinator_names_no_principal_by_way_of_the_unit(cast: Cast, client: Client):
    client.force_login(cast.ours.coordinator)
    url = reverse("organisations:invite", args=[cast.ours.organiser.pk])
    data = {"role": "principal", "unit": str(cast.ours.school.pk), "name": "N", "email": NEW}
    assert client.post(url, data).status_code == 422


# --- the letter -------------------------------------------------------------------------------


def test_the_letter_is_kept_by_nobody(cast: Cast):
    invitation = invited(cast.ours.head_of_authority, cast.ours.organiser)
    key = link_in_letter().strip("/").rpartition("/")[2]
    message = OutboxMessage.objects.get(address=NEW)
    assert message.confidential
    assert message.valid_until == invitation.expires_at
    assert key not in invitation.key_digest
    assert len(key) >= 43, "256 bits"


def test_inviting_again_leaves_one_letter_that_counts(cast: Cast, client: Client):
    first = invited(cast.ours.head_of_authority, cast.ours.organiser)
    old = link_in_letter()
    invited(cast.ours.head_of_authority, cast.ours.organiser, now=NOW + timedelta(minutes=2))
    first = Invitation.objects.get(pk=first.pk)
    assert first.state(NOW) == Invitation.State.REVOKED
    assert client.get(old, follow=True).status_code == 410
    assert OutboxMessage.objects.filter(address=NEW, status="due").count() == 1
    assert client.get(link_in_letter(), follow=True).status_code == 200


def test_following_the_link_changes_nothing(cast: Cast, client: Client):
    """Programs that look through mail follow every link."""
    invitation = invited(cast.ours.head_of_authority, cast.ours.organiser)
    for _ in range(3):
        assert client.get(link_in_letter(), follow=True).status_code == 200
    assert Invitation.objects.get(pk=invitation.pk).state(NOW) == Invitation.State.OPEN
    assert not User.objects.filter(email=NEW).exists()


# --- answers ----------------------------------------------------------------------------------


def test_with_a_password(cast: Cast, client: Client):
    invited(cast.ours.head_of_authority, cast.ours.organiser)
    page = client.get(link_in_letter(), follow=True)
    assert page.redirect_chain[-1][0] == "/valkommen/", "the key does not stay in the address"
    client.post("/valkommen/", {"name": "Nina Ny", "password": "en lång och egen fras"})
    assert client.get("/valkommen/").status_code == 200
    client.post("/valkommen/")

    person = User.objects.get(email=NEW)
    assert person.check_password("en lång och egen fras")
    assert [(m.role, m.starts_on) for m in person.memberships.all()] == [("coordinator", TODAY)]
    assert client.get(cast.ours.collaboration.get_absolute_url()).status_code != 404
    told = OutboxMessage.objects.get(template="organisations/accepted")
    assert told.recipient == cast.ours.head_of_authority


def test_with_codes_by_mail_and_no_password(cast: Cast, client: Client):
    invited(cast.ours.head_of_authority, cast.ours.organiser)
    client.get(link_in_letter(), follow=True)
    client.post("/valkommen/", {"name": "Nina Ny", "password": ""})
    assert not User.objects.get(email=NEW).has_usable_password()


@pytest.mark.parametrize("password", ["kort", "123456789012", "nina.ny@adalen"])
def test_a_weak_password_is_told(cast: Cast, client: Client, password: str):
    invited(cast.ours.head_of_authority, cast.ours.organiser)
    client.get(link_in_letter(), follow=True)
    answer = client.post("/valkommen/", {"name": "Nina Ny", "password": password})
    assert answer.status_code == 422
    assert not User.objects.filter(email=NEW).exists()


def test_by_an_account_that_is_logged_in(cast: Cast, client: Client):
    invited(cast.ours.head_of_authority, cast.ours.organiser, email=cast.outsider.email)
    client.force_login(cast.outsider)
    client.get(link_in_letter(cast.outsider.email), follow=True)
    client.post("/valkommen/")
    assert cast.outsider.memberships.get().role == Role.COORDINATOR


def test_an_account_that_is_known_logs_in_first(cast: Cast, client: Client):
    """The letter is not a way past a password."""
    victim = cast.ours.team_leader
    invited(cast.ours.head_of_authority, cast.ours.organiser, email=victim.email)
    page = client.get(link_in_letter(victim.email), follow=True).content.decode()
    assert reverse("account_login") in page
    client.post("/valkommen/", {"name": "X", "password": "en lång och egen fras"})
    assert "_auth_user_id" not in client.session
    assert User.objects.get(pk=victim.pk).check_password(PASSWORD)

    client.post(
        reverse("account_login") + "?next=/valkommen/",
        {"login": victim.email, "password": PASSWORD},
    )
    client.post("/valkommen/")
    assert victim.memberships.get().role == Role.COORDINATOR


def test_by_the_organisations_own_log_in(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    invited(cast.ours.head_of_authority, cast.ours.organiser)
    page = visitor.get(link_in_letter(), follow=True).content.decode()
    assert municipality.name in page
    answer = visitor.by_openid(
        municipality, after="/valkommen/", sub="nina-9", name="Nina N", email="whatever@x.example"
    )
    assert answer.headers["Location"] == "/valkommen/"
    visitor.post("/valkommen/")

    person = User.objects.get(email=NEW)
    assert (person.name, person.has_usable_password()) == ("Nina N", False)
    account = SocialAccount.objects.get(user=person)
    assert (account.provider, account.uid) == (municipality.issuer, "nina-9")
    assert person.memberships.get().role == Role.COORDINATOR
    visitor.logout()
    visitor.by_openid(municipality, sub="nina-9", email="changed@x.example")
    assert visitor.person == str(person.pk), "the address may change, the subject does not"


def test_another_organisations_log_in_does_not_answer_for_it(
    cast: Cast, visitor: Visitor, university: IdentityProvider
):
    invited(cast.ours.head_of_authority, cast.ours.organiser)
    visitor.get(link_in_letter(), follow=True)
    assert visitor.by_saml(university, subject="nina", email=NEW).status_code == 403
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("has", ["a password", "a second factor", "a closed account", "a post"])
def test_an_organisations_log_in_takes_over_no_account_that_is_in_use(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider, has: str
):
    victim = User.objects.create_user(NEW, name="Nina Ny")
    match has:
        case "a password":
            victim.set_password(PASSWORD)
        case "a second factor":
            Authenticator.objects.create(user=victim, type="totp", data={"secret": "x"})
        case "a closed account":
            victim.is_active = False
        case "a post":
            victim.is_staff = True
    victim.save()
    invited(cast.ours.head_of_authority, cast.ours.organiser)
    visitor.get(link_in_letter(), follow=True)
    assert visitor.by_openid(municipality, sub="attacker", email=NEW).status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_account_that_was_entered_and_never_used_may_be_linked(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    entered = User.objects.create_user(NEW, name="Nina Ny")
    invited(cast.ours.head_of_authority, cast.ours.organiser)
    visitor.get(link_in_letter(), follow=True)
    visitor.by_openid(municipality, sub="nina-9", email="whatever@x.example")
    assert visitor.person == str(entered.pk)


def test_accepting_twice_is_accepting_once(cast: Cast):
    invitation = invited(cast.ours.head_of_authority, cast.ours.organiser)
    for _ in range(2):
        accept(invitation=invitation, by=cast.outsider, now=NOW)
    assert cast.outsider.memberships.count() == 1
    with pytest.raises(InvitationClosedError):
        accept(invitation=invitation, by=cast.ours.coordinator, now=NOW)


# --- coming to nothing ------------------------------------------------------------------------


def test_it_runs_out(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch):
    invitation = invited(cast.ours.head_of_authority, cast.ours.organiser)
    link = link_in_letter()
    shift = invitation.expires_at - datetime.now(STOCKHOLM) + timedelta(minutes=1)
    monkeypatch.setenv("CLOCK_OFFSET", str(shift.total_seconds()))
    assert client.get(link, follow=True).status_code == 410
    assert client.post("/valkommen/", {"name": "Nina Ny", "password": ""}).status_code == 410
    with pytest.raises(InvitationClosedError):
        accept(invitation=invitation, by=cast.outsider, now=invitation.expires_at)
    accept(
        invitation=invitation, by=cast.outsider, now=invitation.expires_at - timedelta(seconds=1)
    )


def test_it_is_withdrawn(cast: Cast, client: Client):
    invitation = invited(cast.ours.head_of_authority, cast.ours.organiser)
    link = link_in_letter()
    client.force_login(cast.ours.coordinator)
    url = reverse("organisations:revoke", args=[invitation.pk])
    assert client.get(url).status_code == 200
    assert Invitation.objects.get().state(NOW) == Invitation.State.OPEN
    client.post(url)
    client.logout()
    assert client.get(link, follow=True).status_code == 410
    assert OutboxMessage.objects.get(address=NEW).status == "cancelled"
    with pytest.raises(InvitationClosedError):
        accept(invitation=invitation, by=cast.outsider, now=NOW)


def test_only_who_may_hand_it_out_withdraws_it(cast: Cast, client: Client):
    invitation = invited(
        cast.ours.head_of_authority, cast.ours.organiser, Role.PRINCIPAL, cast.ours.school
    )
    url = reverse("organisations:revoke", args=[invitation.pk])
    for person in (cast.ours.coordinator, cast.ours.principal, cast.theirs.head_of_authority):
        client.force_login(person)
        assert client.post(url).status_code == 404
        with pytest.raises(PermissionDenied):
            revoke(invitation=invitation, by=person, now=NOW)


@pytest.mark.parametrize("key", ["x", "å" * 40, "0" * 64, "../../etc/passwd"])
def test_a_made_up_key_opens_nothing(client: Client, key: str):
    answer = client.get(
        reverse("organisations:welcome_link", args=[key.replace("/", "_")]), follow=True
    )
    assert answer.status_code == 410


# --- roles in a case --------------------------------------------------------------------------


def named(cast: Cast, email: str, *, by: User, role: Role, name: str = "") -> None:
    assign_or_invite(
        collaboration=cast.ours.collaboration,
        email=email,
        name=name,
        role=role,
        starts_on=TODAY,
        by=by,
        now=NOW,
    )


def test_a_colleague_gets_a_role_in_a_case_at_once(cast: Cast):
    lead, colleague = cast.ours.university_lead, cast.ours.team_leader
    named(cast, colleague.email, by=lead, role=Role.EDUCATION_LEADER)
    assert Assignment.objects.filter(user=colleague, role=Role.EDUCATION_LEADER).exists()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("known", [True, False])
def test_who_is_new_in_the_organisation_is_invited_whoever_they_are(
    cast: Cast, client: Client, known: bool
):
    """Nobody learns by inviting whether an address has an account elsewhere."""
    email = cast.theirs.team_leader.email if known else "ny@norra.example"
    named(cast, email, by=cast.ours.university_lead, role=Role.EDUCATION_LEADER, name="Ny")
    invitation = Invitation.objects.get()
    assert invitation.scope_id == cast.ours.collaboration.pk
    assert not Assignment.objects.filter(user__email=email, collaboration=invitation.scope_id)

    accept(invitation=invitation, by=cast.outsider, now=NOW)
    given = Assignment.objects.get(user=cast.outsider)
    assert (given.role, given.collaboration) == ("education_leader", cast.ours.collaboration)


def test_an_invitation_to_a_case_falls_with_the_right_to(cast: Cast):
    named(cast, NEW, by=cast.ours.process_supporter, role=Role.PROCESS_SUPPORTER, name="Ny")
    Assignment.objects.filter(user=cast.ours.process_supporter).update(
        ends_on=TODAY - timedelta(days=1)
    )
    fresh = Invitation.objects.get()
    with pytest.raises(InvitationClosedError):
        accept(invitation=fresh, by=cast.outsider, now=NOW)


def test_others_name_nobody_in_a_case(cast: Cast):
    for person in (cast.ours.principal, cast.ours.team_leader, cast.theirs.university_lead):
        with pytest.raises(PermissionDenied):
            named(cast, NEW, by=person, role=Role.EDUCATION_LEADER, name="Ny")
    assert not Invitation.objects.exists()


def test_who_is_new_needs_a_name(cast: Cast):
    with pytest.raises(TransitionRefused):
        named(cast, NEW, by=cast.ours.university_lead, role=Role.EDUCATION_LEADER)


def test_who_is_invited_to_a_case_is_seen_where_roles_are_given(cast: Cast, client: Client):
    lead = cast.ours.university_lead
    named(cast, NEW, by=lead, role=Role.EDUCATION_LEADER, name="Nina Ny")
    client.force_login(lead)
    url = reverse("sbs_workflow:new_assignment", args=[cast.ours.collaboration.pk])
    assert NEW in client.get(url).content.decode()
    assert (
        NEW
        in client.get(
            reverse("organisations:people", args=[cast.ours.university.pk])
        ).content.decode()
    )
    client.force_login(cast.ours.team_leader)
    assert client.get(url).status_code == 403
